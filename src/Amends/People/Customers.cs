using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Search;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>Whom an address led to.</summary>
/// <param name="Customer">Tracked inside of a write.</param>
/// <param name="IsNew">Made just now.</param>
/// <param name="Others">Who else has this address (info@): the contact asks who it was.</param>
public sealed record FoundCustomer(Customer Customer, bool IsNew, IReadOnlyList<Customer> Others);

/// <summary>A person or organisation offered while typing.</summary>
/// <param name="Below">Address and organisation, to tell two of one name apart.</param>
public sealed record Suggestion(PersonKind Kind, long Id, string Name, string? Below);

/// <summary>Settings of People.</summary>
public static class PeopleSettings
{
    /// <summary>The country's calling code as digits (<c>49</c>), so that national numbers are understood; empty: not set.</summary>
    public static readonly SettingName<string> CallingCode = new("people.calling-code", "");
}

/// <summary>Finds and makes customers: for intake, the call log, pickers, search.</summary>
public static class Customers
{
    /// <summary>Customers who were not merged into another.</summary>
    public static IQueryable<Customer> Standing(this Database db) => db.Set<Customer>().Where(c => c.MergedInto == null);

    /// <summary>All customers with this address, the oldest first; none when it is no address. Tracked in a write.</summary>
    public static async Task<List<Customer>> Find(Database db, string? address)
    {
        if (CustomerAddresses.Read(address, await CallingCode(db)) is not { } read) return [];
        return await With(db, read.Kind, read.Value);
    }

