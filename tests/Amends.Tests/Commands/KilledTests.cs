using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Commands;

/// <summary>The real program, ended in the middle of its work.</summary>
public class KilledTests
{
    internal const string Key = "amends_intake-key-of-these-tests-012345";
    static readonly Actor Me = Actor.System("test");

    // A house on a folder, with a mailbox, a key and a colleague who is signed in; closed again, so that the program can have it.
    internal static async Task<string> Prepare(string data)
    {
        await using var house = await TestHouse.OpenAt(data, null, stays: true);
        var (brand, team) = (await Some.Brand(house), await Some.Team(house, "Service"));
        var ben = await Some.Colleague(house, "Ben Kim", await Some.AdminRole(house), team);
        var maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        await Some.Case(house, maria, team, brand);
        var token = Sessions.Token();
        await house.Write.Run(Me, null, db =>
        {
            var box = new Mailbox { Id = db.Ids!.Next(), Address = "service@amends.example", Name = "Service", BrandId = brand, TeamId = team };
            box.Changed();
            db.Add(box);
            var key = new AccessKey { Name = "pipe", Hash = Gate.Digest(Key), Scope = KeyScope.Intake, MadeAt = db.At };
            key.Did(false);
            db.Add(key);
            // By the machine's clock, which the program goes by.
            var now = RealClock.Now.UtcDateTime;
            db.Add(new Session { TokenHash = Gate.Digest(token), ColleagueId = ben, MadeAt = now, SeenAt = now, EndsAt = now.AddDays(1), ProvedAt = now });
            return Task.CompletedTask;
        });
        return token;
    }

    static byte[] Mail(int n, string text = "It stops.") => Encoding.UTF8.GetBytes(
        $"From: Customer {n % 40} <c{n % 40}@customer.example>\r\nTo: service@amends.example\r\nSubject: Matter {n}\r\n{(n % 20 == 0 ? "" : $"Message-ID: <m{n - n % 20 / 19}@customer.example>\r\n")}Date: Sat, 21 Nov 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\n" +
        (n % 5 == 0 ? $"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{text} {n}\r\n--b\r\nContent-Type: text/plain; name=a{n}.txt\r\nContent-Disposition: attachment\r\n\r\nfile of {n}\r\n--b--\r\n" : $"Content-Type: text/plain\r\n\r\n{text} {n}\r\n"));

    [Fact]
    public async Task F01_an_import_that_is_killed_again_and_again_takes_each_mail_once_and_whole()
    {
        const int mails = 600;
        using var scratch = new Scratch();
        var (data, folder) = (scratch.Under("data"), Directory.CreateDirectory(scratch.Under("mails")).FullName);
        await Prepare(data);
        for (var n = 0; n < mails; n++) await File.WriteAllBytesAsync(Path.Combine(folder, $"{n:0000}.eml"), Mail(n));
        // The same again under another name, and one that is no mail at all.
        await File.WriteAllBytesAsync(Path.Combine(folder, "9998.eml"), Mail(7));
        await File.WriteAllBytesAsync(Path.Combine(folder, "9999.eml"), [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]);
        string[] import = ["import", "eml", folder, "--mailbox", "service@amends.example", "--data", data];

        async Task<int> Stored()
        {
            await using var line = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "amends.db")};Mode=ReadWrite;Pooling=False");
            await line.OpenAsync();
            await using var ask = line.CreateCommand();
            ask.CommandText = "SELECT COUNT(*) FROM \"Delivery\"";
            return Convert.ToInt32(await ask.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }

        // Killed while it stores: at some more mails each time.
        var (kills, random) = (0, new Random(1));
        for (var at = 0; at < 5; at++)
        {
            await using var one = RealProgram.Begin(import);
            var target = await Stored() + random.Next(20, 90);
            while (!one.HasEnded && await Stored() < target) await Task.Delay(2);
            if (!one.HasEnded) kills++;
            await one.Kill();
        }
        kills.ShouldBeGreaterThanOrEqualTo(3);
        var begun = await Stored();
        begun.ShouldBeInRange(1, mails, "in the middle");
        var (code, said, failed) = await RealProgram.Run(import);
        code.ShouldBe(0, failed);
        said.ShouldContain("were here already");
        (await Stored()).ShouldBe(mails + 1);
        (code, said, failed) = await RealProgram.Run(import);
        code.ShouldBe(0, failed);
        (await Stored()).ShouldBe(mails + 1, "twice is once");

