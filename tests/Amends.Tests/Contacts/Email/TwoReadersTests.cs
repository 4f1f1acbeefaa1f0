using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.Tests.Cast;
using Amends.Tests.Commands;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Tests.Contacts.Email;

/// <summary>Two processes on one PostgreSQL and one mailbox (F10, in short).</summary>
public class TwoReadersTests
{
    static void Signal(RealProgram to, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, to.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    [Fact]
    public async Task F10_one_of_two_processes_reads_a_mailbox_and_where_it_stands_still_the_other_goes_on()
    {
        using var scratch = new Scratch();
        await using var imap = new FakeImap();
        var data = scratch.Under("data");
        var database = await Postgres.CreateDatabase();
        try
        {
            long box;
            await using (var house = await TestHouse.OpenAt(data, database, stays: true))
            {
                var (brand, team) = (await Some.Brand(house), await Some.Team(house, "Service"));
                box = await house.Write.Run(Actor.System("test"), null, async db =>
                {
                    var one = new Mailbox { Id = db.Ids!.Next(), Address = "service@amends.example", Name = "Service", BrandId = brand, TeamId = team, ImapOn = true, ImapHost = "127.0.0.1", ImapPort = imap.Port, ImapSecurity = MailSecurity.None, ImapUser = "desk", ImapFolder = "INBOX" };
                    one.ImapSecret = house.Get<MailServers>().Seal(FakeImap.Password);
                    one.Changed();
                    db.Add(one);
                    await house.Get<House>().Set(db, HouseSettings.Inner, "localhost:*");
                    return one.Id;
                });
            }
            var sent = new List<string>();
            void Arrive(int count)
            {
                for (var n = 0; n < count; n++)
                {
                    var raw = MailStand.Mail(sent.Count + 1);
                    sent.Add(Convert.ToHexString(SHA256.HashData(raw)));
                    imap.Deliver(raw, received: RealClock.Now.AddMinutes(-1));
                }
            }
            await using var source = Npgsql.NpgsqlDataSource.Create(database);
            async Task<List<string>> Stored()
            {
                await using var ask = source.CreateCommand("SELECT upper(encode(\"Sha256\", 'hex')) FROM \"Delivery\"");
                await using var rows = await ask.ExecuteReaderAsync();
                var all = new List<string>();
                while (await rows.ReadAsync()) all.Add(rows.GetString(0));
                return all;
            }
            async Task Until(Func<Task<bool>> holds, string what, int seconds = 60)
            {
                var since = Stopwatch.GetTimestamp();
                while (!await holds())
                {
                    Stopwatch.GetElapsedTime(since).ShouldBeLessThan(TimeSpan.FromSeconds(seconds), $"{what}: {imap.Connections} connections, {imap.Open} open, {(await Stored()).Count} stored");
                    await Task.Delay(100);
                }
            }
            Arrive(20);
            var programs = new List<RealProgram>();
            try
            {
                for (var n = 0; n < 2; n++) programs.Add(await RealProgram.Serve(RealProgram.FreePort(), data, "--database", database));
                await Until(async () => (await Stored()).Count == 20, "read");
                // The other one looks and sees that it is taken care of.
                Arrive(10);
                await Until(async () => (await Stored()).Count == 30, "read on");
                (imap.Connections, imap.Open).ShouldBe((1, 1), "never both");
                // Whoever reads stands still, with its connection open and its work half done: stopped in the middle of a message.
                var reader = await ReaderOf(imap, programs);
                Signal(reader, "STOP");
                Arrive(10);
                await Until(async () => (await Stored()).Count == 40, "the other takes over", seconds: 90);
                imap.Connections.ShouldBe(2);
                // It wakes and believes that it still reads: it lets go, and nothing is there twice.
                Signal(reader, "CONT");
                await Until(() => Task.FromResult(imap.Open == 1), "the one that stood still lets go");
                Arrive(10);
                await Until(async () => (await Stored()).Count == 50, "and all goes on");
                await Task.Delay(2_000);
                (await Stored()).Order().ShouldBe(sent.Order());
                imap.Open.ShouldBe(1);
                imap.Malformed.ShouldBeEmpty();
            }
            finally { foreach (var one in programs) await one.DisposeAsync(); }
        }
        finally { await Postgres.DropDatabase(database); }

        // The process whose socket is the other end of the server's one connection.
        static async Task<RealProgram> ReaderOf(FakeImap imap, List<RealProgram> programs)
        {
            foreach (var one in programs)
            {
                var sockets = Directory.EnumerateFiles($"/proc/{one.Id}/fd").Select(f => new FileInfo(f).LinkTarget ?? "").Where(t => t.StartsWith("socket:[", StringComparison.Ordinal)).Select(t => t[8..^1]).ToHashSet();
                var port = imap.Port.ToString("X4", CultureInfo.InvariantCulture);
                foreach (var file in new[] { "tcp", "tcp6" })
                    foreach (var line in await File.ReadAllLinesAsync($"/proc/{one.Id}/net/{file}"))
                        if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, var remote, "01", ..] parts && remote.EndsWith(":" + port, StringComparison.Ordinal) && parts.Length > 9 && sockets.Contains(parts[9])) return one;
            }
            throw new InvalidOperationException("Nobody is connected.");
        }
    }
}