    // By the addresses, which have the index; asked of each customer it would read them all.
    static Task<List<Customer>> With(Database db, AddressKind kind, string value)
    {
        var tail = kind == AddressKind.Phone ? CustomerAddresses.Tail(value) : null;
        var withCountry = value[0] == '+';
        // A number without its country is the same as one with it, when its last digits are.
        var addresses = tail is null
            ? db.Set<CustomerAddress>().Where(a => a.Kind == kind && a.Value == value)
            : db.Set<CustomerAddress>().Where(a => a.Kind == kind && (a.Value == value || (a.Tail == tail && (!withCountry || !EF.Functions.Like(a.Value, "+%")))));
        var ids = addresses.Select(a => a.CustomerId);
        var found = (db.MayWrite ? db.Standing().AsTracking() : db.Standing()).Include(c => c.Addresses).Include(c => c.Memberships).AsSingleQuery();
        return found.Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).Take(50).ToListAsync();
    }

    // Mail addresses that were asked at once, inside of a write.
    sealed class AskedAhead(string code, HashSet<string> asked, ILookup<string, Customer> found, HashSet<string> claimed)
    {
        readonly HashSet<string> changed = [];
        public string Code => code;
        public bool Knows(AddressKind kind, string value) => kind == AddressKind.Mail && asked.Contains(value) && !changed.Contains(value);
        public List<Customer> Of(string value) => [.. found[value].Where(c => c.MergedInto is null)];
        public bool IsClaimed(string value) => claimed.Contains(value);

        /// <summary>The organisations of the domains that were asked for so far.</summary>
        public Dictionary<string, List<long>> Domains { get; } = new(StringComparer.Ordinal);
        public void Made(Customer customer) => changed.UnionWith(customer.Addresses.Select(a => a.Value));
    }

    // More than these are asked one by one: somebody gave everybody one address.
    const int MostAhead = 500;

    /// <summary>Inside of a write: reads at once what <see cref="FindOrMake"/> will ask for each of these mail addresses.</summary>
    public static async Task ReadAhead(Database db, IEnumerable<string> addresses)
    {
        var code = await CallingCode(db);
        var values = addresses.Select(a => CustomerAddresses.Read(a, code)).OfType<(AddressKind Kind, string Value)>().Where(a => a.Kind == AddressKind.Mail).Select(a => a.Value).ToHashSet(StringComparer.Ordinal);
        if (values.Count == 0) return;
        var list = values.ToList();
        var ids = db.Set<CustomerAddress>().Where(a => a.Kind == AddressKind.Mail && list.Contains(a.Value)).Select(a => a.CustomerId);
        var found = await db.Standing().AsTracking().Include(c => c.Addresses).Include(c => c.Memberships).AsSingleQuery().Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).Take(MostAhead).ToListAsync();
        if (found.Count == MostAhead) return;
        var claimed = await db.Set<CustomerAddress>().Where(a => list.Contains(a.Claim!)).Select(a => a.Claim!).ToListAsync();
        db.KeepAhead(new AskedAhead(code, values, found.SelectMany(c => c.Addresses.Where(a => a.Kind == AddressKind.Mail).Select(a => (a.Value, Customer: c))).ToLookup(p => p.Value, p => p.Customer, StringComparer.Ordinal), [.. claimed]));
    }

    /// <summary>
    /// Inside of a write: the customer with this address, or a new one, who joins the organisations with the address's domain. Where several have it, the
    /// one with the same name, else the oldest, and the others beside.
    /// </summary>
    /// <param name="name">As told; cut to 200 characters, the address where there is none.</param>
    /// <param name="address">Mail, number or handle.</param>
    /// <param name="language">Two letters, for a new one.</param>
    /// <exception cref="Refused">It is no address at all (field <c>address</c>).</exception>
    public static async Task<FoundCustomer> FindOrMake(Database db, string? name, string address, string? language = null)
    {
        if (CustomerAddresses.Read(address, await CallingCode(db)) is not { } read) throw new Refused("address", Words.NoAddress);
        List<Customer> found;
        if (db.Ahead<AskedAhead>() is { } ahead && ahead.Knows(read.Kind, read.Value)) found = ahead.Of(read.Value);
        else
        {
            found = db.Set<Customer>().Local.Where(c => c.MergedInto is null && c.Addresses.Any(a => a.Kind == read.Kind && a.Value == read.Value)).ToList();
            if (found.Count == 0) found = await With(db, read.Kind, read.Value);
        }
        if (found.Count > 0)
        {
            var folded = Fold(name);
            var best = folded.Length > 0 ? found.Find(c => Fold(c.Name) == folded) ?? found[0] : found[0];
            return new(best, false, [.. found.Where(c => c != best)]);
        }
        return new(await Make(db, name, [address], language), true, []);
    }

    /// <summary>Inside of a write: a new customer with these addresses, a member of the organisations whose domain the mail addresses have.</summary>
    /// <exception cref="Refused">One of them is no address (field <c>address</c>).</exception>
    public static async Task<Customer> Make(Database db, string? name, IReadOnlyList<string> addresses, string? language = null)
    {
        var code = await CallingCode(db);
        var customer = Begin(db, string.IsNullOrWhiteSpace(name) ? addresses.FirstOrDefault(a => !string.IsNullOrWhiteSpace(a)) : name, language);
        foreach (var address in addresses)
        {
            if (CustomerAddresses.Read(address, code) is not { } read) throw new Refused("address", Words.NoAddress);
            if (customer.Addresses.Exists(a => a.Kind == read.Kind && a.Value == read.Value)) continue;
            customer.Addresses.Add(new CustomerAddress
            {
                Id = db.Ids!.Next(),
                CustomerId = customer.Id,
                Kind = read.Kind,
                Value = read.Value,
                Shown = address.Trim(),
                Tail = read.Kind == AddressKind.Phone ? CustomerAddresses.Tail(read.Value) : null,
                Claim = await IsClaimed(db, read.Kind, read.Value) ? null : read.Value
            });
        }
        foreach (var organisation in await ByDomainOf(db, customer.Addresses))
            customer.Memberships.Add(new Membership { CustomerId = customer.Id, OrganisationId = organisation });
        customer.Changed(true, [new FactTextDraft("name", null, customer.Name, customer.Id), .. customer.Addresses.Select(a => new FactTextDraft("address", null, a.Shown, customer.Id))]);
        db.Add(customer);
        db.Ahead<AskedAhead>()?.Made(customer);
        return customer;
    }

    static async Task<bool> IsClaimed(Database db, AddressKind kind, string value) =>
        db.Ahead<AskedAhead>() is { } ahead && ahead.Knows(kind, value) ? ahead.IsClaimed(value) : await db.Set<CustomerAddress>().AnyAsync(a => a.Claim == value);

    // Not yet added: whoever makes it fills it first.
    internal static Customer Begin(Database db, string? name, string? language) =>
        new() { Id = db.Ids!.Next(), Name = Cut(string.IsNullOrWhiteSpace(name) ? Words.NoName : name.Trim(), 200), Language = language, MadeAt = db.At };

    /// <summary>The organisations that have the domain of one of these addresses.</summary>
    public static async Task<List<long>> ByDomainOf(Database db, IEnumerable<CustomerAddress> addresses)
    {
        var ids = new List<long>();
        foreach (var domain in addresses.Where(a => a.Kind == AddressKind.Mail).Select(a => a.Value[(a.Value.LastIndexOf('@') + 1)..]).Distinct())
        {
            var before = db.Ahead<AskedAhead>()?.Domains;
            if (before is null || !before.TryGetValue(domain, out var found))
            {
                var asked = " " + domain + " ";
                found = await db.Set<Organisation>().Where(o => o.Domains != null && (" " + o.Domains + " ").Contains(asked)).Select(o => o.Id).ToListAsync();
                before?.Add(domain, found);
            }
            ids.AddRange(found);
        }
        return [.. ids.Distinct()];
    }

    /// <summary>For the call log, while a number is typed: customers with a number that begins so, ends so, or holds these digits; at most 8. Nothing under three digits.</summary>
    public static async Task<List<Customer>> ByNumber(Database db, string? typed)
    {
        if (CustomerAddresses.Phone(typed, await CallingCode(db)) is not { } value) return [];
        var digits = value.TrimStart('+');
        var needle = value[0] == '+' ? digits : digits.TrimStart('0');
        if (needle.Length < 3) return [];
        var tail = CustomerAddresses.Tail(value) ?? "-";
        var found = db.Set<CustomerAddress>().Where(a => a.Kind == AddressKind.Phone && (a.Tail == tail || a.Value.Contains(needle))).Select(a => a.CustomerId);
        return await db.Standing().Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().Where(c => found.Contains(c.Id)).OrderBy(c => c.Name).ThenBy(c => c.Id).Take(8).ToListAsync();
    }

    /// <summary>For pickers (“for whom?”): customers and organisations whose name or address holds words that begin so; names that begin so first. Nobody without <see cref="Verb.SeePeople"/>.</summary>
    /// <param name="most">Customers at most, and beside them a third as many organisations: neither takes the other's rows.</param>
    public static async Task<List<Suggestion>> Suggest(Database db, Who who, string? text, int most = 8)
    {
        if (!who.Can(Verb.SeePeople)) return [];
        var question = PeopleIndex.Read(text, await CallingCode(db));
        if (question.Count == 0) return [];
        var begin = Fold(text);
        var customers = await PeopleIndex.Match(db, db.Standing(), PersonKind.Customer, question, c => c.Id)
            .OrderBy(c => c.Sort.StartsWith(begin) ? 0 : 1).ThenBy(c => c.Sort).ThenBy(c => c.Id).Take(most)
            .Select(c => new { c.Id, c.Name, Address = c.Addresses.OrderBy(a => a.Kind).ThenBy(a => a.Id).Select(a => a.Shown).FirstOrDefault(), Organisation = db.Set<Organisation>().Where(o => c.Memberships.Any(m => m.OrganisationId == o.Id)).OrderBy(o => o.Id).Select(o => o.Name).FirstOrDefault() })
            .ToListAsync();
        var organisations = await PeopleIndex.Match(db, db.Set<Organisation>(), PersonKind.Organisation, question, o => o.Id)
            .OrderBy(o => o.Sort.StartsWith(begin) ? 0 : 1).ThenBy(o => o.Sort).ThenBy(o => o.Id).Take(Math.Max(1, most / 3)).Select(o => new { o.Id, o.Name, o.Place }).ToListAsync();
        return [.. customers.Select(c => new Suggestion(PersonKind.Customer, c.Id, c.Name, string.Join(", ", new[] { c.Address, c.Organisation }.Where(s => !string.IsNullOrEmpty(s))))),
            .. organisations.Select(o => new Suggestion(PersonKind.Organisation, o.Id, o.Name, o.Place))];
    }

    internal static async Task<string> CallingCode(Database db) =>
        db.Ahead<AskedAhead>()?.Code ?? await db.Set<Setting>().Where(s => s.Name == PeopleSettings.CallingCode.Name).Select(s => s.Text).FirstOrDefaultAsync() ?? PeopleSettings.CallingCode.Default;

    /// <summary>A name as it is sorted and compared: words without case and accents.</summary>
    internal static string Fold(string? name) => Cut(string.Join(' ', Tokens.Of(name)), 200);

    /// <summary>Cuts at a whole character.</summary>
    internal static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
