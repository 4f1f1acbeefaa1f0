using System.Collections;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Tests.Abuse;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Foundation.Web;

/// <summary>Pages, problems and mails are in the language of whom they are for.</summary>
public class SpeechTests
{
    static readonly Actor Me = Actor.System("test");

    static readonly string[] Shown = ["aria-label", "title", "placeholder", "alt", "label", "content", "data-key-says", "data-says", "data-says-offline", "data-says-online", "data-says-failed", "data-says-saved", "data-says-unsaved", "data-says-uploading", "data-says-too-large", "data-says-close"];

    // English words that are no German ones: where they stand outside of what people wrote, a sentence was forgotten.
    static readonly Regex English = new(@"\b(the|and|with|your|you|not|this|that|from|for|are|has|have|were|be|been|it|its|of|or|by|can|cannot|no|yes|open|close|save|sent|case|cases|owner|customer|reply|waiting|until|today|tomorrow|yesterday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b", RegexOptions.NonBacktracking);

    // What people and other programs of this house wrote, where no mark says so.
    static readonly string[] Written = [FullHouse.Secret, "customer.example", "It cannot be read there.", "It could not be read.", "{customer.name}"];

    static async Task Speaks(TestHouse house, string language)
    {
        await house.Write.Run(Me, null, db => house.Get<House>().Set(db, HouseSettings.Language, language));
        house.Get<House>().Forget();
    }

    static Task Speaks<T>(TestHouse house, long id, Action<T> set) where T : Noun => house.Write.Run(Me, null, async db =>
    {
        var one = await db.Load<T>(id);
        set(one);
        if (one is Colleague colleague) colleague.Did(ColleagueDeed.PreferencesChanged);
        else if (one is Customer customer) customer.Changed(false);
    });

    /// <summary>English words of ours as patterns: what stands between their fields, in order. Only those whose German is another.</summary>
    static List<string[]> EnglishWords()
    {
        var patterns = new List<string[]>();
        foreach (var words in typeof(Speech).Assembly.GetTypes().Where(t => t.Name == "Words").Select(t => (ResourceManager)t.GetProperty("ResourceManager", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!))
        {
            Dictionary<string, string> Of(CultureInfo culture) => words.GetResourceSet(culture, true, false)!.Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal);
            var german = Of(CultureInfo.GetCultureInfo("de"));
            patterns.AddRange(from english in Of(CultureInfo.InvariantCulture)
                              where german.GetValueOrDefault(english.Key) != english.Value && !german.ContainsValue(english.Value) && english.Value.Count(char.IsLetter) > 3
                              select Regex.Split(Plain(english.Value), @"\{\d+[^}]*\}", RegexOptions.NonBacktracking));
        }
        return patterns;
    }

