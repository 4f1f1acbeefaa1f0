using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Contacts;

/// <summary>For whom a reply's form is drawn.</summary>
public sealed record ReplyAsked(Database Db, Who Who, Case Case, string Text, FormState Form);

/// <summary>A reply that is being sent, inside of its write.</summary>
public sealed record ReplySent(Database Db, Who Who, Case Case, Contact Contact, FormState Form);

/// <summary>What we promised, as the customer reads it on his page.</summary>
/// <param name="SaidIn">The contact in which it was said, or null.</param>
/// <param name="CaseId">On which case it was made.</param>
/// <param name="To">Whom it was made to.</param>
public sealed record PromiseTold(string What, DateTime DueAt, long? SaidIn, long CaseId, long To);

/// <summary>A customer's page that is being drawn.</summary>
/// <param name="Path">Its address.</param>
public sealed record LetterAsked(Database Db, Case Case, string Path);

/// <summary>What later modules add to replies, and to the customer's page. Filled once by the module cards.</summary>
public sealed class ReplyHooks
{
    /// <summary>Pieces within the form, above its buttons; null for none.</summary>
    public List<Func<ReplyAsked, Task<Piece?>>> Pieces { get; } = [];

    /// <summary>What else a reply does, in its own write, before the next step is taken. May refuse.</summary>
    public List<Func<ReplySent, Task>> Sent { get; } = [];

    /// <summary>Pieces on the customer's page, below the form; null for none.</summary>
    public List<Func<LetterAsked, Task<Piece?>>> Offers { get; } = [];

    /// <summary>What is promised on these cases and open; in the language of this moment.</summary>
    public List<Func<Database, IReadOnlyList<long>, Task<IEnumerable<PromiseTold>>>> Told { get; } = [];
}
