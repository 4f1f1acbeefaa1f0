using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Mail;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>A mailbox in each wrong state: one sentence on the page and to its owner, growing pauses, the others untouched, nothing marked that was not stored.</summary>
public class MailTroubleTests
{
    static readonly TimeSpan Little = TimeSpan.FromSeconds(15);

    // A server that greets with a certificate of our choosing; what is said to it afterwards is kept.
    sealed class Greeter : IAsyncDisposable
    {
        readonly TcpListener listener = new(IPAddress.Loopback, 0);
        readonly CancellationTokenSource end = new();
        readonly Task work;
        public int Said;

        public Greeter(X509Certificate2 certificate)
        {
            listener.Start();
            work = Serve(certificate);
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        async Task Serve(X509Certificate2 certificate)
        {
            while (!end.IsCancellationRequested)
            {
                try
                {
                    using var client = await listener.AcceptTcpClientAsync(end.Token);
                    await using var tls = new SslStream(client.GetStream());
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, end.Token);
                    await tls.WriteAsync("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] ready\r\n"u8.ToArray(), end.Token);
                    Interlocked.Add(ref Said, await tls.ReadAsync(new byte[1000], end.Token));
                }
                catch (Exception why) when (why is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException) { }
            }
        }

        public async ValueTask DisposeAsync()
        {
            await end.CancelAsync();
            listener.Stop();
            await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            end.Dispose();
        }
    }

