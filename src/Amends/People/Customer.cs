using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.People;

/// <summary>A person we serve.</summary>
public sealed class Customer : Noun
{
    /// <summary>Up to 200 characters; the address where no name is known.</summary>
    public required string Name { get; set; }

    /// <summary>Two letters, or null when not known.</summary>
    public string? Language { get; set; }

    /// <summary>IANA name, or null when not known.</summary>
    public string? Zone { get; set; }

    /// <summary>How the customer likes to be reached: <c>mail</c>, <c>phone</c> or null.</summary>
    public string? Prefers { get; set; }

    /// <summary>Needs: hearing, sight, writing only; up to 500 characters.</summary>
    public string? Needs { get; set; }
    public string? About { get; set; }

    /// <summary>A colleague of ours who is a customer: sees own cases as a customer only.</summary>
    public long? ColleagueId { get; set; }

    /// <summary>Where this one was merged into, when it was a duplicate.</summary>
    public long? MergedInto { get; set; }
    public DateTime MadeAt { get; set; }
    public List<CustomerAddress> Addresses { get; } = [];
    public List<Membership> Memberships { get; } = [];

    /// <summary>Says that the customer was made or changed; names and texts go beside the fact, where they can be erased.</summary>
    public void Changed(bool isNew, params FactTextDraft[] texts) => Record(new CustomerChanged(Id, isNew), texts);
}

[FactKind("customer.changed")] public sealed record CustomerChanged(long Customer, bool New) : IFact { public long Subject => Customer; }

public enum AddressKind : byte { Mail = 1, Phone = 2, Handle = 3 }

/// <summary>A way to reach a customer. One address may belong to several customers (info@).</summary>
public sealed class CustomerAddress
{
    public long Id { get; set; }
    public long CustomerId { get; set; }
    public AddressKind Kind { get; set; }

    /// <summary>As compared: mail in lower case with an ASCII domain, numbers as digits with a leading plus where known.</summary>
    public required string Value { get; set; }

    /// <summary>As written.</summary>
    public required string Shown { get; set; }

    /// <summary>Set when mail to it came back.</summary>
    public DateTime? BouncedAt { get; set; }
}

/// <summary>A company, household or house that customers belong to.</summary>
public sealed class Organisation : Noun
{
    public required string Name { get; set; }

    /// <summary>Mail domains, separated by spaces: new customers with such an address join.</summary>
    public string? Domains { get; set; }
    public string? Place { get; set; }
    public string? About { get; set; }
    public void Changed() => Record(new OrganisationChanged(Id));
}

[FactKind("organisation.changed")] public sealed record OrganisationChanged(long Organisation) : IFact { public long Subject => Organisation; }

public sealed class Membership
{
    public long CustomerId { get; set; }
    public long OrganisationId { get; set; }
    public string? Role { get; set; }
}

/// <summary>What a customer or organisation has of ours: found again when a flaw shows.</summary>
public sealed class Holding : Noun
{
    public long? CustomerId { get; set; }
    public long? OrganisationId { get; set; }
    public required string Product { get; set; }

    /// <summary>Which one: version, batch, serial or contract number, site; each up to 120 characters.</summary>
    public string? Variant { get; set; }
    public string? Batch { get; set; }
    public string? Serial { get; set; }
    public string? Contract { get; set; }
    public string? Site { get; set; }
    public DateOnly? Since { get; set; }
    public DateOnly? Until { get; set; }
    public void Changed() => Record(new HoldingChanged(Id, CustomerId, OrganisationId));
}

[FactKind("holding.changed")] public sealed record HoldingChanged(long Holding, long? Customer, long? Organisation) : IFact { public long Subject => Customer ?? Organisation ?? Holding; }
