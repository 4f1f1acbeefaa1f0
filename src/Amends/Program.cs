Console.WriteLine(Amends.Foundation.Web.Words.Save);
