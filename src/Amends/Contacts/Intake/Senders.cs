using Amends.Foundation.Data;
using Amends.People;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Whom an address belongs to, and who else has it.</summary>
sealed record Sender(Customer Customer, IReadOnlyList<long> Others);

/// <summary>Finds and makes customers for intake.</summary>
static class Senders
{
    /// <summary>The customer with this address, or a new one. Of several with one address the one of the same name, else the first.</summary>
    public static async Task<Sender> FindOrMake(Database db, string? name, string address)
    {
        var mail = WhichCase.MailKey(address);
        var value = mail ?? Digits(address);
        var ids = await db.Set<CustomerAddress>().Where(a => a.Value == value).Select(a => a.CustomerId).ToListAsync();
        var all = await db.Set<Customer>().AsTracking().Include(c => c.Memberships).Where(c => ids.Contains(c.Id) && c.MergedInto == null).OrderBy(c => c.Id).ToListAsync();
        if (all.Count > 0)
        {
            var one = all.Find(c => string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)) ?? all[0];
            return new(one, [.. all.Where(c => c != one).Select(c => c.Id)]);
        }
        var made = New(db, string.IsNullOrWhiteSpace(name) ? address : name);
        made.Addresses.Add(new CustomerAddress { Id = db.Ids!.Next(), CustomerId = made.Id, Kind = mail is null ? AddressKind.Phone : AddressKind.Mail, Value = Intake.Cut(value, 320), Shown = Intake.Cut(address.Trim(), 320) });
        return new(made, []);
    }

    /// <summary>A customer of whom only the name is known.</summary>
    public static Customer MakeNamed(Database db, string name) => New(db, name);

    static Customer New(Database db, string name)
    {
        var made = new Customer { Id = db.Ids!.Next(), Name = Intake.Cut(name.Trim(), 200), MadeAt = db.At };
        made.Changed(isNew: true);
        db.Add(made);
        return made;
    }

    /// <summary>The organisation whose matter it is, where the customer belongs to one.</summary>
    public static Task<long?> OrganisationOf(Database db, Customer customer) =>
        Task.FromResult(customer.Memberships.Count > 0 ? customer.Memberships[0].OrganisationId : (long?)null);

    static string Digits(string number) => (number.TrimStart().StartsWith('+') ? "+" : "") + string.Concat(number.Where(char.IsAsciiDigit));
}