    static string Plain(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static bool Says(string text, string[] pattern)
    {
        if (pattern.Length == 1) return text == pattern[0];
        if (!text.StartsWith(pattern[0], StringComparison.Ordinal) || !text.EndsWith(pattern[^1], StringComparison.Ordinal)) return false;
        var at = 0;
        foreach (var part in pattern)
        {
            if ((at = text.IndexOf(part, at, StringComparison.Ordinal)) < 0) return false;
            at += part.Length;
        }
        return pattern.Sum(p => p.Count(char.IsLetter)) > 3;
    }

    // What people wrote is marked by dir="auto", what programs read stands in code.
    static bool IsOurs(INode node)
    {
        for (var element = node as IElement ?? node.ParentElement; element is not null; element = element.ParentElement)
            if (element.LocalName is "script" or "style" or "pre" or "code" or "kbd" or "textarea" or "option" or "iframe" || element.GetAttribute("dir") == "auto" || element.ClassList.Contains("mono")) return false;
        return true;
    }

    static IEnumerable<string> Left(Found page, List<string[]> patterns)
    {
        foreach (var node in page.Document.Descendants())
        {
            IEnumerable<string> texts = node switch
            {
                IText text when IsOurs(text) => [text.Data],
                IElement element when element.GetAttribute("dir") != "auto" => Shown.Select(name => element.GetAttribute(name)).OfType<string>(),
                _ => []
            };
            foreach (var text in texts.Select(Plain).Where(t => t.Any(char.IsLetter) && t is not ("nothing" or "Agent") && !Written.Any(w => t.Contains(w, StringComparison.Ordinal))))
                if (patterns.Find(p => Says(text, p)) is { } pattern) yield return $"{page.Address} says “{text}” (as “{string.Join("{…}", pattern)}”)";
                else if (node is IText && English.IsMatch(text)) yield return $"{page.Address} says “{text}”";
        }
    }

    [Fact]
    public async Task No_page_of_a_German_house_has_English_words_of_ours()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        await Speaks(full.House, "de");
        var starts = new List<string> { full.CaseLink };
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) starts.AddRange(await full.Addresses(door));
        var patterns = EnglishWords();
        patterns.Count.ShouldBeGreaterThan(1500);
        var found = await Crawl.From(full.Admin, starts);
        found.AddRange(await Crawl.From(full.House.Client(), ["/sign-in/forgotten", "/sign-in/forgotten", "/ask", full.CaseLink, "/nothing-here"]));
        found.Count(f => f.IsPage).ShouldBeGreaterThan(70);
        foreach (var page in found.Where(f => f.IsPage && f.Document.QuerySelector("html[lang]") is not null && !f.Address.Contains("/frame", StringComparison.Ordinal))) page.Document.DocumentElement.GetAttribute("lang").ShouldBe("de", page.Address);
        found.Where(f => f.IsPage && !f.Address.StartsWith("/outbox/", StringComparison.Ordinal)).SelectMany(page => Left(page, patterns)).Distinct().ToList().ShouldBeEmpty();
        // What is looked for can be found.
        (await Crawl.Get(full.Admin, "/desk")).Status.ShouldBeLessThan(400);
        await Speaks(full.House, "en");
        var english = await Crawl.Get(full.Admin, $"/cases/{full.Ordinary.Number}");
        Left(english, patterns).Count().ShouldBeGreaterThan(20);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_colleague_is_spoken_to_as_he_chose_also_where_a_rule_says_no(On on)
    {
        await using var post = await Post.Open(on);
        (await post.Desk.See("/me")).Document.DocumentElement.GetAttribute("lang").ShouldBe("en");
        var saved = await post.Desk.Post("/me", ("language", "de"));
        saved.Status.ShouldBe(HttpStatusCode.SeeOther);
        var me = await post.Desk.See("/me?done=saved");
        me.Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
        me.Body.ShouldContain("Gespeichert.");
        (me.Value("language"), me.Document.QuerySelectorAll("select[name=language] option").Select(o => o.TextContent.Trim()).Count()).ShouldBe(("de", 3));
        (await post.Desk.Post("/me", ("language", "fr"))).Error("language").ShouldBe("Diese Sprache gibt es noch nicht.");
        // Refused inside of the write, which a loop of its own does.
        var maria = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        var one = await Some.Case(post.House, maria, post.Team, post.Brand);
        var refused = await post.Desk.PostFrom($"/cases/{one.Number}", $"/cases/{one.Number}/link", ("target", one.Number.ToString(CultureInfo.InvariantCulture)));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldContain("Das ist der Vorgang selbst.");
        // What went wrong is answered outside of all that knows who asks.
        var nothing = await post.Desk.See("/cases/999999");
        nothing.Status.ShouldBe(HttpStatusCode.NotFound);
        nothing.Document.Body!.TextContent.ShouldContain("Hier ist nichts, oder es ist nicht für Sie bestimmt.");
        // Days as German writes them.
        (await post.Desk.See("/desk/team")).Document.Body!.TextContent.ShouldNotContain("Nothing");
    }

    [Theory]
    [InlineData("de-AT,en;q=0.5", "/sign-in/forgotten", "de")]
    [InlineData("fr-CH,fr;q=0.9,de;q=0.3", "/sign-in/forgotten", "de")]
    [InlineData("fr-CH,fr;q=0.9,de;q=0.3", "/ask", "fr")]
    [InlineData("nl,es;q=0.4", "/ask", "es")]
    [InlineData("nl", "/ask", "en")]
    [InlineData("de;q=0,*;q=0.5", "/ask", "en")]
    [InlineData("en;q=x,;;,\"", "/sign-in/forgotten", "en")]
    [InlineData(null, "/sign-in/forgotten", "en")]
    public async Task Who_is_not_signed_in_is_spoken_to_as_the_browser_asks(string? asked, string path, string language)
    {
        await using var post = await Post.Open(On.Sqlite);
        using var browser = post.House.Client();
        if (asked is not null) browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", asked);
        (await browser.See(path)).Document.DocumentElement.GetAttribute("lang").ShouldBe(language);
    }

