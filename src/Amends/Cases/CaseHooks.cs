using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>A piece of a page that another module draws: a view and its one model.</summary>
/// <param name="View">A Razor component with a parameter <c>Model</c>.</param>
public sealed record Piece(Type View, object Model)
{
    /// <summary>For <c>DynamicComponent</c>.</summary>
    public IDictionary<string, object> Parameters => new Dictionary<string, object> { ["Model"] = Model };
}

/// <summary>Something that stands on a case's timeline. Its view draws the whole list item (<c>li</c>).</summary>
/// <param name="At">Its place in time.</param>
/// <param name="Id">Breaks ties; also its anchor on the page.</param>
/// <param name="IsContact">A contact with the customer: the page opens at the newest unread one.</param>
public sealed record TimelineEntry(DateTime At, long Id, bool IsContact, Piece Piece);

/// <summary>A tab of the composer under a case.</summary>
/// <param name="Key">The key that opens it, for example <c>r</c>.</param>
/// <param name="Name">On the tab, for example “Reply to Maria Lopez by e-mail”.</param>
/// <param name="Order">Lower stands further left; the first is open.</param>
public sealed record ComposerTab(string Key, string Name, int Order, Piece Piece);

/// <summary>A fact in words: <c>{0}</c> stands for who did it, <c>{1}</c> for the thing.</summary>
/// <param name="Thing">The id of what it speaks of, or 0.</param>
public sealed record FactSaid(string Pattern, long Thing = 0);

/// <summary>Why a case cannot be resolved yet.</summary>
/// <param name="WaysOut">What is chosen beside it while resolving, in fields that <see cref="CaseHooks.WaysOut"/> reads; null where it has to be cleared elsewhere.</param>
public sealed record Obstacle(string Why, Piece? WaysOut = null);

/// <summary>What a hook is asked with: the case, all cases merged into it and itself, its customer with addresses, who looks, the names of colleagues, and a reading context.</summary>
public sealed record CaseAsked(Case Case, IReadOnlyList<long> CaseIds, Customer Customer, Who Who, NamesOf Names, Database Db, IServiceProvider Services)
{
    /// <summary>Its place among those of its team that wait for their first answer; null when it is not one of them.</summary>
    public int? PlaceInLine { get; init; }

    /// <summary>What one hook has read and a later one of the same module needs again: asked once for a page.</summary>
    public Dictionary<string, object> Read { get; } = [];

    /// <summary>What this colleague has begun to write on the case.</summary>
    public IReadOnlyList<Draft> Drafts { get; init; } = [];
}

/// <summary>A contact that goes into a new case: it is copied, since a contact never changes its case.</summary>
/// <param name="Ids">The case and those merged into it: one of them holds the contact.</param>
public sealed record SplitAsked(Database Db, Case From, IReadOnlyList<long> Ids, Case Into, long Contact);

/// <summary>
/// What Cases lets other modules add to its pages: entries of the timeline, panels at the side, tabs of the composer, next steps, obstacles to
/// resolving, words for search. Filled once by the module cards; asked for each page.
/// </summary>
public sealed class CaseHooks
{
    /// <summary>Entries of the timeline, in any order.</summary>
    public List<Func<CaseAsked, Task<IEnumerable<TimelineEntry>>>> TimelineEntries { get; } = [];

    /// <summary>Panels at the side, in the order of the modules; null for none.</summary>
    public List<Func<CaseAsked, Task<Piece?>>> Panels { get; } = [];

    /// <summary>Bars above the composer, in the order of the modules; null for none.</summary>
    public List<Func<CaseAsked, Task<Piece?>>> Bars { get; } = [];

    /// <summary>Tabs of the composer; null for none.</summary>
    public List<Func<CaseAsked, Task<ComposerTab?>>> ComposerTabs { get; } = [];

    /// <summary>
    /// The open steps of these cases, those past due as well: promises, fixes, approvals, reviews. Asked inside of each write that changes a case or records
    /// a fact of it (<see cref="ICaseFact"/>), before the commit; the earliest stands on the case, so that lists are sorted by a column.
    /// </summary>
    public List<Func<Database, IReadOnlyList<long>, Task<IEnumerable<CaseStep>>>> NextSteps { get; } = [];

    /// <summary>How the promises of these cases stand, for the ring; asked together with <see cref="NextSteps"/>.</summary>
    public List<Func<Database, IReadOnlyList<long>, Task<IEnumerable<RingPart>>>> Promised { get; } = [];

    /// <summary>Asked inside of the write that resolves.</summary>
    public List<Func<Database, Case, Task<Obstacle?>>> Obstacles { get; } = [];

    /// <summary>What was chosen beside obstacles, inside of the write that resolves and before they are asked.</summary>
    public List<Func<Database, Case, FormState, Task>> WaysOut { get; } = [];

    /// <summary>What was said on cases, for the search index: texts, names, addresses, names of files. Asked inside of the write that changes them.</summary>
    public List<Func<Database, IReadOnlyList<long>, Task<IEnumerable<string?>>>> SearchTexts { get; } = [];

    /// <summary>Asked inside of the write that splits: copies a contact into the new case; false when it is none of theirs.</summary>
    public List<Func<SplitAsked, Task<bool>>> SplitContact { get; } = [];

    /// <summary>What a fact of another module says in the history; null for those it does not know.</summary>
    public List<Func<IFact, FactSaid?>> FactSentences { get; } = [];

    /// <summary>What the things are called that facts speak of, by their ids: a mail by its subject and addresses.</summary>
    public List<Func<Database, IReadOnlyList<IFact>, Task<IEnumerable<(long Id, string Name)>>>> FactThings { get; } = [];
}