    [Fact]
    public async Task Each_wrong_state_has_its_sentence_on_the_page_and_at_the_button_and_mends_itself()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        using var ben = await stand.House.ClientOf(stand.Ben);
        stand.Arrive(2);
        await using Greeter expired = new(Certificates.Expired), early = new(Certificates.NotYet), other = new(Certificates.OtherName), foreign = new(Certificates.OtherAuthority), self = new(Certificates.SelfSigned);
        await using var plain = new FakeImap();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nobody = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        stand.Imap.Look(() => stand.Imap.Inbox.IsReadOnly = false);
        var page = $"/settings/mailboxes/{stand.Box}/server";
        (MailTrouble Trouble, string Says, Action<Mailbox>? Set, Mischief? Trick, string? Password)[] states =
        [
            (MailTrouble.NobodyAnswers, $"Nobody answers at localhost:{N(nobody)}.", box => box.ImapPort = nobody, null, null),
            (MailTrouble.NoSuchHost, "There is no server named no-such-host.invalid:993.", box => (box.ImapHost, box.ImapPort, box.ImapSecurity) = ("no-such-host.invalid", 993, MailSecurity.Tls), null, null),
            (MailTrouble.Expired, $"The certificate of localhost:{N(expired.Port)} has expired or is not valid yet; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (expired.Port, MailSecurity.Tls), null, null),
            (MailTrouble.Expired, $"The certificate of localhost:{N(early.Port)} has expired or is not valid yet; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (early.Port, MailSecurity.Tls), null, null),
            (MailTrouble.OtherName, $"The certificate of localhost:{N(other.Port)} is for another name; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (other.Port, MailSecurity.Tls), null, null),
            (MailTrouble.NotTrusted, $"The certificate of localhost:{N(foreign.Port)} comes from nobody this machine trusts; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (foreign.Port, MailSecurity.Tls), null, null),
            (MailTrouble.NotTrusted, $"The certificate of localhost:{N(self.Port)} comes from nobody this machine trusts; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (self.Port, MailSecurity.Tls), null, null),
            (MailTrouble.NoTls, $"localhost:{N(plain.Port)} does not speak TLS from the first byte; no password was sent.", box => (box.ImapPort, box.ImapSecurity) = (plain.Port, MailSecurity.Tls), null, null),
            (MailTrouble.NotSecure, $"localhost:{N(stand.Imap.Port)} takes no password in a safe way; none was sent.", box => box.ImapSecurity = MailSecurity.StartTls, null, null),
            (MailTrouble.WrongPassword, $"localhost:{N(stand.Imap.Port)} refuses the user desk or the password.", box => box.ImapSecret = stand.House.Get<MailServers>().Seal("wrong"), null, "wrong"),
            (MailTrouble.NoSuchFolder, "There is no folder Post in the mailbox.", box => box.ImapFolder = "Post", null, null),
            (MailTrouble.Throttled, $"localhost:{N(stand.Imap.Port)} asks to come back later.", null, new(Trick.No, "SELECT", Text: "[LIMIT] Too many commands"), null),
            (MailTrouble.Throttled, $"localhost:{N(stand.Imap.Port)} asks to come back later.", null, new(Trick.Bye, "AUTHENTICATE", Text: "Too many simultaneous connections"), null),
            .. ((Mischief[])[new(Trick.No, "SELECT", Text: "[THROTTLED] Account exceeded bandwidth limits"), new(Trick.No, "SELECT", Text: "[UNAVAILABLE] Backend is away"), new(Trick.No, "AUTHENTICATE", Text: "[UNAVAILABLE] Temporary authentication failure"), new(Trick.No, "SELECT", Text: "[INUSE] Locked"),
                new(Trick.No, "SEARCH", Text: "[LIMIT] Too many"), new(Trick.Bad, "SELECT", Text: "User is authenticated but not connected."), new(Trick.Bye, "GREETING", Text: "Server busy, try again later")]).Select(trick => (MailTrouble.Throttled, $"localhost:{N(stand.Imap.Port)} asks to come back later.", (Action<Mailbox>?)null, (Mischief?)trick, (string?)null)),
            (MailTrouble.Refused, $"localhost:{N(stand.Imap.Port)} refuses: Quota exceeded", null, new(Trick.No, "SELECT", Text: "[OVERQUOTA] Quota exceeded"), null),
            (MailTrouble.Closed, $"localhost:{N(stand.Imap.Port)} ended the connection.", null, new(Trick.Cut, "SELECT"), null),
            (MailTrouble.NotUnderstood, $"localhost:{N(stand.Imap.Port)} says what is not IMAP, or answers what was not asked.", null, new(Trick.Garbage, "SELECT"), null),
        ];
        foreach (var (trouble, says, set, trick, password) in states)
        {
            if (trick is not null) stand.Imap.Next(trick);
            await stand.Connect(set);
            await stand.Until(async () => (await stand.State())?.Trouble == trouble, says);
            (await stand.State()).ShouldNotBeNull().FailsSince.ShouldNotBeNull();
            var seen = await ben.See("/settings/mail-health");
            seen.Body.ShouldContain(WebUtility.HtmlEncode(says), customMessage: $"{trouble}");
            stand.Seen.ShouldBeEmpty();
            // The button says the same before anything is saved.
            if (trick is not null and not { At: "SEARCH" }) stand.Imap.Next(trick);
            Mailbox box;
            using (var db = stand.House.Databases.Open()) box = await db.Set<Mailbox>().SingleAsync(m => m.Id == stand.Box);
            // (What comes after the folder is open the button does not come to.)
            if (trick is { At: "SEARCH" }) { await stand.House.Write.Run(Actor.System("test"), null, db => db.Set<MailboxState>().Where(s => s.MailboxId == stand.Box).ExecuteDeleteAsync()); continue; }
            var tried = await ben.Post(page, ("do", "test"), ("password", password ?? FakeImap.Password));
            tried.Text(".banner").ShouldNotBeNull(tried.Body).ShouldStartWith(says);
            tried.Body.ShouldNotContain("value=\"" + FakeImap.Password);
            // Mended (a trick happens once), it goes on, and the word of before is gone.
            await stand.House.Write.Run(Actor.System("test"), null, db => db.Set<MailboxState>().Where(s => s.MailboxId == stand.Box).ExecuteDeleteAsync());
        }
        foreach (var one in new[] { expired, early, other, foreign, self }) one.Said.ShouldBe(0, "not a byte behind a certificate that is not right");
        await stand.Connect(box => box.ImapFolder = "INBOX");
        await stand.AllIsWell(Little);
        (await ben.See("/settings/mail-health")).Text("#box-" + N((int)0) + ", section .chip.good").ShouldBe("well");

        static string N(int number) => number.ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_folder_that_may_only_be_read_or_is_full_is_read_all_the_same_and_said()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        using var ben = await stand.House.ClientOf(stand.Ben);
        stand.Arrive(2);
        stand.Imap.Inbox.IsReadOnly = true;
        await stand.Connect();
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.ReadOnly, "only read");
        (await stand.Stored()).ShouldBe(2);
        (await ben.See("/settings/mail-health")).Body.ShouldContain("The folder INBOX may only be read: messages are taken, and cannot be marked, moved or deleted there.");
        (await ben.Post($"/settings/mailboxes/{stand.Box}/server", ("do", "test"))).Text(".banner").ShouldNotBeNull().ShouldStartWith("The folder INBOX may only be read");
        stand.Imap.Inbox.IsReadOnly = false;
        stand.Imap.HangUp();
        await stand.AllIsWell(Little);
        stand.Seen.Count.ShouldBe(2);

        // Full: what is to be moved cannot be.
        stand.Imap.AddFolder("Done");
        // (Twice: what has taken something looks again at once.)
        for (var n = 0; n < 2; n++) stand.Imap.Next(new Mischief(Trick.No, "MOVE", Text: "[OVERQUOTA] Quota exceeded (mailbox for user is full)"));
        await stand.Connect(box => (box.ImapThen, box.ImapMoveTo) = (AfterFetch.Move, "Done"));
        stand.Arrive(1);
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.Full, "full", TimeSpan.Zero);
        (await stand.Stored()).ShouldBe(3);
        (await ben.See("/settings/mail-health")).Body.ShouldContain("The mailbox is full: messages are taken, and cannot be put away there.");
        await stand.AllIsWell(Little);
        stand.Imap.Folder("Done").Messages.Count.ShouldBe(1);

        // The folder was renamed while it was open: said, and nothing is lost when it is back.
        stand.Imap.RenameFolder("INBOX", "Old");
        stand.Imap.HangUp();
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.NoSuchFolder, "renamed", Little);
        stand.Imap.RenameFolder("Old", "INBOX");
        stand.Arrive(1);
        await stand.AllIsWell(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task What_was_gone_for_a_week_is_fetched_afterwards_and_pauses_grow()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        await stand.Connect(box => box.ImapSecret = stand.House.Get<MailServers>().Seal("wrong"));
        var tries = new List<TimeSpan>();
        for (var n = 1; n <= 4; n++)
        {
            var count = n;
            await stand.Until(() => stand.Imap.Connections == count, $"try {n}");
            await stand.Until(async () => (await stand.State())?.NextTry > stand.House.Now, "it pauses");
            var pause = (await stand.State())!.NextTry!.Value - stand.House.Now;
            tries.Add(pause);
            await stand.Until(() => stand.House.Clock.HasTimerAt(pause), "it waits");
            // Not a moment sooner: an account is locked after too many.
            stand.House.Clock.Advance(pause - TimeSpan.FromSeconds(2));
            await Task.Yield();
            stand.Imap.Connections.ShouldBe(n);
            stand.House.Clock.Advance(TimeSpan.FromSeconds(4));
        }
        for (var n = 0; n < 4; n++) tries[n].ShouldBeInRange(TimeSpan.FromMinutes(5 * (1 << n) * 0.74), TimeSpan.FromMinutes(5 * (1 << n) * 1.01));
        stand.House.Clock.Advance(TimeSpan.FromDays(7));
        stand.Arrive(5);
        await stand.Connect();
        await stand.AllIsWell(Little);
    }

    [Fact]
    public async Task A_mailbox_that_is_throttled_waits_longer_each_time_and_the_others_go_on()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        await using var good = new FakeImap();
        var other = await stand.AddBox("sales@amends.example");
        await stand.Connect(which: other, server: good);
        for (var n = 0; n < 6; n++) stand.Imap.Next(new Mischief(Trick.No, "SELECT", Text: "[THROTTLED] Account exceeded bandwidth limits"));
        stand.Arrive(3);
        await stand.Connect();
        var pauses = new List<TimeSpan>();
        for (var n = 0; n < 6; n++)
        {
            var left = 5 - n;
            await stand.Until(async () => stand.Imap.Waiting == left && (await stand.State())?.NextTry > stand.House.Now, $"throttled {n}");
            pauses.Add((await stand.State())!.NextTry!.Value - stand.House.Now);
            stand.Seen.ShouldBeEmpty();
            // Beside it the other one takes each of its mails at once, while this one waits.
            good.Deliver(MailStand.Mail(1000 + n), received: stand.House.Clock.GetUtcNow());
            var all = n + 1;
            // A little passes with it: a clock that leaps over half an hour may have leapt over the answer to a command, and then the other one has a pause of its own.
            var until = stand.House.Now + pauses[n];
            await stand.Until(async () => await stand.Stored(other) == all, "the other", n == 0 ? null : TimeSpan.FromMilliseconds(100));
            (stand.House.Now < until).ShouldBeTrue("the other did not come first");
            stand.House.Clock.Advance(until - stand.House.Now + TimeSpan.FromSeconds(1));
        }
        for (var n = 0; n < 6; n++) pauses[n].ShouldBeInRange(TimeSpan.FromMinutes((1 << n) * 0.74), TimeSpan.FromMinutes((1 << n) * 1.01));
        await stand.AllIsWell();
        stand.Seen.Count.ShouldBe(3);
        (await stand.Stored(other)).ShouldBe(6);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_waited_for_a_week_comes_in_oldest_first_is_seen_to_come_and_answers_nobody(On on)
    {
        await using var stand = await MailStand.Open(on);
        await stand.Connect();
        stand.Arrive(1);
        await stand.AllIsWell(Little);
        stand.Imap.Next([.. Enumerable.Repeat(new Mischief(Trick.Bye, "GREETING", Text: "down"), 3)]);
        stand.Imap.HangUp();
        await stand.Until(async () => (await stand.State())?.Trouble is not null, "away");
        for (var n = 0; n < 6; n++) stand.House.Clock.Advance(TimeSpan.FromDays(1));
        stand.Arrive(400, daysAgo: 5);
        using var ben = await stand.House.ClientOf(stand.Ben);
        var seen = new List<int>();
        await stand.Until(async () =>
        {
            if ((await stand.State())?.NotHere is > 0 and var left && (seen.Count == 0 || seen[^1] != left))
            {
                seen.Add(left);
                // The page says the same.
                (await ben.See("/settings/mail-health")).Body.ShouldContain("of them not here yet");
            }
            // Nothing is marked there that is not stored here.
            stand.Seen.Count.ShouldBeLessThanOrEqualTo(await stand.Stored());
            return await stand.Stored() == 401;
        }, "all is in", Little);
        await stand.AllIsWell(Little);
        seen.Count.ShouldBeGreaterThan(1, "how much is missing was to be seen while it went down");
        seen.Zip(seen.Skip(1)).ShouldAllBe(two => two.Second < two.First);
        using var db = stand.House.Databases.Open();
        var lines = await db.Set<FetchedMail>().Where(f => f.MailboxId == stand.Box).OrderBy(f => f.Uid).Select(f => f.DeliveryId!.Value).ToListAsync();
        lines.ShouldBe([.. lines.Order()], "who has waited longest comes first");
        await stand.Read();
        (await db.Set<OutgoingMail>().CountAsync(m => m.Recipients.Any(r => EF.Functions.Like(r.Address, "%@customer.example")))).ShouldBeLessThanOrEqualTo(1, "nobody is written to because he wrote a week ago (one wrote today)");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_owner_is_told_after_a_quarter_of_an_hour_and_once_each_time(On on)
    {
        await using var stand = await MailStand.Open(on);
        var other = await Some.Colleague(stand.House, "Olga Petrova", await Some.AdminRole(stand.House), stand.Team);
        await stand.Connect(box => box.ImapFolder = "Post");
        await stand.Until(async () => (await stand.State())?.FailsSince is not null, "it fails");
        async Task<int> Told(long whom)
        {
            using var db = stand.House.Databases.Open();
            return await db.Set<Amends.Cases.Notification>().CountAsync(n => n.ColleagueId == whom && n.MailboxId == stand.Box);
        }
        var line = Timetable.Lines.Single(l => l.Name == "tell of mailboxes that cannot be read");
        // From pause to pause: a try that is under way would run out of time by a clock that is moved further.
        async Task<DateTime> Paused()
        {
            DateTime? next = null;
            await stand.Until(async () => stand.Imap.Open == 0 && (next = (await stand.State())?.NextTry) > stand.House.Now && stand.House.Clock.HasTimerAt(next.Value - stand.House.Now), "it pauses");
            return next!.Value;
        }
        async Task Pass(TimeSpan by)
        {
            var end = stand.House.Now + by;
            while (await Paused() is var next && next <= end) stand.House.Clock.Advance(next - stand.House.Now + TimeSpan.FromMilliseconds(10));
            stand.House.Clock.Advance(end - stand.House.Now);
            await line.Work(stand.House.App.Services, CancellationToken.None);
        }
        await Pass(TimeSpan.FromMinutes(14));
        (await Told(stand.Ben)).ShouldBe(0);
        await Pass(TimeSpan.FromMinutes(2));
        await Pass(TimeSpan.Zero);
        await Pass(TimeSpan.FromHours(5));
        (await Told(stand.Ben)).ShouldBe(1);
        (await Told(other)).ShouldBe(0, "whose mailbox it is not");
        using (var ben = await stand.House.ClientOf(stand.Ben))
        {
            var page = await ben.See("/notices");
            page.Body.ShouldContain("A mailbox cannot be read");
            page.Document.QuerySelector(".notice-row a")!.GetAttribute("href").ShouldBe("/settings/mail-health");
            using var db = stand.House.Databases.Open();
            var mails = await db.Set<OutgoingMail>().Include(m => m.Recipients).Where(m => m.Subject == "service@amends.example cannot be read").ToListAsync();
            mails.Count.ShouldBe(1);
            mails[0].Recipients.Select(r => r.Address).ShouldBe(["ben.kim@amends.example"]);
            var blob = await db.Set<Amends.Foundation.Blobs.Blob>().SingleAsync(b => b.Id == mails[0].BlobId);
            var said = MailMessage.Read(await stand.House.Get<Amends.Foundation.Blobs.BlobStore>().Read(blob)).TextBody.ShouldNotBeNull();
            said.ShouldContain("There is no folder Post in the mailbox. It was renamed or removed. Choose the folder again.", customMessage: said);
            // The one button marks it as read.
            (await ben.Send(page, "/notices/read")).Location.ShouldBe("/notices");
            (await ben.See("/notices")).Document.QuerySelectorAll(".notice-row.new").ShouldBeEmpty();
        }
        // Well again, and then not: that is another time.
        stand.Imap.AddFolder("Post");
        await stand.Until(async () => (await stand.State())?.Trouble is null, "well", TimeSpan.FromMinutes(1));
        stand.Imap.RemoveFolder("Post");
        stand.Imap.HangUp();
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.NoSuchFolder, "not well", Little);
        // (However its tries fall: it has failed for so long.)
        stand.House.Clock.Advance(TimeSpan.FromMinutes(16));
        await line.Work(stand.House.App.Services, CancellationToken.None);
        (await Told(stand.Ben)).ShouldBe(2);
    }

    [Fact]
    public async Task A_password_of_another_house_key_is_said_and_a_disk_that_is_full_leaves_mail_there()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        stand.Arrive(1);
        await stand.Connect(box => box.ImapSecret = new byte[60]);
        await stand.Until(async () => (await stand.State())?.Trouble == MailTrouble.NoSecret, "no secret");
        stand.Imap.Connections.ShouldBe(0);
        // The folder of files cannot be written: nothing is marked, and it goes on when it can.
        var blobs = Path.Combine(stand.House.Place.Folder, "blobs");
        if (Directory.Exists(blobs)) Directory.Delete(blobs, recursive: true);
        await File.WriteAllTextAsync(blobs, "in the way");
        await stand.Connect();
        await stand.Until(async () => (await stand.State())?.Trouble is MailTrouble.NoRoomHere or MailTrouble.Fault, "no room", Little);
        stand.Seen.ShouldBeEmpty();
        (await stand.Stored()).ShouldBe(0);
        File.Delete(blobs);
        await stand.AllIsWell(Little);
    }

    [Fact]
    public async Task Doctor_says_which_mailbox_cannot_be_read_and_where_to_look()
    {
        await using var stand = await MailStand.Open(On.Sqlite);
        async Task<Amends.Commands.Check> Ask() => (await stand.House.Get<Amends.Commands.Doctor>().Look(serving: true, thorough: false, CancellationToken.None)).Single(c => c.Name == "Mail in");
        (await Ask()).ShouldBe(new("Mail in", Amends.Commands.Finding.Good, "no mailbox is fetched from a server: mail is handed in"));
        await stand.Connect();
        await stand.AllIsWell();
        (await Ask()).ShouldBe(new("Mail in", Amends.Commands.Finding.Good, "mailboxes that are read: 1"));
        await stand.Connect(box => box.ImapFolder = "Post");
        await stand.Until(async () => (await stand.State())?.Trouble is not null, "it fails");
        (await Ask()).ShouldBe(new("Mail in", Amends.Commands.Finding.Broken, "service@amends.example: There is no folder Post in the mailbox.", "Settings › Mail health says what to do, and has a button to try again."));
    }
}
