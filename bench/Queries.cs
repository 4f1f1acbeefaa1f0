using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Amends.Bench;

/// <summary>What each page of the desk asks of the database: its statements in order, the time of each, and the plan of those that take longest.</summary>
static class QueriesBench
{
    public static async Task<int> Run(Asked asked)
    {
        var place = asked.Place;
        var ear = new Ear();
        var token = Sessions.Token();
        await using var databases = new Databases(place, Modules.Tables, options => options.AddInterceptors(ear));
        await using var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), TimeProvider.System, services => services.AddSingleton(databases));
        await app.Services.GetRequiredService<Upgrade>().RunAsync();
        await app.Services.GetRequiredService<Writer>().Run(Actor.System("bench"), null, async db => Sessions.Begin(db, token, await db.Set<Colleague>().OrderBy(c => c.Id).Select(c => c.Id).FirstAsync(), "bench"));
        List<long> numbers;
        using (var db = databases.Open())
            numbers = await db.CasesVisibleTo(Who.House("bench")).Where(c => c.State == CaseState.Open).OrderByDescending(c => c.LastContactAt).Select(c => c.Number).Take(60).ToListAsync();
        await app.StartAsync();
        var here = new Uri(app.Urls.First());
        var cookies = new System.Net.CookieContainer();
        cookies.Add(here, new System.Net.Cookie("amends", token));
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = here };
        var next = 0;
        string Case() => "/cases/" + numbers[next++ % numbers.Count].ToString(CultureInfo.InvariantCulture);
        foreach (var (name, path) in new (string, Func<string>)[]
        {
            ("list, all open", () => "/desk/open"), ("list, mine", () => "/desk/mine"), ("list, nothing planned", () => "/desk/none"), ("list, closed", () => "/desk/closed"), ("one case", Case),
            ("search, common word", () => "/search?q=pump+"), ("search, rare word", () => "/search?q=HV40-100007"), ("search, beginning", () => "/search?q=bra"), ("reply form", () => Case() + "/reply"),
        })
        {
            if (asked.Option("only") is { } only && !name.Contains(only, StringComparison.Ordinal)) continue;
            for (var i = 0; i < 50; i++) await client.GetAsync(path());
            ear.Heard.Clear();
            var before = GC.GetTotalAllocatedBytes();
            var clock = Stopwatch.StartNew();
            using var answer = await client.GetAsync(path());
            var body = await answer.Content.ReadAsByteArrayAsync();
            var took = clock.Elapsed.TotalMilliseconds;
            var heard = ear.Heard.ToList();
            Console.WriteLine($"== {name}: {(int)answer.StatusCode}, {body.Length / 1024} KB, {took:0.0} ms, {heard.Count} statements of {heard.Sum(h => h.Took):0.0} ms, {(GC.GetTotalAllocatedBytes() - before) / 1024} KB made");
            foreach (var (sql, parameters, ms) in heard)
            {
                Console.WriteLine($"{ms,8:0.00} ms  {string.Join(' ', sql.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries))}");
                if (ms > 0.25 || asked.Option("plans") == "all") await Plan(databases, sql, parameters);
            }
        }
        if (asked.Option("only") is null or "reply sent") await Reply(app, client, ear, Case);
        if (asked.Option("only") is null or "mail") await Mail(app, here, ear);
        await app.StopAsync();
        return 0;
    }

    // One mail and all that follows it.
    static async Task Mail(WebApplication app, Uri here, Ear ear)
    {
        var (databases, token) = (app.Services.GetRequiredService<Databases>(), Sessions.Token());
        await IntakeBench.MakeKey(app, token);
        using var client = new HttpClient { BaseAddress = here };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var answered = 0;
        foreach (var mail in IntakeBench.Make(40, 11))
        {
            ear.Heard.Clear();
            using var content = new ByteArrayContent(mail);
            content.Headers.ContentType = new("message/rfc822");
            using var answer = await client.PostAsync("/intake/mail?mailbox=service@bench.example", content);
            answer.EnsureSuccessStatusCode();
            answered = ear.Heard.Count;
            await Done(databases);
        }
        Tell("mail", "taken in", answered, [.. ear.Heard]);
        // Many at once, by four senders: which statements the time goes into.
        ear.Heard.Clear();
        await Task.WhenAll(IntakeBench.Make(400, 12).Chunk(100).Select(async share =>
        {
            foreach (var mail in share)
            {
                using var content = new ByteArrayContent(mail);
                using var answer = await client.PostAsync("/intake/mail?mailbox=service@bench.example", content);
                answer.EnsureSuccessStatusCode();
            }
        }));
        await Done(databases);
        Console.WriteLine("== 400 mails: times, milliseconds, statement");
        foreach (var kind in ear.Heard.GroupBy(h => h.Sql).OrderByDescending(g => g.Sum(h => h.Took)).Take(40)) Console.WriteLine($"{kind.Count(),6} {kind.Sum(h => h.Took),9:0.0}  {string.Join(' ', kind.Key.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries))}");
    }

    /// <summary>Waits until no work is left that is not for later.</summary>
    internal static async Task Done(Databases databases)
    {
        while (true)
        {
            await Task.Delay(300);
            using var db = databases.Open();
            var soon = DateTime.UtcNow.AddHours(1);
            if (!await db.Set<Amends.Foundation.Jobs.Job>().AnyAsync(j => j.State == Amends.Foundation.Jobs.JobState.Waiting && j.RunAt < soon) && !await db.Set<Amends.Foundation.Jobs.Dispatch>().AnyAsync()) return;
        }
    }

    static void Tell(string what, string done, int answered, List<(string Sql, List<(string, object?)> Parameters, double Took)> heard)
    {
        Console.WriteLine($"== {what}: {answered} statements until it was answered, {heard.Count} until it was {done}");
        foreach (var (at, (sql, _, ms)) in heard.Index()) Console.WriteLine($"{(at == answered ? "-- answered --" + Environment.NewLine : "")}{ms,8:0.00} ms  {string.Join(' ', sql.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries))}");
    }

    // One reply and all that follows it: until its mail has gone and nothing is left to do.
    static async Task Reply(WebApplication app, HttpClient client, Ear ear, Func<string> one)
    {
        var (parser, databases) = (new AngleSharp.Html.Parser.HtmlParser(), app.Services.GetRequiredService<Databases>());
        async Task Send()
        {
            var path = one() + "/reply";
            using var content = new FormUrlEncodedContent(DeskBench.Fields(parser, await client.GetStringAsync(path)));
            ear.Heard.Clear();
            using var answer = await client.PostAsync(path, content);
            if ((int)answer.StatusCode != 303) throw new InvalidOperationException($"{path} answered {(int)answer.StatusCode}");
        }
        for (var i = 0; i < 30; i++) await Send();
        await Done(databases);
        await Send();
        var answered = ear.Heard.Count;
        await Done(databases);
        Tell("reply", "gone", answered, [.. ear.Heard]);
    }

    static async Task Plan(Databases databases, string sql, List<(string Name, object? Value)> parameters)
    {
        using var db = databases.Open();
        await db.Database.OpenConnectionAsync();
        await using var ask = db.Database.GetDbConnection().CreateCommand();
        ask.CommandText = (databases.IsSqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN (ANALYZE, BUFFERS) ") + sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = ask.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            ask.Parameters.Add(parameter);
        }
        try
        {
            await using var rows = await ask.ExecuteReaderAsync();
            while (await rows.ReadAsync()) Console.WriteLine("             " + rows.GetValue(databases.IsSqlite ? 3 : 0));
        }
        catch (DbException why) { Console.WriteLine("             no plan: " + why.Message); }
    }

    sealed class Ear : DbCommandInterceptor
    {
        public System.Collections.Concurrent.ConcurrentQueue<(string Sql, List<(string, object?)> Parameters, double Took)> Heard { get; } = [];

        readonly System.Collections.Concurrent.ConcurrentDictionary<Guid, double> made = [];

        void Hear(DbCommand command, double ms) => Heard.Enqueue((command.CommandText, [.. command.Parameters.Cast<DbParameter>().Select(p => (p.ParameterName, p.Value))], ms));

        // SQLite works until the first row when the reader is made, and for the others while they are read.
        public override ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            made[eventData.CommandId] = eventData.Duration.TotalMilliseconds;
            return new(result);
        }

        public override InterceptionResult DataReaderDisposing(DbCommand command, DataReaderDisposingEventData eventData, InterceptionResult result)
        {
            Hear(command, eventData.Duration.TotalMilliseconds + (made.TryRemove(eventData.CommandId, out var first) ? first : 0));
            return result;
        }

        public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            Hear(command, eventData.Duration.TotalMilliseconds);
            return new(result);
        }
    }
}
