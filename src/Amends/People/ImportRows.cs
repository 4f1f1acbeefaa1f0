using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>What became of a row.</summary>
public enum RowOutcome : byte { Made = 1, Changed = 2, Same = 3, Refused = 4 }

/// <summary>Brings rows of a file into the house, some at once. Run twice, the second time changes nothing: found again by the other system's key, else by address or name.</summary>
sealed class ImportRows(PersonKind kind, string system, IReadOnlyList<ImportField> fields)
{
    /// <summary>Inside of a write: fetches what is known of the people in these rows, to take them one after the other.</summary>
    public async Task<Taking> Begin(Database db, IEnumerable<ImportRow> rows)
    {
        var code = await Customers.CallingCode(db);
        var asked = new ImportNear.Asked();
        foreach (var row in rows)
        {
            var cells = Cells(row);
            void Note(ImportField field, HashSet<string> into, Func<string, string?> read) { if (cells.TryGetValue(field, out var text) && read(text) is { } value) into.Add(value); }
            Note(ImportField.Key, asked.Keys, key => key);
            Note(ImportField.Owner, asked.Owners, key => key);
            Note(ImportField.Product, asked.Products, product => product);
            Note(ImportField.Organisation, asked.Organisations, Customers.Fold);
            if (kind == PersonKind.Organisation) Note(ImportField.Name, asked.Organisations, Customers.Fold);
            foreach (var (field, of) in Ways) Note(field, asked.Addresses, shown => CustomerAddresses.As(of, shown, code));
        }
        return new Taking(this, db, await ImportNear.Fetch(db, system, kind, code, asked));
    }

    static readonly (ImportField Field, AddressKind Of)[] Ways =
        [(ImportField.Mail, AddressKind.Mail), (ImportField.Mail2, AddressKind.Mail), (ImportField.Phone, AddressKind.Phone), (ImportField.Phone2, AddressKind.Phone), (ImportField.Handle, AddressKind.Handle)];

    Dictionary<ImportField, string> Cells(ImportRow row)
    {
        var cells = new Dictionary<ImportField, string>();
        for (var i = 0; i < Math.Min(fields.Count, row.Cells.Length); i++)
        {
            var text = Plain(row.Cells[i]);
            if (fields[i] != ImportField.Leave && text.Length > 0) cells[fields[i]] = text;
        }
        return cells;
    }

    /// <summary>The rows of one write.</summary>
    public sealed class Taking(ImportRows rows, Database db, ImportNear near)
    {
        /// <summary>Takes one of the rows; it is saved with the write.</summary>
        /// <exception cref="Refused">The row cannot be taken, with the reason; nothing of it was changed.</exception>
        public async Task<RowOutcome> Take(ImportRow row)
        {
            if (row.Broken) throw new Refused("", Words.RowBroken);
            var cells = rows.Cells(row);
            if (cells.Count == 0) throw new Refused("", Words.RowEmpty);
            return rows.Kind switch
            {
                PersonKind.Customer => await Customer(db, near, cells),
                PersonKind.Organisation => Organisation(db, near, cells),
                _ => await Holding(db, near, cells)
            };
        }
    }

    PersonKind Kind => kind;

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

