using System.Globalization;
using System.Security.Cryptography;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Jobs;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Tests.Commands;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>The real program, killed while it fetches: 20 times, with <c>AMENDS_TEST_NIGHTLY=1</c> 200 times.</summary>
public class FetchKilledTests
{
    [Fact]
    public async Task F01_killed_again_and_again_while_it_fetches_it_takes_each_mail_once_and_whole()
    {
        var kills = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1" ? 200 : 20;
        using var scratch = new Scratch();
        await using var imap = new FakeImap();
        var data = scratch.Under("data");
        await KilledTests.Prepare(data);
        var sent = new Dictionary<uint, string>();
        var begun = RealClock.Now.AddHours(-5);
        void Arrive(int count)
        {
            for (var n = 0; n < count; n++)
            {
                var number = sent.Count + 1;
                // Some twice, some without an id, one that is no mail at all.
                var said = number % 25 == 0 ? number - 1 : number;
                var raw = number == 7 ? [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 1, 2, 3] : MailStand.Mail(said, text: new string('x', said % 10 * 3000), withId: said % 5 != 0);
                sent[imap.Deliver(raw, received: begun.AddSeconds(number))] = Convert.ToHexString(SHA256.HashData(raw));
            }
        }
        await using (var house = await TestHouse.OpenAt(data, null, stays: true))
            await house.Write.Run(Actor.System("test"), null, async db =>
            {
                var box = await db.Set<Mailbox>().AsTracking().SingleAsync();
                (box.ImapOn, box.ImapHost, box.ImapPort, box.ImapSecurity, box.ImapUser, box.ImapFolder) = (true, "127.0.0.1", imap.Port, MailSecurity.None, "desk", "INBOX");
                box.ImapSecret = house.Get<MailServers>().Seal(FakeImap.Password);
                box.Changed();
                // A server on this machine, at a port that is none of mail's.
                await house.Get<Amends.Foundation.Settings.House>().Set(db, Amends.Foundation.Settings.HouseSettings.Inner, "localhost:*");
            });
        async Task<HashSet<string>> Stored()
        {
            await using var line = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "amends.db")};Mode=ReadWrite;Pooling=False");
            await line.OpenAsync();
            await using var ask = line.CreateCommand();
            ask.CommandText = "SELECT hex(\"Sha256\") FROM \"Delivery\"";
            var found = new HashSet<string>();
            await using var rows = await ask.ExecuteReaderAsync();
            while (await rows.ReadAsync()) found.Add(rows.GetString(0)).ShouldBeTrue("each once");
            return found;
        }
        var random = new Random(20261122);
        var ended = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            Arrive(25);
            var (heard, step) = (imap.Heard.Count, random.Next(1, 40));
            await using var server = RealProgram.Begin("serve", "--port", RealProgram.FreePort().ToString(CultureInfo.InvariantCulture), "--data", data);
            var patience = new Patience();
            while (imap.Heard.Count < heard + step)
            {
                patience.Look(imap.Heard.Count, () => $"{server.Said} {server.Failed}");
                server.HasEnded.ShouldBeFalse(server.Failed);
                await Task.Delay(1);
            }
            // At the word itself, or somewhat later: while it is written down.
            if (random.Next(2) == 0) await Task.Delay(random.Next(1, 25));
            await server.Kill();
            ended.Add(imap.Heard[^1].Split('|')[imap.Heard[^1].StartsWith("UID|", StringComparison.Ordinal) ? 1 : 0]);
            // Nothing is marked there that is not here.
            var stored = await Stored();
            foreach (var uid in imap.Look(() => imap.Inbox.Messages.Where(m => m.Flags.Contains("\\Seen")).Select(m => m.Uid).ToList())) stored.ShouldContain(sent[uid], $"{uid} is marked, after kill {kill}");
        }
        ended.Distinct().Count().ShouldBeGreaterThan(1, "it was killed at different steps: " + string.Join(" ", ended));
        // It goes on by itself, and tells the server what it had not told.
        await using (var server = await RealProgram.Serve(RealProgram.FreePort(), data))
        {
            var patience = new Patience();
            int Seen() => imap.Look(() => imap.Inbox.Messages.Count(m => m.Flags.Contains("\\Seen")));
            while (Seen() < sent.Count)
            {
                patience.Look(Seen(), () => $"{Seen()} of {sent.Count} are marked");
                await Task.Delay(20);
            }
            (await server.Terminate()).Code.ShouldBe(0, server.Failed);
        }
        imap.Malformed.ShouldBeEmpty();
        await using var judge = await TestHouse.OpenAt(data, null, serve: true, stays: true);
        judge.Clock.Set(RealClock.Now.AddMinutes(10));
        for (var resting = new Patience(); ;)
        {
            using var look = judge.Databases.Open();
            var now = judge.Now;
            var left = await look.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Received) + await look.Set<Dispatch>().CountAsync() + await look.Set<Job>().CountAsync(j => j.State == JobState.Waiting && (j.RunAt <= now || j.LeasedUntil != null));
            if (left == 0) break;
            resting.Look(left, () => $"{left} are left to do");
            foreach (var lane in Enum.GetValues<Lane>()) judge.Get<Runner>().Wake(lane);
            await Task.Delay(50);
        }
        using var db = judge.Databases.Open();
        (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check").ToListAsync()).ShouldBe(["ok"]);
        var deliveries = await db.Set<Delivery>().ToListAsync();
        deliveries.Select(d => Convert.ToHexString(d.Sha256)).Order().ShouldBe(sent.Values.Distinct().Order(), "0 lost, 0 doubled");
        var blobs = await db.Set<Blob>().ToDictionaryAsync(b => b.Id);
        foreach (var one in deliveries) SHA256.HashData(await judge.Get<BlobStore>().Read(blobs[one.BlobId])).ShouldBe(one.Sha256, "0 torn");
        deliveries.Count(d => d.State == DeliveryState.Quarantined).ShouldBe(1);
        (await db.Set<Contact>().CountAsync(c => c.Direction == Direction.In)).ShouldBe(sent.Values.Distinct().Count() - 1);
        (await db.Set<FetchedMail>().CountAsync(f => f.Settled)).ShouldBe(sent.Count, "each has its line");
        // A receipt for those who wrote (until there were too many of them), whenever the program was killed, and no second one for anybody.
        var answered = await db.Set<Amends.Foundation.Outbox.OutgoingMail>().Where(m => m.Automatic == Amends.Foundation.Outbox.AutomaticKind.Answer).SelectMany(m => m.Recipients).Select(r => r.Address).ToListAsync();
        answered.Count.ShouldBeGreaterThan(100);
        answered.Distinct().Count().ShouldBe(answered.Count, "0 second automatic replies");
        (await db.Set<Amends.Foundation.Outbox.OutgoingMail>().CountAsync(m => m.Automatic == null)).ShouldBe(0);
    }
}
