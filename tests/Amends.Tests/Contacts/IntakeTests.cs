using System.Net;
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
        post.House.Get<Intake>().Steps.ShouldBe(["already known", "who wrote", "for whom", "a report about mail of ours", "which case", "make or join the case", "keep the files", "write the contact", "find it again", "the delivery is done"]);
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
        var one = Post.Mail("maria@casaverde.example", "Offer", "Please.", "two@casaverde.example");
        await post.SendAndRead(one);
        (await post.Send([.. "Received: by other\r\n"u8, .. one], "sales@amends.example")).StatusCode.ShouldBe(HttpStatusCode.Created);
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Contact>().CountAsync()).ShouldBe(1);
        (await db.Set<Delivery>().Where(d => d.State == DeliveryState.Taken).Select(d => d.ContactId).Distinct().CountAsync()).ShouldBe(1);
        (await db.Set<Delivery>().CountAsync()).ShouldBe(2);
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

    [Theory]
    [InlineData("2026-11-20T15:00:00Z", 4, "2026-11-23T11:00:00Z")]   // Friday 16:00 in Berlin: an hour today, three on Monday.
    [InlineData("2026-11-21T09:00:00Z", 4, "2026-11-23T12:00:00Z")]   // Saturday: from Monday's beginning.
    [InlineData("2026-11-23T08:00:00Z", 8, "2026-11-23T16:00:00Z")]   // The whole day, to its last minute.
    [InlineData("2026-03-27T15:00:00Z", 4, "2026-03-30T10:00:00Z")]   // Over the night on which clocks go forward.
    public void Working_hours_add_up(string from, int hours, string until) =>
        WorkingHours.Read("Mon-Fri 09:00-17:00", "Europe/Berlin")!.After(DateTimeOffset.Parse(from, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime, TimeSpan.FromHours(hours))
            .ShouldBe(DateTimeOffset.Parse(until, System.Globalization.CultureInfo.InvariantCulture).UtcDateTime);

    [Theory, InlineData("Mon-Fri 9-17"), InlineData("Mon-Fri 17:00-09:00"), InlineData("Foo 09:00-10:00"), InlineData("Mon-Fri")]
    public void Hours_that_cannot_be_read_are_none(string text) => WorkingHours.Read(text, "Europe/Berlin").ShouldBeNull();
}
