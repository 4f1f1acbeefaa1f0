using Amends.Cases;
using Amends.Foundation.Facts;
using Amends.Promises.Finding;

namespace Amends.Promises;

[FactKind("promise.made")] public sealed record PromiseMade(long Case, long Promise, PromiseKind Kind, long Keeper, DateTime Due, long? Contact) : IAct { public long Subject => Case; long IAct.Made => Promise; }
[FactKind("promise.handed-over")] public sealed record PromiseHandedOver(long Case, long Promise, long From, long To) : ICaseFact { public long Subject => Case; }
[FactKind("promise.kept")] public sealed record PromiseKept(long Case, long Promise, bool Late, long? Proof) : ICaseFact { public long Subject => Case; }
[FactKind("promise.open-again")] public sealed record PromiseOpenAgain(long Case, long Promise) : ICaseFact { public long Subject => Case; }
[FactKind("promise.broken")] public sealed record PromiseBroken(long Case, long Promise) : ICaseFact { public long Subject => Case; }
[FactKind("promise.released")] public sealed record PromiseReleased(long Case, long Promise) : ICaseFact { public long Subject => Case; }
[FactKind("promise.changed")] public sealed record PromiseChanged(long Case, long Promise, long Into) : ICaseFact { public long Subject => Case; }
[FactKind("promise.told")] public sealed record PromiseToldAnew(long Case, long Promise, long Into, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("promise.withdrawn")] public sealed record PromiseWithdrawn(long Case, long Promise) : IActUndone { public long Subject => Case; long IActUndone.Made => Promise; }
[FactKind("promise.reminded")] public sealed record PromiseReminded(long Case, long Promise, long Keeper, bool Asked) : ICaseFact { public long Subject => Case; }
[FactKind("promise.passed")] public sealed record PromisePassed(long Case, long Promise, long Keeper, DateTime Due) : ICaseFact { public long Subject => Case; }

/// <summary>The address of a colleague's calendar feed was made (the one before it ended), or ended.</summary>
[FactKind("promise.feed")] public sealed record PromiseFeedChanged(long Colleague, bool Made) : IFact { public long Subject => Colleague; }

/// <summary>Promises were taken along as a file: of which days, one's own or one's teams'.</summary>
[FactKind("promises.exported")] public sealed record PromisesExported(bool Team, DateTime From, DateTime Until) : IFact { public long Subject => 0; }
