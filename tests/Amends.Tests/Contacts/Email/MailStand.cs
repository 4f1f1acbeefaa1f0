using System.Globalization;
using System.Security.Cryptography;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Outbox;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>A house whose mailbox is fetched from a server in the test's hand.</summary>
sealed class MailStand : IAsyncDisposable
{
    static readonly Actor Me = Actor.System("test");

    MailStand(TestHouse house) => House = house;

    public TestHouse House { get; private set; }
    public FakeImap Imap { get; } = new();
    public long Brand { get; private set; }
    public long Team { get; private set; }
    public long Ben { get; private set; }
    public long Box { get; private set; }
    public Dictionary<uint, byte[]> Sent { get; } = [];
    readonly List<byte[]> all = [];

    /// <summary>The bytes of all mails that were ever delivered.</summary>
    public IReadOnlyList<byte[]> All => all;

    public static async Task<MailStand> Open(On on, Action<IServiceCollection>? also = null)
    {
        var stand = new MailStand(await TestHouse.Open(on, serve: true, also ?? (services => services.AddSingleton(new MailTrust(Certificates.Root)))));
        stand.Brand = await Some.Brand(stand.House);
        stand.Team = await Some.Team(stand.House, "Service");
        stand.Ben = await Some.Colleague(stand.House, "Ben Kim", await Some.AdminRole(stand.House), stand.Team);
        stand.Box = await stand.AddBox("service@amends.example");
        return stand;
    }

    public Task<long> AddBox(string address) => House.Write.Run(Me, null, db =>
    {
        var box = new Mailbox { Id = db.Ids!.Next(), Address = address, Name = "Service", BrandId = Brand, TeamId = Team };
        box.Changed();
        db.Add(box);
        return Task.FromResult(box.Id);
    });

    /// <summary>Connects a mailbox to the server, as the page does.</summary>
    public Task Connect(Action<Mailbox>? also = null, long? which = null, FakeImap? server = null) => House.Write.Run(Me, null, async db =>
    {
        var box = await db.Load<Mailbox>(which ?? Box);
        (box.ImapOn, box.ImapHost, box.ImapPort, box.ImapSecurity, box.ImapUser, box.ImapFolder, box.OwnerId) = (true, "localhost", (server ?? Imap).Port, MailSecurity.None, "desk", "INBOX", Ben);
        box.ImapSecret = House.Get<MailServers>().Seal(FakeImap.Password);
        also?.Invoke(box);
        box.Changed();
    });

    public static byte[] Mail(int n, string text = "It stops.", bool withId = true) => System.Text.Encoding.UTF8.GetBytes(
        $"From: Customer {n} <c{n}@customer.example>\r\nTo: service@amends.example\r\nSubject: Matter {n}\r\n{(withId ? $"Message-ID: <m{n}@customer.example>\r\n" : "")}Date: Sat, 21 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{text} {n}\r\n");

    /// <summary>A mail arrives; each a minute after the one before, shortly before the house's clock.</summary>
    public uint Arrives(byte[] raw, string folder = "INBOX", int daysAgo = 1)
    {
        all.Add(raw);
        return Imap.Deliver(raw, folder, House.Clock.GetUtcNow().AddDays(-daysAgo).AddMinutes(all.Count));
    }

    public void Arrive(int count, bool withId = true, int daysAgo = 1)
    {
        for (var n = 0; n < count; n++) Arrives(Mail(all.Count + 1, withId: withId), daysAgo: daysAgo);
    }

    /// <summary>Waits for something; where it takes a pause of ours, the clock is moved.</summary>
    public async Task Until(Func<Task<bool>> holds, string what, TimeSpan? passing = null)
    {
        for (var i = 0; i < 1500; i++)
        {
            if (await holds()) return;
            if (passing is { } by) House.Clock.Advance(by);
            await Task.Delay(20);
        }
        using var db = House.Databases.Open();
        var state = await db.Set<MailboxState>().FirstOrDefaultAsync(s => s.MailboxId == Box);
        throw new TimeoutException($"{what}. {state?.Trouble} {state?.Said} there {state?.There} not here {state?.NotHere}; heard {string.Join(" / ", Imap.Heard.TakeLast(8))}; malformed {string.Join(" / ", Imap.Malformed.TakeLast(3))}; {await db.Set<Delivery>().CountAsync()} deliveries");
    }

    public Task Until(Func<bool> holds, string what, TimeSpan? passing = null) => Until(() => Task.FromResult(holds()), what, passing);

    public async Task<int> Stored(long? box = null)
    {
        using var db = House.Databases.Open();
        return await db.Set<Delivery>().CountAsync(d => d.MailboxId == (box ?? Box));
    }

    public async Task<MailboxState?> State(long? box = null)
    {
        using var db = House.Databases.Open();
        return await db.Set<MailboxState>().FirstOrDefaultAsync(s => s.MailboxId == (box ?? Box));
    }

    /// <summary>Waits until all that was delivered is here, the server has been told, and it is all well.</summary>
    public async Task AllIsWell(TimeSpan? passing = null)
    {
        var distinct = all.Select(raw => Convert.ToHexString(SHA256.HashData(raw))).Distinct().Count();
        await Until(async () =>
        {
            if (await Stored() < distinct) return false;
            using var db = House.Databases.Open();
            // (What was moved or deleted there while the line was cut stays open in the ledger: nothing is left to do for it.)
            var there = Imap.Look(() => Imap.Inbox.Messages.Select(m => (long)m.Uid).ToList());
            return !await db.Set<FetchedMail>().AnyAsync(f => f.MailboxId == Box && !f.Settled && f.DeliveryId != null && there.Contains(f.Uid)) && (await State()) is { Trouble: null, NotHere: 0, GoodAt: not null };
        }, "All that was delivered is here", passing);
        await EachOnce();
    }

    /// <summary>Nothing lost, nothing doubled, nothing torn: the bytes in the store are the bytes that were sent.</summary>
    public async Task EachOnce(long? box = null)
    {
        using var db = House.Databases.Open();
        var rows = await db.Set<Delivery>().Where(d => d.MailboxId == (box ?? Box)).ToListAsync();
        rows.ConvertAll(r => Convert.ToHexString(r.Sha256)).Order().ShouldBe(all.Select(raw => Convert.ToHexString(SHA256.HashData(raw))).Distinct().Order());
        var blobs = await db.Set<Amends.Foundation.Blobs.Blob>().ToDictionaryAsync(b => b.Id);
        foreach (var row in rows) SHA256.HashData(await House.Get<Amends.Foundation.Blobs.BlobStore>().Read(blobs[row.BlobId])).ShouldBe(row.Sha256);
        Imap.Malformed.ShouldBeEmpty();
    }

    /// <summary>Waits until all that is stored is read.</summary>
    public Task Read() => Until(async () =>
    {
        using var db = House.Databases.Open();
        foreach (var lane in Enum.GetValues<Amends.Foundation.Jobs.Lane>()) House.Get<Amends.Foundation.Jobs.Runner>().Wake(lane);
        return !await db.Set<Delivery>().AnyAsync(d => d.State == DeliveryState.Received);
    }, "All is read");

    public IReadOnlyList<uint> Seen => Imap.Look(() => Imap.Inbox.Messages.Where(m => m.Flags.Contains("\\Seen")).Select(m => m.Uid).ToList());

    /// <summary>Ends the program and starts it again on the same data.</summary>
    public Task Restart() => House.Restart(serve: true);

    public async ValueTask DisposeAsync()
    {
        await House.DisposeAsync();
        await Imap.DisposeAsync();
    }
}