    // Whatever a row may be refused for comes first: a row that is refused has changed nothing.
    static async Task<RowOutcome> Customer(Database db, ImportNear near, Dictionary<ImportField, string> cells)
    {
        var (key, name, language, zone) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Name, 200), Get(cells, ImportField.Language, 35), Get(cells, ImportField.Zone, 60));
        var (needs, about, organisation, role) = (Get(cells, ImportField.Needs, 500), Get(cells, ImportField.About, 10_000), Get(cells, ImportField.Organisation, 200), Get(cells, ImportField.Role, 120));
        var prefers = Get(cells, ImportField.Prefers, 40)?.ToLowerInvariant() switch { null => null, "mail" or "email" or "e-mail" => "mail", "phone" or "telephone" => "phone", WritingOnly.Value => WritingOnly.Value, _ => throw new Refused("", Words.RowPrefers) };
        if (language is not null) language = Languages.Knows(language.ToLowerInvariant().Split('-', '_')[0]) ? language.ToLowerInvariant().Split('-', '_')[0] : throw new Refused("", Words.NoLanguage);
        if (zone is not null && !Trust.Zones.Knows(zone)) throw new Refused("", Words.NoZone);
        var addresses = new List<(AddressKind Kind, string Value, string Shown)>();
        foreach (var (field, of) in Ways)
            if (Get(cells, field, CustomerAddresses.Longest) is { } shown)
                addresses.Add((of, CustomerAddresses.As(of, shown, near.CallingCode) ?? throw new Refused("", string.Format(CultureInfo.CurrentCulture, of == AddressKind.Phone ? Words.RowNumber : Words.RowMail, Customers.Cut(shown, 60))), shown));
        if (name is null && addresses.Count == 0) throw new Refused("", Words.RowNobody);

        var one = near.Known(PersonKind.Customer, key) is { } id ? await near.Customer(id) ?? throw new Refused("", Words.RowGone) : await ByAddress(near, key, name, addresses);
        if (one is null)
        {
            one = Customers.Begin(db, name ?? addresses[0].Shown, language);
            (one.Zone, one.Prefers, one.Needs, one.About) = (zone, prefers, needs, about);
            near.Add(one);
            AddAddresses(db, near, one, addresses, null);
            foreach (var of in near.DomainsOf(one.Addresses)) one.Memberships.Add(new Membership { CustomerId = one.Id, OrganisationId = of });
            Join(db, near, one, organisation, role, null);
            near.Remember(PersonKind.Customer, key, one.Id);
            one.Changed(true, new FactTextDraft("name", null, one.Name, one.Id));
            db.Add(one);
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
        AddAddresses(db, near, one, addresses, texts);
        Join(db, near, one, organisation, role, texts);
        near.Remember(PersonKind.Customer, key, one.Id);
        if (texts.Any) one.Changed(false, texts.All);
        return texts.Any ? RowOutcome.Changed : RowOutcome.Same;
    }

    // Whoever has one of the addresses. With a key of its own in the file, somebody whom this system knows under another key is somebody else (info@).
    static async Task<Customer?> ByAddress(ImportNear near, string? key, string? name, List<(AddressKind Kind, string Value, string Shown)> addresses)
    {
        var found = new List<Customer>();
        foreach (var (_, value, _) in addresses)
            foreach (var one in await near.Having(value))
                if ((key is null || !near.Taken(one.Id)) && !found.Contains(one))
                    found.Add(one);
        // Whoever has most of the addresses; among equals the name tells.
        int Has(Customer one) => addresses.Count(a => one.Addresses.Exists(b => b.Value == a.Value));
        var best = found.FindAll(one => Has(one) == found.Max(Has));
        if (best.Count <= 1) return best.FirstOrDefault();
        var sort = Customers.Fold(name);
        return best.FindAll(c => c.Name == name) is [var same] ? same : best.FindAll(c => c.Sort == sort) is [var like] ? like : throw new Refused("", Words.RowSeveral);
    }

    static void AddAddresses(Database db, ImportNear near, Customer one, List<(AddressKind Kind, string Value, string Shown)> addresses, Texts? texts)
    {
        foreach (var (of, value, shown) in addresses)
        {
            if (one.Addresses.Exists(a => a.Value == value)) continue;
            var row = new CustomerAddress
            {
                Id = db.Ids!.Next(),
                CustomerId = one.Id,
                Kind = of,
                Value = value,
                Shown = shown,
                Tail = of == AddressKind.Phone ? CustomerAddresses.Tail(value) : null,
                Claim = near.Claims(value) ? value : null
            };
            one.Addresses.Add(row);
            near.Has(one, value);
            if (texts is null) continue;
            db.Add(row);
            texts.Set("address", null, shown);
        }
    }

    static void Join(Database db, ImportNear near, Customer one, string? organisation, string? role, Texts? texts)
    {
        if (organisation is null) return;
        var there = near.OrganisationOf(organisation);
        if (there is null)
        {
            there = new Organisation { Id = db.Ids!.Next(), Name = organisation };
            there.Changed(new FactTextDraft("name", null, organisation));
            db.Add(there);
            near.Add(there);
        }
        if (one.Memberships.Find(m => m.OrganisationId == there.Id) is { } member)
        {
            if (role is not null) member.Role = texts is null ? role : texts.Set("role", member.Role, role);
            return;
        }
        one.Memberships.Add(new Membership { CustomerId = one.Id, OrganisationId = there.Id, Role = role });
        texts?.Set("organisation", null, there.Name);
    }

    static RowOutcome Organisation(Database db, ImportNear near, Dictionary<ImportField, string> cells)
    {
        var (key, name, typed, place, about) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Name, 200), Get(cells, ImportField.Domains, 2000), Get(cells, ImportField.Place, 200), Get(cells, ImportField.About, 10_000));
        var domains = EditOrganisation.Domains(typed, why => throw new Refused("", why));
        var known = near.Known(PersonKind.Organisation, key);
        if (name is null && known is null) throw new Refused("", Words.RowNoName);
        var one = known is { } id ? near.OrganisationOf(id) : near.OrganisationOf(name!);
        if (one is null && name is null) throw new Refused("", Words.RowGone);
        var made = one is null;
        one ??= new Organisation { Id = db.Ids!.Next(), Name = name! };
        var texts = new Texts(null);
        if (name is not null) one.Name = texts.Set("name", made ? null : one.Name, name)!;
        if (domains is not null) one.Domains = texts.Set("domains", one.Domains, domains);
        if (place is not null) one.Place = texts.Set("place", one.Place, place);
        if (about is not null) one.About = texts.Set("about", one.About, about);
        if (texts.Any) one.Changed(texts.All);
        if (made) db.Add(one);
        near.Add(one);
        near.Remember(PersonKind.Organisation, key, one.Id);
        return made ? RowOutcome.Made : texts.Any ? RowOutcome.Changed : RowOutcome.Same;
    }

    static async Task<RowOutcome> Holding(Database db, ImportNear near, Dictionary<ImportField, string> cells)
    {
        var (key, product, variant, batch) = (Get(cells, ImportField.Key, 200), Get(cells, ImportField.Product, 200), Get(cells, ImportField.Variant, 120), Get(cells, ImportField.Batch, 120));
        var (serial, contract, site) = (Get(cells, ImportField.Serial, 120), Get(cells, ImportField.Contract, 120), Get(cells, ImportField.Site, 120));
        var (since, until) = (Day(cells, ImportField.Since), Day(cells, ImportField.Until));
        if (since > until) throw new Refused("", Words.UntilBeforeSince);
        var one = near.Known(PersonKind.Holding, key) is { } known ? near.HoldingOf(known) ?? throw new Refused("", Words.RowGone) : null;
        if (one is null && product is null) throw new Refused("", Words.RowNoProduct);
        if (one is null)
        {
            var (customer, organisation) = await Owner(db, near, cells);
            one = near.HoldingsOf(customer, organisation).FirstOrDefault(h => h.Product == product
                && (serial != null ? h.Serial == serial : h.Serial == null && h.Batch == batch && h.Variant == variant && h.Contract == contract && h.Site == site));
            if (one is null)
            {
                var made = new Holding { Id = db.Ids!.Next(), Product = "", CustomerId = customer, OrganisationId = organisation };
                EditHolding.Fill(made, true, product!, variant, batch, serial, contract, site, since, until);
                db.Add(made);
                near.Add(made);
                near.Remember(PersonKind.Holding, key, made.Id);
                return RowOutcome.Made;
            }
        }
        var changed = EditHolding.Fill(one, false, product ?? one.Product, variant ?? one.Variant, batch ?? one.Batch, serial ?? one.Serial, contract ?? one.Contract, site ?? one.Site, since ?? one.Since, until ?? one.Until);
        near.Remember(PersonKind.Holding, key, one.Id);
        return changed ? RowOutcome.Changed : RowOutcome.Same;
    }

    static async Task<(long? Customer, long? Organisation)> Owner(Database db, ImportNear near, Dictionary<ImportField, string> cells)
    {
        if (Get(cells, ImportField.Owner, 200) is { } key)
        {
            if (near.Known(PersonKind.Customer, key) is { } customer) return ((await near.Customer(customer) ?? throw new Refused("", Words.RowGone)).Id, null);
            if (near.Known(PersonKind.Organisation, key) is { } organisation) return (null, organisation);
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
            return (null, near.OrganisationOf(name)?.Id ?? throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.RowNoOwner, Customers.Cut(name, 60))));
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
