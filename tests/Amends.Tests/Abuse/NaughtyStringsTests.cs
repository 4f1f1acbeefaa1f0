using System.Globalization;
using System.Text.Json;
using Amends.Cases;
using Amends.People;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Abuse;

/// <summary>The big list of naughty strings, through the real forms: stored as typed (trimmed, without NUL) and shown as stored.</summary>
public class NaughtyStringsTests
{
    static List<string> All() => [.. JsonSerializer.Deserialize<string[]>(File.ReadAllText(Corpora.Need("naughty-strings", "blns.json")))!.Distinct()];

    // What a form carries: UTF-8, line ends as they are, then what the house documents: NUL left out, ends trimmed.
    static string Kept(string typed) => typed.Replace("\0", "", StringComparison.Ordinal).Trim();

    static string Shown(string? text) => (text ?? "").ReplaceLineEndings("\n");

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Subjects_notes_names_and_tags_come_back_as_they_were_typed(On on)
    {
        var all = All();
        all.Count.ShouldBeGreaterThan(400);
        // A tenth of them on the second database: what differs there is the store, not the page.
        if (on == On.Postgres) all = [.. all.Where((_, i) => i % 10 == 0)];
        await using var full = await FullHouse.Make(on);
        var number = full.Open.Number;
        var people = new List<(string Typed, string Path)>();
        var renamed = 0;
        foreach (var (typed, index) in all.Select((t, i) => (t, i)))
        {
            var kept = Kept(typed);
            var answer = await full.Try(full.Admin, HttpMethod.Post, $"/cases/{number}/rename", ("subject", typed));
            if (kept.Length is 0 or > 300) { ((int)answer.StatusCode).ShouldBe(422, typed); continue; }
            ((int)answer.StatusCode).ShouldBe(303, typed);
            renamed++;
            using (var db = full.House.Databases.Open()) (await db.Set<Case>().Where(c => c.Id == full.Open.Id).Select(c => c.Subject).SingleAsync()).ShouldBe(kept);
            // Each fourth is looked at where it stands; all of them below, as notes.
            if (index % 4 == 0)
            {
                var page = await Crawl.Get(full.Admin, $"/cases/{number}/rename");
                page.Document.QuerySelector("[name=subject]")!.GetAttribute("value").ShouldBe(kept.ReplaceLineEndings("\n"), typed);
            }
            ((int)(await full.Try(full.Admin, HttpMethod.Post, $"/cases/{number}/notes", ("text", typed))).StatusCode).ShouldBe(303, typed);
            if (kept.Length <= 200)
            {
                var made = await full.Try(full.Admin, HttpMethod.Post, "/people/new", ("name", typed));
                ((int)made.StatusCode).ShouldBe(303, typed);
                people.Add((kept, made.Headers.Location!.OriginalString));
            }
        }
        renamed.ShouldBeGreaterThan(all.Count * 4 / 5);
        using (var db = full.House.Databases.Open())
        {
            (await db.Set<Note>().Where(n => n.CaseId == full.Open.Id).OrderBy(n => n.Id).Select(n => n.Text).ToListAsync()).ShouldBe(all.Select(Kept).Where(k => k.Length is > 0 and <= 300).ToList());
            var ids = people.ConvertAll(p => long.Parse(p.Path.Split('/')[2], CultureInfo.InvariantCulture));
            var names = await db.Set<Customer>().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => c.Name);
            foreach (var ((kept, _), id) in people.Zip(ids)) names[id].ShouldBe(kept);
        }
        // Shown: what an editor of a note holds is what was typed; and no page of them all makes an element of one.
        var whole = await Crawl.Get(full.Admin, $"/cases/{number}");
        whole.Status.ShouldBe(200);
        whole.Document.QuerySelectorAll("[onerror],[onload],[onmouseover],[onclick],[onfocus],iframe,object,embed,base,meta[http-equiv=refresh]").Select(e => e.OuterHtml).ShouldBeEmpty();
        whole.Document.QuerySelectorAll("script:not([nonce])").Select(e => e.OuterHtml).ShouldBeEmpty();
        foreach (var (kept, path) in people.Where((_, i) => i % 5 == 0))
        {
            var page = await Crawl.Get(full.Admin, path + "/edit");
            page.Document.QuerySelector("[name=name]")!.GetAttribute("value").ShouldBe(Shown(kept), path);
        }
    }

    [Fact]
    public async Task Tags_come_back_as_they_were_typed()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var typed in All().Where(t => !t.Contains(',', StringComparison.Ordinal) && Kept(t).Length is > 0 and <= 60))
        {
            // Names that compare alike are one tag, under the name that came first.
            var answer = await full.Try(full.Admin, HttpMethod.Post, $"/cases/{full.Open.Number}/tags", ("new", typed));
            if ((int)answer.StatusCode == 422) continue;
            ((int)answer.StatusCode).ShouldBe(303, typed);
            var folded = TagCase.Fold(Kept(typed));
            if (!known.Add(folded)) continue;
            using var db = full.House.Databases.Open();
            (await db.Set<Tag>().SingleAsync(t => t.Folded == folded)).Name.ShouldBe(Kept(typed));
        }
        known.Count.ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task Canned_texts_come_back_as_they_were_typed()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var made = 0;
        foreach (var typed in All().Where(t => Kept(t).Length is > 0 and <= 120))
        {
            var kept = Kept(typed);
            var answer = await full.Try(full.Admin, HttpMethod.Post, "/settings/canned", ("name", typed), ("text", typed));
            if ((int)answer.StatusCode == 422) { Filling.Unknown(kept).ShouldNotBeEmpty(typed); continue; }
            ((int)answer.StatusCode).ShouldBe(303, typed);
            made++;
        }
        made.ShouldBeGreaterThan(350);
        using (var db = full.House.Databases.Open())
            (await db.Set<CannedText>().Where(t => t.Id != full.Canned).OrderBy(t => t.Id).Select(t => t.Text).ToListAsync()).ShouldBe(All().Select(Kept).Where(k => k.Length is > 0 and <= 120 && Filling.Unknown(k).Count == 0).ToList());
        // Offered in the composer as it will be sent, and shown on the page as text.
        var offered = 0;
        foreach (var typed in All().Where((t, i) => i % 12 == 0 && Kept(t).Length is > 2 and <= 60 && Kept(t).All(c => c < 128)))
        {
            var found = await Crawl.Get(full.Admin, $"/canned?case={full.Open.Number}&q={Uri.EscapeDataString(Kept(typed))}");
            if (found.Document.QuerySelectorAll("[role=option]").Any(o => o.GetAttribute("data-insert") == Shown(Kept(typed)))) offered++;
        }
        offered.ShouldBeGreaterThan(10);
        var page = await Crawl.Get(full.Admin, "/settings/canned");
        page.Document.QuerySelectorAll("[onerror],[onload],[onmouseover],[onclick],[onfocus],iframe,object,embed,base,meta[http-equiv=refresh]").Select(e => e.OuterHtml).ShouldBeEmpty();
        page.Document.QuerySelectorAll("script:not([nonce])").Select(e => e.OuterHtml).ShouldBeEmpty();
    }
}
