using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>What became of a row.</summary>
public enum RowOutcome : byte { Made = 1, Changed = 2, Same = 3, Refused = 4 }

/// <summary>Brings one row of a file into the house. Run twice, the second time changes nothing: found again by the other system's key, else by address or name.</summary>
sealed class ImportRows(PersonKind kind, string system, IReadOnlyList<ImportField> fields)
{
    /// <summary>Inside of a write.</summary>
    /// <exception cref="Refused">The row cannot be taken, with the reason; nothing of it was changed.</exception>
    public async Task<RowOutcome> Take(Database db, ImportRow row)
    {
        if (row.Broken) throw new Refused("", Words.RowBroken);
        var cells = new Dictionary<ImportField, string>();
        for (var i = 0; i < Math.Min(fields.Count, row.Cells.Length); i++)
        {
            var text = Plain(row.Cells[i]);
            if (fields[i] != ImportField.Leave && text.Length > 0) cells[fields[i]] = text;
        }
        if (cells.Count == 0) throw new Refused("", Words.RowEmpty);
        var outcome = kind switch
        {
            PersonKind.Customer => await Customer(db, cells),
            PersonKind.Organisation => await Organisation(db, cells),
            _ => await Holding(db, cells)
        };
        await db.SaveChangesAsync();
        return outcome;
    }

    // An export of ours puts an apostrophe before what a spreadsheet would run; it is no part of the text.
    static string Plain(string cell)
    {
        var text = cell.Trim();
        return text.Length > 1 && text[0] == '\'' && text[1] is '=' or '+' or '-' or '@' ? text[1..] : text;
    }