    [Theory]
    [InlineData("de", "Wir haben Ihre Nachricht", "Ihr Vorgang hat die Nummer", "Wir haben Sie gehört", "Sehen Sie, wie es um Ihren Vorgang steht", "schrieb Maria:")]
    [InlineData("es", "Hemos recibido su mensaje", "Su caso tiene el número", "Le hemos escuchado", "Vea cómo va su caso", "Maria escribió:")]
    [InlineData("fr", "Nous avons votre message", "Votre dossier porte le numéro", "Nous vous avons entendu", "Voyez où en est votre dossier", "Maria a écrit :")]
    [InlineData("it", "We have your message", "Your case is number", "We have heard you", "See where your case stands", "Maria wrote:")]
    public async Task Receipt_page_and_reply_are_in_the_language_of_the_customer(string language, string subject, string number, string state, string line, string quote)
    {
        await using var post = await LoopTests.Giving(On.Sqlite);
        var maria = await Some.Customer(post.House, "Maria", "maria@casaverde.example");
        await Speaks<Customer>(post.House, maria, c => c.Language = language);
        var contact = await post.SendAndRead(Post.Mail("Maria <maria@casaverde.example>", "Pump stops", "It stops.", "m1@casaverde.example", "service@amends.example", LoopTests.Proof("maria@casaverde.example")));
        var one = await post.CaseOf(contact!.CaseId);
        var (_, receipt) = await post.LastTo("maria@casaverde.example");
        receipt.Subject!.ShouldStartWith(subject);
        receipt.TextBody!.ShouldContain($"{number} {one.Number}.");
        var known = language == "it" ? "en-GB" : language;
        receipt.TextBody!.ShouldContain(TimeZoneInfo.ConvertTimeFromUtc(one.FirstAnswerDue!.Value, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).ToString("MMMM", CultureInfo.GetCultureInfo(known)));
        // The browser speaks English; the customer's page speaks as the customer.
        using var browser = post.House.Client();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "en");
        var path = new Uri(receipt.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        var page = await browser.See(path);
        (page.Text(".state"), page.Document.DocumentElement.GetAttribute("lang")).ShouldBe((state, language == "it" ? "en" : language));
        // Ben writes what he writes; the words around it are ours.
        (await post.Desk.PostFrom($"/cases/{one.Number}/reply", $"/cases/{one.Number}/reply", ("text", "A new seal is on its way."), ("to", "maria@casaverde.example"), ("next", "open"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromMinutes(1));
        var (_, reply) = await post.LastTo("maria@casaverde.example");
        reply.TextBody!.ShouldContain(line);
        reply.TextBody!.ShouldContain(quote);
        reply.HtmlBody!.ShouldContain($"lang=\"{(language == "it" ? "en" : language)}\"");
        // The code too.
        (await browser.PostFrom(path, path + "/code")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromMinutes(1));
        var (_, code) = await post.LastTo("maria@casaverde.example");
        code.Subject.ShouldBe(language switch { "de" => "Ihr Code", "es" => "Su código", "fr" => "Votre code", _ => "Your code" });
    }

    [Fact]
    public async Task Who_comes_by_the_web_form_is_known_by_the_language_of_his_browser()
    {
        await using var post = await LoopTests.Giving(On.Sqlite);
        using var browser = post.House.Client();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "fr-FR,fr;q=0.9,en;q=0.5");
        (await browser.Post("/ask", ("whom", "me"), ("name", ""), ("address", "chloe"))).Error("name").ShouldBe("Merci de remplir ce champ.");
        var sent = await browser.Post("/ask", ("whom", "me"), ("name", "Chloé"), ("address", "chloe@customer.example"), ("subject", "La pompe"), ("text", "Elle s’arrête."));
        sent.Text("h1").ShouldBe("Merci, nous l’avons bien reçu");
        await post.Quiet();
        using (var db = post.House.Databases.Open()) (await db.Set<Customer>().Where(c => c.Name == "Chloé").Select(c => c.Language).SingleAsync()).ShouldBe("fr");
        (await post.LastTo("chloe@customer.example")).Mail.Subject!.ShouldStartWith("Nous avons votre message");
    }

    [Fact]
    public async Task Notices_go_out_in_the_language_of_whom_they_are_for_and_else_in_the_house_s()
    {
        await using var post = await Post.Open(On.Sqlite);
        var house = post.House;
        var olga = await Some.Colleague(house, "Olga Petrova", await Some.AdminRole(house), post.Team);
        await Speaks<Colleague>(house, olga, c => c.Language = "de");
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        var one = await Some.Case(house, maria, post.Team, post.Brand);
        async Task<string> Told(long whom, string address)
        {
            await house.Write.Run(Me, null, async db => (await db.Set<Case>().AsTracking().Include(c => c.Watchers).FirstAsync(c => c.Id == one.Id)).Watch(whom, Watching.Mentioned, on: true, db.At));
            await post.Quiet();
            return (await post.LastTo(address)).Mail.TextBody!;
        }
        string ofOlga, ofBen;
        using (var db = house.Databases.Open()) (ofOlga, ofBen) = (await db.Set<Colleague>().Where(c => c.Id == olga).Select(c => c.Address).SingleAsync(), await db.Set<Colleague>().Where(c => c.Id == post.Ben).Select(c => c.Address).SingleAsync());
        (await Told(olga, ofOlga)).ShouldStartWith("Sie wurden erwähnt");
        (await Told(post.Ben, ofBen)).ShouldStartWith("You were mentioned");
        // A new password is sent by a job, to who is not signed in.
        using var browser = house.Client();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "en");
        await browser.Post("/sign-in/forgotten", ("address", ofOlga));
        await post.Quiet();
        (await post.LastTo(ofOlga)).Mail.Subject!.ShouldStartWith("Neues Passwort");
    }

