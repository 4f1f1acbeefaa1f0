using System.ComponentModel.DataAnnotations.Schema;
using Amends.Foundation.Facts;

namespace Amends.Foundation.Data;

/// <summary>A thing of the product with an identity, a version and verbs. Its verbs check the rules, change the state and record a fact.</summary>
public abstract class Noun
{
    readonly List<FactDraft> recorded = [];

    /// <summary>Made by the program when the noun is added (see <see cref="Ids"/>), unless set before.</summary>
    public long Id { get; set; }

    /// <summary>Rises by one with each write that changes the noun. Forms carry it; a stale one is answered 409.</summary>
    public int Version { get; set; }

    /// <summary>Says that something happened; written with the change, in the same transaction.</summary>
    protected void Record(IFact fact, params FactTextDraft[] texts) => recorded.Add(new FactDraft(fact, texts));

    /// <summary>What else must stand with the noun is written here, in the same write, after the noun was saved: its words for search.</summary>
    protected internal virtual Task Kept(Database db) => Task.CompletedTask;

    [NotMapped] internal bool HasRecorded => recorded.Count > 0;

    internal IReadOnlyList<FactDraft> TakeRecorded()
    {
        var taken = recorded.ToArray();
        recorded.Clear();
        return taken;
    }
}
