using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>Each kind of notice has a switch for the page and one for mail.</summary>
public class NoticeSwitchTests
{
    static readonly (NotifyOf Of, string Name)[] Kinds = [(NotifyOf.Assigned, "assigned"), (NotifyOf.Mentioned, "mentioned"), (NotifyOf.Answered, "answered"), (NotifyOf.Reopened, "reopened")];

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_what_happens_on_one_case_silences_the_notices_of_no_other(On on)
    {
        await using var post = await Post.Open(on);
        var house = post.House;
        await house.Write.Run(Actor.System("test"), null, db => house.Get<Amends.Foundation.Settings.House>().Set(db, AutomaticMail.Most, 30));
        var olga = new Actor(ActorKind.Colleague, await Some.Colleague(house, "Olga Petrova", await Some.AdminRole(house), post.Team), "Olga Petrova");
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        var (noisy, quiet) = (await Some.Case(house, maria, post.Team, post.Brand, "Noisy", null), await Some.Case(house, maria, post.Team, post.Brand, "Quiet", null));
        Task Give(Case which, long? to) => house.Write.Run(olga, null, async db => (await db.Set<Case>().AsTracking().Include(c => c.Watchers).FirstAsync(c => c.Id == which.Id)).Assign(to, post.Team, db.At));
        async Task<(int Noisy, int Quiet, int Page)> Told()
        {
            await post.Quiet();
            using var db = house.Databases.Open();
            return (await db.Set<OutgoingMail>().CountAsync(m => m.CaseId == noisy.Id), await db.Set<OutgoingMail>().CountAsync(m => m.CaseId == quiet.Id), await db.Set<Notification>().CountAsync(n => n.CaseId == noisy.Id));
        }
        for (var n = 0; n < 8; n++)
        {
            await Give(noisy, post.Ben);
            await post.Quiet();
            await Give(noisy, null);
        }
        (await Told()).ShouldBe((3, 0, 8), "a tenth goes by mail, and the page tells all");
        await Give(quiet, post.Ben);
        (await Told()).Quiet.ShouldBe(1);
        // It goes on when the time is over.
        await post.Pass(AutomaticMail.Span + TimeSpan.FromSeconds(1));
        await Give(noisy, post.Ben);
        (await Told()).Noisy.ShouldBe(4);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Each_switch_lets_through_its_own_kind_by_its_own_way_and_no_other(On on)
    {
        await using var post = await Post.Open(on);
        var house = post.House;
        var olga = new Actor(ActorKind.Colleague, await Some.Colleague(house, "Olga Petrova", await Some.AdminRole(house), post.Team), "Olga Petrova");
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        Task<Case> Made(string subject, long? owner) => Some.Case(house, maria, post.Team, post.Brand, subject, owner);
        var (given, mentioned, answered, reopened) = (await Made("Given", null), await Made("Mentioned", null), await Made("Answered", post.Ben), await Made("Reopened", post.Ben));
        Task Do(Case which, Action<Case, DateTime> verb) => house.Write.Run(olga, null, async db => verb(await db.Set<Case>().AsTracking().Include(c => c.Watchers).FirstAsync(c => c.Id == which.Id), db.At));
        Task Write() => house.Write.Run(new Actor(ActorKind.Customer, maria, "Maria Lopez"), null, db => house.Get<Intake>().Take(db,
            new IncomingContact { Channel = Channel.Portal, At = db.At, CustomerId = maria, CaseId = answered.Id, Why = WhyHere.Link, Text = "And now?", BrandId = post.Brand, TeamId = post.Team }));
        await Write();
        await post.Quiet();

        // What reaches Ben when all four happen.
        async Task<List<string>> AllHappens()
        {
            long page, mail;
            using (var db = house.Databases.Open()) (page, mail) = (await db.Set<Notification>().MaxAsync(n => (long?)n.Id) ?? 0, await db.Set<OutgoingMail>().MaxAsync(m => (long?)m.Id) ?? 0);
            await Do(given, (c, at) => c.Assign(null, post.Team, at));
            await Do(given, (c, at) => c.Assign(post.Ben, post.Team, at));
            await Do(mentioned, (c, at) => c.Watch(post.Ben, Watching.Mentioned, on: false, at));
            await Do(mentioned, (c, at) => c.Watch(post.Ben, Watching.Mentioned, on: true, at));
            await Write();
            await Do(reopened, (c, at) => c.Resolve("Done.", olga.Id, at));
            await Do(reopened, (c, at) => c.Reopen(ReopenWhy.ByHand, at));
            await post.Quiet();
            using var look = house.Databases.Open();
            var told = (await look.Set<Notification>().Where(n => n.Id > page && n.ColleagueId == post.Ben).Select(n => n.Of).ToListAsync()).ConvertAll(of => "page-" + Kinds.Single(k => k.Of == of).Name);
            foreach (var row in await look.Set<OutgoingMail>().Where(m => m.Id > mail).ToListAsync())
            {
                var subject = Amends.Mail.MailMessage.Read(await house.Get<BlobStore>().Read(await look.Set<Blob>().SingleAsync(b => b.Id == row.BlobId))).Subject!;
                if (Kinds.FirstOrDefault(k => subject.Contains(NoticeWords.Says(k.Of, "Olga Petrova"), StringComparison.Ordinal)).Name is { } name) told.Add("mail-" + name);
            }
            told.Sort(StringComparer.Ordinal);
            return told;
        }

        (await AllHappens()).ShouldBe(["mail-assigned", "mail-mentioned", "mail-reopened", "page-answered", "page-assigned", "page-mentioned", "page-reopened"], "as a new colleague has it");
        string[] switches = [.. Kinds.Select(k => "page-" + k.Name), .. Kinds.Select(k => "mail-" + k.Name)];
        async Task Set(string? only)
        {
            var me = await post.Desk.See("/me");
            foreach (var one in switches) me.Document.QuerySelector($"input[type=checkbox][name={one}]").ShouldNotBeNull();
            var saved = await post.Desk.Send(me, "/me", [.. switches.Select(s => (s, s == only ? "true" : (string?)null))]);
            saved.Status.ShouldBe(HttpStatusCode.SeeOther, saved.Body);
        }
        foreach (var only in switches)
        {
            await Set(only);
            (await AllHappens()).ShouldBe([only]);
            var after = (await post.Desk.See("/me")).Document;
            switches.Where(s => after.QuerySelector($"[name={s}]")!.HasAttribute("checked")).ShouldBe([only]);
        }
        await Set(null);
        (await AllHappens()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(On.Sqlite, "an automatic mail"), InlineData(On.Postgres, "an automatic mail")]
    [InlineData(On.Sqlite, "the first contact"), InlineData(On.Postgres, "the first contact")]
    [InlineData(On.Sqlite, "a resolve taken back"), InlineData(On.Postgres, "a resolve taken back")]
    public async Task Some_things_tell_nobody_and_cost_no_job_and_a_job_from_before_tells_nobody_either(On on, string what)
    {
        // Nothing runs yet: what is to be done later stands in the table.
        await using var post = await Post.Open(on, serve: false);
        var house = post.House;
        var olga = new Who(ActorKind.Colleague, await Some.Colleague(house, "Olga Petrova", await Some.AdminRole(house), post.Team), "Olga Petrova", Who.House("test").May, []);
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        Task<long> Write(long? to, bool automatic = false) => house.Write.Run(new Actor(ActorKind.Customer, maria, "Maria Lopez"), null, async db => (await house.Get<Intake>().Take(db,
            new IncomingContact { Channel = Channel.Mail, At = db.At, CustomerId = maria, CaseId = to, Why = to is null ? null : WhyHere.Link, Text = "And now?", Automatic = automatic, BrandId = post.Brand, TeamId = post.Team })).CaseId);
        Task<long> Do(Actor by, long which, Action<Case, DateTime> verb) => house.Write.Run(by, null, async db =>
        {
            verb(await db.Set<Case>().AsTracking().Include(c => c.Watchers).FirstAsync(c => c.Id == which), db.At);
            await db.SaveChangesAsync();
            return db.FactIds[0];
        });
        var one = (await Some.Case(house, maria, post.Team, post.Brand, "Pump stops", post.Ben)).Id;
        if (what == "an automatic mail") await Write(one, automatic: true);
        if (what == "the first contact")
        {
            one = await Write(null);
            await Do(new Actor(ActorKind.Colleague, post.Ben, "Ben Kim"), one, (c, at) => c.Assign(post.Ben, post.Team, at));
        }
        if (what == "a resolve taken back")
        {
            var resolved = await Do(olga, one, (c, at) => c.Resolve("Done.", olga.Id, at));
            await house.Write.Run(olga, null, db => CaseUndo.Apply(db, olga, resolved, house.Get<CaseSearch>()));
        }
        var (kind, ear) = what == "a resolve taken back" ? ("case.reopened", nameof(TellOfReopening)) : ("contact.received", nameof(TellOfAnswers));
        string fact;
        using (var db = house.Databases.Open())
        {
            fact = (await db.Set<Fact>().SingleAsync(f => f.Subject == one && f.Kind == kind)).Id.ToString(CultureInfo.InvariantCulture);
            (await db.Set<Dispatch>().Select(d => d.FactIds).ToListAsync()).SelectMany(ids => ids.Split(',')).ShouldNotContain(fact);
        }
        await house.App.StartAsync();
        async Task NobodyIsTold(string when)
        {
            await post.Quiet();
            using var db = house.Databases.Open();
            (await db.Set<Job>().CountAsync(j => j.Kind.StartsWith("Tell"))).ShouldBe(0, when);
            (await db.Set<Notification>().CountAsync(n => n.CaseId == one)).ShouldBe(0, when);
        }
        await NobodyIsTold("as it came");
        await house.Write.Run(Actor.System("test"), null, db =>
        {
            db.Add(new Job { Lane = Lane.Mail, Kind = $"{ear}<{kind}", Body = fact, DedupeKey = "from before", MadeAt = db.At, RunAt = db.At });
            return Task.CompletedTask;
        });
        await NobodyIsTold("by a job from before");
    }
}
