using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

public class IntakeTests
{
    [Fact]
    public async Task The_steps_stand_in_their_order()
    {
        await using var post = await Post.Open(On.Sqlite, serve: false);
        post.House.Get<Intake>().Steps.ShouldBe(["already known", "who wrote", "for whom", "a report about mail of ours", "which case", "make or join the case", "who is in copy", "keep the files", "write the contact", "the delivery is done"]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_case_of_a_customer_who_was_picked_is_found_by_his_address(On on)
    {
        await using var post = await Post.Open(on, serve: false);
        var customer = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        var taken = await post.House.Write.Run(Amends.Foundation.Actor.System("test"), null, db => post.House.Get<Intake>().Take(db, new IncomingContact { Channel = Amends.Cases.Channel.Phone, At = db.At, Subject = "Pump", Text = "It stops.", CustomerId = customer, BrandId = post.Brand, TeamId = post.Team }));
        using var db = post.House.Databases.Open();
        var (sql, asked) = Amends.Foundation.Search.CaseIndex.Matching(db, Amends.Foundation.Search.Question.Read("casaverde "));
#pragma warning disable EF1002 // SQL of the index itself; what is asked is a parameter.
        (await db.Database.SqlQueryRaw<long>($"SELECT f.\"CaseId\" AS \"Value\" FROM ({sql}) AS f", asked).ToListAsync()).ShouldBe([taken.CaseId]);
#pragma warning restore EF1002
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F01_the_same_bytes_a_hundred_times_at_once_are_one_case(On on)
    {
        await using var post = await Post.Open(on);
        var raw = Post.Mail("maria@casaverde.example", "Pump stops", "Once.");
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => post.Send(raw)));
        answers.Count(a => a.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(a => a.StatusCode == HttpStatusCode.OK).ShouldBe(99);
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().CountAsync()).ShouldBe(1);
        (await db.Set<Contact>().CountAsync()).ShouldBe(1);
        (await db.CasesVisibleTo(Amends.Trust.Who.House("test")).CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task What_Outlook_wrapped_into_winmail_dat_comes_as_its_text_and_its_files()
    {
        await using var post = await Post.Open(On.Sqlite);
        byte[] paper = [.. "%PDF-1.4 of the pump"u8];
        var wrapped = Amends.Tests.Mail.MailExtractionTests.Winmail("The pump stops, the paper is with it.", ("pump.pdf", paper), ("list.txt", "1 pump"u8.ToArray()));
        var contact = (await post.SendAndRead(Encoding.ASCII.GetBytes($"From: Maria <maria@casaverde.example>\r\nTo: service@amends.example\r\nSubject: Pump\r\nMessage-ID: <w1@casaverde.example>\r\nMIME-Version: 1.0\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: base64\r\n\r\n{Convert.ToBase64String(wrapped, Base64FormattingOptions.InsertLineBreaks)}\r\n"))).ShouldNotBeNull();
        contact.Text.ShouldBe("The pump stops, the paper is with it.");
        using var db = post.House.Databases.Open();
        var files = await db.Set<CaseFile>().Where(f => f.OfId == contact.Id && f.Of == FileOf.Contact).OrderBy(f => f.Id).ToListAsync();
        files.Select(f => (f.Name, f.ContentType)).ShouldBe([("pump.pdf", "application/pdf"), ("list.txt", "text/plain; charset=utf-8")]);
        var blob = await db.Set<Blob>().SingleAsync(b => b.Id == files[0].BlobId);
        (await post.House.Get<BlobStore>().Read(blob)).ShouldBe(paper);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_cannot_be_read_does_not_stop_the_others_and_each_is_seen(On on)
    {
        await using var post = await Post.Open(on);
        byte[][] poison = [[0], "\r\n\r\n"u8.ToArray(), [.. Enumerable.Range(0, 4000).Select(i => (byte)(i * 7919 >> 3))], "Subject: nobody\r\n\r\nNo sender at all."u8.ToArray()];
        foreach (var bad in poison) (await post.Send(bad, from: "")).StatusCode.ShouldBe(HttpStatusCode.Created);
        var good = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Good", "I am read."));
        good.ShouldNotBeNull();
        using var db = post.House.Databases.Open();
        var set = await db.Set<Delivery>().Where(d => d.State == DeliveryState.Quarantined).ToListAsync();
        set.Count.ShouldBe(poison.Length);
        set.ShouldAllBe(d => d.Trouble != null && d.Trouble.Length > 5);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_wrong_with_a_delivery_is_answered_so_that_the_pipe_knows_what_to_do(On on)
    {
        await using var post = await Post.Open(on);
        (await post.Send([])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await post.Send(Post.Mail("a@b.example", "x", "y"), "nobody@amends.example")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        post.Pipe.DefaultRequestHeaders.Remove("Authorization");
        (await post.Send(Post.Mail("a@b.example", "x", "y"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A13_no_bit_of_a_reply_token_can_be_changed_and_no_other_cases_token_serves(On on)
    {
        await using var post = await Post.Open(on, serve: false);
        var key = post.House.Get<HouseKey>();
        var good = ReplyToken.For(key, 1001, "maria@casaverde.example");
        good.Length.ShouldBe(36);
        string[] people = ["ben@amends.example", "maria@casaverde.example"];
        bool Proves(string text, long number) => ReplyToken.TryRead(text, out var n, out var mac) && n == number && ReplyToken.Proves(key, n, mac, people);
        Proves(good, 1001).ShouldBeTrue();
        Proves(good.ToUpperInvariant(), 1001).ShouldBeTrue();
        const string alphabet = "abcdefghijklmnopqrstuvwxyz234567";
        var tried = 0;
        for (var i = 0; i < good.Length; i++)
            foreach (var sign in alphabet)
            {
                if (sign == good[i]) continue;
                var bad = good[..i] + sign + good[(i + 1)..];
                (ReplyToken.TryRead(bad, out var n, out var mac) && ReplyToken.Proves(key, n, mac, people)).ShouldBeFalse(bad);
                tried++;
            }
        tried.ShouldBe(36 * 31);
        for (var cut = 0; cut < good.Length; cut++) ReplyToken.TryRead(good[..cut], out _, out _).ShouldBeFalse();
        ReplyToken.TryRead(good + "a", out _, out _).ShouldBeFalse();
        var other = ReplyToken.For(key, 1002, "maria@casaverde.example");
        // The number of one case with the MAC of another.
        ReplyToken.TryRead(other, out _, out var foreign);
        ReplyToken.Proves(key, 1001, foreign, people).ShouldBeFalse();
        ReplyToken.Proves(key, 1001, [], people).ShouldBeFalse();
        Proves(ReplyToken.For(key, 1001, "mallory@evil.example"), 1001).ShouldBeFalse();
        // What another house made, or this one before its key was changed, proves nothing.
        var elsewhere = Directory.CreateTempSubdirectory("amends-key-").FullName;
        var before = ReplyToken.For(new HouseKey(new Amends.Foundation.Data.DataPlace(elsewhere, null)), 1001, "maria@casaverde.example");
        Directory.Delete(elsewhere, recursive: true);
        (before.Length, before == good).ShouldBe((36, false));
        Proves(before, 1001).ShouldBeFalse();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A13_a_good_token_from_a_stranger_makes_a_new_case(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        var one = await post.CaseOf(first!.CaseId);
        var token = ReplyToken.For(post.House.Get<HouseKey>(), one.Number, "maria@casaverde.example");
        var stranger = await post.SendAndRead(Post.Mail("mallory@evil.example", "Re: Pump stops", "Let me in.", to: $"service+{token}@amends.example"));
        (stranger!.CaseId == one.Id, stranger.Why, stranger.Signals).ShouldBe((false, WhyHere.NewCase, "reply token from a stranger"));
        var bad = (token[0] == 'a' ? 'b' : 'a') + token[1..];
        var forged = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "Mine.", to: $"service+{bad}@amends.example"));
        forged!.CaseId.ShouldNotBe(one.Id);
        // A17: what only looks like ours, and headers of ours from outside, do nothing.
        var looks = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "Mine too.", null, "service@amends.example", $"In-Reply-To: <{bad}.{new string('0', 32)}@amends.example>", $"X-Amends-Case: {one.Number}"));
        looks!.CaseId.ShouldNotBe(one.Id);
    }

    [Theory, InlineData(On.Sqlite, 10_000), InlineData(On.Postgres, 1_000)]
    public async Task A14_guessed_numbers_never_join_a_case(On on, int tries)
    {
        await using var post = await Post.Open(on, serve: false);
        var maria = await Some.Customer(post.House, "Maria Lopez", "maria@casaverde.example");
        for (var i = 0; i < 20; i++) await Some.Case(post.House, maria, post.Team, post.Brand);
        var key = post.House.Get<HouseKey>();
        string[] forms = ["Re: [#{0}] Pump", "Pump #{0}", "(#{0})", "[Case #{0}]", "Fwd: #{0} #{0}"];
        var joined = await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var count = 0;
            for (var i = 0; i < tries; i++)
            {
                var guess = new IncomingContact
                {
                    Channel = Channel.Mail,
                    At = db.At,
                    FromAddress = i % 2 == 0 ? "maria@casaverde.example" : "mallory@evil.example",
                    Text = "Hello",
                    BrandId = post.Brand,
                    TeamId = post.Team,
                    Subject = string.Format(System.Globalization.CultureInfo.InvariantCulture, forms[i % forms.Length], 1001 + i % 25),
                    SentTo = [$"service+{1001 + i % 25}@amends.example"],
                    AnswersTo = [$"{1001 + i % 25}@amends.example"],
                    Trust = i % 3 == 0 ? SenderTrust.Failed : SenderTrust.NotVerified
                };
                if ((await WhichCase.Resolve(db, key, guess, [maria])).Case is not null) count++;
            }
            return count;
        });
        joined.ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A18_a_squatted_message_id_suppresses_nothing_and_is_told(On on)
    {
        await using var post = await Post.Open(on);
        var squat = await post.SendAndRead(Post.Mail("mallory@evil.example", "I was first", "Nothing to see.", "order-7@casaverde.example"));
        var real = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.", "order-7@casaverde.example"));
        real.ShouldNotBeNull();
        real.CaseId.ShouldNotBe(squat!.CaseId);
        real.Defects!.ShouldContain("same Message-ID");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_mail_to_two_of_our_mailboxes_is_one_contact_with_two_deliveries(On on)
    {
        await using var post = await Post.Open(on);
        await post.House.Write.Run(Actor.System("test"), null, db =>
        {
            var box = new Mailbox { Id = db.Ids!.Next(), Address = "sales@amends.example", Name = "Sales", BrandId = post.Brand, TeamId = post.Team };
            box.Changed();
            db.Add(box);
            return Task.CompletedTask;
        });
        const int mails = 12;
        byte[] Copy(int n, bool other)
        {
            var to = other ? new[] { "To: sales@amends.example", "Cc: service@amends.example" } : ["To: service@amends.example", "Cc: sales@amends.example"];
            var raw = Encoding.UTF8.GetString(Post.Mail("maria@casaverde.example", $"Offer {n}", $"Please {n}.", $"two-{n}@casaverde.example"));
            return Encoding.UTF8.GetBytes((other ? "Received: by other\r\nDelivered-To: sales@amends.example\r\n" : "Received: by one\r\n") + raw.Replace("To: service@amends.example", string.Join("\r\n", to), StringComparison.Ordinal));
        }
        // At the same moment, from both sides.
        await Task.WhenAll(Enumerable.Range(0, mails).SelectMany(n => new[] { post.Send(Copy(n, false)), post.Send(Copy(n, true), "sales@amends.example") }).Select(async sent => (await sent).StatusCode.ShouldBe(HttpStatusCode.Created)));
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Contact>().CountAsync()).ShouldBe(mails);
        (await db.CasesVisibleTo(Amends.Trust.Who.House("test")).CountAsync()).ShouldBe(mails);
        (await db.Set<Delivery>().Where(d => d.State == DeliveryState.Taken).GroupBy(d => d.ContactId).CountAsync(g => g.Count() == 2)).ShouldBe(mails);
        (await db.Set<MailFollower>().CountAsync()).ShouldBe(0, "our own mailboxes follow nothing");
        var contact = await db.Set<Contact>().OrderBy(c => c.Id).FirstAsync();
        contact.AlsoTo.ShouldBeOneOf("sales@amends.example", "service@amends.example");
        (await post.Desk.See($"/cases/{(await post.CaseOf(contact.CaseId)).Number}")).Text($"#contact-{contact.Id} .menu-text")!.ShouldContain($"It came to {contact.AlsoTo} as well");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_a_machine_wrote_ends_no_wait_and_opens_nothing_again(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops.", "m1@casaverde.example"));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
            (await db.LoadCase(Amends.Trust.Who.House("test"), (await post.CaseOf(first!.CaseId)).Number, null)).Resolve("done", post.Ben, db.At));
        var away = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Out of office: Pump stops", "I am away.", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>", "Auto-Submitted: auto-replied"));
        (away!.CaseId, away.Automatic).ShouldBe((first!.CaseId, true));
        (await post.CaseOf(first.CaseId)).State.ShouldBe(CaseState.Resolved);
        var person = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "It stopped again.", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>"));
        person!.CaseId.ShouldBe(first.CaseId);
        (await post.CaseOf(first.CaseId)).State.ShouldBe(CaseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task An_imported_mail_keeps_the_date_that_it_says(On on)
    {
        await using var post = await Post.Open(on);
        var raw = Post.Mail("maria@casaverde.example", "Old", "From the past.").AsSpan().ToArray();
        var text = System.Text.Encoding.UTF8.GetString(raw).Replace("Sat, 21 Nov 2026 09:00:00 +0000", "Tue, 3 Mar 2020 08:30:00 +0100", StringComparison.Ordinal);
        var import = post.House.Get<MailboxImport>();
        var first = await import.Take(Actor.System("import"), post.Mailbox, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), null, null, MailboxImport.Imported, default);
        var second = await import.Take(Actor.System("import"), post.Mailbox, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(text)), null, null, MailboxImport.Imported, default);
        (first.Known, second.Known, second.Delivery).ShouldBe((false, true, first.Delivery));
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Contact>().SingleAsync()).At.ShouldBe(new DateTime(2020, 3, 3, 7, 30, 0, DateTimeKind.Utc));
    }
}