    [Fact]
    public async Task A_house_that_is_set_up_in_German_is_German()
    {
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        using var client = house.Client();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "de-DE,de;q=0.9,en;q=0.8");
        var open = await client.Send(await client.See("/first-run"), "/first-run/open", ("code", house.Get<FirstRun>().Code));
        open.Text("h1").ShouldBe("Willkommen. Ein paar Antworten, und es kann losgehen.");
        (await client.Send(open, "/first-run", ("name", "Ada Lund"), ("address", "ada@casaverde.example"), ("password", "fluss kerze regen atlas"), ("company", "Casa Verde"), ("hours", "Mon-Fri 09:00-17:00"), ("zone", "Europe/Berlin"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        house.Get<House>().Get(HouseSettings.Language).ShouldBe("de");
        using var db = house.Databases.Open();
        (await db.Set<Role>().Select(r => r.Name).ToListAsync()).ShouldContain("Bearbeitung");
        // Another browser of hers, that asks for English, is in her house.
        client.DefaultRequestHeaders.Remove("Accept-Language");
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept-Language", "en");
        (await client.See("/me")).Document.DocumentElement.GetAttribute("lang").ShouldBe("de");
    }

    [Fact]
    public void A_language_is_spoken_for_as_long_as_it_is_said()
    {
        Speech.In("de", () => Speech.Now).ShouldBe("de");
        Speech.In("en", () => (Speech.Now, CultureInfo.CurrentCulture.Name)).ShouldBe(("en", "en-GB"));
        // None of ours: as before.
        Speech.In("de", () => Speech.In("zz", () => Speech.Now)).ShouldBe("de");
        Speech.In("de", () => Amends.Foundation.Web.Dates.Year(new DateOnly(2026, 3, 4))).ShouldBe("4. März 2026");
        Speech.In("de", () => Amends.Foundation.Web.Dates.WeekdayLong(new DateOnly(2026, 11, 24))).ShouldBe("Dienstag, 24. November 2026");
        Speech.In("es", () => Amends.Foundation.Web.Dates.Long(new DateOnly(2026, 11, 24))).ShouldBe("24 de noviembre de 2026");
        Speech.In("de", () => Amends.Cases.LocalTimes.Length(TimeSpan.FromDays(61))).ShouldBe("2 Monaten");
        Speech.In("de", () => Amends.Cases.LocalTimes.Length(TimeSpan.FromDays(60.9))).ShouldBe("8 Wochen");
    }
}
