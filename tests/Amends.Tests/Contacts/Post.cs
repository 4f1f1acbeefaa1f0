using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>A house with a mailbox, a colleague and a key for intake: what tests of contacts begin with.</summary>
sealed class Post : IAsyncDisposable
{
    const string Key = "intake-key-of-these-tests-0123456789";

    Post(TestHouse house) => House = house;

    public TestHouse House { get; }
    public long Brand { get; private set; }
    public long Team { get; private set; }
    public long Ben { get; private set; }
    public long Mailbox { get; private set; }

    /// <summary>The mailbox that mail goes to where nothing else is said.</summary>
    public string Address { get; set; } = "service@amends.example";
    public HttpClient Desk { get; private set; } = null!;
    public HttpClient Pipe { get; private set; } = null!;

    public static async Task<Post> Open(On on, bool serve = true)
    {
        var post = new Post(await TestHouse.Open(on, serve));
        var house = post.House;
        post.Brand = await Some.Brand(house);
        post.Team = await Some.Team(house, "Service");
        post.Ben = await Some.Colleague(house, "Ben Kim", await Some.AdminRole(house), post.Team);
        post.Mailbox = await house.Write.Run(Actor.System("test"), null, db =>
        {
            var box = new Mailbox { Id = db.Ids!.Next(), Address = "service@amends.example", Name = "Service", BrandId = post.Brand, TeamId = post.Team };
            box.Changed();
            db.Add(box);
            var key = new AccessKey { Name = "pipe", Hash = Gate.Digest(Key), Scope = KeyScope.Intake, MadeAt = db.At };
            key.Did(false);
            db.Add(key);
            return Task.FromResult(box.Id);
        });
        if (!serve) return post;
        post.Desk = await house.ClientOf(post.Ben);
        post.Pipe = house.Client();
        post.Pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + Key);
        return post;
    }

    /// <summary>A mail as text; line ends are made CRLF.</summary>
    public static byte[] Mail(string from, string subject, string text, string? id = null, string to = "service@amends.example", params string[] more) => Encoding.UTF8.GetBytes(
        string.Join("\r\n", [$"From: {from}", $"To: {to}", $"Subject: {subject}", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{id ?? Guid.NewGuid().ToString("N") + "@customer.example"}>",
            .. more, "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", "", text.ReplaceLineEndings("\r\n"), ""]));

    public Task<HttpResponseMessage> Send(byte[] raw, string? mailbox = null, string from = "x@customer.example") =>
        Pipe.PostAsync($"/intake/mail?mailbox={Uri.EscapeDataString(mailbox ?? Address)}&from={Uri.EscapeDataString(from)}&to={Uri.EscapeDataString(mailbox ?? Address)}", new ByteArrayContent(raw));

    /// <summary>Sends, and waits until it is read.</summary>
    public async Task<Contact?> SendAndRead(byte[] raw)
    {
        var answer = await Send(raw);
        answer.EnsureSuccessStatusCode();
        await Quiet();
        var sha = System.Security.Cryptography.SHA256.HashData(raw);
        using var db = House.Databases.Open();
        var delivery = await db.Set<Delivery>().SingleAsync(d => d.Sha256 == sha);
        return delivery.ContactId is { } id ? await db.Set<Contact>().SingleAsync(c => c.Id == id) : null;
    }

    /// <summary>Waits until no job is due and nothing waits to be dispatched.</summary>
    public async Task Quiet()
    {
        for (var i = 0; i < 1200; i++)
        {
            using (var db = House.Databases.Open())
            {
                var now = House.Now;
                // One statement: work that goes from one table to the other between two would be overlooked.
                if (!await db.Set<Dispatch>().Select(d => d.Id).Concat(db.Set<Job>().Where(j => j.State == JobState.Waiting && (j.RunAt <= now || j.LeasedUntil != null)).Select(j => j.Id)).AnyAsync()) return;
            }
            foreach (var lane in Enum.GetValues<Lane>()) House.Get<Runner>().Wake(lane);
            await Task.Delay(50);
        }
        using var look = House.Databases.Open();
        throw new TimeoutException("Jobs do not come to rest: " + string.Join("; ", await look.Set<Job>().Select(j => j.Kind + " " + j.Error).ToListAsync()) + $", {await look.Set<Dispatch>().CountAsync()} to dispatch");
    }

    public async Task<Case> CaseOf(long id)
    {
        using var db = House.Databases.Open();
        return await db.CasesVisibleToWithDeleted(Who.House("test")).SingleAsync(c => c.Id == id);
    }

    /// <summary>Moves the clock on and lets everything that is due now happen.</summary>
    public async Task Pass(TimeSpan time)
    {
        House.Clock.Advance(time);
        await Quiet();
    }

    /// <summary>The last mail to an address, read back from its bytes.</summary>
    public async Task<(OutgoingMail Row, Amends.Mail.MailMessage Mail)> LastTo(string address)
    {
        using var db = House.Databases.Open();
        var row = await db.Set<OutgoingMail>().Include(m => m.Recipients).Where(m => m.Recipients.Any(r => r.Address == address)).OrderByDescending(m => m.Id).FirstAsync();
        var blob = await db.Set<Amends.Foundation.Blobs.Blob>().SingleAsync(b => b.Id == row.BlobId);
        return (row, Amends.Mail.MailMessage.Read(await House.Get<Amends.Foundation.Blobs.BlobStore>().Read(blob)));
    }

    public async ValueTask DisposeAsync()
    {
        Desk?.Dispose();
        Pipe?.Dispose();
        await House.DisposeAsync();
    }
}
