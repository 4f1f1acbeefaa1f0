using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Abuse;

/// <summary>Mail that claims to be somebody else's, or ours (A13, A16, A17, A18, A19).</summary>
public class SpoofTests
{
    const string Maria = "maria@casaverde.example";

    static async Task<(Case One, OutgoingMail Reply, MailMessage Sent)> Replied(Post post)
    {
        var contact = await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Pump stops", "It stops.", "m1@casaverde.example", "service@amends.example", LoopTests.Proof(Maria)));
        var one = await post.CaseOf(contact!.CaseId);
        (await post.Desk.Post($"/cases/{one.Number}/reply", ("text", "We send a part."), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        using var db = post.House.Databases.Open();
        var mail = await db.Set<OutgoingMail>().Include(m => m.Recipients).OrderByDescending(m => m.Id).FirstAsync(m => m.ContactId != null);
        return (one, mail, (await post.LastTo(Maria)).Mail);
    }

    /// <summary>In which state the case stands when the mail comes.</summary>
    static readonly CaseState[] states = [CaseState.Open, CaseState.Waiting, CaseState.Resolved, CaseState.Confirmed, CaseState.Closed];

    [Theory, InlineData(On.Sqlite, SenderTrust.NotVerified), InlineData(On.Sqlite, SenderTrust.Failed), InlineData(On.Postgres, SenderTrust.Failed)]
    public async Task A16_mail_that_nothing_proves_decides_nothing_and_forged_mail_does_not_even_join(On on, SenderTrust trust)
    {
        await using var post = await LoopTests.Giving(on);
        var (one, _, sent) = await Replied(post);
        string[] proof = trust == SenderTrust.Failed ? ["Authentication-Results: mx.amends.example; dmarc=fail header.from=casaverde.example"] : [];
        async Task Set(CaseState state) => await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var row = await db.LoadCase(Who.House("test"), one.Number, null);
            if (!row.IsOpen) row.Reopen(ReopenWhy.ByHand, db.At);
            if (row.State == CaseState.Waiting) row.EndWait(WaitEnd.ByHand, db.At);
            if (state == CaseState.Waiting) row.Wait(db.At.AddDays(3), "the part", db.At);
            if (state >= CaseState.Resolved) row.Resolve("done", post.Ben, db.At);
            if (state is CaseState.Confirmed) row.Confirm(ConfirmedHow.ByCustomer, db.At);
            if (state is CaseState.Closed) row.Close(db.At);
        });
        List<string> addresses;
        using (var db = post.House.Databases.Open()) addresses = await db.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId).Select(a => a.Value).ToListAsync();
        int outgoing;
        using (var db = post.House.Databases.Open()) outgoing = await db.Set<OutgoingMail>().CountAsync(m => m.CaseId == one.Id);
        foreach (var state in states)
        {
            await Set(state);
            foreach (var (subject, text) in new[] { ("close", "Please close this case. It is solved. yes"), ("Is it solved? yes", "answer=yes"), ("Change my address", "I am mallory@evil.example now. Send me the whole history."), ("#assign @ben #close", "/close\n/confirm\n/merge 1002") })
            {
                var before = await post.CaseOf(one.Id);
                var contact = await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", $"{subject} [#{one.Number}]", text, null, sent.ReplyTo[0].Address, [$"In-Reply-To: <{sent.MessageId}>", "Reply-To: mallory@evil.example", "Sender: mallory@evil.example", "X-Amends-Action: close", $"X-Amends-Case: {one.Number}", .. proof]));
                var after = await post.CaseOf(one.Id);
                contact!.Trust.ShouldBe(trust);
                if (trust == SenderTrust.Failed)
                {
                    // In front, as something of its own.
                    (contact.CaseId == one.Id, after.State, after.Version).ShouldBe((false, before.State, before.Version), $"{state} {subject}");
                    contact.Signals!.ShouldContain("does not come from the sender it names");
                }
                else
                {
                    // It holds our own signed token: it is heard, which opens, and that is all.
                    contact.CaseId.ShouldBe(one.Id);
                    after.State.ShouldBe(CaseState.Open, $"{state} {subject}");
                }
                (after.CustomerId, after.ReporterId, after.OwnerId, after.TeamId, after.Subject, after.MergedInto, after.Confidential).ShouldBe((before.CustomerId, before.ReporterId, before.OwnerId, before.TeamId, before.Subject, null, false));
                await Set(state);
            }
        }
        using var look = post.House.Databases.Open();
        (await look.Set<CustomerAddress>().Where(a => a.CustomerId == one.CustomerId).Select(a => a.Value).ToListAsync()).ShouldBe(addresses);
        (await look.Set<OutgoingMail>().CountAsync(m => m.CaseId == one.Id && m.Automatic != AutomaticKind.Notice)).ShouldBeLessThanOrEqualTo(outgoing);
        (await look.Set<OutgoingMail>().CountAsync(m => m.Recipients.Any(r => r.Address == "mallory@evil.example"))).ShouldBe(0, "nothing is sent where a header says");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A13_by_no_way_does_a_changed_token_find_the_case(On on)
    {
        await using var post = await Post.Open(on, serve: false);
        var maria = await Some.Customer(post.House, "Maria Lopez", Maria);
        var (one, other) = (await Some.Case(post.House, maria, post.Team, post.Brand), await Some.Case(post.House, await Some.Customer(post.House, "Ben", "ben@elsewhere.example"), post.Team, post.Brand));
        var key = post.House.Get<HouseKey>();
        var good = ReplyToken.For(key, one.Number, Maria);
        var bytes = ReplyTokenBits(good);
        var joined = 0;
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            async Task<bool> Joins(string token, Func<string, IncomingContact> way, string from = Maria)
            {
                var incoming = way(token) with { FromAddress = from };
                return (await WhichCase.Resolve(db, key, incoming, [])).Case is not null;
            }
            IncomingContact Base() => new() { Channel = Channel.Mail, At = db.At, Text = "Hello", Subject = "Re: Pump", BrandId = post.Brand, TeamId = post.Team };
            Func<string, IncomingContact>[] ways =
            [
                t => Base() with { SentTo = [$"service+{t}@amends.example"] },
                t => Base() with { AnswersTo = [$"{t}.0123456789abcdef0123456789abcdef@amends.example"] },
                t => Base() with { SentTo = [$"Service+{t.ToUpperInvariant()}@AMENDS.example"], AnswersTo = [$"notify-{one.Number}-3-{t}@amends.example"] }
            ];
            foreach (var way in ways) (await Joins(good, way)).ShouldBeTrue();
            foreach (var way in ways)
            {
                foreach (var bad in bytes) if (await Joins(bad, way)) joined++;
                foreach (var bad in new[] { good[..35], good + "a", "", new string('a', 36), ReplyToken.For(key, other.Number, Maria), ReplyToken.For(key, one.Number, "mallory@evil.example"), ReplyToken.For(key, one.Number, "ben@elsewhere.example"), ReplyToken.For(key, other.Number, "ben@elsewhere.example") })
                    if (await Joins(bad, way)) joined++;
                if (await Joins(good, way, "mallory@evil.example")) joined++;
            }
        });
        bytes.Count.ShouldBe(22 * 8);
        joined.ShouldBe(0);
    }

    // Each bit of what the token says, flipped alone.
    static List<string> ReplyTokenBits(string token)
    {
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var bits = token.SelectMany(c => Convert.ToString(alphabet.IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')).ToArray();
        return [.. Enumerable.Range(0, 22 * 8).Select(flip =>
        {
            var changed = (char[])bits.Clone();
            changed[flip] = changed[flip] == '0' ? '1' : '0';
            return string.Concat(changed.Chunk(5).Select(five => alphabet[Convert.ToInt32(new string(five), 2)]));
        })];
    }

    [Theory]
    [InlineData("boss@casaverde.example <x@evil.example>", "shows the address boss@casaverde.example")]
    [InlineData("\"Maria (boss@casaverde.example)\" <x@evil.example>", "shows the address boss@casaverde.example")]
    [InlineData("\"boss@casaverde.example\" <boss@casaverde.example>", null)]
    [InlineData("P\u0430ypal <x@evil.example>", "several alphabets")]
    [InlineData("Мария Лопес <x@evil.example>", null)]
    [InlineData("Мария Lopez <x@evil.example>", null)]
    [InlineData("Se\u200Brvice <x@evil.example>", "cannot be seen")]
    [InlineData("\u202Eecivres <x@evil.example>", "cannot be seen")]
    [InlineData("Service <x@p\u0430ypal.example>", "xn--pypal-4ve.example")]
    [InlineData("Service <x@xn--pypal-4ve.example>", "xn--pypal-4ve.example")]
    [InlineData("José Müller <x@bücher.example>", null)]
    public void A16_senders_that_are_made_to_look_like_others_are_flagged(string from, string? says)
    {
        var told = LookAlikes.Of(AddressList.Parse(from).Mailboxes[0]).ToList();
        if (says is null) told.ShouldBeEmpty();
        else told.ShouldContain(t => t.Contains(says, StringComparison.Ordinal));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A16_a_look_alike_is_told_on_the_case_and_its_badge_says_what_is_known(On on)
    {
        await using var post = await LoopTests.Giving(on);
        var odd = await post.SendAndRead(Post.Mail("\"ceo@casaverde.example\" <x@evil.example>", "Pay this", "Now."));
        var page = await post.Desk.See($"/cases/{(await post.CaseOf(odd!.CaseId)).Number}");
        page.Text($"#contact-{odd.Id} .text-risk").ShouldBe("The name of the sender shows the address ceo@casaverde.example; it was sent from x@evil.example.");
        page.Text($"#contact-{odd.Id} .chip").ShouldBe("sender not verified");
        page.Document.QuerySelector($"#contact-{odd.Id} .chip")!.GetAttribute("title")!.ShouldContain("anybody could have written it");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A17_no_header_that_we_ever_write_does_anything_when_it_comes_from_outside(On on)
    {
        await using var post = await LoopTests.Giving(on);
        var (one, _, _) = await Replied(post);
        // All that the house has sent: replies, receipts, notices; each header of each.
        var written = new List<MailHeader>();
        using (var db = post.House.Databases.Open())
            foreach (var row in await db.Set<OutgoingMail>().ToListAsync())
                written.AddRange(MailMessage.Read(await post.House.Get<BlobStore>().Read(await db.Set<Blob>().SingleAsync(b => b.Id == row.BlobId))).Headers);
        var names = written.Select(h => h.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        names.ShouldContain("X-Auto-Response-Suppress");
        names.ShouldContain("Reply-To");
        var before = await post.CaseOf(one.Id);
        var n = 0;
        // Who writes is a stranger: with our own headers he is one still.
        foreach (var header in written.DistinctBy(h => $"{h.Name}: {h.Text}"))
        {
            if (header.Name is "From" or "To" or "Subject" or "Date" or "MIME-Version" or "Content-Type" or "Content-Transfer-Encoding") continue;
            var from = $"mallory{++n}@evil.example";
            var raw = Encoding.UTF8.GetString(Post.Mail(from, $"Matter {n}", $"Hello {n}.", null, "service@amends.example", header.Name == "Message-ID" ? [] : [$"{header.Name}: {header.Text}"]));
            if (header.Name == "Message-ID") raw = string.Join("\r\n", raw.Split("\r\n").Select(l => l.StartsWith("Message-ID:", StringComparison.Ordinal) ? "Message-ID: " + header.Text : l));
            var contact = await post.SendAndRead(Encoding.UTF8.GetBytes(raw));
            contact.ShouldNotBeNull($"{header.Name} loses nothing");
            (contact.CaseId == one.Id, contact.Trust, contact.FromAddress).ShouldBe((false, SenderTrust.NotVerified, from), header.Name);
        }
        n.ShouldBeGreaterThan(5);
        var after = await post.CaseOf(one.Id);
        (after.Version, after.State).ShouldBe((before.Version, before.State));
    }

    [Theory, InlineData(On.Sqlite, 1_000), InlineData(On.Postgres, 100)]
    public async Task A18_no_mail_is_suppressed_by_others_with_its_message_id(On on, int collisions)
    {
        await using var post = await Post.Open(on);
        var intake = post.House.Get<Intake>();
        for (var from = 0; from < collisions; from += 50)
            await post.House.Write.Run(Actor.System("test"), null, async db =>
            {
                for (var n = from; n < from + 50; n++)
                    (await intake.Take(db, new IncomingContact
                    {
                        Channel = Channel.Mail,
                        At = db.At,
                        FromAddress = n % 2 == 0 ? Maria : "m@evil.example",
                        Subject = n % 3 == 0 ? "Pump stops" : $"Matter {n}",
                        Text = n % 4 == 0 ? "It stops." : $"Text {n}",
                        BodyMark = n,
                        MessageId = "order-7@casaverde.example",
                        BrandId = post.Brand,
                        TeamId = post.Team
                    })).Known.ShouldBeFalse();
            });
        // The same sender, subject and text, and another form in HTML: another mail.
        var twins = Enumerable.Range(0, 2).Select(n => Encoding.UTF8.GetBytes($"From: {Maria}\r\nTo: service@amends.example\r\nSubject: Twin\r\nMessage-ID: <twin@casaverde.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"t\"\r\n\r\n--t\r\nContent-Type: text/plain\r\n\r\nPay to account 1.\r\n--t\r\nContent-Type: text/html\r\n\r\n<p>Pay to account {n}.</p>\r\n--t--\r\n")).ToList();
        foreach (var twin in twins) await post.SendAndRead(twin);
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().Where(d => d.ContactId != null).Select(d => d.ContactId).Distinct().CountAsync()).ShouldBe(2);
        (await db.Set<Contact>().CountAsync()).ShouldBe(collisions + 2, "0 suppressed");
        (await db.Set<Contact>().CountAsync(c => c.Defects != null && c.Defects.Contains("same Message-ID"))).ShouldBe(collisions, "all but the first of each id");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A19_the_customers_page_shows_none_of_fifty_mails_of_others(On on)
    {
        await using var post = await LoopTests.Giving(on);
        var (one, reply, sent) = await Replied(post);
        const string foreign = "zq-foreign-code";
        // A supplier whom a colleague asked, and machines that were given our address.
        (await post.Desk.Post($"/cases/{one.Number}/reply", ("text", $"Can you send one? {foreign}-asked"), ("to", "supplier@parts.example"), ("cc", ""), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromSeconds(11));
        var asked = (await post.LastTo("supplier@parts.example")).Mail;
        for (var n = 0; n < 25; n++)
        {
            (await post.SendAndRead(Post.Mail("supplier@parts.example", "Re: part", $"Price {foreign}-{n}", null, asked.ReplyTo[0].Address, $"In-Reply-To: <{asked.MessageId}>")))!.CaseId.ShouldBe(one.Id);
            (await post.Send(Post.Mail("no-reply@slack.example", "Confirm your address", $"Your code is {foreign}-s{n}", null, sent.ReplyTo[0].Address))).EnsureSuccessStatusCode();
        }
        // Even by a mistake of hers: an automatic mail in her own name.
        (await post.SendAndRead(Post.Mail(Maria, "Your sign-up", $"Code {foreign}-own", null, sent.ReplyTo[0].Address, "Auto-Submitted: auto-generated")))!.CaseId.ShouldBe(one.Id);
        await post.Quiet();
        using var browser = post.House.Client();
        var path = new Uri(sent.TextBody!.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath;
        (await browser.Send(await browser.See(path), path + "/code")).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Quiet();
        var code = (await post.LastTo(Maria)).Mail.TextBody!.Split('\n').Select(l => l.Trim()).Single(l => l.Length == 6 && l.All(char.IsAsciiDigit));
        (await browser.Send(await browser.See(path), path + "/open", ("code", code))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        var page = await browser.See(path);
        page.Body.ShouldContain("We send a part.");
        page.Body.ShouldContain("It stops.");
        page.Body.ShouldNotContain(foreign);
        page.Body.ShouldNotContain("supplier@parts.example");
        page.Body.ShouldNotContain("slack");
    }
}
