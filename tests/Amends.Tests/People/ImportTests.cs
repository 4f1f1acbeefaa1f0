using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Amends.People;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.People;

public class ImportTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static async Task<(TestHouse House, HttpClient Client)> Open(On on)
    {
        var house = await TestHouse.Open(on, serve: true);
        return (house, await house.ClientOf(await Some.Colleague(house, "Ben Kim", await Some.AdminRole(house))));
    }

    static async Task<Seen> Upload(HttpClient client, byte[] bytes, string kind = "customers", string name = "people.csv") =>
        await client.SendFiles(await client.See("/people/import"), "/people/import", [("file", name, bytes)], ("kind", kind), ("system", "old"));

    static async Task<PeopleImport> Run(TestHouse house, HttpClient client, string csv, string kind = "customers")
    {
        var up = await Upload(client, Encoding.UTF8.GetBytes(csv), kind);
        up.Status.ShouldBe(HttpStatusCode.SeeOther, up.Body);
        await Begin(client, up.Location!);
        var id = long.Parse(up.Location!.Split('/')[^1], CultureInfo.InvariantCulture);
        for (var i = 0; i < 600; i++)
        {
            using var db = house.Databases.Open();
            var import = await db.Set<PeopleImport>().SingleAsync(one => one.Id == id, Stop);
            if (import.State != ImportState.Running) return import;
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50, Stop);
        }
        throw new TimeoutException("The import does not end.");
    }

    // As its columns were guessed.
    static async Task Begin(HttpClient client, string import)
    {
        var mapping = await client.See(import);
        (await client.Send(mapping, import)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var fields = Browsing.Filled(mapping, import).Where(f => f.Key != "__RequestVerificationToken").Select(f => (f.Key, (string?)f.Value)).Where(f => f.Key != "once").ToArray();
        var started = await client.Send(mapping, import + "/start", [.. fields, ("once", Guid.NewGuid().ToString("N"))]);
        started.Status.ShouldBe(HttpStatusCode.SeeOther, started.Body);
    }

    const string Customers = """
        id;Name;E-Mail;Telefon;Sprache;Firma;Bemerkung
        1;Maria López;maria@casaverde.example;+49 30 1234567;es;Casa Verde;"says ""hola"";
        over two lines"
        2;Jonas Weber;jonas@weber.example;;de;Weber Bau;
        3;;;;;;
        4;Eva;not an address;;;;
        5;;aiko@higashi.example;;ja;;
        """;

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_file_read_in_twice_is_once_and_what_is_refused_says_why(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var first = await Run(house, client, Customers);
        (first.State, first.Made, first.Changed, first.Same, first.Refused, first.Rows).ShouldBe((ImportState.Done, 3, 0, 0, 2, 5));
        var again = await Run(house, client, Customers);
        (again.Made, again.Changed, again.Same, again.Refused).ShouldBe((0, 0, 3, 2));
        var changed = await Run(house, client, Customers.Replace("Jonas Weber", "Jonas Weber-Klein", StringComparison.Ordinal));
        (changed.Made, changed.Changed, changed.Same).ShouldBe((0, 1, 2));
        using var db = house.Databases.Open();
        (await db.Set<Customer>().CountAsync(Stop)).ShouldBe(3);
        var maria = await db.Set<Customer>().Include(c => c.Addresses).SingleAsync(c => c.Sort == "maria lopez", Stop);
        maria.About.ShouldBe("says \"hola\";\nover two lines");
        maria.Addresses.Count.ShouldBe(2);
        (await db.Set<Organisation>().CountAsync(Stop)).ShouldBe(2);
        var page = await client.See($"/people/import/{first.Id}");
        page.Document.Body!.TextContent.ShouldContain("“not an address” is no mail address.");
        var file = await client.See($"/people/import/{first.Id}/refused.csv");
        file.Body.ShouldContain("no mail address");
        file.Body.ShouldContain("Neither a name nor an address");
        file.Answer.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        // Holdings know their owner by the other program's key.
        var holdings = await Run(house, client, "owner,product,serial,since\n1,Pump P40,S-1,2026-03-01\n9,Pump P40,S-2,\n2,Pump P40,S-3,3/4/2026\n", "holdings");
        (holdings.Made, holdings.Refused).ShouldBe((1, 2));
        (await Run(house, client, "owner,product,serial,since\n1,Pump P40,S-1,2026-03-01\n", "holdings")).Same.ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Organisations_come_in_by_their_own_file_and_customers_find_them(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        const string csv = "number,company,website,city,notes\nA-1,Casa Verde,casaverde.example,Madrid,Since 2019\nA-2,Weber Bau,\"weber.example, weber-bau.example\",Köln,\nA-3,,,Bern,no name\nA-4,Bad Domain,not a domain,,\n";
        var first = await Run(house, client, csv.Replace("company", "name", StringComparison.Ordinal), "organisations");
        (first.State, first.Made, first.Changed, first.Refused).ShouldBe((ImportState.Done, 2, 0, 2));
        var again = await Run(house, client, csv.Replace("company", "name", StringComparison.Ordinal).Replace("Köln", "Bonn", StringComparison.Ordinal), "organisations");
        (again.Made, again.Changed, again.Same, again.Refused).ShouldBe((0, 1, 1, 2));
        using (var db = house.Databases.Open())
        {
            var all = await db.Set<Organisation>().OrderBy(o => o.Name).ToListAsync(Stop);
            all.Select(o => (o.Name, o.Place)).ShouldBe([("Casa Verde", "Madrid"), ("Weber Bau", "Bonn")]);
            all[0].About.ShouldBe("Since 2019");
            all[1].Domains!.ShouldContain("weber-bau.example");
        }
        var refused = await client.See($"/people/import/{again.Id}/refused.csv");
        refused.Body.ShouldContain("no name");
        refused.Body.ShouldContain("not a domain");
        // Who writes from one of the domains belongs to it.
        (await Run(house, client, "name,mail\nEva Klein,eva@weber-bau.example\n")).Made.ShouldBe(1);
        (await client.See("/people/organisations")).Body.ShouldContain("Weber Bau");
        using var look = house.Databases.Open();
        var eva = await look.Set<Customer>().Include(c => c.Memberships).SingleAsync(c => c.Sort == "eva klein", Stop);
        (await look.Set<Organisation>().SingleAsync(o => o.Id == eva.Memberships.Single().OrganisationId, Stop)).Name.ShouldBe("Weber Bau");
    }

    [Fact]
    public async Task An_import_that_was_left_is_found_again_with_how_far_it_is()
    {
        var (house, client) = await Open(On.Sqlite);
        await using var _ = house;
        var csv = "name,mail\n" + string.Concat(Enumerable.Range(0, 1200).Select(n => string.Create(CultureInfo.InvariantCulture, $"Customer {n},c{n}@a.example\n")));
        var up = await Upload(client, Encoding.UTF8.GetBytes(csv), name: "all of them.csv");
        await Begin(client, up.Location!);
        async Task<PeopleImport> Now()
        {
            using var db = house.Databases.Open();
            return await db.Set<PeopleImport>().SingleAsync(Stop);
        }
        for (var i = 0; i < 1200 && (await Now()).RowsDone == 0; i++) await Task.Delay(10, Stop);
        // A write that takes long: meanwhile the import stands where it is.
        var (held, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var holds = house.Write.Run(Amends.Foundation.Actor.System("test"), null, async db =>
        {
            held.TrySetResult();
            await go.Task;
        }, Stop);
        await held.Task;
        var half = await Now();
        half.RowsDone.ShouldBeInRange(1, half.Rows - 1);
        var list = await client.See("/people/import");
        var row = list.Document.QuerySelectorAll("li").Single(li => li.TextContent.Contains("all of them.csv", StringComparison.Ordinal) && li.QuerySelector($"a[href='{up.Location}']") is not null);
        row.QuerySelector(".chip.promised").ShouldNotBeNull(row.OuterHtml);
        var page = await client.See(up.Location!);
        page.Document.QuerySelector("progress")!.GetAttribute("value").ShouldBe((100L * half.RowsDone / half.Rows).ToString(CultureInfo.InvariantCulture));
        page.Text(".progress")!.ShouldContain(half.RowsDone.ToString(CultureInfo.InvariantCulture));
        page.Document.QuerySelector("#import")!.GetAttribute("hx-trigger").ShouldBe("every 2s");
        go.SetResult();
        await holds;
        PeopleImport end;
        for (var i = 0; (end = await Now()).State == ImportState.Running && i < 2400; i++) await Task.Delay(25, Stop);
        (end.State, end.Made, end.RowsDone).ShouldBe((ImportState.Done, 1200, 1200));
        page = await client.See(up.Location!);
        page.Document.QuerySelector("progress")!.GetAttribute("value").ShouldBe("100");
        page.Document.QuerySelector("#import")!.HasAttribute("hx-trigger").ShouldBeFalse();
        (await client.See("/people/import")).Document.QuerySelector($"a[href='{up.Location}']")!.ParentElement!.ParentElement!.QuerySelector(".chip.good").ShouldNotBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Rows_that_stand_close_together_know_of_each_other(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        // One address in several rows, one organisation in several spellings, a row that is refused between two that are not.
        var first = await Run(house, client, """
            name,mail,mail 2,company,role
            Eva Klein,eva@a.example,,Casa Verde,Buyer
            Eva Klein,eva@a.example,e.klein@b.example,CASA VERDE,Head
            ,,,,
            Bad,no address,,Never Made Ltd,
            Tom Reed,info@a.example,,Casa Verde,
            Zoe Hill,info@a.example,,Other House,
            """);
        (first.Made, first.Changed, first.Same, first.Refused).ShouldBe((2, 2, 0, 2));
        using (var db = house.Databases.Open())
        {
            (await db.Set<Organisation>().Select(o => o.Name).OrderBy(n => n).ToListAsync(Stop)).ShouldBe(["Casa Verde", "Other House"]);
            var eva = await db.Set<Customer>().Include(c => c.Addresses).Include(c => c.Memberships).SingleAsync(c => c.Sort == "eva klein", Stop);
            eva.Addresses.Select(a => a.Value).Order(StringComparer.Ordinal).ShouldBe(["e.klein@b.example", "eva@a.example"]);
            eva.Memberships.ShouldHaveSingleItem().Role.ShouldBe("Head");
            // Found by the words of what a later row of the same write brought.
            (await Amends.People.Customers.Find(db, "e.klein@b.example")).ShouldHaveSingleItem().Id.ShouldBe(eva.Id);
            (await db.Set<PersonWord>().AnyAsync(w => w.PersonId == eva.Id && w.Word == "klein", Stop)).ShouldBeTrue();
        }
        // With keys of their own, those who share info@ stay apart, in one write as in two.
        var keyed = await Run(house, client, "id,name,mail\nk1,Ann,info@z.example\nk2,Bo,info@z.example\nk1,Ann Lee,info@z.example\n");
        (keyed.Made, keyed.Changed).ShouldBe((2, 1));
        // Holdings of one file, twice the same row, and an organisation's.
        var holdings = await Run(house, client, "owner,company,product,serial\nk1,,Pump P40,S-1\nk1,,Pump P40,S-1\n,Casa Verde,Pump P40,S-9\n,Nobody There,Pump P40,S-8\n", "holdings");
        (holdings.Made, holdings.Same, holdings.Refused).ShouldBe((2, 1, 1));
    }

    [Fact]
    public async Task An_address_that_a_crowd_shares_does_not_slow_the_file_down()
    {
        var (house, client) = await Open(On.Sqlite);
        await using var _ = house;
        var rows = string.Concat(Enumerable.Range(0, 60).Select(i => $"c{i},Person {i},info@crowd.example\n"));
        (await Run(house, client, "id,name,mail\n" + rows)).Made.ShouldBe(60);
        var again = await Run(house, client, "id,name,mail\n" + rows);
        (again.Made, again.Same).ShouldBe((0, 60));
        // Without a key nobody can say which of them it is.
        (await Run(house, client, "name,mail\nSomebody,info@crowd.example\n")).Refused.ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_preview_says_what_will_happen_and_changes_nothing(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var up = await Upload(client, Encoding.UTF8.GetBytes(Customers));
        var mapping = await client.See(up.Location!);
        mapping.Document.QuerySelectorAll("td[data-label=Becomes] .chip").Select(c => c.TextContent).ShouldBe(["New", "New", "Refused", "Refused", "New"]);
        using var db = house.Databases.Open();
        (await db.Set<Customer>().CountAsync(Stop)).ShouldBe(0);
        (await db.Set<Organisation>().CountAsync(Stop)).ShouldBe(0);
        // Two columns for one thing: said, and what was chosen stays.
        var twice = await client.Send(mapping, up.Location!, ("column5", "Name"));
        twice.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        twice.Text(".form-errors").ShouldNotBeNull().ShouldContain("Name");
        twice.Value("column5").ShouldBe("Name");
    }

    public static TheoryData<string, byte[], string> Bad => new()
    {
        { "empty", [], "The file is empty." },
        { "spaces", "  \r\n \n"u8.ToArray(), "The file is empty." },
        { "NUL", "name,mail\nMaria\0,x\n"u8.ToArray(), "This is no text file. In a spreadsheet program, save it as CSV." },
        { "picture", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13], "This is no text file. In a spreadsheet program, save it as CSV." },
        { "wide", Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, 100_000)) + "\n1,2\n"), "The file has more than 200 columns. Is the separator right?" },
        { "headings", "name,mail\n"u8.ToArray(), "There are headings in this file and nothing below them." },
        { "record", Encoding.UTF8.GetBytes("name,about\nMaria,\"" + new string('x', 6_000_000)), "This file cannot be read as CSV: a quotation mark may be missing." },
    };

    [Theory, MemberData(nameof(Bad))]
    public async Task A_file_that_cannot_be_read_is_answered_in_words(string what, byte[] bytes, string says)
    {
        var (house, client) = await Open(On.Sqlite);
        await using var _ = house;
        var seen = await Upload(client, bytes);
        seen.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, what);
        seen.Error("file").ShouldBe(says);
        (await client.SendFiles(await client.See("/people/import"), "/people/import", [])).Error("file").ShouldBe("Choose a file.");
    }

    [Fact]
    public async Task Files_of_many_makes_are_read()
    {
        var (house, client) = await Open(On.Sqlite);
        await using var _ = house;
        // Without headings, wrong quotes, Windows-1252, tabs, UTF-16: each says what it holds.
        var without = await Upload(client, "Maria Lopez,maria@a.example\nEva,eva@a.example\n"u8.ToArray());
        (await client.See(without.Location!)).Document.QuerySelector("input[name=headings][value=no]")!.HasAttribute("checked").ShouldBeTrue();
        (await Run(house, client, "name,mail\nMaria \"Mia\" Lopez,m@a.example\n\"Eva\" Klein,e@a.example\n")).Refused.ShouldBe(2);
        var latin = await Upload(client, Encoding.Latin1.GetBytes("name\tmail\nJörg Müller\tj@a.example\n"));
        (await client.See(latin.Location!)).Document.Body!.TextContent.ShouldContain("Jörg Müller");
        var wide = await Upload(client, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("name;mail\n田中;t@a.example\n")]);
        (await client.See(wide.Location!)).Document.Body!.TextContent.ShouldContain("田中");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A41_an_export_is_inert_and_can_be_read_in_again(On on)
    {
        var formulas = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(Corpora.Need("csv-injection", "payloads.json"), Stop))!;
        var (house, client) = await Open(on);
        await using var _ = house;
        foreach (var (formula, i) in formulas.Select((f, i) => (f, i)))
            await house.Write.Run(Amends.Foundation.Actor.System("test"), null, async db => { var one = await Amends.People.Customers.Make(db, formula.Trim() is { Length: > 0 } n ? n : "x", [$"a{i}@b.example", "+49 30 1234567"]); one.About = formula; });
        var export = await client.PostFrom("/people/export", "/people/export", ("kind", "customers"));
        export.Status.ShouldBe(HttpStatusCode.OK);
        export.Answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("customers.csv");
        using var reader = CsvHelper.CsvReader.FromText(export.Body.TrimStart('\uFEFF'), CsvHelper.CsvReaderOptions.Default with { HasHeader = false });
        var cells = 0;
        while (reader.Read())
            for (var i = 0; i < reader.FieldCount; i++)
            {
                var cell = reader.GetString(i).TrimStart();
                (cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠').ShouldBeFalse(cell);
                cells++;
            }
        cells.ShouldBeGreaterThan(formulas.Length * 10);
        export.Body.ShouldContain("'+49 30 1234567");
        // Back again: nobody is made twice.
        var import = await Run(house, client, export.Body.TrimStart('\uFEFF'));
        (import.Made, import.Refused).ShouldBe((0, 0), string.Join(" | ", (await client.See($"/people/import/{import.Id}")).Text("ul")));
        foreach (var kind in new[] { "organisations", "holdings" }) (await client.PostFrom("/people/export", "/people/export", ("kind", kind))).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("../../etc/passwd"), InlineData("C:\\x\\people.csv"), InlineData("CON.csv"), InlineData("a\u200B.csv"), InlineData("=cmd.csv"), InlineData("\u202Evsc.exe")]
    public async Task A42_names_of_files_are_shown_and_never_paths(string name)
    {
        var (house, client) = await Open(On.Sqlite);
        await using var _ = house;
        var up = await Upload(client, "name\nMaria\n"u8.ToArray(), name: name);
        up.Status.ShouldBe(HttpStatusCode.SeeOther, up.Body);
        using var db = house.Databases.Open();
        var stored = (await db.Set<PeopleImport>().SingleAsync(Stop)).FileName;
        stored.ShouldNotContain("/");
        stored.ShouldNotContain("\\");
        (await client.See(up.Location!)).Status.ShouldBe(HttpStatusCode.OK);
        Directory.GetFiles(house.Place.Folder, "*people*", SearchOption.AllDirectories).ShouldBeEmpty();
    }
}
