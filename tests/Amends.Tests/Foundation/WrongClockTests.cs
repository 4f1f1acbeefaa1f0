using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

/// <summary>F09: the machine's clock is an hour or a year ahead and is set back; is set back first; jumps over the change to summer time and a leap day.</summary>
public class WrongClockTests
{
    static readonly Actor Me = Actor.System("test");

    static async Task Look(TestHouse house)
    {
        foreach (var line in Timetable.Lines.Where(l => l.Name is "set right what a wrong clock left" or "forget sessions and links that ended" or "forget codes that ended"))
            await house.Get<Clockwork>().RunIfDue(line, CancellationToken.None);
    }

    [Theory, InlineData(On.Sqlite, 1), InlineData(On.Sqlite, 24 * 365), InlineData(On.Postgres, 24 * 365)]
    public async Task F09_what_was_queued_while_the_clock_was_ahead_goes_when_it_is_right_again(On on, int hours)
    {
        await using var post = await Post.Open(on, serve: false);
        var (house, right) = (post.House, post.House.Clock.GetUtcNow());
        house.Clock.Set(right.AddHours(hours));
        async Task<OutgoingMail> Queue(string subject, TimeSpan later)
        {
            var draft = new MailDraft { From = new("service@amends.example"), Subject = subject, Date = right, Text = "On its way." };
            draft.To.Add(new("maria@casaverde.example"));
            var ready = await house.Get<Outbox>().Prepare(draft);
            return await house.Write.Run(Me, null, db => Task.FromResult(Outbox.Queue(db, ready, sendAt: db.At + later)));
        }
        var (soon, planned) = (await Queue("Soon", TimeSpan.FromSeconds(10)), await Queue("Planned", TimeSpan.FromHours(20)));
        await house.Get<MailboxImport>().Take(Me, post.Mailbox, new MemoryStream(Post.Mail("a@b.example", "Matter", "It stops.")), null, null, MailboxImport.Posted, CancellationToken.None);
        foreach (var line in Timetable.Lines) await house.Get<Clockwork>().RunIfDue(line, CancellationToken.None);

        house.Clock.Set(right);
        await Look(house);
        using (var db = house.Databases.Open())
        {
            var jobs = await db.Set<Job>().ToListAsync();
            jobs.Single(j => j.Kind == "read mail").RunAt.ShouldBe(house.Now);
            var mails = await db.Set<OutgoingMail>().ToDictionaryAsync(m => m.Id);
            mails[soon.Id].SendAt.ShouldBe(house.Now.AddSeconds(10));
            mails[planned.Id].SendAt.ShouldBe(house.Now.AddHours(20), "as long after now as it was to be");
            jobs.Where(j => j.Kind == "send mail").Select(j => j.RunAt).Order().ShouldBe([house.Now.AddSeconds(10), house.Now.AddHours(20)]);
        }
        // Each line of the timetable runs again in its time, and not at once for ever.
        foreach (var line in Timetable.Lines)
        {
            var again = await house.Get<Clockwork>().RunIfDue(line, CancellationToken.None);
            house.Clock.Advance(TimeSpan.FromSeconds(1));
            (await house.Get<Clockwork>().RunIfDue(line, CancellationToken.None)).ShouldBeFalse($"{line.Name} ran again at once ({again})");
        }
        using (var db = house.Databases.Open()) (await db.Set<TimetableLease>().ToListAsync()).ShouldAllBe(l => l.LastRun <= house.Now && l.LeasedUntil <= house.Now);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_a_failed_try_and_a_lease_of_a_wrong_clock_end_and_what_a_person_planned_stays(On on)
    {
        await using var house = await TestHouse.Open(on);
        var now = house.Now;
        await house.Write.Run(Me, null, db =>
        {
            Job New(string key, DateTime runAt, int attempts, DateTime? leased = null) => new() { Lane = Lane.Bulk, Kind = "test", DedupeKey = key, Body = "{}", MadeAt = now.AddMinutes(-5), RunAt = runAt, Attempts = attempts, LeasedUntil = leased };
            db.AddRange(New("failed", now.AddDays(300), 3), New("planned", now.AddDays(300), 0), New("held", now.AddMinutes(-1), 1, now.AddDays(300)), New("well", now.AddMinutes(30), 2, null));
            return Task.CompletedTask;
        });
        // A mail that was put off while the clock was wrong, beside one that a person has timed.
        async Task<long> Mail(TimeSpan later)
        {
            var draft = new MailDraft { From = new("service@amends.example"), Subject = "Answer", Date = house.Clock.GetUtcNow(), Text = "On its way." };
            draft.To.Add(new("maria@casaverde.example"));
            var ready = await house.Get<Outbox>().Prepare(draft);
            return await house.Write.Run(Me, null, w => Task.FromResult(Outbox.Queue(w, ready, sendAt: w.At + later).Id));
        }
        var (put, timed) = (await Mail(TimeSpan.Zero), await Mail(TimeSpan.FromDays(3)));
        await house.Write.Run(Me, null, w => w.Set<Job>().Where(j => j.DedupeKey == $"send mail:{put}").ExecuteUpdateAsync(set => set.SetProperty(j => j.RunAt, now.AddDays(300))));
        await Look(house);
        using var db = house.Databases.Open();
        var jobs = await db.Set<Job>().ToDictionaryAsync(j => j.DedupeKey);
        jobs[$"send mail:{put}"].RunAt.ShouldBe(now);
        jobs[$"send mail:{timed}"].RunAt.ShouldBe(now.AddDays(3));
        jobs["failed"].RunAt.ShouldBe(now);
        jobs["planned"].RunAt.ShouldBe(now.AddDays(300));
        jobs["held"].LeasedUntil.ShouldBe(now + TimeSpan.FromMinutes(5), "whoever lives renews it before");
        jobs["well"].RunAt.ShouldBe(now.AddMinutes(30));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_what_has_ended_does_not_live_again_when_the_clock_is_set_back(On on)
    {
        await using var house = await TestHouse.Open(on, serve: true);
        var ada = await Some.Colleague(house, "Ada Berg", await Some.AdminRole(house));
        using var client = await house.ClientOf(ada);
        (await client.GetAsync("/desk")).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        var link = Sessions.Token();
        await house.Write.Run(Me, null, db => MailLinks.Keep(db, link, LinkPurpose.Reset, ada));
        var before = house.Clock.GetUtcNow();
        house.Clock.Set(before.AddYears(1));
        await Look(house);
        house.Clock.Set(before);
        await Look(house);
        ((int)(await client.GetAsync("/desk")).StatusCode).ShouldBeInRange(300, 499);
        using var db = house.Databases.Open();
        (await MailLinks.Find(db, link, house.Now)).ShouldBeNull();
        (await db.Set<Session>().CountAsync()).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_the_brake_of_automatic_mail_neither_stays_on_nor_off_when_the_clock_is_set_back(On on)
    {
        await using var house = await TestHouse.Open(on);
        await house.Write.Run(Me, null, db => house.Get<Amends.Foundation.Settings.House>().Set(db, AutomaticMail.Most, 2));
        async Task<bool> Send()
        {
            var draft = new MailDraft { From = new("service@amends.example"), Subject = "Receipt", Date = house.Clock.GetUtcNow(), Text = "We have it." };
            draft.To.Add(new("maria@casaverde.example"));
            var ready = await house.Get<Outbox>().PrepareAutomatic(draft, AutomaticKind.Answer, CancellationToken.None);
            return await house.Write.Run(Me, null, db => house.Get<Outbox>().QueueAutomatic(db, ready));
        }
        async Task<List<bool>> Three() => [await Send(), await Send(), await Send()];
        var right = house.Clock.GetUtcNow();
        house.Clock.Set(right.AddYears(1));
        (await Three()).ShouldBe([true, true, false]);
        // Pulled in the future: it ends, and what went then does not count.
        house.Clock.Set(right);
        await AutomaticMail.LetGoWhenQuiet(house.App.Services, CancellationToken.None);
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        (await Three()).ShouldBe([true, true, false]);
        // Let go in the future: it is pulled all the same.
        house.Clock.Set(right.AddYears(2));
        await house.Write.Run(Me, null, db => AutomaticMail.LetGo(db, AutomaticKind.Answer, byHand: true));
        house.Clock.Set(right.AddMinutes(20));
        (await Three()).ShouldBe([true, true, false]);
    }

    [Theory]
    [InlineData("2026-03-29T00:58:00Z")]
    [InlineData("2026-10-25T00:58:00Z")]
    [InlineData("2028-02-28T22:58:00Z")]
    [InlineData("2026-12-31T22:58:00Z")]
    public async Task F09_no_line_runs_twice_or_rests_over_a_change_of_the_clock_or_a_leap_day(string from)
    {
        await using var house = await TestHouse.Open(On.Sqlite);
        house.Clock.Set(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture));
        var runs = 0;
        var line = new TimetableLine("each ten minutes", TimeSpan.FromMinutes(10), (_, _) => { runs++; return Task.CompletedTask; });
        for (var i = 0; i < 4 * 60 * 6; i++)
        {
            await house.Get<Clockwork>().RunIfDue(line, CancellationToken.None);
            house.Clock.Advance(TimeSpan.FromSeconds(10));
        }
        runs.ShouldBe(24);
    }
}
