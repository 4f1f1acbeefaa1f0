using Amends.Bench;

return args switch
{
    ["mail", .. var rest] => MailBench.Run(rest, Console.Out),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("bench mail PATH [--json]   reads all mails under a folder");
    return 2;
}
