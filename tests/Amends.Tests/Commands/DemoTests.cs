using Amends.Cases;
using Amends.Commands.Demo;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Search;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Calls;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>The made-up company is believable: whoever looks at it sees people at work, not a generator.</summary>
public class DemoTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Its_ninety_days_could_have_been(On on)
    {
        // It takes some seconds: on the second database in the long runs.
        Assert.SkipUnless(on == On.Sqlite || Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1", "runs with ./test nightly");
        await using var house = await TestHouse.Open(on);
        var now = house.Now;
        await new DemoHouse(house.App.Services).Make();
        using var db = house.Databases.Open();
        var who = Who.House("test");
        var cases = await db.CasesVisibleTo(who).Where(c => c.MergedInto == null && c.SpamAt == null).ToListAsync();
        var contacts = await db.Set<Contact>().ToListAsync();

        // Nothing of it lies ahead, and it reaches back ninety days.
        contacts.Max(c => c.At).ShouldBeLessThanOrEqualTo(now);
        (await db.Set<Fact>().MaxAsync(f => f.At)).ShouldBeLessThanOrEqualTo(now);
        cases.Min(c => c.HeardAt).ShouldBeInRange(now.AddDays(-91), now.AddDays(-88));
        // Nobody calls, or comes by, outside of the hours of the house.
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        foreach (var call in contacts.Where(c => c.Channel is Amends.Cases.Channel.Phone or Amends.Cases.Channel.Counter))
        {
            var at = TimeZoneInfo.ConvertTimeFromUtc(call.At, berlin);
            (at.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && at.TimeOfDay >= TimeSpan.FromHours(8) && at.TimeOfDay <= TimeSpan.FromHours(18.1)).ShouldBeTrue($"a call at {at:ddd HH:mm}");
        }
        // Rows lie at their moments, as if they had been written then.
        foreach (var one in contacts.GroupBy(c => c.CaseId)) one.OrderBy(c => c.Id).Select(c => c.At).ShouldBeInOrder();

        // Every state, every channel, every kind; some forgotten, most not.
        cases.Select(c => c.State).Distinct().Count().ShouldBe(Enum.GetValues<CaseState>().Length);
        cases.Select(c => c.HeardBy).Distinct().Count().ShouldBe(Enum.GetValues<Amends.Cases.Channel>().Length);
        cases.Select(c => c.Kind).Distinct().Count().ShouldBe(Enum.GetValues<CaseKind>().Length);
        var open = cases.FindAll(c => c.State < CaseState.Resolved);
        open.Count.ShouldBeInRange(30, 160);
        var nothing = open.Count(c => c.NextStepAt is null || c.NextStepAt < now);
        nothing.ShouldBeInRange(1, open.Count / 3);
        open.Where(c => c.State == CaseState.Waiting).ShouldAllBe(c => c.WaitUntil > now && !string.IsNullOrWhiteSpace(c.WaitFor));

        // Texts are whole, in the language of who wrote; German and English first.
        contacts.ShouldAllBe(c => !c.Text.Contains('{', StringComparison.Ordinal) && !c.Text.Contains("  ", StringComparison.Ordinal));
        cases.ShouldAllBe(c => !c.Subject.Contains('{', StringComparison.Ordinal));
        var languages = await db.Set<Customer>().ToDictionaryAsync(c => c.Id, c => c.Language);
        cases.Count(c => languages[c.CustomerId] is "de" or "en").ShouldBeGreaterThan(cases.Count / 2);
        // Who says that a picture is attached has attached one.
        var files = (await db.Set<CaseFile>().ToListAsync()).ToLookup(f => f.OfId);
        foreach (var told in contacts.Where(c => c.Direction == Direction.In && c.Why == WhyHere.NewCase && c.Channel is Amends.Cases.Channel.Mail or Amends.Cases.Channel.Web && Stories.SaysAttached.Any(w => c.Text.Contains(w, StringComparison.Ordinal))).Take(20))
            files[told.Id].ShouldNotBeEmpty();

        // Everybody of the sign-in page is there, and has something on the desk.
        foreach (var name in DemoHouse.Names)
        {
            var one = await db.Set<Colleague>().SingleAsync(c => c.Address == name.Address);
            Passwords.Fits(one.PasswordHash, name.Password).ShouldBeTrue(name.Address);
        }
        var ben = await db.Set<Colleague>().SingleAsync(c => c.Name == "Ben Kim");
        open.Count(c => c.OwnerId == ben.Id).ShouldBeGreaterThan(3);
        (await db.Set<Notification>().CountAsync(n => n.ColleagueId == ben.Id)).ShouldBeGreaterThan(2);
        (await db.Set<SavedView>().CountAsync()).ShouldBeGreaterThan(1);
        // Each customer, or the organisation, holds something; an organisation's stands once.
        var holders = (await db.Set<Holding>().ToListAsync()).ToLookup(h => h.CustomerId ?? h.OrganisationId);
        foreach (var customer in await db.Set<Customer>().Include(c => c.Memberships).ToListAsync())
            (holders[customer.Id].Any() || customer.Memberships.Exists(m => holders[m.OrganisationId].Any())).ShouldBeTrue(customer.Name);
        // Organisations with people in them, teams with members and cases of their own.
        (await db.Set<Organisation>().CountAsync()).ShouldBeGreaterThan(5);
        (await db.Set<Membership>().Select(m => m.OrganisationId).Distinct().CountAsync()).ShouldBeGreaterThan(5);
        var manned = await db.Set<TeamMember>().Select(m => m.TeamId).Distinct().ToListAsync();
        manned.Count.ShouldBe(await db.Set<Team>().CountAsync());
        manned.Count.ShouldBeGreaterThan(3);
        cases.Select(c => c.TeamId).Distinct().Count().ShouldBe(manned.Count);
        // What was promised has come to every end, and some of it lies ahead; each open one has a keeper, each past one was said to be so.
        var promises = await db.Set<Promise>().ToListAsync();
        foreach (var state in new[] { PromiseState.Open, PromiseState.Kept, PromiseState.Late, PromiseState.Broken, PromiseState.Changed, PromiseState.Released }) promises.ShouldContain(p => p.State == state, state.ToString());
        promises.Count(p => p.State == PromiseState.Kept).ShouldBeGreaterThan(promises.Count(p => p.State is PromiseState.Late or PromiseState.Broken));
        promises.Where(p => p.State == PromiseState.Open && p.DueAt < now.AddMinutes(-1)).ShouldAllBe(p => p.PassedAt != null);
        promises.ShouldContain(p => p.State == PromiseState.Open && p.DueAt < now);
        promises.ShouldContain(p => p.State == PromiseState.Open && p.AskedAt != null && p.DueAt > now);
        promises.ShouldAllBe(p => p.MadeAt < p.DueAt && p.MadeAt <= now);
        cases.Count(c => c.State < CaseState.Resolved && c.Promised == PartState.UnderWay).ShouldBeGreaterThan(10);
        (await db.Set<CallBack>().CountAsync(c => c.ByOfficer && c.ByCustomer)).ShouldBe(1);
        (await db.Set<CallBack>().CountAsync()).ShouldBeGreaterThan(3);
        open.ShouldContain(c => c.PhoneSince != null);
        open.ShouldContain(c => c.ApologyEmptyAt != null);
        open.ShouldContain(c => c.Handovers > 3);
        open.ShouldContain(c => c.CameBackAt != null);
        open.Count(c => c.PastTargetFrom < now).ShouldBeInRange(1, open.Count / 2);
        // Search finds what they wrote.
        (await CaseFinding.First(db, who, Question.Read("E14"), 5)).Count.ShouldBe(5);

        // Made again it is the same company, word by word, whichever database it lies in.
        await using var other = await TestHouse.Open(On.Sqlite);
        await new DemoHouse(other.App.Services).Make();
        var (once, again) = (await Told(house), await Told(other));
        once.Count.ShouldBeGreaterThan(2000);
        // Not as two texts: their difference would take minutes to draw.
        again.Zip(once).FirstOrDefault(pair => pair.First != pair.Second).ShouldBe(default);
        again.Count.ShouldBe(once.Count);
    }

    // Most who try it start it at an hour at which no test runs.
    [Fact]
    public async Task At_whatever_hour_it_is_started_what_passed_was_said_to_have_passed()
    {
        var nightly = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1";
        for (var hours = 11; hours <= (nightly ? 7 * 24 : 11 + 2 * 43); hours += nightly ? 5 : 43)
        {
            var folder = Directory.CreateTempSubdirectory("amends-hours-").FullName;
            try
            {
                await using var house = await TestHouse.OpenAt(folder, null, stays: true, at: FakeTime.Start.AddHours(hours));
                await new DemoHouse(house.App.Services).Make();
                using var db = house.Databases.Open();
                var now = house.Now;
                var open = await db.Set<Promise>().Where(p => p.State == PromiseState.Open).ToListAsync();
                open.ShouldContain(p => p.DueAt > now, $"{hours} hours later");
                open.Where(p => p.DueAt < now.AddMinutes(-1)).ShouldAllBe(p => p.PassedAt != null, $"{hours} hours later");
                (await db.Set<Fact>().MaxAsync(f => f.At)).ShouldBeLessThanOrEqualTo(now);
            }
            finally { Directory.Delete(folder, true); }
        }
    }

    // Everything that stands in it, a line each.
    static async Task<List<string>> Told(TestHouse house)
    {
        using var db = house.Databases.Open();
        var all = new List<string>();
        foreach (var one in await db.Set<Customer>().OrderBy(c => c.Id).Select(c => new { c.Name, c.Language, c.Zone, c.Needs }).ToListAsync()) all.Add(one.ToString()!);
        foreach (var one in await db.Set<Holding>().OrderBy(h => h.Id).Select(h => new { h.Product, h.Variant, h.Batch, h.Serial, h.Contract, h.Site }).ToListAsync()) all.Add(one.ToString()!);
        foreach (var one in await db.CasesVisibleTo(Who.House("test")).OrderBy(c => c.Number).ToListAsync()) all.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.Number} {one.Subject} {one.State} {one.Kind} {one.Severity} {one.HeardBy} {one.HeardAt:O}"));
        foreach (var one in await db.Set<Contact>().OrderBy(c => c.At).ThenBy(c => c.Id).ToListAsync()) all.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{one.At:O} {one.Direction} {one.Channel} {one.FromAddress} {one.To} {one.Text}"));
        return all;
    }
}
