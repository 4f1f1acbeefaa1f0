namespace Amends.Tests.Cast;

/// <summary>
/// A clock that stands still until the test moves it. Timers fire, in the order they are due, while <see cref="Advance"/> passes them.
/// </summary>
public sealed class FakeTime(DateTimeOffset? start = null) : TimeProvider
{
    /// <summary>A Thursday morning in spring: far from month ends and clock changes.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 12, 9, 0, 0, TimeSpan.Zero);

    readonly Lock gate = new();
    readonly List<FakeTimer> timers = [];
    DateTimeOffset now = (start ?? Start).ToUniversalTime();
    TimeSpan elapsed;

    public override DateTimeOffset GetUtcNow() { lock (gate) return now; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() { lock (gate) return elapsed.Ticks; }

    /// <summary>Lets time pass; due timers fire on this thread, each at its own instant.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan end;
        lock (gate) end = elapsed + by;
        while (true)
        {
            FakeTimer? due;
            lock (gate)
            {
                due = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
                var step = (due?.Due ?? end) - elapsed;
                if (step > TimeSpan.Zero)
                {
                    elapsed += step;
                    now += step;
                }
                if (due is null)
                    return;
                due.Reckon(elapsed);
            }
            due.Fire();
        }
    }

    /// <summary>True while somebody waits for something at least so far away.</summary>
    public bool HasTimer(TimeSpan atLeast) { lock (gate) return timers.Exists(timer => timer.Due - elapsed >= atLeast); }

    /// <summary>True while somebody waits for about so long: a moment that the test has read has reached its timer.</summary>
    public bool HasTimerAt(TimeSpan about) { lock (gate) return timers.Exists(timer => (timer.Due - elapsed - about).Duration() < TimeSpan.FromSeconds(1)); }

    /// <summary>Puts the clock elsewhere, also back, as an operator or a bad time server does: timers keep their distance.</summary>
    public void Set(DateTimeOffset instant) { lock (gate) now = instant.ToUniversalTime(); }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    sealed class FakeTimer(FakeTime clock, TimerCallback callback, object? state) : ITimer
    {
        TimeSpan period;

        public TimeSpan Due { get; private set; }

        public void Fire() => callback(state);

        public void Reckon(TimeSpan elapsed)
        {
            if (period > TimeSpan.Zero)
                Due = elapsed + period;
            else
                clock.timers.Remove(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                period = newPeriod;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.elapsed + dueTime;
                    clock.timers.Add(this);
                }
            }
            // As with a real timer, no wait means: at once, elsewhere.
            if (dueTime == TimeSpan.Zero)
            {
                lock (clock.gate) Reckon(clock.elapsed);
                ThreadPool.QueueUserWorkItem(_ => Fire());
            }
            return true;
        }

        public void Dispose() { lock (clock.gate) clock.timers.Remove(this); }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