    static string? Get(Dictionary<ImportField, string> cells, ImportField field, int most)
    {
        if (!cells.TryGetValue(field, out var text)) return null;
        if (text.Length > most) throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.CellTooLong, Named(field), most));
        return text;
    }

    async Task<long?> Known(Database db, PersonKind of, string? key)
    {
        if (key is null) return null;
        var id = await db.Set<ExternalRef>().Where(r => r.System == system && r.Kind == of && r.Key == key).Select(r => (long?)r.TargetId).FirstOrDefaultAsync();
        return id;
    }

    async Task Remember(Database db, PersonKind of, string? key, long id)
    {
        if (key is null || await db.Set<ExternalRef>().AnyAsync(r => r.System == system && r.Kind == of && r.Key == key)) return;
        db.Add(new ExternalRef { System = system, Kind = of, Key = key, TargetId = id });
    }

    async Task<RowOutcome> Customer(Database db, Dictionary<ImportField, string> cells)
    {
        var (key, name, language, zone) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Name, 200), Get(cells, ImportField.Language, 35), Get(cells, ImportField.Zone, 60));
        var (needs, about, organisation, role) = (Get(cells, ImportField.Needs, 500), Get(cells, ImportField.About, 10_000), Get(cells, ImportField.Organisation, 200), Get(cells, ImportField.Role, 120));
        var prefers = Get(cells, ImportField.Prefers, 40)?.ToLowerInvariant() switch { null => null, "mail" or "email" or "e-mail" => "mail", "phone" or "telephone" => "phone", _ => throw new Refused("", Words.RowPrefers) };
        if (language is not null) language = Languages.Knows(language.ToLowerInvariant().Split('-', '_')[0]) ? language.ToLowerInvariant().Split('-', '_')[0] : throw new Refused("", Words.NoLanguage);
        if (zone is not null && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _)) throw new Refused("", Words.NoZone);
        var code = await Customers.CallingCode(db);
        var addresses = new List<(AddressKind Kind, string Value, string Shown)>();
        foreach (var (field, of) in new[] { (ImportField.Mail, AddressKind.Mail), (ImportField.Mail2, AddressKind.Mail), (ImportField.Phone, AddressKind.Phone), (ImportField.Phone2, AddressKind.Phone), (ImportField.Handle, AddressKind.Handle) })
            if (Get(cells, field, CustomerAddresses.Longest) is { } shown)
                addresses.Add((of, CustomerAddresses.As(of, shown, code) ?? throw new Refused("", string.Format(CultureInfo.CurrentCulture, of == AddressKind.Phone ? Words.RowNumber : Words.RowMail, Customers.Cut(shown, 60))), shown));
        if (name is null && addresses.Count == 0) throw new Refused("", Words.RowNobody);

        var one = await Known(db, PersonKind.Customer, key) is { } id ? await Load(db, id) : await ByAddress(db, key, name, addresses);
        if (one is null)
        {
            one = await Customers.Make(db, name, [], language);
            (one.Zone, one.Prefers, one.Needs, one.About) = (zone, prefers, needs, about);
            await AddAddresses(db, one, addresses, null);
            foreach (var domain in await Customers.ByDomainOf(db, one.Addresses)) one.Memberships.Add(new Membership { CustomerId = one.Id, OrganisationId = domain });
            await Join(db, one, organisation, role, null);
            await Remember(db, PersonKind.Customer, key, one.Id);
            return RowOutcome.Made;
        }
        var texts = new Texts(one.Id);
        // An empty cell says nothing: what stands stays.
        if (name is not null) one.Name = texts.Set("name", one.Name, name)!;
        if (language is not null) one.Language = texts.Set("language", one.Language, language);
        if (zone is not null) one.Zone = texts.Set("zone", one.Zone, zone);
        if (prefers is not null) one.Prefers = texts.Set("prefers", one.Prefers, prefers);
        if (needs is not null) one.Needs = texts.Set("needs", one.Needs, needs);
        if (about is not null) one.About = texts.Set("about", one.About, about);
        await AddAddresses(db, one, addresses, texts);
        await Join(db, one, organisation, role, texts);
        await Remember(db, PersonKind.Customer, key, one.Id);
        if (texts.Any) one.Changed(false, texts.All);
        return texts.Any ? RowOutcome.Changed : RowOutcome.Same;
    }

    static async Task<Customer> Load(Database db, long id)
    {
        var one = await db.Set<Customer>().AsTracking().Include(c => c.Addresses).Include(c => c.Memberships).AsSplitQuery().FirstOrDefaultAsync(c => c.Id == id) ?? throw new Refused("", Words.RowGone);
        return one.MergedInto is { } other ? await Load(db, other) : one;
    }

    // Whoever has one of the addresses. With a key of its own in the file, somebody whom this system knows under another key is somebody else (info@).
    async Task<Customer?> ByAddress(Database db, string? key, string? name, List<(AddressKind Kind, string Value, string Shown)> addresses)
    {
        var found = new List<Customer>();
        foreach (var (_, value, _) in addresses)
        {
            var ids = await db.Standing().Where(c => c.Addresses.Any(a => a.Value == value)).OrderBy(c => c.Id).Select(c => c.Id).Take(20).ToListAsync();
            if (key is not null)
            {
                var taken = await db.Set<ExternalRef>().Where(r => r.System == system && r.Kind == PersonKind.Customer && ids.Contains(r.TargetId)).Select(r => r.TargetId).ToListAsync();
                ids.RemoveAll(taken.Contains);
            }
            foreach (var id in ids) if (!found.Exists(c => c.Id == id)) found.Add(await Load(db, id));
        }
        // Whoever has most of the addresses; among equals the name tells.
        int Has(Customer one) => addresses.Count(a => one.Addresses.Exists(b => b.Value == a.Value));
        var best = found.FindAll(one => Has(one) == found.Max(Has));
        if (best.Count <= 1) return best.FirstOrDefault();
        var sort = Customers.Fold(name);
        return best.FindAll(c => c.Name == name) is [var same] ? same : best.FindAll(c => c.Sort == sort) is [var like] ? like : throw new Refused("", Words.RowSeveral);
    }

    static async Task AddAddresses(Database db, Customer one, List<(AddressKind Kind, string Value, string Shown)> addresses, Texts? texts)
    {
        foreach (var (of, value, shown) in addresses)
        {
            if (one.Addresses.Exists(a => a.Kind == of && a.Value == value)) continue;
            if (one.Addresses.Exists(a => a.Value == value)) continue;
            var row = new CustomerAddress
            {
                Id = db.Ids!.Next(),
                CustomerId = one.Id,
                Kind = of,
                Value = value,
                Shown = shown,
                Tail = of == AddressKind.Phone ? CustomerAddresses.Tail(value) : null,
                Claim = await db.Set<CustomerAddress>().AnyAsync(a => a.Claim == value) ? null : value
            };
            one.Addresses.Add(row);
            if (db.Entry(one).State != EntityState.Added) db.Entry(row).State = EntityState.Added;
            texts?.Set("address", null, shown);
        }
    }

    static async Task Join(Database db, Customer one, string? organisation, string? role, Texts? texts)
    {
        if (organisation is null) return;
        var there = await Organisations.FindOrMake(db, organisation);
        if (one.Memberships.Find(m => m.OrganisationId == there.Id) is { } member)
        {
            if (role is not null) member.Role = texts is null ? role : texts.Set("role", member.Role, role);
            return;
        }
        one.Memberships.Add(new Membership { CustomerId = one.Id, OrganisationId = there.Id, Role = role });
        texts?.Set("organisation", null, there.Name);
    }

    async Task<RowOutcome> Organisation(Database db, Dictionary<ImportField, string> cells)
    {
        var (key, name, typed, place, about) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Name, 200), Get(cells, ImportField.Domains, 2000), Get(cells, ImportField.Place, 200), Get(cells, ImportField.About, 10_000));
        var domains = EditOrganisation.Domains(typed, why => throw new Refused("", why));
        var sort = Customers.Fold(name);
        var known = await Known(db, PersonKind.Organisation, key);
        if (name is null && known is null) throw new Refused("", Words.RowNoName);
        var one = await db.Set<Organisation>().AsTracking().Where(o => known != null ? o.Id == known : o.Sort == sort && (sort != "" || o.Name == name)).OrderBy(o => o.Id).FirstOrDefaultAsync();
        var made = one is null;
        one ??= new Organisation { Id = db.Ids!.Next(), Name = name ?? "" };
        var texts = new Texts(null);
        if (name is not null) one.Name = texts.Set("name", made ? null : one.Name, name)!;
        if (domains is not null) one.Domains = texts.Set("domains", one.Domains, domains);
        if (place is not null) one.Place = texts.Set("place", one.Place, place);
        if (about is not null) one.About = texts.Set("about", one.About, about);
        if (texts.Any) one.Changed(texts.All);
        if (made) db.Add(one);
        await Remember(db, PersonKind.Organisation, key, one.Id);
        return made ? RowOutcome.Made : texts.Any ? RowOutcome.Changed : RowOutcome.Same;
    }

    async Task<RowOutcome> Holding(Database db, Dictionary<ImportField, string> cells)
    {
        var (key, product, variant, batch) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Product, 200), Get(cells, ImportField.Variant, 120), Get(cells, ImportField.Batch, 120));
        var (serial, contract, site) = (Get(cells, ImportField.Serial, 120), Get(cells, ImportField.Contract, 120), Get(cells, ImportField.Site, 120));
        var (since, until) = (Day(cells, ImportField.Since), Day(cells, ImportField.Until));
        if (since > until) throw new Refused("", Words.UntilBeforeSince);
        var known = await Known(db, PersonKind.Holding, key);
        var one = known is null ? null : await db.Set<Holding>().AsTracking().FirstOrDefaultAsync(h => h.Id == known) ?? throw new Refused("", Words.RowGone);
        if (one is null && product is null) throw new Refused("", Words.RowNoProduct);
        if (one is null)
        {
            var (customer, organisation) = await Owner(db, cells);
            one = await db.Set<Holding>().AsTracking().FirstOrDefaultAsync(h => h.CustomerId == customer && h.OrganisationId == organisation && h.Product == product
                && (serial != null ? h.Serial == serial : h.Serial == null && h.Batch == batch && h.Variant == variant && h.Contract == contract && h.Site == site));
            if (one is null)
            {
                var made = new Holding { Id = db.Ids!.Next(), Product = "", CustomerId = customer, OrganisationId = organisation };
                EditHolding.Fill(made, true, product!, variant, batch, serial, contract, site, since, until);
                db.Add(made);
                await Remember(db, PersonKind.Holding, key, made.Id);
                return RowOutcome.Made;
            }
        }
        var changed = EditHolding.Fill(one, false, product ?? one.Product, variant ?? one.Variant, batch ?? one.Batch, serial ?? one.Serial, contract ?? one.Contract, site ?? one.Site, since ?? one.Since, until ?? one.Until);
        await Remember(db, PersonKind.Holding, key, one.Id);
        return changed ? RowOutcome.Changed : RowOutcome.Same;
    }

    async Task<(long? Customer, long? Organisation)> Owner(Database db, Dictionary<ImportField, string> cells)
    {
        if (Get(cells, ImportField.Owner, 200) is { } key)
        {
            if (await Known(db, PersonKind.Customer, key) is { } customer) return ((await Load(db, customer)).Id, null);
            if (await Known(db, PersonKind.Organisation, key) is { } organisation) return (null, organisation);
            throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.RowNoOwner, Customers.Cut(key, 60)));
        }
        if (Get(cells, ImportField.OwnerMail, CustomerAddresses.Longest) is { } address)
            return await Customers.Find(db, address) switch
            {
                [var one] => (one.Id, null),
                [] => throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.RowNoOwner, Customers.Cut(address, 60))),
                _ => throw new Refused("", Words.RowSeveral)
            };
        if (Get(cells, ImportField.Organisation, 200) is { } name)
        {
            var sort = Customers.Fold(name);
            var id = await db.Set<Organisation>().Where(o => o.Sort == sort && (sort != "" || o.Name == name)).OrderBy(o => o.Id).Select(o => (long?)o.Id).FirstOrDefaultAsync();
            return (null, id ?? throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.RowNoOwner, Customers.Cut(name, 60))));
        }
        throw new Refused("", Words.RowOwnerMissing);
    }

    static DateOnly? Day(Dictionary<ImportField, string> cells, ImportField field)
    {
        if (Get(cells, field, 40) is not { } text) return null;
        text = text.Split('T', ' ')[0];
        // 3/4/2026 is two days, depending on who wrote it: refused rather than guessed.
        return DateOnly.TryParseExact(text, ["yyyy-M-d", "yyyy/M/d", "yyyyMMdd", "d.M.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1900 and < 2200
            ? day : throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.RowDay, Customers.Cut(text, 30)));
    }

    /// <summary>The name of a field.</summary>
    public static string Named(ImportField field) => field switch
    {
        ImportField.Leave => Words.LeaveOut,
        ImportField.Key => Words.Key,
        ImportField.Name => Words.Name,
        ImportField.Mail => Words.Mail,
        ImportField.Mail2 => Words.Mail2,
        ImportField.Phone => Words.Phone,
        ImportField.Phone2 => Words.Phone2,
        ImportField.Handle => Words.Handle,
        ImportField.Language => Words.Language,
        ImportField.Zone => Words.Zone,
        ImportField.Prefers => Words.Prefers,
        ImportField.Needs => Words.Needs,
        ImportField.About => Words.About,
        ImportField.Organisation => Words.Organisation,
        ImportField.Role => Words.Role,
        ImportField.Domains => Words.Domains,
        ImportField.Place => Words.Place,
        ImportField.Owner => Words.OwnerKey,
        ImportField.OwnerMail => Words.OwnerMail,
        ImportField.Product => Words.Product,
        ImportField.Variant => Words.Variant,
        ImportField.Batch => Words.Batch,
        ImportField.Serial => Words.Serial,
        ImportField.Contract => Words.Contract,
        ImportField.Site => Words.Site,
        ImportField.Since => Words.Since,
        ImportField.Until => Words.Until,
        _ => ""
    };
}
