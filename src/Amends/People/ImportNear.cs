using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>
/// What the house already knows of the people in some rows, fetched at once instead of row by row: a file of thousands is read in without thousands of
/// questions. What a row makes is added, so that the next row finds it before anything is saved.
/// </summary>
sealed class ImportNear
{
    // An address that more than these share (info@) is asked for by itself.
    const int Crowd = 20;

    readonly Database db;
    readonly string system;
    readonly Dictionary<(PersonKind Kind, string Key), long> refs = [];
    readonly Dictionary<long, Customer> customers = [];
    readonly Dictionary<string, List<Customer>> having = new(StringComparer.Ordinal);
    readonly HashSet<string> crowded = new(StringComparer.Ordinal), claims = new(StringComparer.Ordinal);
    readonly HashSet<long> taken = [];
    readonly Dictionary<string, List<long>> domains = new(StringComparer.Ordinal);
    readonly Dictionary<string, List<Organisation>> organisations = new(StringComparer.Ordinal);
    readonly Dictionary<long, Organisation> organisationOf = [];
    readonly Dictionary<long, Holding> holdingOf = [];
    readonly Dictionary<(long? Customer, long? Organisation), List<Holding>> holdings = [];

    ImportNear(Database db, string system, string callingCode) => (this.db, this.system, CallingCode) = (db, system, callingCode);

    public string CallingCode { get; }

