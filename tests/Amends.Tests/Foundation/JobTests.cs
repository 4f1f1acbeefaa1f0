using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

public class JobTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What the test's job does, and how often it was asked.</summary>
    sealed class Script
    {
        public int Runs;
        public int Heard;
        public int Picked;
        public Func<JobRun, Task> Do = _ => Task.CompletedTask;
    }

    sealed class TestJob(Script script) : IJobHandler
    {
        public Task Run(JobRun run, CancellationToken stop)
        {
            Interlocked.Increment(ref script.Runs);
            return script.Do(run);
        }
    }

    sealed class TestEar(Script script, Writer write) : IHear<CustomerChanged>
    {
        public async Task Hear(CustomerChanged fact, Heard heard, CancellationToken stop)
        {
            Interlocked.Increment(ref script.Heard);
            await write.Run(Me, null, async db =>
            {
                // An effect that would be seen twice: the customer's address, one more for each hearing.
                db.Add(new CustomerAddress { Id = db.Ids!.Next(), CustomerId = fact.Customer, Kind = AddressKind.Handle, Value = $"heard {db.Ids.Next()}", Shown = "heard" });
                await heard.Run.Finish(db);
            }, CancellationToken.None);
        }
    }

    /// <summary>Hears only what colleague 7 did.</summary>
    sealed class PickyEar(Script script) : IHear<CustomerChanged>
    {
        public Task Hear(CustomerChanged fact, Heard heard, CancellationToken stop)
        {
            Interlocked.Increment(ref script.Picked);
            return Task.CompletedTask;
        }
    }

    static async Task<(TestHouse House, Script Script)> Open(On on, bool serve = true)
    {
        var script = new Script();
        var house = await TestHouse.Open(on, serve, services =>
        {
            var book = (JobBook)services.First(s => s.ServiceType == typeof(JobBook)).ImplementationInstance!;
            book.Does<TestJob>("test", mostAttempts: 3).Hears<CustomerChanged, TestEar>().Hears<CustomerChanged, PickyEar>(when: (_, by) => by == 7);
            services.AddSingleton(script).AddScoped<TestJob>().AddScoped<TestEar>().AddScoped<PickyEar>();
        });
        return (house, script);
    }

    static Task Add(TestHouse house, string key, DateTime? at = null) => house.Write.Run(Me, null, db => db.Enqueue(Lane.Now, "test", key, new { }, at));

    static async Task<Job?> Row(TestHouse house, string key)
    {
        using var db = house.Databases.Open();
        return await db.Set<Job>().FirstOrDefaultAsync(j => j.DedupeKey == key, Stop);
    }

    static async Task<string> Why(TestHouse house)
    {
        using var db = house.Databases.Open();
        return string.Join(" | ", await db.Set<Job>().Take(5).Select(j => j.Kind + " " + j.State + " " + j.Attempts + " " + j.Error).ToListAsync(Stop));
    }

    static Task Until(Func<Task<bool>> holds, string what) => Until(holds, () => Task.FromResult(what));

    static async Task Until(Func<Task<bool>> holds, Func<Task<string>> what)
    {
        for (var i = 0; i < 800; i++)
        {
            if (await holds()) return;
            await Task.Delay(50, Stop);
        }
        throw new TimeoutException(await what());
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_job_runs_once_and_a_second_with_its_key_is_not_made(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Add(house, "same", house.Now.AddHours(1))));
        await Add(house, "other");
        await Until(async () => await Row(house, "other") is null, "done");
        script.Runs.ShouldBe(1);
        using var db = house.Databases.Open();
        (await db.Set<Job>().CountAsync(j => j.Kind == "test", Stop)).ShouldBe(1);
        house.Clock.Advance(TimeSpan.FromHours(1));
        await Until(async () => await Row(house, "same") is null, "the later one");
        script.Runs.ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_fails_is_tried_again_after_growing_pauses_and_then_shown_to_a_person(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        script.Do = _ => throw new InvalidOperationException("the printer is on fire");
        await Add(house, "bad");
        var pauses = new List<double>();
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Until(async () => await Row(house, "bad") is { LeasedUntil: null } row && row.Attempts == attempt && row.Error is not null, $"try {attempt}");
            var row = (await Row(house, "bad"))!;
            pauses.Add((row.RunAt - house.Now).TotalSeconds);
            if (attempt < 3)
            {
                row.State.ShouldBe(JobState.Waiting);
                house.Clock.Advance(row.RunAt - house.Now);
            }
            else row.State.ShouldBe(JobState.Stuck);
        }
        pauses.ShouldBe([5, 10, 20]);
        house.Clock.Advance(TimeSpan.FromDays(1));
        await Task.Delay(300, Stop);
        script.Runs.ShouldBe(3);
        (await Row(house, "bad"))!.Error.ShouldBe("the printer is on fire");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_pause_that_the_world_asks_for_is_no_try(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        script.Do = _ => script.Runs < 8 ? throw new TryLater("the line is busy", TimeSpan.FromMinutes(1)) : Task.CompletedTask;
        await Add(house, "later");
        for (var i = 1; i < 8; i++)
        {
            var run = i;
            await Until(async () => script.Runs == run && await Row(house, "later") is { LeasedUntil: null } row && row.RunAt > house.Now, $"run {run}");
            (await Row(house, "later"))!.Attempts.ShouldBe(0);
            house.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        await Until(async () => await Row(house, "later") is null, "done at last");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Who_lost_the_lease_cannot_finish_and_nothing_of_it_stands(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        var began = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        Exception? seen = null;
        script.Do = async run =>
        {
            began.TrySetResult();
            await goOn.Task;
            try
            {
                await house.Write.Run(Me, null, async db =>
                {
                    await Customers.Make(db, "Twice", ["twice@a.example"]);
                    await run.Finish(db);
                });
            }
            catch (Exception why) { seen = why; throw; }
        };
        await Add(house, "fence");
        await began.Task;
        // Another runner has it by now.
        await house.Write.Run(Me, null, db => db.Set<Job>().Where(j => j.DedupeKey == "fence").ExecuteUpdateAsync(s => s.SetProperty(j => j.Fence, j => j.Fence + 1)));
        goOn.SetResult();
        await Until(() => Task.FromResult(seen is not null), "the attempt to finish");
        seen.ShouldBeOfType<LeaseLost>();
        await Task.Delay(200, Stop);
        using var look = house.Databases.Open();
        (await look.Set<Customer>().CountAsync(Stop)).ShouldBe(0);
        (await Row(house, "fence")).ShouldNotBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Work_that_kills_the_program_is_set_aside(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        // As after three kills: tried as often as allowed, its lease run out, never ended.
        await house.Write.Run(Me, null, db =>
        {
            db.Add(new Job { Lane = Lane.Now, Kind = "test", Body = "{}", DedupeKey = "killer", MadeAt = db.At, RunAt = db.At, Attempts = 3, Fence = 3, LeasedUntil = db.At.AddMinutes(-1) });
            return Task.CompletedTask;
        });
        await Until(async () => (await Row(house, "killer"))!.State == JobState.Stuck, "set aside");
        script.Runs.ShouldBe(0);
        (await Row(house, "killer"))!.Error.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Work_that_a_kill_cut_short_goes_on_at_the_next_start()
    {
        var (house, script) = await Open(On.Sqlite, serve: false);
        await using var _ = house;
        await house.Write.Run(Me, null, db =>
        {
            db.Add(new Job { Lane = Lane.Now, Kind = "test", Body = "{}", DedupeKey = "cut", MadeAt = db.At, RunAt = db.At, Attempts = 1, Fence = 1, LeasedUntil = db.At.AddMinutes(5) });
            return Task.CompletedTask;
        });
        await house.App.StartAsync(Stop);
        await Until(async () => await Row(house, "cut") is null, "done without waiting for the old lease");
        script.Runs.ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Each_fact_is_heard_and_has_its_effect_once(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => house.Write.Run(Me, null, db => Customers.Make(db, $"Customer {i}", [$"c{i}@a.example"]))));
        await Until(async () =>
        {
            using var db = house.Databases.Open();
            return script.Heard >= 40 && !await db.Set<Dispatch>().AnyAsync(Stop) && !await db.Set<Job>().AnyAsync(j => j.Kind.StartsWith("TestEar"), Stop);
        }, async () => $"all heard: {script.Heard} {await Why(house)}");
        script.Heard.ShouldBe(40);
        using var look = house.Databases.Open();
        (await look.Set<CustomerAddress>().CountAsync(a => a.Shown == "heard", Stop)).ShouldBe(40);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_fact_that_cannot_be_read_holds_up_no_other_and_is_shown_to_a_person(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        var kind = FactKinds.Of(typeof(CustomerChanged));
        var bad = await house.Write.Run(Me, null, db =>
        {
            var fact = new Fact { Id = db.Ids!.Next(), At = db.At, Kind = kind.Kind, KindVersion = kind.Version, Body = "{ torn" };
            db.Add(fact);
            db.Add(new Dispatch { Id = db.Ids.Next(), At = db.At, FactIds = fact.Id.ToString(CultureInfo.InvariantCulture) });
            return Task.FromResult(fact.Id);
        });
        await house.Write.Run(Me, null, db => Customers.Make(db, "Maria", ["maria@a.example"]));
        await Until(() => Task.FromResult(script.Heard == 1), "what came after it is heard");
        await Until(async () =>
        {
            var row = await Row(house, $"PickyEar<{kind.Kind}:{bad}");
            // Not while it is tried: its lease would be over.
            if (row is { LeasedUntil: null } && row.RunAt > house.Now)
            {
                house.Clock.Advance(TimeSpan.FromHours(1));
                house.Get<Runner>().Wake(Lane.Now);
            }
            return row is { State: JobState.Stuck };
        }, "it is stuck");
        script.Picked.ShouldBe(0);
        using var db = house.Databases.Open();
        (await db.Set<Dispatch>().AnyAsync(Stop)).ShouldBeFalse();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_job_from_before_whose_fact_is_not_heard_any_more_ends_without_work(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        var kind = FactKinds.Of(typeof(CustomerChanged)).Kind;
        async Task<long> Changed(Actor by)
        {
            var id = await house.Write.Run(by, null, async db => (await Customers.Make(db, "Maria", [$"maria{by.Id}@a.example"])).Id);
            using var db = house.Databases.Open();
            return await db.Set<Fact>().Where(f => f.Kind == kind && f.Subject == id).Select(f => f.Id).SingleAsync(Stop);
        }
        var (system, seven) = (await Changed(Me), await Changed(new Actor(ActorKind.Colleague, 7, "Seven")));
        await Until(() => Task.FromResult(script.Heard == 2 && script.Picked == 1), "heard as it came");
        foreach (var (fact, key) in new[] { (system, "old"), (seven, "old of seven") })
            await house.Write.Run(Me, null, db =>
            {
                // One was stuck, and a person has it tried again.
                db.Add(new Job { Lane = Lane.Now, Kind = $"PickyEar<{kind}", Body = fact.ToString(CultureInfo.InvariantCulture), DedupeKey = key, MadeAt = db.At, RunAt = db.At, Attempts = 5 });
                db.HasWork(Lane.Now);
                return Task.CompletedTask;
            });
        await Until(async () => await Row(house, "old") is null && await Row(house, "old of seven") is null, () => Why(house));
        script.Picked.ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_died_with_the_program_is_tried_alone_over_all_lanes(On on)
    {
        var (house, script) = await Open(on, serve: false);
        await using var _ = house;
        var running = new List<string>();
        var together = new System.Collections.Concurrent.ConcurrentBag<string>();
        script.Do = async run =>
        {
            lock (running)
            {
                running.Add(run.Job.DedupeKey);
                if (running.Count > 1 && running.Exists(key => key.StartsWith("died", StringComparison.Ordinal))) together.Add(string.Join(" + ", running));
            }
            await Task.Delay(150, CancellationToken.None);
            lock (running) running.Remove(run.Job.DedupeKey);
        };
        var lanes = Enum.GetValues<Lane>();
        await house.Write.Run(Me, null, db =>
        {
            foreach (var lane in lanes)
            {
                for (var i = 0; i < 2; i++) db.Add(new Job { Lane = lane, Kind = "test", Body = "{}", DedupeKey = $"died {lane} {i}", MadeAt = db.At, RunAt = db.At, Attempts = 1, Fence = 1, LeasedUntil = db.At.AddMinutes(-1) });
                for (var i = 0; i < 4; i++) db.Add(new Job { Lane = lane, Kind = "test", Body = "{}", DedupeKey = $"fresh {lane} {i}", MadeAt = db.At, RunAt = db.At });
            }
            return Task.CompletedTask;
        });
        await house.App.StartAsync(Stop);
        await Until(async () =>
        {
            using var db = house.Databases.Open();
            return !await db.Set<Job>().AnyAsync(j => j.Kind == "test", Stop);
        }, () => Why(house));
        script.Runs.ShouldBe(lanes.Length * 6);
        together.ShouldBeEmpty();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_runs_here_did_not_die_though_its_lease_ran_out_and_keeps_no_lane_waiting(On on)
    {
        var (house, script) = await Open(on);
        await using var _ = house;
        var goOn = new TaskCompletionSource();
        script.Do = run => run.Job.DedupeKey == "long" ? goOn.Task : Task.CompletedTask;
        await Add(house, "long");
        await Until(() => Task.FromResult(script.Runs == 1), "begun");
        // As after ten minutes without the database.
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await Task.Delay(TimeSpan.FromSeconds(6), Stop);
        await house.Write.Run(Me, null, db => db.Enqueue(Lane.Mail, "test", "beside", new { }));
        await Task.Delay(TimeSpan.FromSeconds(4), Stop);
        (await Row(house, "beside")).ShouldBeNull();
        script.Runs.ShouldBe(2);
        goOn.SetResult();
        await Until(async () => await Row(house, "long") is null, () => Why(house));
        script.Runs.ShouldBe(2);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_line_of_the_timetable_runs_once_however_many_processes_ask(On on)
    {
        var (house, _) = await Open(on, serve: false);
        await using var __ = house;
        var runs = 0;
        var line = new TimetableLine("test line", TimeSpan.FromMinutes(10), async (_, stop) => { Interlocked.Increment(ref runs); await Task.Delay(200, stop); });
        Clockwork Another() => new(house.Databases, house.Write, [line], house.Clock, house.App.Services, NullLogger<Clockwork>.Instance);
        (await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Another().RunIfDue(line, Stop)))).Count(ran => ran).ShouldBe(1);
        runs.ShouldBe(1);
        house.Clock.Advance(TimeSpan.FromMinutes(9));
        (await Another().RunIfDue(line, Stop)).ShouldBeFalse();
        house.Clock.Advance(TimeSpan.FromMinutes(1));
        (await Another().RunIfDue(line, Stop)).ShouldBeTrue();
        // One that fails says so and is due again by its pause; one that is stopped is due at once.
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        await Another().RunIfDue(line with { Work = (_, _) => throw new InvalidOperationException("no") }, Stop);
        using var db = house.Databases.Open();
        (await db.Set<TimetableLease>().SingleAsync(l => l.Line == "test line", Stop)).Error.ShouldBe("no");
        house.Clock.Advance(TimeSpan.FromMinutes(10));
        using var end = new CancellationTokenSource();
        (await Another().RunIfDue(line with { Work = async (_, stop) => { await end.CancelAsync(); await Task.Delay(Timeout.Infinite, stop); } }, end.Token)).ShouldBeFalse();
        (await Another().RunIfDue(line, Stop)).ShouldBeTrue();
    }

    sealed class Warnings : Microsoft.Extensions.Logging.ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public readonly System.Collections.Concurrent.ConcurrentBag<string> Lines = [];
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;
        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= Microsoft.Extensions.Logging.LogLevel.Warning) Lines.Add(formatter(state, exception) + exception);
        }
        public void Dispose() { }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_line_of_the_timetable_that_runs_when_the_house_ends_is_waited_for_and_is_no_failure(On on)
    {
        var heard = new Warnings();
        var (began, ended) = (new TaskCompletionSource(), false);
        TimetableLine line = new("long work", TimeSpan.FromMinutes(1), async (all, stop) =>
        {
            began.TrySetResult();
            // Goes on a while after it was told to stop, and asks for a part of the house only then.
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(300, CancellationToken.None);
            try { all.GetRequiredService<Writer>(); }
            finally { ended = true; }
        });
        var house = await TestHouse.Open(on, serve: true, services =>
        {
            services.AddSingleton<IReadOnlyList<TimetableLine>>([line]);
            services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(heard);
        });
        await began.Task.WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await house.DisposeAsync();
        ended.ShouldBeTrue();
        heard.Lines.ShouldBeEmpty();
    }
}
