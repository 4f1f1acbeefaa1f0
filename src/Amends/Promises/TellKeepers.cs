using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation.Jobs;

namespace Amends.Promises;

/// <summary>The keeper is reminded, and asked while it can still be kept: keep, hand over, or another time.</summary>
sealed class TellKeepers(Notices notices) : IHear<PromiseReminded>
{
    public Task Hear(PromiseReminded fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, fact.Asked ? NotifyOf.PromiseAsked : NotifyOf.PromiseReminded, _ => [fact.Keeper], fact.Asked ? string.Create(CultureInfo.InvariantCulture, $"/promises/{fact.Promise}") : null, stop);
}

/// <summary>It passed: the keeper is told, and the owner of the case.</summary>
sealed class TellOfPassed(Notices notices) : IHear<PromisePassed>
{
    public Task Hear(PromisePassed fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.PromisePassed, one => one.OwnerId is { } owner ? [fact.Keeper, owner] : [fact.Keeper], stop);
}

/// <summary>It is somebody else's now.</summary>
sealed class TellOfHandOver(Notices notices) : IHear<PromiseHandedOver>
{
    public Task Hear(PromiseHandedOver fact, Heard heard, CancellationToken stop) => notices.Tell(heard, fact.Case, NotifyOf.PromiseGiven, _ => [fact.To], stop);
}
