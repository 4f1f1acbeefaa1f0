using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Abuse;

/// <summary>What the house answers by itself, and what it never does (A20, A21).</summary>
public class LoopTests
{
    static readonly Actor Me = Actor.System("test");

    /// <summary>A house whose mailbox gives receipts and believes the receiver mx.amends.example.</summary>
    internal static async Task<Post> Giving(On on, string address = "service@amends.example")
    {
        var post = await Post.Open(on);
        await post.House.Write.Run(Me, null, async db =>
        {
            var box = await db.Load<Mailbox>(post.Mailbox);
            (box.Address, box.Receipts, box.Receivers) = (address, true, "mx.amends.example");
            box.Changed();
        });
        post.Address = address;
        return post;
    }

    internal static string Proof(string from) => $"Authentication-Results: mx.amends.example; dmarc=pass header.from={from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..]}";

    static async Task<List<(OutgoingMail Row, byte[] Raw)>> Sent(Post post, long after = 0)
    {
        using var db = post.House.Databases.Open();
        var sent = new List<(OutgoingMail, byte[])>();
        foreach (var row in await db.Set<OutgoingMail>().Include(m => m.Recipients).Where(m => m.Id > after).OrderBy(m => m.Id).ToListAsync())
            sent.Add((row, await post.House.Get<BlobStore>().Read(await db.Set<Blob>().SingleAsync(b => b.Id == row.BlobId))));
        return sent;
    }