        // Killed while it reads them.
        for (var at = 0; at < 3; at++)
        {
            await using var server = await RealProgram.Serve(RealProgram.FreePort(), data);
            await Task.Delay(random.Next(100, 1500));
            await server.Kill();
        }
        await using var house = await TestHouse.OpenAt(data, null, serve: true, stays: true);
        house.Clock.Set(RealClock.Now.AddMinutes(10));
        for (var i = 0; i < 2400; i++)
        {
            using var look = house.Databases.Open();
            if (!await look.Set<Delivery>().AnyAsync(d => d.State == DeliveryState.Received)) break;
            house.Get<Runner>().Wake(Lane.Bulk);
            await Task.Delay(50);
        }
        using var db = house.Databases.Open();
        (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check").ToListAsync()).ShouldBe(["ok"]);
        var deliveries = await db.Set<Delivery>().ToListAsync();
        deliveries.Select(d => Convert.ToHexString(d.Sha256)).Order().ShouldBe(Enumerable.Range(0, mails).Select(Mail0).Append(Convert.ToHexString(SHA256.HashData([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3]))).Order());
        deliveries.Count(d => d.State == DeliveryState.Quarantined).ShouldBe(1, "what is no mail is seen, and stops nothing");
        deliveries.Count(d => d.State == DeliveryState.Taken).ShouldBe(mails);
        // Each mail one contact, each with its file, none twice, none torn.
        var contacts = await db.Set<Contact>().Where(c => c.Direction == Direction.In).Select(c => new { c.Id, c.Text, c.CaseId }).ToListAsync();
        contacts.Count.ShouldBe(mails);
        contacts.Select(c => c.Text).Distinct().Count().ShouldBe(mails);
        (await db.Set<CaseFile>().CountAsync()).ShouldBe(mails / 5);
        (await db.Set<CaseFile>().Select(f => f.Name).Distinct().CountAsync()).ShouldBe(mails / 5);
        (await db.Set<Amends.Foundation.Outbox.OutgoingMail>().CountAsync()).ShouldBe(0, "nobody is answered by an import");
        static string Mail0(int n) => Convert.ToHexString(SHA256.HashData(Mail(n)));
    }

