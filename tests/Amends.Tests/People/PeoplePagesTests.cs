using System.Globalization;
using System.Net;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.People;

public class PeoplePagesTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static async Task<(TestHouse House, HttpClient Client)> Open(On on, params (Verb, Scope)[] may)
    {
        var house = await TestHouse.Open(on, serve: true);
        var role = may.Length == 0 ? await Some.AdminRole(house) : await Some.Role(house, "Few", may);
        return (house, await house.ClientOf(await Some.Colleague(house, "Ben Kim", role)));
    }

    static long IdIn(Seen seen) => long.Parse(seen.Location!.Split('/')[^1], CultureInfo.InvariantCulture);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_customer_is_made_seen_found_and_changed(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var made = await client.Post("/people/new", ("name", "Maria López"), ("address1", "Maria@CasaVerde.example"), ("address2", "+49 30 1234567"), ("language", "es"), ("zone", "Europe/Berlin"), ("prefers", "phone"), ("needs", "writes only"));
        made.Status.ShouldBe(HttpStatusCode.SeeOther, made.Body);
        var page = await client.See(made.Location!);
        page.Text("h1").ShouldBe("Maria López");
        page.Body.ShouldContain("Maria@CasaVerde.example");
        page.Body.ShouldContain("writes only");
        foreach (var asked in new[] { "lopez", "casaverde", "030 1234567", "mari lop" })
            (await client.See("/people?q=" + Uri.EscapeDataString(asked))).Text("tbody th").ShouldBe("Maria López", asked);
        (await client.See("/people?q=nobody")).Text(".empty h2").ShouldBe("Nobody found");
        var path = made.Location!;
        var saved = await client.Post(path + "/edit", ("name", "Maria Delgado"), ("address2", null));
        saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Body);
        using var db = house.Databases.Open();
        var one = await db.Set<Customer>().Include(c => c.Addresses).SingleAsync(Stop);
        (one.Name, one.Version, one.Addresses.Single().Shown).ShouldBe(("Maria Delgado", 2, "Maria@CasaVerde.example"));
        // What changed stands beside the fact, under the person it is about.
        var texts = await db.Set<FactText>().Where(t => t.PersonId == one.Id && t.Before != null).OrderBy(t => t.Field).Select(t => t.Field + ":" + t.Before + ">" + t.After).ToListAsync(Stop);
        texts.ShouldBe(["address:+49 30 1234567>", "name:Maria López>Maria Delgado"]);
        (await client.See(path)).Body.ShouldContain("Ben Kim");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Wrong_input_is_answered_beside_the_field_and_nothing_typed_is_lost(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var seen = await client.Post("/people/new", ("name", ""), ("address1", new string('x', 400)), ("zone", "Mars/Olympus"), ("language", "q"), ("about", "kept"));
        seen.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        foreach (var field in new[] { "name", "address1", "zone", "language" }) seen.Error(field).ShouldNotBeNull(field);
        seen.Value("about").ShouldBe("kept");
        seen.Value("address1")!.Length.ShouldBe(400);
        var organisation = await client.Post("/people/organisations/new", ("name", "Casa Verde"), ("domains", "casaverde.example nonsense"));
        organisation.Error("domains").ShouldBe("“nonsense” is no domain.");
        // A form from before somebody else's change is a conflict.
        var made = await client.Post("/people/new", ("name", "Maria"));
        var form = await client.See(made.Location! + "/edit");
        (await client.Send(form, made.Location! + "/edit", ("name", "First"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var second = await client.Send(form, made.Location! + "/edit", ("name", "Second"), ("once", Guid.NewGuid().ToString("N")));
        second.Status.ShouldBe(HttpStatusCode.Conflict);
        second.Body.ShouldContain("Second");
        // The same form sent twice is one change.
        (await client.Send(form, made.Location! + "/edit", ("name", "First"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await client.See("/people/99")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Organisations_members_and_holdings(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var organisation = await client.Post("/people/organisations/new", ("name", "Casa Verde"), ("domains", "CasaVerde.example, bücher.example"), ("place", "Berlin"));
        organisation.Status.ShouldBe(HttpStatusCode.SeeOther, organisation.Body);
        var maria = await client.Post("/people/new", ("name", "Maria"), ("address1", "maria@XN--bcher-kva.example"));
        (await client.See(organisation.Location!)).Text("li.address a").ShouldBe("Maria");
        var joined = await client.PostFrom(maria.Location!, maria.Location! + "/organisations", ("organisation", "Weber Bau"), ("role", "Buyer"));
        joined.Status.ShouldBe(HttpStatusCode.SeeOther, joined.Body);
        (await client.See(maria.Location!)).Body.ShouldContain("Weber Bau");
        var holding = await client.Post(maria.Location! + "/holdings/new", ("product", "Pump P40"), ("batch", "22-C"), ("since", "2026-03-01"), ("until", "2025-03-01"));
        holding.Error("until").ShouldBe("The end lies before the beginning.");
        holding = await client.Post(maria.Location! + "/holdings/new", ("product", "Pump P40"), ("batch", "22-C"), ("since", "2026-03-01"));
        holding.Location.ShouldBe(maria.Location);
        var page = await client.See(maria.Location!);
        page.Text("td[data-label=Batch]").ShouldBe("22-C");
        var edit = page.Document.QuerySelector("td .actions a")!.GetAttribute("href")!;
        (await client.Post(edit, ("serial", "S-1"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await client.See(maria.Location!)).Text("td[data-label='Serial number']").ShouldBe("S-1");
        (await client.PostFrom(edit, edit + "/remove")).Location.ShouldBe(maria.Location);
        (await client.See(maria.Location!)).Text("td[data-label=Batch]").ShouldBeNull();
        (await client.Post("/people/organisations/" + IdIn(organisation) + "/holdings/new", ("product", "Boiler"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await client.See(organisation.Location!)).Body.ShouldContain("Boiler");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_merge_is_a_pointer_and_can_be_undone(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        var first = await client.Post("/people/new", ("name", "Maria Lopez"), ("address1", "maria@a.example"));
        var second = await client.Post("/people/new", ("name", "M. Lopez"), ("address1", "lopez@b.example"));
        await client.Post(second.Location! + "/holdings/new", ("product", "Pump P40"));
        var ask = await client.See($"{second.Location}/merge?into={IdIn(first)}");
        var merged = await client.Send(ask, second.Location! + "/merge");
        merged.Location.ShouldBe(first.Location, merged.Body);
        (await client.See(first.Location!)).Body.ShouldContain("Pump P40");
        (await client.See("/people?q=lopez")).Document.QuerySelectorAll("tbody tr").Length.ShouldBe(1);
        var old = await client.See(second.Location!);
        old.Body.ShouldContain("merged into");
        (await client.Send(old, second.Location! + "/unmerge")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await client.See("/people?q=lopez")).Document.QuerySelectorAll("tbody tr").Length.ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_list_is_paged_without_gaps_or_repeats(On on)
    {
        var (house, client) = await Open(on);
        await using var _ = house;
        await house.Write.Run(Me, null, async db => { for (var i = 0; i < 120; i++) await Customers.Make(db, i % 3 == 0 ? "Same Name" : $"Ärlig {i:000}", []); });
        var names = new List<string>();
        for (var path = "/people"; path is not null;)
        {
            var page = await client.See(path);
            names.AddRange(page.Document.QuerySelectorAll("tbody th a").Select(a => a.GetAttribute("href")!));
            path = page.Document.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }
        names.Count.ShouldBe(120);
        names.Distinct().Count().ShouldBe(120);
        (await client.See("/people?after=rubbish")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.See("/people?after=99999999999999999999.x%00")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_may_only_look_cannot_change_import_or_export(On on)
    {
        var (house, client) = await Open(on, (Verb.SeePeople, Scope.All));
        await using var _ = house;
        var maria = await Some.Customer(house, "Maria", "maria@a.example");
        (await client.See("/people")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.See($"/people/{maria}")).Document.QuerySelector("form[method=post]").ShouldBeNull();
        foreach (var path in new[] { "/people/new", $"/people/{maria}/edit", $"/people/{maria}/merge", "/people/import", "/people/export", "/people/organisations/new", $"/people/{maria}/holdings/new" })
            (await client.See(path)).Status.ShouldBe(HttpStatusCode.Forbidden, path);
        (await house.Client().See("/people")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await house.Client().See("/people/suggest?q=maria", htmx: true)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A02_naughty_strings_are_stored_and_shown_unchanged_in_every_field(On on)
    {
        var strings = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(Corpora.Need("naughty-strings", "blns.json"), Stop))!;
        var (house, client) = await Open(on);
        await using var _ = house;
        // Some hundred requests a database: every fifth string, the start changing with the field.
        var tried = 0;
        for (var i = 0; i < strings.Length; i += 5)
        {
            string At(int k, int most) { var s = strings[(i + k) % strings.Length].Replace("\0", "", StringComparison.Ordinal).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Trim(); return s.Length > most || s.Contains('\uFFFD', StringComparison.Ordinal) ? "x" : s; }
            string Line(int k, int most) => At(k, most).ReplaceLineEndings(" ") is { Length: > 0 } s ? s.Trim() : "x";
            var (name, needs, about, product, batch) = (Line(0, 200), Line(1, 500), At(2, 10_000), Line(3, 200), Line(4, 120));
            var made = await client.Post("/people/new", ("name", name), ("needs", needs), ("about", about));
            made.Status.ShouldBe(HttpStatusCode.SeeOther, $"{name} | {needs} | {about}: {made.Body[..Math.Min(500, made.Body.Length)]}");
            if (i % 20 == 0)
            {
                var held = await client.Post(made.Location! + "/holdings/new", ("product", product), ("batch", batch));
                held.Status.ShouldBe(HttpStatusCode.SeeOther, product + " | " + batch);
            }
            var page = await client.See(made.Location!);
            page.Status.ShouldBe(HttpStatusCode.OK);
            page.Document.QuerySelector("h1")!.TextContent.Trim().ShouldBe(name);
            if (about.Length > 0) page.Document.QuerySelector("p.pre")!.TextContent.Trim().ShouldBe(about);
            page.Document.QuerySelectorAll("script").Length.ShouldBe(2);
            (await client.See(made.Location! + "/edit")).Value("name").ShouldBe(name);
            (await client.See("/people?q=" + Uri.EscapeDataString(name))).Status.ShouldBe(HttpStatusCode.OK);
            (await client.See("/people/suggest?q=" + Uri.EscapeDataString(name), htmx: true)).Status.ShouldBe(HttpStatusCode.OK);
            tried++;
        }
        tried.ShouldBeGreaterThan(90);
    }

    [Xunit.Theory, Xunit.InlineData(Amends.Tests.Cast.On.Sqlite), Xunit.InlineData(Amends.Tests.Cast.On.Postgres)]
    public async Task A42_a_zone_is_a_name_and_never_a_file(Amends.Tests.Cast.On on)
    {
        await using var house = await Amends.Tests.Cast.TestHouse.Open(on, serve: true);
        using var web = await house.ClientOf(await Amends.Tests.Cast.Some.Colleague(house, "Anna Berg", await Amends.Tests.Cast.Some.AdminRole(house)));
        var maria = await Amends.Tests.Cast.Some.Customer(house, "Maria", "maria@a.example");
        var path = $"/people/{maria.ToString(System.Globalization.CultureInfo.InvariantCulture)}/edit";
        foreach (var zone in (string[])["/dev/zero", "../../../../../dev/zero", "/etc/passwd", "Europe/../../../../etc/hostname", "Europe", "posix/Europe/Berlin\n"])
        {
            var answer = await web.Post(path, ("zone", zone)).WaitAsync(TimeSpan.FromSeconds(20));
            answer.Status.ShouldBe(System.Net.HttpStatusCode.UnprocessableEntity, zone);
            answer.Error("zone").ShouldNotBeNull(zone);
        }
        (await web.Post(path, ("zone", "Europe/Berlin"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
    }
}
