using System.Security.Cryptography;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts.Email;

/// <summary>Mail that is fetched: nothing lost, nothing doubled, nothing that stops the rest, and nothing marked that was not stored.</summary>
public class FetchMailTests
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), Little = TimeSpan.FromSeconds(15);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_lies_there_and_what_arrives_is_taken_and_then_marked(On on)
    {
        await using var stand = await MailStand.Open(on);
        stand.Arrive(3);
        await stand.Connect();
        await stand.AllIsWell();
        stand.Seen.ShouldBe([1u, 2u, 3u]);
        // It waits for the server's word: the clock does not move here.
        await stand.Until(() => stand.Imap.Heard.Contains("IDLE"), "it waits");
        stand.Arrive(2);
        await stand.AllIsWell();
        stand.Seen.Count.ShouldBe(5);
        await stand.Read();
        using var db = stand.House.Databases.Open();
        var contacts = await db.Set<Contact>().Where(c => c.Direction == Direction.In).OrderBy(c => c.At).ToListAsync();
        contacts.Count.ShouldBe(5);
        // What waited on the server has waited here.
        contacts.ConvertAll(c => c.At).ShouldBe(stand.Imap.Look(() => stand.Imap.Inbox.Messages.ConvertAll(m => m.Received.UtcDateTime)));
        (await db.Set<Delivery>().Select(d => d.Way).Distinct().ToListAsync()).ShouldBe(["imap"]);
    }

    [Fact]
    public async Task Without_IDLE_it_is_asked_each_minute()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        stand.Imap.Lose("IDLE");
        await stand.Connect();
        await stand.Until(async () => (await stand.State())?.GoodAt is not null, "it is connected");
        stand.Arrive(1);
        await stand.AllIsWell(Little);
        stand.Imap.Heard.ShouldContain("NOOP");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_server_is_told_after_the_commit_and_a_program_that_ended_in_between_tells_it_later(On on)
    {
        await using var stand = await MailStand.Open(on);
        stand.Arrive(3);
        stand.Imap.Next(new Mischief(Trick.Silence, "STORE"));
        await stand.Connect();
        await stand.Until(() => stand.Imap.Waiting == 0, "the server is told");
        // At this very moment all is committed here and nothing is marked there.
        (await stand.Stored()).ShouldBe(3);
        stand.Seen.ShouldBeEmpty();
        await stand.Restart();
        await stand.AllIsWell(Little);
        stand.Seen.Count.ShouldBe(3);
        stand.Imap.Heard.Count(h => h.Contains("BODY.PEEK", StringComparison.Ordinal)).ShouldBe(3, "each was fetched once");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_program_that_ended_while_it_fetched_fetches_again(On on)
    {
        await using var stand = await MailStand.Open(on);
        stand.Arrive(4);
        await stand.Connect(box => box.ImapOn = false);
        foreach (var trick in new[] { new Mischief(Trick.Silence, "FETCH"), new Mischief(Trick.Silence, "SEARCH"), new Mischief(Trick.Silence, "SELECT"), new Mischief(Trick.Silence, "AUTHENTICATE"), new Mischief(Trick.Silence, "GREETING") })
        {
            stand.Imap.Next(trick);
            await stand.Connect();
            await stand.Until(() => stand.Imap.Waiting == 0, trick.At!, Little);
            stand.Seen.ShouldBeEmpty("nothing is marked that is not here");
            await stand.Restart();
            await stand.Connect(box => box.ImapOn = false);
            await stand.Until(() => stand.Imap.Open == 0, "it let go");
        }
        await stand.Connect();
        await stand.AllIsWell(Little);
        stand.Seen.Count.ShouldBe(4);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F05_a_server_that_dies_anywhere_loses_and_doubles_nothing(On on)
    {
        await using var stand = await MailStand.Open(on);
        await stand.Connect();
        var tricks = new List<Mischief>();
        foreach (var at in new[] { "GREETING", "AUTHENTICATE", "SELECT", "SEARCH", "FETCH", "STORE", "IDLE" })
        {
            foreach (var bytes in new[] { 0, 1, 9, 30 }) tricks.Add(new(Trick.Cut, at, bytes));
            tricks.AddRange([new(Trick.Garbage, at), new(Trick.Bye, at), new(Trick.Silence, at), new(Trick.No, at), new(Trick.Bad, at), new(Trick.CutBeforeDone, at)]);
        }
        foreach (var bytes in new[] { 60, 90, 120, 200, 260, 300, 330 }) tricks.Add(new(Trick.Cut, "FETCH", bytes));
        foreach (var bytes in new[] { 1, 2, 3, 10, 1000 }) tricks.AddRange([new(Trick.LongerLiteral, "FETCH", bytes), new(Trick.ShorterLiteral, "FETCH", bytes)]);
        tricks.Add(new(Trick.OtherMessage, "FETCH"));
        foreach (var trick in tricks)
        {
            stand.Imap.Next(trick);
            stand.Arrive(2);
            // What needs a new connection gets one.
            if (trick.At is "GREETING" or "AUTHENTICATE" or "SELECT" or "IDLE") stand.Imap.HangUp();
            await stand.Until(() => stand.Imap.Waiting == 0, trick.ToString(), Little);
            try { await stand.AllIsWell(Little); }
            catch (Exception why) { throw new InvalidOperationException($"After {trick}: {why.Message}", why); }
        }
        stand.Seen.Count.ShouldBe(stand.All.Count);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F06_a_server_that_numbers_anew_or_is_restored_costs_reading_again_and_no_more(On on)
    {
        await using var stand = await MailStand.Open(on);
        stand.Arrive(6, withId: false);
        await stand.Connect();
        await stand.AllIsWell();
        async Task Again(Action what)
        {
            what();
            stand.Imap.HangUp();
            stand.Arrive(2, withId: false);
            await stand.AllIsWell(Little);
        }
        await Again(() => stand.Imap.ChangeUidValidity());
        await Again(() => stand.Imap.ChangeUidValidity(first: 500));
        // Without a word: the first are gone, the UIDs begin anew, and new mail gets numbers that are known.
        await Again(() => { stand.Imap.Remove(stand.Imap.Inbox.Messages[0].Uid); stand.Imap.Remove(stand.Imap.Inbox.Messages[0].Uid); stand.Imap.Renumber(); });
        // The same, and by now as many new ones as there were: the next UID says nothing, the dates do.
        await Again(() =>
        {
            var folder = stand.Imap.Inbox;
            var next = folder.UidNext;
            stand.Imap.Remove(folder.Messages[0].Uid);
            stand.Imap.Renumber();
            while (folder.UidNext < next) stand.Arrive(1, withId: false);
        });
        // Restored from a backup of some time ago: the newest are gone there, not here.
        var before = stand.All.Count;
        await Again(() => { stand.Imap.Remove(stand.Imap.Inbox.Messages[^1].Uid); stand.Imap.ChangeUidValidity(); });
        stand.All.Count.ShouldBe(before + 2);
        await stand.Read();
        using var db = stand.House.Databases.Open();
        var contacts = await db.Set<Contact>().Where(c => c.Direction == Direction.In).OrderBy(c => c.At).Select(c => c.Text).ToListAsync();
        contacts.Count.ShouldBe(stand.All.Count);
        contacts.ShouldBe(Enumerable.Range(1, stand.All.Count).Select(n => $"It stops. {n}"), "in the order in which they arrived");
    }

    [Fact]
    public async Task The_same_bytes_twice_in_a_mailbox_are_one_message_and_both_are_marked()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        stand.Arrives(MailStand.Mail(1));
        stand.Arrives(MailStand.Mail(1));
        await stand.Connect();
        await stand.AllIsWell();
        (await stand.Stored()).ShouldBe(1);
        stand.Seen.ShouldBe([1u, 2u]);
    }

    [Theory, InlineData("move", true), InlineData("move", false), InlineData("delete", true), InlineData("delete", false)]
    public async Task What_is_stored_is_moved_or_deleted_where_that_is_wished(string then, bool offered)
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        if (!offered) stand.Imap.Lose("MOVE", "UIDPLUS");
        stand.Arrive(3);
        var other = stand.Imap.Deliver(MailStand.Mail(99), received: stand.House.Clock.GetUtcNow());
        stand.Imap.Look(() => stand.Imap.Inbox.Messages[^1].Flags.Add("\\Deleted"));
        await stand.Connect(box => (box.ImapThen, box.ImapMoveTo) = then == "move" ? (AfterFetch.Move, "Done, ätsch") : (AfterFetch.Delete, null));
        await stand.Until(async () =>
        {
            using var db = stand.House.Databases.Open();
            return await db.Set<FetchedMail>().CountAsync(f => f.Settled) == 4;
        }, "all is put away");
        if (then == "move") stand.Imap.Folder("Done, ätsch").Messages.Count.ShouldBe(4);
        var left = stand.Imap.Look(() => stand.Imap.Inbox.Messages.ConvertAll(m => (m.Uid, m.Flags.Contains("\\Deleted"))));
        // Without UIDPLUS they are marked only: somebody else's mark is not ours to act on.
        left.ShouldBe(offered ? [] : [(1u, true), (2u, true), (3u, true), (other, true)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_cut_stays_on_the_server_also_where_it_is_told_by_a_later_try(On on)
    {
        await using var stand = await MailStand.Open(on);
        stand.Arrive(2);
        stand.Imap.Next(new Mischief(Trick.Silence, "STORE"));
        await stand.Connect(box => box.ImapThen = AfterFetch.Delete);
        await stand.Until(() => stand.Imap.Waiting == 0, "the server is told");
        // As if the first had been longer than what is kept.
        await stand.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var first = await db.Set<FetchedMail>().Where(f => f.Uid == 1).Select(f => f.DeliveryId).SingleAsync();
            await db.Set<Delivery>().Where(d => d.Id == first).ExecuteUpdateAsync(set => set.SetProperty(d => d.IsCut, true));
        });
        await stand.Restart();
        await stand.Until(async () =>
        {
            using var db = stand.House.Databases.Open();
            return await db.Set<FetchedMail>().CountAsync(f => f.Settled) == 2;
        }, "both are put away", Little);
        stand.Imap.Look(() => stand.Imap.Inbox.Messages.ConvertAll(m => (m.Uid, m.Flags.Contains("\\Seen"), m.Flags.Contains("\\Deleted")))).ShouldBe([(1u, true, false)]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F08_poison_is_set_aside_and_the_others_come_in(On on)
    {
        var many = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1" ? 999 : 40;
        await using var stand = await MailStand.Open(on);
        stand.Arrive(many / 2);
        stand.Arrives([0x89, 0x50, 0x4E, 0x47, 0, 1, 2, 3, 0xFF]);
        stand.Arrive(many - many / 2);
        // And one that cannot be fetched: refused once. (Where there are many, the first question is for the newest date.)
        if (many > 50) stand.Imap.Next(new Mischief(Trick.No, "FETCH"));
        stand.Imap.Next(new Mischief(Trick.No, "FETCH", Text: "[SERVERBUG] This one is broken"));
        await stand.Connect();
        await stand.Until(async () => (await stand.State()) is { Trouble: MailTrouble.SomeNotTaken, NotHere: 1 }, "one is not here");
        (await stand.Stored()).ShouldBe(many);
        stand.Seen.Count.ShouldBe(many, "what is not here is not marked");
        await stand.Read();
        using (var db = stand.House.Databases.Open())
        {
            (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined)).ShouldBe(1);
            (await db.Set<Contact>().CountAsync(c => c.Direction == Direction.In)).ShouldBe(many - 1);
        }
        // A person asks, and then it goes.
        using var ben = await stand.House.ClientOf(stand.Ben);
        var page = await ben.See("/settings/mail-health");
        page.Body.ShouldContain("Some messages could not be fetched; all others are here.");
        page.Body.ShouldContain("This one is broken");
        (await ben.Send(page, $"/settings/mail-health/{stand.Box}/try")).Location.ShouldBe("/settings/mail-health");
        await stand.AllIsWell();
    }

    [Fact]
    public async Task A_message_at_which_the_connection_always_ends_keeps_no_other_waiting()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        stand.Arrive(5);
        // The first one is fetched first, whatever happens; behind it come the others.
        stand.Imap.Next(new Mischief(Trick.Cut, "FETCH", 60));
        await stand.Connect();
        await stand.Until(() => stand.Imap.Waiting == 0, "it fails");
        await stand.Until(async () => (await stand.State())?.Trouble is not null, "that is noted");
        (await stand.Stored()).ShouldBe(0);
        await stand.Until(async () => await stand.Stored() == 5, "all the others, and then it", Little);
        using var db = stand.House.Databases.Open();
        (await db.Set<FetchedMail>().OrderBy(f => f.DeliveryId).Select(f => f.Uid).ToListAsync()).ShouldBe([2, 3, 4, 5, 1]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F05_F15_a_server_that_hangs_holds_up_neither_others_nor_the_end(On on)
    {
        await using var stand = await MailStand.Open(on);
        await using var hung = new FakeImap();
        hung.Next(new Mischief(Trick.Silence, "SELECT"));
        var other = await stand.AddBox("other@amends.example");
        await stand.Connect(which: other, server: hung);
        await stand.Until(() => hung.Waiting == 0, "one hangs");
        stand.Arrive(5);
        await stand.Connect();
        await stand.AllIsWell();
        hung.Open.ShouldBe(1);
        await stand.House.App.StopAsync(new CancellationTokenSource(TimeSpan.FromSeconds(10)).Token);
        await stand.Until(() => hung.Open == 0 && stand.Imap.Open == 0, "all lines are closed");
    }

    [Fact]
    public async Task What_lay_there_before_is_left_alone_where_that_is_wished()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        for (var n = 0; n < 5; n++) stand.Imap.Deliver(MailStand.Mail(900 + n), received: stand.House.Clock.GetUtcNow().AddDays(-3).AddHours(n));
        // What arrived while the settings were being typed counts as new.
        var from = stand.House.Now;
        stand.Imap.Next(new Mischief(Trick.No, "AUTHENTICATE", Text: "[AUTHENTICATIONFAILED] No"));
        await stand.Connect(box => box.ImapFrom = from);
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.WrongPassword, "it is refused first");
        void New(int n) { stand.Imap.Deliver(MailStand.Mail(n), received: from.AddMinutes(n)); }
        New(1);
        await stand.Until(async () => await stand.Stored() == 1, "the new one", Minute);
        New(2);
        await stand.Until(async () => await stand.Stored() == 2, "the next");
        // All is numbered anew: what is old stays old.
        stand.Imap.ChangeUidValidity();
        stand.Imap.HangUp();
        New(3);
        await stand.Until(async () => await stand.Stored() == 3, "the third", Little);
        // The server is told a moment after the commit.
        await stand.Until(() => stand.Seen.Count == 3, "all three are marked");
        (await stand.Stored()).ShouldBe(3);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task New_mail_is_read_though_old_mail_was_brought_there_after_it(On on)
    {
        await using var stand = await MailStand.Open(on);
        var from = stand.House.Now;
        for (var n = 0; n < 3; n++) stand.Imap.Deliver(MailStand.Mail(900 + n), received: from.AddDays(-3).AddHours(n));
        var fresh = stand.Imap.Deliver(MailStand.Mail(1), received: from.AddMinutes(1));
        stand.Imap.Deliver(MailStand.Mail(903), received: from.AddDays(-9));
        await stand.Connect(box => box.ImapFrom = from);
        await stand.Until(() => stand.Seen.Count == 2, "what stands behind the old is read");
        stand.Seen.ShouldContain(fresh);
        (await stand.Stored()).ShouldBe(2);
    }

    [Fact]
    public async Task A_lease_of_a_clock_that_was_ahead_keeps_nobody_from_reading()
    {
        await using var stand = await MailStand.Open(On.Postgres);
        stand.Arrive(1);
        await stand.House.Write.Run(Actor.System("test"), null, db =>
        {
            db.Add(new MailboxState { MailboxId = stand.Box, LeasedBy = "another", LeasedUntil = db.At.AddYears(1) });
            return Task.CompletedTask;
        });
        await stand.Connect();
        await stand.AllIsWell();
        (await stand.State())!.LeasedUntil!.Value.ShouldBeLessThan(stand.House.Now.AddMinutes(2));
    }

    [Fact]
    public async Task Two_processes_on_one_database_read_a_mailbox_one_after_the_other()
    {
        await using var stand = await MailStand.Open(On.Postgres);
        stand.Arrive(3);
        await stand.Connect();
        await stand.AllIsWell();
        var folder = Directory.CreateTempSubdirectory("amends-second-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        File.Copy(Path.Combine(stand.House.Place.Folder, "keys", "house.key"), Path.Combine(folder, "keys", "house.key"));
        await using (var second = await TestHouse.OpenAt(folder, stand.House.Place.Postgres, serve: true))
        {
            // The other one looks, and finds it taken.
            for (var i = 0; i < 20; i++)
            {
                stand.House.Clock.Advance(TimeSpan.FromSeconds(5));
                await stand.Until(async () => (await stand.State())!.LeasedUntil > stand.House.Now.AddSeconds(15), "the lease is renewed");
                second.Clock.Advance(TimeSpan.FromSeconds(5));
            }
            stand.Imap.Open.ShouldBe(1);
            stand.Imap.Connections.ShouldBe(1);
            await stand.House.App.StopAsync();
            stand.Arrive(2);
            await stand.Until(() => { second.Clock.Advance(TimeSpan.FromSeconds(5)); return stand.Imap.Connections >= 2; }, "the other takes over");
            await stand.Until(async () => { using var db = second.Databases.Open(); return await db.Set<Delivery>().CountAsync() == 5; }, "and reads on");
        }
    }
}
