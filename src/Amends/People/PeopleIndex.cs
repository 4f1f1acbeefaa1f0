using System.Linq.Expressions;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>What stands behind a word or an outer id.</summary>
public enum PersonKind : byte { Customer = 1, Organisation = 2, Holding = 3 }

/// <summary>A word of a name or address, by which somebody is found.</summary>
public sealed class PersonWord
{
    public required string Word { get; set; }
    public PersonKind Kind { get; set; }
    public long PersonId { get; set; }
}

/// <summary>Finds people by the beginnings of words: names, addresses, numbers. The words are written with the change (<see cref="Noun.Kept"/>).</summary>
public static class PeopleIndex
{
    /// <summary>What was typed, as beginnings of words that must all occur, each with its alternatives; a number as its digits. At most 8.</summary>
    internal static List<string[]> Read(string? typed, string callingCode)
    {
        if (typed is { Length: > 200 }) typed = typed[..200];
        if (CustomerAddresses.Phone(typed, callingCode) is not { Length: >= 3 } number) return [.. Tokens.Of(typed).Distinct().Take(8).Select(word => new[] { word })];
        var digits = number.TrimStart('+');
        return [[.. new[] { digits, digits.TrimStart('0'), digits.Length >= 7 ? Reversed(digits) : "" }.Where(d => d.Length > 2).Distinct()]];
    }

    // The end of a number, backwards: what two ways of writing one share.
    static string Reversed(string digits) => "<" + new string([.. digits.Reverse().Take(CustomerAddresses.TailDigits)]);

    /// <summary>Those of whom every word is true.</summary>
    internal static IQueryable<T> Match<T>(Database db, IQueryable<T> all, PersonKind kind, IReadOnlyList<string[]> words, Expression<Func<T, long>> id)
    {
        foreach (var alternatives in words)
        {
            var found = alternatives.Select(word => Beginning(db, kind, word)).Aggregate((one, other) => one.Concat(other));
            var body = Expression.Call(typeof(Queryable), nameof(Queryable.Contains), [typeof(long)], found.Expression, id.Body);
            all = all.Where(Expression.Lambda<Func<T, bool>>(body, id.Parameters));
        }
        return all;
    }

    // On SQLite a range over the key; PostgreSQL compares by locale, so there the index for patterns is used.
    static IQueryable<long> Beginning(Database db, PersonKind kind, string word)
    {
        var words = db.Set<PersonWord>().Where(w => w.Kind == kind);
        if (!db.IsSqlite) return words.Where(w => w.Word.StartsWith(word)).Select(w => w.PersonId);
        var after = word + "\U0010FFFF";
#pragma warning disable CA1309 // Becomes SQL, where the column compares by its bytes.
        return words.Where(w => string.Compare(w.Word, word) >= 0 && string.Compare(w.Word, after) < 0).Select(w => w.PersonId);
#pragma warning restore CA1309
    }

    internal static Task Forget(Database db, PersonKind kind, long id) => db.Set<PersonWord>().Where(w => w.Kind == kind && w.PersonId == id).ExecuteDeleteAsync();

    internal static Task Write(Database db, Customer customer)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        if (customer.MergedInto is null)
        {
            words.UnionWith(Tokens.Of(customer.Name));
            foreach (var address in customer.Addresses)
            {
                words.UnionWith(Tokens.Of(address.Shown));
                words.UnionWith(Tokens.Of(address.Value));
                if (address.Kind != AddressKind.Phone) continue;
                var digits = address.Value.TrimStart('+');
                words.Add(digits);
                if (digits[0] == '0') words.Add(digits.TrimStart('0'));
                words.Add(Reversed(digits));
            }
        }
        return Write(db, PersonKind.Customer, customer, words);
    }

    internal static Task Write(Database db, Organisation organisation) =>
        Write(db, PersonKind.Organisation, organisation, [.. Tokens.Of(organisation.Name), .. Tokens.Of(organisation.Domains), .. Tokens.Of(organisation.Place)]);

    static async Task Write(Database db, PersonKind kind, Noun person, HashSet<string> words)
    {
        words.Remove("");
        var id = person.Id;
        // Made in this write: no words stand yet.
        var known = person.Version <= 1 ? [] : await db.Set<PersonWord>().AsTracking().Where(w => w.Kind == kind && w.PersonId == id).ToListAsync();
        db.RemoveRange(known.Where(w => !words.Contains(w.Word)));
        db.AddRange(words.Except(known.Select(w => w.Word)).Take(60).Select(word => new PersonWord { Word = word, Kind = kind, PersonId = id }));
    }
}
