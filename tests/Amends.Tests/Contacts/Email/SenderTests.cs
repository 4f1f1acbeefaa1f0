using System.Security.Cryptography;
using System.Text;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>Who is verified and who is not (A16): seen as a badge, and what is not verified triggers nothing.</summary>
public class SenderTests
{
    static byte[] Raw(string head, string from = "Customer One <c1@customer.example>", string subject = "Matter") => Encoding.UTF8.GetBytes(
        $"{head}From: {from}\r\nTo: service@amends.example\r\nSubject: {subject}\r\nMessage-ID: <{Guid.NewGuid():N}@customer.example>\r\nDate: Sat, 21 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nIt stops.\r\n");

    const string Ours = "Authentication-Results: mx.amends.example; dmarc={0} header.from=customer.example\r\nReceived: from a by mx.amends.example; Sat, 21 Nov 2026 09:00:00 +0000\r\n";

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A16_a_sender_is_verified_by_our_own_receiver_or_its_own_signature_and_by_nothing_else(On on)
    {
        using var key = RSA.Create(2048);
        var pem = key.ExportPkcs8PrivateKeyPem();
        using DkimSigner customer = new("customer.example", "s1", pem), stranger = new("evil.example", "s1", pem);
        var asked = 0;
        await using var stand = await MailStand.Open(on, services => services.AddSingleton<DkimKeySource>((name, _) =>
        {
            Interlocked.Increment(ref asked);
            return Task.FromResult(name is "s1._domainkey.customer.example" or "s1._domainkey.evil.example" ? new DkimKey(DnsState.Found, [customer.Record]) : new DkimKey(DnsState.None, []));
        }));
        var now = stand.House.Clock.GetUtcNow();
        string Said(string result) => string.Format(System.Globalization.CultureInfo.InvariantCulture, Ours, result);
        var changed = customer.Sign(Raw(""), now);
        changed[^4]++;
        (byte[] Raw, SenderTrust Trust, string What)[] mails =
        [
            (Raw(""), SenderTrust.NotVerified, "says nothing"),
            (Raw(Said("pass")), SenderTrust.Verified, "our receiver says so"),
            (Raw(Said("fail")), SenderTrust.Failed, "our receiver says that it is not"),
            (Raw(Said("none")), SenderTrust.NotVerified, "our receiver knows nothing"),
            (Raw(Said("pass").Replace("mx.amends.example; dmarc", "mx.evil.example; dmarc", StringComparison.Ordinal)), SenderTrust.NotVerified, "somebody else says so"),
            (Raw("Received: from evil by mx.amends.example; Sat, 21 Nov 2026 09:00:00 +0000\r\nReceived: from x by y\r\n"), SenderTrust.NotVerified, "nobody says so"),
            (Raw(Said("fail") + Said("pass")), SenderTrust.Failed, "a forged line below ours"),
            (Raw(Said("pass"), from: "CEO <ceo@other.example>"), SenderTrust.NotVerified, "said of another domain"),
            (Raw(Said("pass"), from: "A <c1@customer.example>, B <b@evil.example>"), SenderTrust.NotVerified, "two senders"),
            (customer.Sign(Raw(""), now), SenderTrust.Verified, "signed by its own domain"),
            (stranger.Sign(Raw(""), now), SenderTrust.NotVerified, "signed by another domain"),
            (changed, SenderTrust.NotVerified, "signed and changed"),
            (customer.Sign(Raw(Said("fail")), now), SenderTrust.Failed, "signed, and our receiver says no"),
        ];
        await stand.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var box = await db.Load<Mailbox>(stand.Box);
            box.Receivers = "mx.amends.example mx2.amends.example";
            box.Changed();
        });
        foreach (var (raw, _, _) in mails) stand.Arrives(raw);
        await stand.Connect();
        await stand.AllIsWell();
        await stand.Read();
        using (var db = stand.House.Databases.Open())
        {
            foreach (var (raw, trust, what) in mails)
            {
                var sha = SHA256.HashData(raw);
                var contact = await db.Set<Delivery>().Where(d => d.Sha256 == sha).Select(d => d.ContactId).SingleAsync();
                (await db.Set<Contact>().Where(c => c.Id == contact).Select(c => c.Trust).SingleAsync()).ShouldBe(trust, what);
            }
        }
        asked.ShouldBe(3, "a key is asked for where there is a signature, and our receiver did not say no");

        // A number in the subject joins a verified participant to the case, and nobody else.
        var (number, caseId) = await CaseOf(stand, mails[1].Raw);
        var (before, _) = (await Contacts(stand, caseId), 0);
        stand.Arrives(Raw("", subject: $"[#{number}] please close"));
        stand.Arrives(Raw(Said("fail"), subject: $"[#{number}] please close"));
        stand.Arrives(Raw(Said("pass").Replace("mx.amends.example; dmarc", "mx.evil.example; dmarc", StringComparison.Ordinal), subject: $"[#{number}] please close"));
        await stand.AllIsWell();
        await stand.Read();
        (await Contacts(stand, caseId)).ShouldBe(before);
        stand.Arrives(Raw(Said("pass"), subject: $"[#{number}] it is me"));
        await stand.AllIsWell();
        await stand.Read();
        (await Contacts(stand, caseId)).ShouldBe(before + 1);

        // Each has its badge.
        using var ben = await stand.House.ClientOf(stand.Ben);
        (await ben.See($"/cases/{number}")).Document.QuerySelectorAll(".contact .chip.good").Select(c => c.TextContent.Trim()).ShouldContain("sender verified");
        (await ben.See($"/cases/{(await CaseOf(stand, mails[2].Raw)).Number}")).Body.ShouldContain("not the sender it claims");
        (await ben.See($"/cases/{(await CaseOf(stand, mails[0].Raw)).Number}")).Body.ShouldContain("not verified");
    }

    static async Task<(long Number, long Case)> CaseOf(MailStand stand, byte[] raw)
    {
        using var db = stand.House.Databases.Open();
        var sha = SHA256.HashData(raw);
        var contact = await db.Set<Delivery>().Where(d => d.Sha256 == sha).Select(d => d.ContactId).SingleAsync();
        var id = await db.Set<Contact>().Where(c => c.Id == contact).Select(c => c.CaseId).SingleAsync();
        return ((await db.Set<Amends.Cases.Case>().SingleAsync(c => c.Id == id)).Number, id);
    }

    static async Task<int> Contacts(MailStand stand, long caseId)
    {
        using var db = stand.House.Databases.Open();
        return await db.Set<Contact>().CountAsync(c => c.CaseId == caseId);
    }
}
