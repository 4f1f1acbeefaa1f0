using Amends.Contacts;
using Amends.Foundation;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Contacts;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Promises;

/// <summary>Promises as they stand after a while, whatever the clock says now.</summary>
static class PromiseCast
{
    /// <summary>One that was made a day before it is due.</summary>
    public static Task<long> Promise(this Post post, Case one, string what, DateTime due, long? keeper = null, PromiseKind kind = PromiseKind.Call, string zone = "Europe/Berlin", long? saidIn = null, Action<Promise, DateTime>? then = null, TimeSpan? before = null) =>
        post.House.Write.Run(Actor.System("test"), null, db =>
        {
            var made = due - (before ?? TimeSpan.FromDays(1));
            var left = due - made;
            var promise = new Promise
            {
                Id = db.Ids!.Next(),
                CaseId = one.Id,
                CustomerId = one.CustomerId,
                Kind = kind,
                Named = what,
                Zone = zone,
                MadeAt = made,
                DueAt = due,
                DueLocal = Times.In(due, zone),
                HalfAt = made + left / 2,
                AskAt = made + left * 4 / 5,
                SaidIn = saidIn
            };
            promise.Make(keeper ?? post.Ben, made);
            then?.Invoke(promise, due);
            db.Add(promise);
            return Task.FromResult(promise.Id);
        });
}
