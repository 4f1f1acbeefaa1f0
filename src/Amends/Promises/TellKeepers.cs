using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation.Jobs;

namespace Amends.Promises;

/// <summary>The keeper is reminded, and asked while it can still be kept: keep, hand over, or another time. Who is absent is not asked: the stand-in is.</summary>
sealed class TellKeepers(Notices notices, AskedOf asked) : IHear<PromiseReminded>
{
    public async Task Hear(PromiseReminded fact, Heard heard, CancellationToken stop)
    {
        var told = await asked.Told(fact.Promise, fact.Keeper, heard.At, ahead: true);
        await notices.Tell(heard, fact.Case, fact.Asked ? NotifyOf.PromiseAsked : NotifyOf.PromiseReminded, _ => told, fact.Asked ? string.Create(CultureInfo.InvariantCulture, $"/promises/{fact.Promise}") : null, stop);
    }
}

/// <summary>It passed: the keeper is told, and the owner of the case; where the keeper is absent, the stand-in.</summary>
sealed class TellOfPassed(Notices notices, AskedOf asked) : IHear<PromisePassed>
{
    public async Task Hear(PromisePassed fact, Heard heard, CancellationToken stop)
    {
        var told = await asked.Told(fact.Promise, fact.Keeper, heard.At, ahead: false);
        await notices.Tell(heard, fact.Case, NotifyOf.PromisePassed, one => one.OwnerId is { } owner ? [.. told, owner] : told, stop);
    }
}

/// <summary>It is somebody else's now.</summary>
sealed class TellOfHandOver(Notices notices) : IHear<PromiseHandedOver>
{
    public Task Hear(PromiseHandedOver fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.PromiseGiven, _ => [fact.To], stop);
}
