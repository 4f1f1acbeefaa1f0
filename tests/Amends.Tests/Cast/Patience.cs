using Shouldly;

namespace Amends.Tests.Cast;

/// <summary>Waits as long as something moves. It fails where what is watched stood still for five minutes, and not where the machine is slow.</summary>
sealed class Patience
{
    readonly TimeSpan most = TimeSpan.FromMinutes(5);
    DateTimeOffset since = RealClock.Now;
    long? before;

    /// <summary>One look at what is watched: any change begins the five minutes anew.</summary>
    public void Look(long now, Func<string> says)
    {
        if (now != before) (before, since) = (now, RealClock.Now);
        else if (RealClock.Now - since > most) throw new ShouldAssertException($"nothing has moved for {most.TotalMinutes:0} minutes: {says()}");
    }
}