    /// <summary>What the rows name.</summary>
    public sealed record Asked(HashSet<string> Keys, HashSet<string> Owners, HashSet<string> Addresses, HashSet<string> Organisations, HashSet<string> Products)
    {
        public Asked() : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal)) { }
    }

    /// <summary>Inside of a write: fetches it.</summary>
    public static async Task<ImportNear> Fetch(Database db, string system, PersonKind kind, string callingCode, Asked asked)
    {
        var near = new ImportNear(db, system, callingCode);
        await near.Refs([.. asked.Keys, .. asked.Owners]);
        await near.Customers(asked.Addresses);
        await near.Organisations(kind, asked);
        if (kind == PersonKind.Customer) await near.Domains();
        if (kind == PersonKind.Holding) await near.Holdings(asked);
        return near;
    }

    async Task Refs(List<string> keys)
    {
        if (keys.Count == 0) return;
        foreach (var one in await db.Set<ExternalRef>().Where(r => r.System == system && keys.Contains(r.Key)).Select(r => new { r.Kind, r.Key, r.TargetId }).ToListAsync()) refs[(one.Kind, one.Key)] = one.TargetId;
    }

    async Task Customers(HashSet<string> addresses)
    {
        var ids = refs.Where(r => r.Key.Kind == PersonKind.Customer).Select(r => r.Value).ToHashSet();
        if (addresses.Count > 0)
        {
            var values = addresses.ToList();
            crowded.UnionWith(await db.Set<CustomerAddress>().Where(a => values.Contains(a.Value)).GroupBy(a => a.Value).Where(g => g.Count() > Crowd).Select(g => g.Key).ToListAsync());
            var some = values.FindAll(v => !crowded.Contains(v));
            ids.UnionWith(await db.Set<CustomerAddress>().Where(a => some.Contains(a.Value)).Select(a => a.CustomerId).ToListAsync());
            claims.UnionWith(await db.Set<CustomerAddress>().Where(a => a.Claim != null && values.Contains(a.Claim)).Select(a => a.Claim!).ToListAsync());
        }
        if (ids.Count == 0) return;
        var list = ids.ToList();
        foreach (var one in await db.Set<Customer>().AsTracking().Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().Where(c => list.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync())
        {
            customers[one.Id] = one;
            if (one.MergedInto is null) foreach (var address in one.Addresses) Has(one, address.Value);
        }
        taken.UnionWith(await db.Set<ExternalRef>().Where(r => r.System == system && r.Kind == PersonKind.Customer && list.Contains(r.TargetId)).Select(r => r.TargetId).ToListAsync());
    }

    async Task Organisations(PersonKind kind, Asked asked)
    {
        var names = asked.Organisations.ToList();
        var ids = refs.Where(r => r.Key.Kind == PersonKind.Organisation).Select(r => r.Value).ToList();
        if (names.Count == 0 && ids.Count == 0) return;
        // A holding's owner is read only; so is an organisation that a customer joins.
        var all = kind == PersonKind.Organisation ? db.Set<Organisation>().AsTracking() : db.Set<Organisation>().AsNoTracking();
        foreach (var one in await all.Where(o => names.Contains(o.Sort) || ids.Contains(o.Id)).OrderBy(o => o.Id).ToListAsync()) Add(one);
    }

    async Task Domains()
    {
        foreach (var one in await db.Set<Organisation>().Where(o => o.Domains != null).OrderBy(o => o.Id).Select(o => new { o.Id, o.Domains }).ToListAsync())
            foreach (var domain in one.Domains!.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                Listed(domains, domain).Add(one.Id);
    }

    async Task Holdings(Asked asked)
    {
        var (people, houses, products) = (customers.Keys.ToList(), organisationOf.Keys.ToList(), asked.Products.ToList());
        var ids = refs.Where(r => r.Key.Kind == PersonKind.Holding).Select(r => r.Value).ToList();
        foreach (var one in await db.Set<Holding>().AsTracking().Where(h => ids.Contains(h.Id) || (products.Contains(h.Product) && (people.Contains(h.CustomerId ?? 0) || houses.Contains(h.OrganisationId ?? 0)))).OrderBy(h => h.Id).ToListAsync()) Add(one);
    }

    static List<T> Listed<TKey, T>(Dictionary<TKey, List<T>> all, TKey key) where TKey : notnull => all.TryGetValue(key, out var list) ? list : all[key] = [];

    /// <summary>Which row of ours the other program's key stands for, or null.</summary>
    public long? Known(PersonKind of, string? key) => key is not null && refs.TryGetValue((of, key), out var id) ? id : null;

    /// <summary>Keeps the other program's key with a row of ours; nothing where it is known.</summary>
    public void Remember(PersonKind of, string? key, long id)
    {
        if (key is null || !refs.TryAdd((of, key), id)) return;
        db.Add(new ExternalRef { System = system, Kind = of, Key = key, TargetId = id });
        if (of == PersonKind.Customer) taken.Add(id);
    }

    /// <summary>True when the other program has a key for this customer.</summary>
    public bool Taken(long customer) => taken.Contains(customer);

    /// <summary>The customer with this id, or the one it was merged into; null when there is none.</summary>
    public async Task<Customer?> Customer(long id)
    {
        if (!customers.TryGetValue(id, out var one))
        {
            one = await db.Set<Customer>().AsTracking().Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().FirstOrDefaultAsync(c => c.Id == id);
            if (one is not null) customers[id] = one;
        }
        return one?.MergedInto is { } other ? await Customer(other) : one;
    }

    /// <summary>Who has this address, the oldest first, at most twenty.</summary>
    public async Task<IReadOnlyList<Customer>> Having(string value)
    {
        if (!crowded.Contains(value)) return having.TryGetValue(value, out var list) ? list.Count > Crowd ? list.GetRange(0, Crowd) : list : [];
        var all = new List<Customer>();
        var ids = await db.Standing().Where(c => c.Addresses.Any(a => a.Value == value)).OrderBy(c => c.Id).Select(c => c.Id).Take(Crowd).ToListAsync();
        taken.UnionWith(await db.Set<ExternalRef>().Where(r => r.System == system && r.Kind == PersonKind.Customer && ids.Contains(r.TargetId)).Select(r => r.TargetId).ToListAsync());
        foreach (var id in ids)
            if (await Customer(id) is { } one)
                all.Add(one);
        return all;
    }

    /// <summary>Puts a new customer among those that are found.</summary>
    public void Add(Customer one) => customers[one.Id] = one;

    /// <summary>Says that a customer has an address.</summary>
    public void Has(Customer one, string value)
    {
        var list = Listed(having, value);
        if (!list.Contains(one)) list.Add(one);
    }

    /// <summary>True for the first one who has the address: theirs is its claim.</summary>
    public bool Claims(string value) => claims.Add(value);

    /// <summary>The organisations with the domain of one of these addresses.</summary>
    public IEnumerable<long> DomainsOf(IEnumerable<CustomerAddress> addresses) =>
        addresses.Where(a => a.Kind == AddressKind.Mail).SelectMany(a => domains.TryGetValue(a.Value[(a.Value.LastIndexOf('@') + 1)..], out var ids) ? ids : []).Distinct();

    /// <summary>The organisation of this name, compared without case and accents; null for none.</summary>
    public Organisation? OrganisationOf(string name)
    {
        var sort = People.Customers.Fold(name);
        return organisations.TryGetValue(sort, out var list) ? list.Find(o => sort.Length > 0 || o.Name == name) : null;
    }

    /// <summary>The organisation with this id; null when it is gone.</summary>
    public Organisation? OrganisationOf(long id) => organisationOf.GetValueOrDefault(id);

    /// <summary>Puts an organisation among those that are found.</summary>
    public void Add(Organisation one)
    {
        organisationOf[one.Id] = one;
        var list = Listed(organisations, one.Sort);
        if (!list.Contains(one)) list.Add(one);
    }

    /// <summary>The holding with this id; null when it is gone.</summary>
    public Holding? HoldingOf(long id) => holdingOf.GetValueOrDefault(id);

    /// <summary>What this owner has.</summary>
    public IReadOnlyList<Holding> HoldingsOf(long? customer, long? organisation) => holdings.TryGetValue((customer, organisation), out var list) ? list : [];

    /// <summary>Puts a holding among those that are found.</summary>
    public void Add(Holding one)
    {
        holdingOf[one.Id] = one;
        Listed(holdings, (one.CustomerId, one.OrganisationId)).Add(one);
    }
}