    static async Task<int> Answers(Post post)
    {
        using var db = post.House.Databases.Open();
        return await db.Set<OutgoingMail>().CountAsync(m => m.Automatic == AutomaticKind.Answer);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_writes_is_told_number_moment_and_link_once_and_by_a_mail_that_asks_for_no_answer(On on)
    {
        await using var post = await Giving(on);
        await post.House.Write.Run(Me, null, async db =>
        {
            var brand = await db.Load<Brand>(post.Brand);
            (brand.ReceiptText, brand.Signature) = ("Hello from Casa Verde. We read every message.", "Casa Verde, Lisbon");
            brand.Changed();
        });
        var contact = await post.SendAndRead(Post.Mail("Maria <maria@casaverde.example>", "Pump stops", "It stops.", "m1@casaverde.example", "service@amends.example", Proof("maria@casaverde.example")));
        var one = await post.CaseOf(contact!.CaseId);
        var (row, mail) = await post.LastTo("maria@casaverde.example");
        (row.From, row.Automatic, row.CaseId).ShouldBe(("", AutomaticKind.Answer, one.Id));
        (mail.Headers["Auto-Submitted"], mail.Headers["X-Auto-Response-Suppress"], mail.Origin.IsAutomatic).ShouldBe(("auto-replied", "All", true));
        mail.InReplyTo.ShouldBe(["m1@casaverde.example"]);
        var text = mail.TextBody!;
        text.ShouldStartWith("Hello from Casa Verde.");
        text.ShouldContain($"Your case is number {one.Number}.");
        var due = TimeZoneInfo.ConvertTimeFromUtc(one.FirstAnswerDue!.Value, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        text.ShouldContain(due.ToString("'You have our first answer by 'd MMMM yyyy, HH:mm' (Berlin time).'", CultureInfo.CurrentCulture));
        text.ShouldContain("Casa Verde, Lisbon");
        text.ShouldNotContain("Pump");
        using var browser = post.House.Client();
        (await browser.See(new Uri(text.Split('\n').Single(l => l.Contains("/c/", StringComparison.Ordinal)).Trim()).AbsolutePath)).Text(".state").ShouldBe("We have heard you");
        // An answer to the receipt belongs to the case; a second message of it gets no second receipt.
        var again = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: " + mail.Subject, "One thing more.", null, mail.ReplyTo[0].Address));
        (again!.CaseId, again.Why).ShouldBe((one.Id, WhyHere.ReplyToken));
        (await Answers(post)).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_receipt_is_signed_by_the_brand_with_its_fields_filled_and_by_no_person(On on)
    {
        await using var post = await Giving(on);
        async Task<string> Receipt(string signature, string from)
        {
            await post.House.Write.Run(Me, null, async db =>
            {
                var brand = await db.Load<Brand>(post.Brand);
                (brand.Name, brand.Signature) = ("Casa {team.name}", signature);
                brand.Changed();
            });
            await post.SendAndRead(Post.Mail(from, "Pump stops", "It stops.", null, "service@amends.example", Proof(from)));
            return (await post.LastTo(from)).Mail.TextBody!;
        }
        (await Receipt("{team.name} of {brand.name}, {7*7}", "maria@casaverde.example")).ShouldContain("-- \nService of Casa {team.name}, {7*7}");
        foreach (var (field, from) in new[] { ("{agent.name}", "olga@casaverde.example"), ("{agent.firstName}", "karl@casaverde.example") })
        {
            var text = await Receipt(field + "\nLisbon office", from);
            text.ShouldContain("Your case is number");
            foreach (var no in new[] { "agent.", "Lisbon office", "-- " }) text.ShouldNotContain(no, customMessage: field);
        }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mailbox_that_is_handed_its_mail_gives_receipts_only_where_it_is_told_to_and_one_that_is_fetched_unless_it_is_told_not_to(On on)
    {
        await using var post = await Post.Open(on);
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        (await Answers(post)).ShouldBe(0);
        async Task<bool> Set(bool ticked)
        {
            (await post.Desk.Post($"/settings/mailboxes/{post.Mailbox}", ("receipts", ticked ? "true" : null))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
            using var db = post.House.Databases.Open();
            return (await db.Set<Mailbox>().SingleAsync(m => m.Id == post.Mailbox)).GivesReceipts;
        }
        (await Set(true), await Set(false)).ShouldBe((true, false));
        await post.House.Write.Run(Me, null, async db =>
        {
            var box = await db.Load<Mailbox>(post.Mailbox);
            (box.ImapOn, box.ImapHost, box.ImapPort) = (true, "127.0.0.1", 1);
            box.Changed();
        });
        using (var db = post.House.Databases.Open()) (await db.Set<Mailbox>().SingleAsync(m => m.Id == post.Mailbox)).GivesReceipts.ShouldBeTrue();
        (await Set(false)).ShouldBeFalse();
    }

    static readonly string[][] machines =
    [
        ["Auto-Submitted: auto-replied"], ["Auto-Submitted: auto-generated (cron)"], ["Return-Path: <>"], ["Precedence: bulk"], ["Precedence: junk"], ["Precedence: auto_reply"], ["List-Id: <pumps.lists.example>"],
        ["List-Unsubscribe: <mailto:leave@lists.example>"], ["X-Autoreply: yes"], ["X-Auto-Response-Suppress: All"], ["X-Loop: help@other.example"], ["X-Failed-Recipients: service@amends.example"], ["Feedback-ID: 1:2:3"]
    ];

    static readonly string[] away =
    [
        "Out of office: Pump", "Automatic reply: Pump", "Abwesenheitsnotiz: Pumpe", "Réponse automatique : pompe", "Respuesta automática: bomba", "Risposta automatica: pompa", "Resposta automática: bomba", "Automatisch antwoord: pomp",
        "Autosvar: pump", "Automaattinen vastaus: pumppu", "Odpowiedź automatyczna: pompa", "Automatická odpověď: čerpadlo", "Автоответ: насос", "自動返信: ポンプ", "Otomatik yanıt: pompa"
    ];

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_no_machine_that_says_so_is_answered_by_header_or_in_words_of_fifteen_languages(On on)
    {
        await using var post = await Giving(on);
        var n = 0;
        foreach (var headers in machines) (await post.Send(Post.Mail($"c{++n}@customer.example", "Pump stops", $"It stops {n}.", null, "service@amends.example", headers))).EnsureSuccessStatusCode();
        foreach (var subject in away) (await post.Send(Post.Mail($"c{++n}@customer.example", subject, $"... {n}"))).EnsureSuccessStatusCode();
        await post.Quiet();
        using (var db = post.House.Databases.Open())
        {
            (await db.Set<Contact>().CountAsync()).ShouldBe(machines.Length + away.Length);
            // All but the one that only asks for no answer are shown as what they are.
            (await db.Set<Contact>().CountAsync(c => c.Automatic)).ShouldBe(machines.Length + away.Length - 1);
        }
        (await Answers(post)).ShouldBe(0);
        await post.SendAndRead(Post.Mail("c1@customer.example", "Lid is loose", "It is loose."));
        (await Answers(post)).ShouldBe(1, "a person is, also at an address that a machine has written from");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_none_of_our_own_addresses_no_program_and_nobody_forged_is_answered(On on)
    {
        await using var post = await Giving(on);
        foreach (var from in (string[])["service@amends.example", "service+abc@amends.example", "ben.kim@amends.example", "postmaster@customer.example", "owner-pumps@lists.example", "pumps-request@lists.example", "no-reply@shop.example", "root@host.example"])
            await post.SendAndRead(Post.Mail(from, "Pump stops", "It stops."));
        await post.SendAndRead(Post.Mail("ceo@customer.example", "Pay this", "Now.", null, "service@amends.example", "Authentication-Results: mx.amends.example; dmarc=fail header.from=customer.example"));
        // The envelope that a pipe tells has no sender: nothing may go back.
        (await post.Send(Post.Mail("c9@customer.example", "Pump", "Stops."), from: "")).EnsureSuccessStatusCode();
        await post.Quiet();
        (await Answers(post)).ShouldBe(0);
    }

    /// <summary>How mail goes from one house to another.</summary>
    public enum Way { AsItIs, WithoutMarks, WithoutMarksButProved }

    [Theory, InlineData(On.Sqlite, Way.AsItIs), InlineData(On.Sqlite, Way.WithoutMarks), InlineData(On.Sqlite, Way.WithoutMarksButProved), InlineData(On.Postgres, Way.WithoutMarksButProved)]
    public async Task A20_two_houses_of_ours_that_mail_each_other_send_at_most_two_automatic_mails_each(On on, Way way)
    {
        await using var here = await Giving(on);
        await using var there = await Giving(on, "help@other.example");
        var seen = new Dictionary<Post, long> { [here] = 0, [there] = 0 };
        async Task<int> Carry(Post from, Post to, string address, string sender)
        {
            var count = 0;
            foreach (var (row, raw) in await Sent(from, seen[from]))
            {
                seen[from] = row.Id;
                if (!row.Recipients.Exists(r => WhichCase.MailKey(r.Address) is { } key && Ours.Bare(key) == address)) continue;
                await to.House.Get<MailboxImport>().Take(Me, to.Mailbox, new MemoryStream(Stripped(raw, way, sender)), way == Way.AsItIs ? "" : sender, address, MailboxImport.Posted, default);
                count++;
            }
            await to.Quiet();
            return count;
        }
        await there.SendAndRead(Post.Mail("service@amends.example", "Your order", "Where is it?", null, "help@other.example", way == Way.WithoutMarksButProved ? [Proof("service@amends.example")] : []));
        var carried = 0;
        for (var hour = 0; hour < 24 * 4; hour += 12)
        {
            for (var i = 0; i < 5; i++)
            {
                var (back, forth) = (await Carry(there, here, "service@amends.example", "help@other.example"), await Carry(here, there, "help@other.example", "service@amends.example"));
                carried += back + forth;
                if (back + forth == 0) break;
            }
            // A new matter of the other side, as a house that does not thread would make.
            await here.SendAndRead(Post.Mail("help@other.example", $"Ticket {hour} created", $"We have opened ticket {hour}.", null, "service@amends.example", way == Way.WithoutMarksButProved ? [Proof("help@other.example")] : []));
            foreach (var post in (Post[])[here, there]) await post.Pass(TimeSpan.FromHours(12));
        }
        carried.ShouldBeGreaterThan(0);
        (await Answers(here)).ShouldBeInRange(1, 2);
        (await Answers(there)).ShouldBeInRange(1, 2);
    }

    static byte[] Stripped(byte[] raw, Way way, string sender)
    {
        if (way == Way.AsItIs) return raw;
        var text = Encoding.UTF8.GetString(raw);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end].Split("\r\n").Where(l => !l.StartsWith("Auto-Submitted", StringComparison.OrdinalIgnoreCase) && !l.StartsWith("X-Auto-Response", StringComparison.OrdinalIgnoreCase)).ToList();
        if (way == Way.WithoutMarksButProved) head.Insert(0, Proof(sender));
        return Encoding.UTF8.GetBytes(string.Join("\r\n", head) + text[end..]);
    }

    /// <summary>A machine that answers whatever it gets and marks nothing.</summary>
    public enum Robot { AnswersInTheThread, GrowsTheSubject, MakesNewMatters }

    [Theory, InlineData(On.Sqlite, Robot.AnswersInTheThread, true), InlineData(On.Sqlite, Robot.GrowsTheSubject, false), InlineData(On.Sqlite, Robot.MakesNewMatters, true), InlineData(On.Postgres, Robot.MakesNewMatters, false)]
    public async Task A20_a_robot_without_any_header_gets_at_most_two_automatic_mails_in_a_month(On on, Robot robot, bool proved)
    {
        await using var post = await Giving(on);
        const string bot = "desk@bot.example";
        string[] proof = proved ? [Proof(bot)] : [];
        await post.SendAndRead(Post.Mail(bot, "Order 7", "Where is it?", "first@bot.example", "service@amends.example", proof));
        var (last, subject, written) = (0L, "Order 7", 1);
        // Two days apart: a month of it is fifteen turns.
        for (var day = 0; day < 30; day += 2)
        {
            for (var turn = 0; turn < 20; turn++)
            {
                var fresh = (await Sent(post, last)).Where(m => m.Row.Recipients.Exists(r => r.Address == bot)).ToList();
                if (fresh.Count == 0) break;
                last = fresh[^1].Row.Id;
                foreach (var (_, raw) in fresh)
                {
                    var mail = MailMessage.Read(raw);
                    subject = robot == Robot.GrowsTheSubject ? "Re: " + subject : "Re: " + mail.Subject;
                    // It answers within a second, with the same words each time and ours below.
                    post.House.Clock.Advance(TimeSpan.FromSeconds(1));
                    var text = $"Thank you for your mail. A person will answer you soon.\n\nOn that day we wrote:\n" + string.Join('\n', mail.TextBody!.Split('\n').Select(l => "> " + l));
                    string[] thread = robot == Robot.AnswersInTheThread ? [$"In-Reply-To: <{mail.MessageId}>"] : [];
                    await post.SendAndRead(Post.Mail(bot, robot == Robot.MakesNewMatters ? $"Ticket {++written}" : subject, text, null, "service@amends.example", [.. thread, .. proof]));
                }
            }
            await post.Pass(TimeSpan.FromDays(2));
            // And each time something new by itself.
            await post.SendAndRead(Post.Mail(bot, robot == Robot.GrowsTheSubject ? subject : $"Reminder {day}", $"This is reminder {day}.", null, "service@amends.example", proof));
        }
        (await Answers(post)).ShouldBeInRange(1, 2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_a_customer_to_whom_a_colleague_has_written_gets_receipts_again(On on)
    {
        await using var post = await Giving(on);
        async Task<Contact> Write(string subject)
        {
            var contact = await post.SendAndRead(Post.Mail("maria@casaverde.example", subject, $"About {subject}.", null, "service@amends.example", Proof("maria@casaverde.example")));
            await post.Pass(TimeSpan.FromHours(1));
            return contact!;
        }
        var first = await Write("Pump");
        await Write("Lid");
        await Write("Hose");
        (await Answers(post)).ShouldBe(2);
        var number = (await post.CaseOf(first.CaseId)).Number;
        (await post.Desk.Post($"/cases/{number}/reply", ("text", "We send a part."), ("to", "maria@casaverde.example"), ("next", "open"), ("anyway", "true"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        await post.Pass(TimeSpan.FromMinutes(1));
        await Write("Valve");
        (await Answers(post)).ShouldBe(3);
    }

    [Fact]
    public void A20_robots_are_known_by_what_they_do_and_people_are_not()
    {
        var at = new DateTime(2026, 11, 22, 9, 0, 0, DateTimeKind.Utc);
        RobotSigns.Said Theirs(int seconds, string text) => new(false, at.AddSeconds(seconds), text);
        RobotSigns.Said Mine(int seconds) => new(true, at.AddSeconds(seconds), "We have it");
        IReadOnlyList<RobotSign> Of(string subject, string text, params RobotSigns.Said[] before) => RobotSigns.Of(subject, text, at, before, ["Thank you for your message. It is here, and a person will read and answer it."]);
        Of("Pump", "It stops.").ShouldBeEmpty();
        Of("Re: AW: Re: Pump", "Any news?").ShouldBeEmpty();
        Of("Re: Re: Re: Re: Pump", "Any news?").ShouldBe([RobotSign.GrowingSubject]);
        Of("Re: [#1001] Re: [#1001] Pump", "Any news?").ShouldBe([RobotSign.GrowingSubject]);
        // Somebody who asks the same thing three times over hours is one sign, and goes on being heard.
        Of("Pump", "Any news?", Theirs(-20_000, "Any news?"), Theirs(-10_000, "any news")).ShouldBe([RobotSign.SameText]);
        Of("Pump", "Any news?", Theirs(-200_000, "Any news?"), Theirs(-190_000, "Any news?")).ShouldBeEmpty();
        Of("Pump", "Thanks!", Theirs(-900, "It stops."), Mine(-10)).ShouldBeEmpty();
        Of("Pump", "We have yours.", Mine(-900), Theirs(-899, "We have yours."), Mine(-1)).ShouldBe([RobotSign.AtOnce]);
        Of("Pump", "We have yours.", Mine(-900), Theirs(-899, "We have yours."), Mine(-600), Theirs(-599, "We have yours."), Mine(-1)).ShouldBe([RobotSign.SameText, RobotSign.AtOnce]);
        Of("Pump", "Thank you for your message. It is here, and a person will read and answer it. Case 7").ShouldBe([RobotSign.OwnWords]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_what_two_signs_call_a_machine_ends_no_wait_and_one_sign_is_a_person(On on)
    {
        await using var post = await Giving(on);
        var first = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump", "It stops.", "m1@casaverde.example"));
        Task Rest() => post.House.Write.Run(Me, null, async db => (await db.LoadCase(Who.House("test"), (await post.CaseOf(first!.CaseId)).Number, null)).Wait(db.At.AddDays(2), "the part", db.At));
        Task<Contact?> Again(string subject) => post.SendAndRead(Post.Mail("maria@casaverde.example", subject, "Any news?", null, "service@amends.example", "In-Reply-To: <m1@casaverde.example>"));
        foreach (var _ in (int[])[1, 2, 3])
        {
            await Rest();
            await post.Pass(TimeSpan.FromHours(1));
            (await Again("Re: Pump"))!.Automatic.ShouldBeFalse();
            (await post.CaseOf(first!.CaseId)).State.ShouldBe(CaseState.Open);
        }
        await Rest();
        await post.Pass(TimeSpan.FromHours(1));
        var robot = await Again("Re: Re: Re: Re: Pump");
        (robot!.CaseId, robot.Automatic).ShouldBe((first!.CaseId, true));
        robot.Defects!.ShouldContain("looks like a machine");
        (await post.CaseOf(first.CaseId)).State.ShouldBe(CaseState.Waiting);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_too_many_automatic_mails_are_stopped_told_once_and_go_again_by_hand_or_when_it_is_quiet(On on)
    {
        await using var post = await Giving(on);
        var house = post.House.Get<House>();
        await post.House.Write.Run(Me, null, db => house.Set(db, AutomaticMail.Most, 5));
        house.Forget();
        var n = 0;
        async Task Write(int count)
        {
            for (var i = 0; i < count; i++) (await post.Send(Post.Mail($"c{++n}@customer.example", $"Matter {n}", $"It stops {n}."))).EnsureSuccessStatusCode();
            await post.Quiet();
        }
        await Write(14);
        // Where several processes or jobs ask at the same moment one or two more may slip through.
        var went = await Answers(post);
        went.ShouldBeInRange(5, on == On.Sqlite ? 5 : 8);
        using (var db = post.House.Databases.Open())
        {
            (await db.Set<Notification>().CountAsync(x => x.Of == NotifyOf.AutomaticStopped && x.ColleagueId == post.Ben)).ShouldBe(1);
            (await db.Set<OutgoingMail>().CountAsync(m => m.Automatic == AutomaticKind.Letter && m.Subject == "Automatic mail was stopped")).ShouldBe(1);
            (await db.Set<Contact>().CountAsync()).ShouldBe(14, "what comes in is taken in");
        }
        var health = await post.Desk.See("/settings/mail-health");
        health.Body.ShouldContain("More than 5 receipts went out within 10 minutes");
        health.Body.ShouldContain($"{14 - went} were not sent");
        (await post.Desk.See("/notices")).Body.ShouldContain("Automatic mail was stopped");
        (await post.Desk.Send(health, "/settings/mail-health/go-again", ("kind", "answers"))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        (await post.Desk.See("/settings/mail-health")).Body.ShouldNotContain("were not sent");
        post.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await Write(1);
        (await Answers(post)).ShouldBe(went + 1);
        // The flood goes on: stopped again, and not let go while it lasts.
        await Write(12);
        went = await Answers(post);
        post.House.Clock.Advance(TimeSpan.FromMinutes(9));
        await Write(3);
        post.House.Clock.Advance(TimeSpan.FromMinutes(2));
        await AutomaticMail.LetGoWhenQuiet(post.House.App.Services, default);
        await Write(1);
        (await Answers(post)).ShouldBe(went);
        post.House.Clock.Advance(TimeSpan.FromMinutes(11));
        await AutomaticMail.LetGoWhenQuiet(post.House.App.Services, default);
        post.House.Clock.Advance(TimeSpan.FromSeconds(1));
        await Write(1);
        (await Answers(post)).ShouldBe(went + 1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A20_a_receipt_that_the_brake_kept_back_takes_no_right_from_the_address(On on)
    {
        await using var post = await Giving(on);
        await post.House.Write.Run(Me, null, db =>
        {
            db.Add(new MailBrake { Kind = AutomaticKind.Answer, Since = db.At });
            return Task.CompletedTask;
        });
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Pump stops", "It stops."));
        using (var db = post.House.Databases.Open())
        {
            (await db.Set<BrakedMail>().CountAsync()).ShouldBe(1);
            (await db.Set<Receipt>().CountAsync()).ShouldBe(0);
        }
        (await Answers(post)).ShouldBe(0);
        await post.House.Write.Run(Me, null, db => AutomaticMail.LetGo(db, AutomaticKind.Answer, byHand: true));
        await post.SendAndRead(Post.Mail("maria@casaverde.example", "Lamp is dark", "It is dark."));
        (await Answers(post)).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A21_many_mails_in_a_victims_name_send_it_one_mail_a_day_without_a_word_of_the_attacker(On on)
    {
        await using var post = await Giving(on);
        var count = Environment.GetEnvironmentVariable("AMENDS_TEST_NIGHTLY") == "1" ? 10_000 : 150;
        for (var from = 0; from < count; from += 50)
            await Task.WhenAll(Enumerable.Range(from, 50).Select(async i => (await post.Send(Post.Mail("BUYNOW <victim@elsewhere.example>", $"Cheap pills {i}", $"Visit evil.example {i}", $"evil-{i}@pills.example"))).EnsureSuccessStatusCode()));
        await post.Quiet();
        var sent = (await Sent(post)).Where(m => m.Row.Recipients.Exists(r => r.Address == "victim@elsewhere.example")).ToList();
        sent.Count.ShouldBe(1);
        var raw = Encoding.UTF8.GetString(sent[0].Raw);
        foreach (var word in (string[])["evil", "pills", "BUYNOW", "Visit"]) raw.ShouldNotContain(word);
        using var db = post.House.Databases.Open();
        (await db.Set<Delivery>().CountAsync()).ShouldBe(count, "and nothing of it is lost");
    }
}
