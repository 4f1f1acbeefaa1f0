using System.Collections.Concurrent;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>Secrets that were planted are found in no answer and no line of the log (A28, A46).</summary>
public class SecretsTests
{
    sealed class Heard : ILoggerProvider, ILogger
    {
        public readonly ConcurrentQueue<string> Lines = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Enqueue($"{formatter(state, exception)} {exception}");
        public void Dispose() { }
    }

    static readonly TryIt Faulty = _ => throw new InvalidOperationException("a fault of ours");

    [Fact]
    public async Task A46_A28_planted_secrets_are_nowhere()
    {
        var log = new Heard();
        await using var full = await FullHouse.Make(On.Sqlite, services => services.AddSingleton<ILoggerProvider>(log).AddSingleton(Faulty)
            .Configure<LoggerFilterOptions>(o => o.MinLevel = LogLevel.Debug));
        const string password = "canary tram harbour violet 4711";
        var (hash, session, link, totp, codes) = (Passwords.Hash(password), Sessions.Token(), Sessions.Token(), Totp.NewKey(), SecondFactor.NewCodes());
        await full.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(full.Ben);
            (ben.PasswordHash, ben.TotpKey) = (hash, full.House.Get<HouseKey>().Seal("totp", totp));
            ben.Did(ColleagueDeed.PasswordSet);
            await SecondFactor.Keep(db, full.Ben, codes);
            Sessions.Begin(db, session, full.Ben, "test");
            await MailLinks.Keep(db, link, LinkPurpose.Reset, full.Ben);
        });
        using var stranger = full.House.Client();
        // The wrong field, the wrong door, the wrong answer: what a person types by mistake must not be kept either.
        await stranger.Post("/sign-in", ("address", password), ("password", password));
        await stranger.Post("/sign-in", ("address", "ben.kim@amends.example"), ("password", password));
        await stranger.GetAsync("/new-password/" + link + "x");
        foreach (var (path, fields) in new (string, (string, string)[])[]
        {
            ("/me/password", [("current-password", password), ("new-password", password), ("again-password", "x")]), ("/me/recovery-codes", [("current-password", password)]), ("/first-run/try", [("password", password)]),
            ("/settings/teams/999", [("name", "x"), ("password", password)]), ($"/cases/{full.Ordinary.Number}/reply", [("text", "hello"), ("to", "not an address"), ("password", password)])
        }) await full.Try(full.Admin, HttpMethod.Post, path, fields);
        using var pipe = full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        await pipe.PostAsync("/intake/mail?mailbox=nobody@amends.example", new StringContent("x"));
        log.Lines.ShouldContain(line => line.Contains("a fault of ours", StringComparison.Ordinal));
        var starts = new List<string> { full.CaseLink };
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) starts.AddRange(await full.Addresses(door));
        var answers = await Crawl.From(full.Admin, starts, 300);
        answers.AddRange(await Crawl.From(full.AgentA, ["/me", "/desk/open", "/people", "/settings"], 60));
        string[] secrets = [password, hash, session, Convert.ToHexString(Gate.Digest(session)), link, FullHouse.AccessKey, FullHouse.MailPassword, FullHouse.ImapPassword, FullHouse.AppSecret, FullHouse.LastingToken, Totp.Base32(totp), Convert.ToBase64String(totp), .. codes,
            Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(full.House.Place.Folder, "keys", "house.key")))];
        foreach (var secret in secrets)
        {
            answers.Where(a => a.Body.Contains(secret, StringComparison.OrdinalIgnoreCase)).Select(a => a.Address).ShouldBeEmpty(secret);
            log.Lines.Where(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty(secret);
        }
        // Nor do they lie in the database in the clear.
        var rows = await full.Rows();
        foreach (var secret in secrets.Where(s => s != hash && !s.StartsWith(Convert.ToHexString(Gate.Digest(session)), StringComparison.Ordinal)))
            foreach (var (table, texts) in rows)
                texts.Where(t => t.Contains(secret, StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty($"{secret} in {table}");
    }

    [Fact]
    public async Task A46_a_line_of_the_log_stays_one_line()
    {
        await using var house = await TestHouse.Open(On.Sqlite);
        // The formatter that the program writes with, taken from the program.
        var formatter = house.App.Services.GetServices<ConsoleFormatter>().Single(f => f.Name == house.Get<IOptions<ConsoleLoggerOptions>>().Value.FormatterName);
        static string Say(ConsoleFormatter formatter, string path, Exception? why)
        {
            using var said = new StringWriter();
            formatter.Write(new LogEntry<string>(LogLevel.Error, "Amends.Web", 0, path, why, (state, _) => $"GET {state} failed"), null, said);
            return said.ToString();
        }
        foreach (var hostile in new[] { "/desk/\r\n12:00:00 info: forged line", "/x\u001b[31mred\u001b]0;title\u0007", "/x\u0085forged\u2028forged\u2029forged", "/x\u202Egnp.exe\u2066", "/\0\b\b\b\u007f\u009b31m", "/" + new string('a', 1_000_000) + "\n", "/\uD83D half a sign" })
            foreach (var why in new[] { null, new InvalidOperationException("user agent " + hostile) })
            {
                var line = Say(formatter, hostile, why);
                line.IndexOf('\n', StringComparison.Ordinal).ShouldBe(line.Length - 1, hostile[..Math.Min(20, hostile.Length)]);
                line[..^1].Where(c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator).ShouldBeEmpty();
                line.Length.ShouldBeLessThan(LogLine.Longest + 10);
                line.ShouldContain("Amends.Web GET /");
            }
    }
}