    [Fact]
    public async Task F15_a_stop_while_eight_write_loses_nothing_that_was_acknowledged_and_keeps_its_limit()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        var token = await Prepare(data);
        var (mails, notes, files) = (new ConcurrentBag<string>(), new ConcurrentBag<string>(), new ConcurrentBag<string>());
        var old = Directory.CreateDirectory(scratch.Under("old")).FullName;
        for (var n = 0; n < 1500; n++) await File.WriteAllBytesAsync(Path.Combine(old, $"{n:0000}.eml"), Mail(n, "From the old mailbox."));
        string[] import = ["import", "eml", old, "--mailbox", "service@amends.example", "--data", data];
        async Task<int> Imported()
        {
            await using var line = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(data, "amends.db")};Mode=ReadOnly;Pooling=False");
            await line.OpenAsync();
            await using var ask = line.CreateCommand();
            ask.CommandText = "SELECT COUNT(*) FROM \"Delivery\" WHERE \"Way\" = 'import'";
            return Convert.ToInt32(await ask.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
        }
        for (var stop = 0; stop < 3; stop++)
        {
            var port = RealProgram.FreePort();
            await using var server = await RealProgram.Serve(port, data);
            var before = await Imported();
            await using var importing = RealProgram.Begin(import);
            using var end = new CancellationTokenSource();
            var broken = new ConcurrentBag<string>();
            var round = stop;
            var writers = Enumerable.Range(0, 8).Select(w => Task.Run(async () =>
            {
                var cookies = new CookieContainer();
                cookies.Add(new Uri($"http://localhost:{port}"), new Cookie("amends", token));
                using var client = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{port}") };
                try
                {
                    var form = "";
                    for (var n = 0; !end.IsCancellationRequested; n++)
                    {
                        try
                        {
                            if (w < 5)
                            {
                                var mail = Mail(n, $"{round} {w}");
                                using var post = new HttpRequestMessage(HttpMethod.Post, "/intake/mail?mailbox=service@amends.example") { Content = new ByteArrayContent(mail) };
                                post.Headers.Add("Authorization", "Bearer " + Key);
                                var taken = await client.SendAsync(post);
                                if (taken.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK) mails.Add(Convert.ToHexString(SHA256.HashData(mail)));
                                else if ((int)taken.StatusCode is not (503 or 502)) broken.Add($"intake {round} {w} {n} {taken.StatusCode} {await taken.Content.ReadAsStringAsync()}");
                                continue;
                            }
                            if (form.Length == 0) form = Regex.Match(await client.GetStringAsync("/cases/1001"), "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking).Groups[1].Value;
                            if (w == 7)
                            {
                                var name = $"f-{round}-{n}.bin";
                                using var pieces = new MultipartFormDataContent { { new StringContent(form), "__RequestVerificationToken" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(new string('f', 50_000) + name)), "file", name } };
                                var kept = await client.PostAsync("/cases/1001/uploads", pieces);
                                if (kept.StatusCode == HttpStatusCode.OK) files.Add(name);
                                else if ((int)kept.StatusCode != 503) broken.Add($"upload {kept.StatusCode} {await kept.Content.ReadAsStringAsync()}");
                                continue;
                            }
                            var text = $"Note {round} {w} {n}";
                            using var words = new FormUrlEncodedContent([new("__RequestVerificationToken", form), new("once", Guid.NewGuid().ToString("N")), new("text", text)]);
                            var noted = await client.PostAsync("/cases/1001/notes", words);
                            if (noted.StatusCode == HttpStatusCode.SeeOther) notes.Add(text);
                            else if ((int)noted.StatusCode != 503) broken.Add($"note {noted.StatusCode}");
                        }
                        // Cut off or refused: nothing was acknowledged.
                        catch (HttpRequestException) { await Task.Delay(20); }
                    }
                }
                catch (OperationCanceledException) { }
            })).ToList();
            // Under way with all of it, however busy the machine is.
            await Until(async () => mails.Count >= 15 * (round + 1) && notes.Count >= 5 * (round + 1) && files.Count >= 3 * (round + 1) && await Imported() > before, "all of it is under way");
            importing.HasEnded.ShouldBeFalse();
            var code = (await server.Terminate()).Code;
            await end.CancelAsync();
            await Task.WhenAll(writers);
            code.ShouldBe(0, server.Failed);
            broken.ShouldBeEmpty();
            // Who was at the command line is told, in a sentence, and begins again later.
            (await importing.Ends(TimeSpan.FromMinutes(1))).ShouldBeTrue();
            importing.Failed.Trim().ShouldBe("The running Amends ended while it was at work. Look at its log, then try again.");
        }
        var (ended, said, failed) = await RealProgram.Run(import);
        ended.ShouldBe(0, failed);
        said.ShouldContain("were here already");
        (await Imported()).ShouldBe(1500);
        await using var house = await TestHouse.OpenAt(data, null, stays: true);
        using var db = house.Databases.Open();
        (await db.Set<Delivery>().Select(d => d.Sha256).ToListAsync()).ConvertAll(Convert.ToHexString).ToHashSet().IsSupersetOf(mails).ShouldBeTrue();
        var stored = await db.Set<Note>().Select(n => n.Text).ToListAsync();
        stored.Count.ShouldBe(stored.Distinct().Count());
        notes.Except(stored).ShouldBeEmpty();
        // Each file that was acknowledged is there, and whole.
        var rows = await db.Set<CaseFile>().Where(f => f.Of == FileOf.Draft).ToDictionaryAsync(f => f.Name);
        files.Except(rows.Keys).ShouldBeEmpty();
        foreach (var name in files)
        {
            var blob = await db.Set<Amends.Foundation.Blobs.Blob>().SingleAsync(b => b.Id == rows[name].BlobId);
            Encoding.UTF8.GetString(await house.Get<Amends.Foundation.Blobs.BlobStore>().Read(blob)).ShouldEndWith("f" + name);
        }
        // No job was lost: each mail that was stored is read, or its job waits.
        var unread = await db.Set<Delivery>().Where(d => d.State == DeliveryState.Received).Select(d => d.Id).ToListAsync();
        var waiting = (await db.Set<Job>().Where(j => j.Kind == "read mail").Select(j => j.DedupeKey).ToListAsync()).ToHashSet();
        unread.Where(id => !waiting.Contains(string.Create(CultureInfo.InvariantCulture, $"read mail:{id}"))).ShouldBeEmpty();
    }

    static int Sh(string program, params string[] words)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, words) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }

    // As a browser of the colleague whose session it is; following no redirects.
    static HttpClient Browser(int port, string token)
    {
        var cookies = new CookieContainer();
        cookies.Add(new Uri($"http://localhost:{port}"), new Cookie("amends", token));
        return new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{port}") };
    }

    static async Task<HttpStatusCode> Deliver(HttpClient client, byte[] mail)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, "/intake/mail?mailbox=service@amends.example") { Content = new ByteArrayContent(mail) };
        post.Headers.Add("Authorization", "Bearer " + Key);
        using var answer = await client.SendAsync(post);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) answer.Headers.RetryAfter.ShouldNotBeNull("the mail server tries again");
        return answer.StatusCode;
    }

    static async Task Until(Func<Task<bool>> holds, string what)
    {
        for (var i = 0; !await holds(); i++)
        {
            i.ShouldBeLessThan(1200, what);
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task F03_a_disk_that_fills_under_the_whole_program_is_said_and_nothing_is_lost()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "needs the right to mount a small disk");
        using var scratch = new Scratch();
        var disk = Directory.CreateDirectory(scratch.Under("disk")).FullName;
        if (Sh("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk) != 0) Assert.Skip("no small disk can be mounted here");
        try
        {
            var data = Path.Combine(disk, "data");
            var token = await Prepare(data);
            var (port, taken) = (RealProgram.FreePort(), new HashSet<string>());
            await using (var server = await RealProgram.Serve(port, data))
            {
                using var client = Browser(port, token);
                async Task<bool> Ready() => (await client.GetAsync("/health/ready")).IsSuccessStatusCode;
                async Task<bool> Take(int n)
                {
                    var mail = Mail(n, new string('w', 60_000));
                    var status = await Deliver(client, mail);
                    if (status is HttpStatusCode.Created or HttpStatusCode.OK) taken.Add(Convert.ToHexString(SHA256.HashData(mail)));
                    else status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                    return status == HttpStatusCode.Created;
                }
                for (var n = 1; n <= 12; n++) (await Take(n)).ShouldBeTrue();
                (await Ready()).ShouldBeTrue();
                var page = await client.See("/cases/1001");
                // Full to the last byte, while mail comes in.
                var filler = Path.Combine(disk, "filler");
                await using (var fill = new FileStream(filler, FileMode.Create, FileAccess.Write, FileShare.None, 0))
                    try { while (true) fill.Write(new byte[4096]); }
                    catch (IOException) { }
                var refused = new List<int>();
                for (var n = 13; refused.Count < 8; n++)
                {
                    n.ShouldBeLessThan(600);
                    if (!await Take(n)) refused.Add(n);
                }
                await Until(async () => !await Ready(), "readiness falls");
                // (What is logged comes a moment later than the answer.)
                await Until(() => Task.FromResult(server.Said.Contains("% full", StringComparison.Ordinal)), "the log says why");
                (await client.GetStringAsync("/health/live")).ShouldBe("ok");
                var note = await client.Send(page, "/cases/1001/notes", ("text", new string('n', 40_000) + " typed"), ("once", "a"));
                (note.Status, note.Body).ShouldSatisfyAllConditions(
                    seen => seen.Status.ShouldBe(HttpStatusCode.ServiceUnavailable),
                    seen => seen.Body.ShouldContain("The disk is full: nothing was saved. Free some space in the data folder and try again."),
                    seen => seen.Body.ShouldContain("nnn typed"));
                var file = await client.SendFiles(page, "/cases/1001/uploads", [("file", "large.bin", new byte[300_000])]);
                file.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
                file.Body.ShouldContain("The disk is full");
                // Reading goes on, and the page about the house names it.
                (await client.See("/cases/1001")).Status.ShouldBe(HttpStatusCode.OK);
                (await client.See("/settings/about")).Body.ShouldContain("at 95 % the house takes no more requests");

                File.Delete(filler);
                await Until(Ready, "it goes on by itself");
                await Until(() => Task.FromResult(server.Said.Contains("Ready again", StringComparison.Ordinal)), "the log says so");
                foreach (var n in refused) (await Take(n)).ShouldBeTrue();
                (await client.Send(page, "/cases/1001/notes", ("text", "typed again"), ("once", "b"))).Status.ShouldBe(HttpStatusCode.SeeOther);
                (await server.Terminate()).Code.ShouldBe(0);
                server.Failed.ShouldBeEmpty();
            }
            await using var house = await TestHouse.OpenAt(data, null, serve: true, stays: true);
            house.Clock.Set(RealClock.Now.AddMinutes(30));
            await Until(async () =>
            {
                using var look = house.Databases.Open();
                house.Get<Runner>().Wake(Lane.Bulk);
                return !await look.Set<Delivery>().AnyAsync(d => d.State == DeliveryState.Received);
            }, "all of it is read");
            using var db = house.Databases.Open();
            (await db.Database.SqlQueryRaw<string>("SELECT integrity_check AS \"Value\" FROM pragma_integrity_check").ToListAsync()).ShouldBe(["ok"]);
            var deliveries = await db.Set<Delivery>().ToListAsync();
            deliveries.Select(d => Convert.ToHexString(d.Sha256)).Order().ShouldBe(taken.Order(), "what was taken, each once");
            deliveries.ShouldAllBe(d => d.State == DeliveryState.Taken);
            var blobs = await db.Set<Amends.Foundation.Blobs.Blob>().ToDictionaryAsync(b => b.Id);
            foreach (var one in deliveries) SHA256.HashData(await house.Get<Amends.Foundation.Blobs.BlobStore>().Read(blobs[one.BlobId])).ShouldBe(one.Sha256, "and whole");
        }
        finally { Sh("umount", "-l", disk); }
    }
}
