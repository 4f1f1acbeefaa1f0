using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>What one person sees is the same wherever it is asked (A22, A23), and what is typed is only ever words (A35, A36).</summary>
public class SightTests
{
    static readonly Actor Me = Actor.System("test");

    static HashSet<long> Numbers(string page, string pattern) => [.. Regex.Matches(page, pattern, RegexOptions.NonBacktracking).Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

    [Theory, InlineData(On.Sqlite, 11), InlineData(On.Sqlite, 12), InlineData(On.Postgres, 13)]
    public async Task A22_A23_list_search_count_export_and_view_agree_for_random_people(On on, int seed)
    {
        await using var cast = await DeskCast.Open(on);
        var random = new Random(seed);
        var house = cast.House;
        long[] teams = [cast.Team, cast.OtherTeam, await Some.Team(house, "Third")];
        var people = new List<(long Id, Scope Scope, long[] Teams, bool Confidential)>();
        for (var i = 0; i < 5; i++)
        {
            var scope = (Scope)(i % 3 + 1);
            var secret = random.Next(2) == 0;
            var role = await Some.Role(house, $"Role {i}", (Verb.SeeCases, scope), (Verb.ExportCases, Scope.All), (Verb.SeeConfidential, secret ? Scope.All : Scope.None));
            long[] mine = [.. teams.Where(_ => random.Next(2) == 0)];
            people.Add((await Some.Colleague(house, $"Person {i}", role, mine), scope, mine, secret));
        }
        var all = new List<Case>();
        for (var i = 0; i < 40; i++)
        {
            var one = await cast.Case($"quokka matter {i}", random.Next(2) == 0 ? people[random.Next(people.Count)].Id : null, teams[random.Next(3)], random.Next(4) == 0);
            await house.Write.Run(Me, null, async db =>
            {
                var it = await db.Set<Case>().AsTracking().Include(c => c.Watchers).Include(c => c.Tags).FirstAsync(c => c.Id == one.Id);
                for (var n = random.Next(3); n > 0; n--) it.Watch(people[random.Next(people.Count)].Id, (Watching)(1 << random.Next(3)), true, db.At);
                if (random.Next(8) == 0) it.Delete(true, db.At);
                else it.Touch(db.At);
                if (!it.HasRecorded) it.Watch(cast.Admin, Watching.Follows, true, db.At);
                await house.Get<CaseSearch>().Index(db, it);
            });
            all.Add(await cast.Now(one));
        }
        // The definition, written once more by hand.
        bool Sees((long Id, Scope Scope, long[] Teams, bool Confidential) who, Case c)
        {
            if (c.DeletedAt is not null) return false;
            var why = c.Watchers.Find(w => w.ColleagueId == who.Id)?.Why ?? 0;
            if (c.OwnerId == who.Id || why.HasFlag(Watching.Named)) return true;
            if (c.Confidential) return who.Scope == Scope.All && who.Confidential;
            return why != 0 || who.Scope == Scope.All || (who.Scope == Scope.Team && who.Teams.Contains(c.TeamId));
        }
        foreach (var who in people)
        {
            using var web = await house.ClientOf(who.Id);
            var expected = all.Where(c => Sees(who, c)).Select(c => c.Number).Order().ToList();
            var list = (await cast.Get("/desk/open", web)).Text;

            Numbers(list, "href=\"/cases/(\\d+)\\?in=open").Order().ShouldBe(expected);
            Numbers((await cast.Get("/search?q=quokka", web)).Text, "href=\"/cases/(\\d+)\"").Order().ShouldBe(expected);
            Regex.Match(list, "All open</span><span class=\"count[^\"]*\">(\\d+)", RegexOptions.NonBacktracking).Groups[1].Value.ShouldBe($"{expected.Count}");
            var csv = (await cast.Post("/cases/export", web: web)).Text;
            Numbers(csv, "(?m)^(\\d+),").Order().ShouldBe(expected);
            var lines = (await cast.Post("/cases/export", new() { ["format"] = "jsonl" }, web: web)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            lines.Select(l => JsonDocument.Parse(l).RootElement.GetProperty("number").GetInt64()).Order().ShouldBe(expected);
            foreach (var one in all)
            {
                var sees = expected.Contains(one.Number);
                (await cast.Get($"/cases/{one.Number}", web)).Status.ShouldBe(sees ? HttpStatusCode.OK : HttpStatusCode.NotFound);
                if (!sees) foreach (var path in new[] { "history", "presence" }) (await cast.Get($"/cases/{one.Number}/{path}", web)).Status.ShouldBe(HttpStatusCode.NotFound, path);
                if (!sees) (await cast.Get($"/palette?q={one.Number}", web)).Text.ShouldNotContain($"/cases/{one.Number}\"");
            }
            // Hints tell nothing of what he may not see.
            var rule = house.App.Services.GetServices<Amends.Foundation.Web.HintRule>().Single(r => r.Kind == "case");
            var seer = new Who(ActorKind.Colleague, who.Id, "x", new Dictionary<Verb, Scope> { [Verb.SeeCases] = who.Scope, [Verb.SeeConfidential] = who.Confidential ? Scope.All : Scope.None }.ToFrozen(), who.Teams.ToFrozen());
            var told = await rule.Visible(house.App.Services, seer, [.. all.Select(c => c.Id)]);
            all.Where(c => told.Contains(c.Id)).Select(c => c.Number).Order().ShouldBe(expected);
        }
    }

    [Theory, InlineData(On.Sqlite, 21), InlineData(On.Postgres, 22)]
    public async Task A23_each_view_its_table_its_count_and_its_export_hold_the_same_cases_and_notices_only_what_is_seen(On on, int seed)
    {
        await using var cast = await DeskCast.Open(on);
        var random = new Random(seed);
        var house = cast.House;
        long[] teams = [cast.Team, cast.OtherTeam];
        var people = new List<(long Id, Scope Scope, long[] Teams, bool Confidential)>();
        for (var i = 0; i < 4; i++)
        {
            var scope = (Scope)(i % 3 + 1);
            var role = await Some.Role(house, $"Role {i}", (Verb.SeeCases, scope), (Verb.ExportCases, Scope.All), (Verb.SeeConfidential, i == 2 ? Scope.All : Scope.None));
            long[] mine = [teams[i % 2]];
            people.Add((await Some.Colleague(house, $"Person {i}", role, mine), scope, mine, i == 2));
        }
        var all = new List<Case>();
        for (var i = 0; i < 36; i++)
        {
            var one = await cast.Case($"matter {i}", random.Next(3) == 0 ? null : people[random.Next(people.Count)].Id, teams[random.Next(2)], random.Next(4) == 0);
            await house.Write.Run(Me, null, async db =>
            {
                var it = await db.Set<Case>().AsTracking().Include(c => c.Watchers).Include(c => c.Tags).FirstAsync(c => c.Id == one.Id);
                it.Watch(people[random.Next(people.Count)].Id, (Watching)(1 << random.Next(3)), true, db.At);
                switch (i % 7)
                {
                    case 1: it.Wait(db.At.AddDays(2), "a part", db.At); break;
                    case 2: it.Resolve("done", null, db.At); break;
                    case 3: it.Resolve("done", null, db.At); it.Close(db.At); break;
                    case 4: it.Spam(true, db.At); break;
                    case 5 when i > 20: it.Delete(true, db.At); break;
                }
                foreach (var who in people) db.Add(new Notification { ColleagueId = who.Id, CaseId = it.Id, Of = NotifyOf.Answered, At = db.At });
            });
            all.Add(await cast.Now(one));
        }
        // For all: what is open in the first team.
        var saved = await cast.Post("/desk/saved", new() { ["name"] = "Of the first team", ["words"] = "", ["team"] = cast.Team.ToString(System.Globalization.CultureInfo.InvariantCulture), ["shared"] = "true" });
        saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Text);
        var views = new Dictionary<string, Func<Case, long, long[], bool>>
        {
            ["open"] = (c, _, _) => IsOpen(c),
            ["mine"] = (c, me, _) => IsOpen(c) && c.OwnerId == me,
            ["team"] = (c, _, my) => IsOpen(c) && my.Contains(c.TeamId),
            ["new"] = (c, _, _) => IsOpen(c) && c.OwnerId is null,
            ["following"] = (c, me, _) => IsOpen(c) && c.Watchers.Exists(w => w.ColleagueId == me),
            ["waiting"] = (c, _, _) => IsOpen(c) && c.State == CaseState.Waiting,
            ["none"] = (c, _, _) => IsOpen(c) && (c.NextStepAt is null || c.NextStepAt < house.Now),
            ["lost"] = (c, _, _) => IsOpen(c) && (c.Handovers > 3 || c is { CustomerWaitsSince: not null, OwnerId: null } && (c.FirstAnsweredAt is not null || c.FirstAnswerDue < house.Now)),
            ["at-heard"] = (c, _, _) => IsOpen(c) && c.OwnerId is null,
            ["at-owned"] = (c, _, _) => IsOpen(c) && c is { OwnerId: not null, Promised: PartState.None },
            ["at-resolved"] = (c, _, _) => c is { SpamAt: null, State: CaseState.Resolved },
            ["resolved"] = (c, _, _) => c is { SpamAt: null, State: CaseState.Resolved },
            ["closed"] = (c, _, _) => c is { SpamAt: null, State: > CaseState.Resolved },
            ["spam"] = (c, _, _) => c.SpamAt is not null,
            [saved.Location!.Split('/')[^1]] = (c, _, _) => IsOpen(c) && c.TeamId == cast.Team,
        };
        static bool IsOpen(Case c) => c is { SpamAt: null, State: < CaseState.Resolved };
        var (rows, kinds) = (0, new HashSet<string>());
        foreach (var who in people)
        {
            using var web = await house.ClientOf(who.Id);
            // The definition, by hand.
            bool Sees(Case c)
            {
                if (c.DeletedAt is not null) return false;
                var why = c.Watchers.Find(w => w.ColleagueId == who.Id)?.Why ?? 0;
                if (c.OwnerId == who.Id || why.HasFlag(Watching.Named)) return true;
                if (c.Confidential) return who.Scope == Scope.All && who.Confidential;
                return why != 0 || who.Scope == Scope.All || (who.Scope == Scope.Team && who.Teams.Contains(c.TeamId));
            }
            foreach (var (view, holds) in views)
            {
                var expected = all.Where(c => Sees(c) && holds(c, who.Id, who.Teams)).Select(c => c.Number).Order().ToList();
                var page = (await cast.Get($"/desk/{view}", web)).Text;
                Numbers(page, $"href=\"/cases/(\\d+)\\?in={view}").Order().ShouldBe(expected, false, $"{view} as a list");
                Numbers((await cast.Get($"/desk/{view}/table", web)).Text, $"href=\"/cases/(\\d+)\\?in={view}").Order().ShouldBe(expected, false, $"{view} as a table");
                Numbers((await cast.Post("/cases/export", new() { ["view"] = view }, web: web)).Text, "(?m)^(\\d+),").Order().ShouldBe(expected, false, $"{view} taken along");
                if (new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page).QuerySelector($"a[href='/desk/{view}'] .count") is { } count) { count.TextContent.Trim().ShouldBe($"{expected.Count}", $"{view} counted"); kinds.Add(view); }
                rows += expected.Count;
            }
            var notices = new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await cast.Get("/notices", web)).Text).QuerySelectorAll(".notice-row").SelectMany(r => Numbers(r.TextContent, "\\b(1\\d{3})\\b"));
            notices.Distinct().Order().ShouldBe(all.Where(Sees).Select(c => c.Number).Order(), false, "notices");
        }
        rows.ShouldBeGreaterThan(60);
        kinds.Count.ShouldBeGreaterThan(5);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A35_what_is_typed_into_search_and_addresses_is_words_and_nothing_else(On on)
    {
        await using var cast = await DeskCast.Open(on);
        string[] texts = ["Pump stops after ten minutes", "Rückerstattung für die zweite Pumpe", "東京のポンプが止まった", "100% off 'quoted' \"double\" AND OR NOT NEAR", "a:b* c-d e&f g|h !i <-> j", "drop table \"Case\"; --"];
        var cases = new List<Case>();
        foreach (var text in texts) { var one = await cast.Case(text); await cast.Index(one); cases.Add(one); }
        var random = new Random(5);
        string[] pieces = ["pump", "\"", "'", "*", "(", ")", " AND ", " OR ", " NOT ", "NEAR(", "said:", ":*", "&", "|", "!", "<->", "\\", "%", "_", ";", "--", "/*", "\0", "ポンプ", "ruck", "é", "{", "}", "^", "-", "+", "stops", "\uD83D\uDE00", "1=1", "@asked", "$1"];
        var who = Who.House("fuzz");
        using var db = cast.House.Databases.Open();
        for (var i = 0; i < 250; i++)
        {
            var typed = string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
            var question = Question.Read(typed);
            // The same by hand: every word a token of the subject, the last ones a beginning.
            var expected = question.IsEmpty ? [] : cases.Where(c =>
            {
                var tokens = Tokens.Of(c.Subject).Concat(Tokens.Of("Maria Lopez maria@casaverde.example")).Append(c.Number.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
                return question.Words.All(tokens.Contains) && question.Prefixes.All(p => tokens.Any(t => t.StartsWith(p, StringComparison.Ordinal)));
            }).Select(c => c.Id).OrderDescending().ToList();
            var (found, count) = await CaseFinding.Find(db, who, question, long.MaxValue, 51);
            found.ShouldBe(expected, typed);
            count.ShouldBe(expected.Count, typed);
            if (i % 10 != 0) continue;
            var asked = Uri.EscapeDataString(typed);
            foreach (var path in new[] { $"/search?q={asked}&before={asked}", $"/palette?q={asked}", $"/mentions?q={asked}", $"/desk/mine?sort={asked}&after={asked}&in={asked}&did={asked}", $"/cases/{cases[0].Number}/merge?q={asked}", $"/cases/{cases[0].Number}/customer?q={asked}", $"/cases/{cases[0].Number}?in={asked}&did={asked}" })
                (await cast.Get(path)).Status.ShouldBe(HttpStatusCode.OK, path);
            (await cast.Get($"/desk/{asked.Replace("%2F", "", StringComparison.Ordinal).Replace("%00", "", StringComparison.Ordinal)}x1")).Status.ShouldBe(HttpStatusCode.NotFound);
        }
        WebUtility.HtmlDecode((await cast.Get("/search?q=ruckerstattung")).Text).ShouldContain("<mark>Rückerstattung</mark>");
        // A view that was saved with such words is read the same way (second order).
        var saved = await cast.Post("/desk/saved", new() { ["name"] = "' OR 1=1 --", ["words"] = "\" OR * NEAR( pump", ["state"] = "", ["kind"] = "", ["severity"] = "" });
        saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Text);
        (await cast.Get(saved.Location!)).Status.ShouldBe(HttpStatusCode.OK);
        (await cast.Post("/desk/saved", new() { ["name"] = "x", ["state"] = "7" })).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A36_placeholders_in_what_customers_wrote_stay_words(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var evil = await Some.Customer(cast.House, "{agent.name} {{7*7}} {case.subject}", "evil@example.org");
        var one = await Some.Case(cast.House, evil, cast.Team, cast.Brand, "{customer.name} {%x%} ${y}");
        (await cast.Post("/settings/canned", new() { ["name"] = "Hello", ["text"] = "Dear {customer.name}, about {case.subject} #{case.number}: {brand.name}, {agent.firstName} {unknown} {" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        var offered = new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await cast.Get($"/canned?case={one.Number}&q=hel")).Text).QuerySelector("[role=option]")!.GetAttribute("data-insert");
        offered.ShouldBe($"Dear {{agent.name}} {{{{7*7}}}} {{case.subject}}, about {{customer.name}} {{%x%}} ${{y}} #{one.Number}: Casa Verde, Ben {{unknown}} {{");
        // Nor are they read in the sentences of the history.
        const string typed = "{0} {1} \u0002 {{2}} {0:N}";
        (await cast.Post($"/cases/{one.Number}/rename", new() { ["subject"] = typed }, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Post($"/cases/{one.Number}/wait", new() { ["until"] = "own", ["own"] = "2026-12-20T10:00", ["for"] = typed }, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var told = new AngleSharp.Html.Parser.HtmlParser().ParseDocument((await cast.Get($"/cases/{one.Number}/history")).Text).Body!.TextContent;
        System.Text.RegularExpressions.Regex.Count(told, "Ben Kim[^\n]*\\{0\\} \\{1\\}  \\{\\{2\\}\\} \\{0:N\\}", RegexOptions.NonBacktracking).ShouldBeGreaterThanOrEqualTo(2, told);
        var wrong = await cast.Post("/settings/canned", new() { ["name"] = "Bad", ["text"] = "Dear {customer.passwordHash}" });
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Text.ShouldContain("{customer.passwordHash}");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A25_fields_that_a_form_does_not_have_change_nothing(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case();
        var more = typeof(Case).GetProperties().Concat(typeof(Colleague).GetProperties()).Select(p => p.Name).Distinct().SelectMany(n => new[] { n, char.ToLowerInvariant(n[0]) + n[1..] })
            .Where(n => n.ToLowerInvariant() is not ("subject" or "version")).Distinct().ToDictionary(n => n, _ => "1");
        foreach (var (path, own) in new (string, Dictionary<string, string>)[] { ("rename", new() { ["subject"] = "Only this" }), ("follow", new() { ["on"] = "true" }), ("notes", new() { ["text"] = "note" }), ("take", []) })
        {
            var before = await cast.Now(one);
            (await cast.Post($"/cases/{one.Number}/{path}", new(more.Concat(own).GroupBy(f => f.Key).ToDictionary(g => g.Key, g => g.Last().Value)), one)).Status.ShouldBe(HttpStatusCode.SeeOther, path);
            var after = await cast.Now(one);
            foreach (var property in typeof(Case).GetProperties().Where(p => p.CanRead && p.Name is not ("Version" or "ChangedAt" or "Watchers" or "Tags")))
                if (!((path, property.Name) is ("rename", "Subject") or ("take", "OwnerId" or "OwnedAt" or "NextStepWho" or "EscalateAt")))
                    property.GetValue(after).ShouldBe(property.GetValue(before), $"{path}: {property.Name}");
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Paging_by_key_visits_each_row_once_in_order(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var random = new Random(3);
        await cast.House.Write.Run(Me, null, async db =>
        {
            for (var i = 0; i < 173; i++)
            {
                // Many equal moments, and some without a step: the id breaks the tie.
                var at = db.At.AddHours(random.Next(5));
                var one = new Case { Id = db.Ids!.Next(), Number = await db.NextNumber("case", 1001), Subject = $"n{i}", HeardAt = at, CustomerId = cast.Maria, TeamId = cast.Team, BrandId = cast.Brand, FirstAnswerDue = at, LastContactAt = at };
                one.Hear(at);
                if (random.Next(3) == 0) one.Answered(at);
                db.Add(one);
            }
        });
        foreach (var sort in new[] { "next", "newest" })
        {
            var seen = new List<long>();
            var path = $"/desk/open?sort={sort}";
            for (var page = 0; page < 10; page++)
            {
                var text = WebUtility.HtmlDecode((await cast.Get(path)).Text);
                seen.AddRange(Regex.Matches(text, "href=\"/cases/(\\d+)\\?in=open", RegexOptions.NonBacktracking).Select(m => long.Parse(m.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)));
                var next = Regex.Match(text, "rel=\"next\" href=\"([^\"]+)\"", RegexOptions.NonBacktracking);
                if (!next.Success) break;
                path = next.Groups[1].Value;
            }
            seen.Count.ShouldBe(173, sort);
            seen.Distinct().Count().ShouldBe(173, sort);
            using var db = cast.House.Databases.Open();
            var all = await db.Set<Case>().ToListAsync();
            seen.ShouldBe((sort == "newest" ? all.OrderByDescending(c => c.LastContactAt).ThenByDescending(c => c.Id) : all.OrderBy(c => c.NextStepAt ?? DateTime.MaxValue).ThenBy(c => c.Id)).Select(c => c.Number), sort);
        }
    }

    [Fact]
    public void The_ring_follows_its_definition()
    {
        var now = new DateTime(2026, 3, 12, 9, 0, 0, DateTimeKind.Utc);
        SegmentState[] Of(CaseState state, long? owner, DateTime? answered, int dueInHours, DateTime? confirmed, PartState promised = PartState.None, int? lateInHours = null) =>
            [.. CaseRing.Segments(new(state, owner, answered, now.AddHours(dueInHours), confirmed, promised, lateInHours is { } hours ? now.AddHours(hours) : null), now).Select(s => s.State)];
        const SegmentState done = SegmentState.Done, toDo = SegmentState.ToDo, late = SegmentState.Late, underWay = SegmentState.UnderWay, notNeeded = SegmentState.NotNeeded;
        Of(CaseState.Open, null, null, 1, null).ShouldBe([done, toDo, toDo, toDo]);
        Of(CaseState.Open, null, null, -1, null).ShouldBe([done, late, toDo, toDo]);
        Of(CaseState.Open, 5, null, -1, null).ShouldBe([done, done, toDo, toDo]);
        Of(CaseState.Open, 5, now, 1, null, PartState.UnderWay, 1).ShouldBe([done, done, underWay, toDo]);
        Of(CaseState.Open, 5, now, 1, null, PartState.UnderWay, 0).ShouldBe([done, done, late, toDo]);
        Of(CaseState.Open, 5, now, 1, null, PartState.Late).ShouldBe([done, done, late, toDo]);
        Of(CaseState.Resolved, 5, now, 1, null).ShouldBe([done, done, notNeeded, underWay]);
        Of(CaseState.Resolved, 5, now, 1, null, PartState.Done).ShouldBe([done, done, done, underWay]);
        Of(CaseState.Confirmed, 5, now, 1, now).ShouldBe([done, done, notNeeded, done]);
        Of(CaseState.Closed, 5, now, 1, null).ShouldBe([done, done, notNeeded, notNeeded]);
    }
}

static class Frozen
{
    public static System.Collections.Frozen.FrozenDictionary<Verb, Scope> ToFrozen(this Dictionary<Verb, Scope> all) => System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(all);
    public static System.Collections.Frozen.FrozenSet<long> ToFrozen(this long[] all) => System.Collections.Frozen.FrozenSet.ToFrozenSet(all);
}
