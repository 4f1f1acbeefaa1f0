using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>A person we serve.</summary>
public sealed class Customer : Noun
{
    /// <summary>Up to 200 characters; the address where no name is known.</summary>
    public required string Name { get; set { field = value; Sort = Customers.Fold(value); } }

    /// <summary>The name as it is sorted: words without case and accents.</summary>
    public string Sort { get; private set; } = "";

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

    /// <summary>When a colleague last said that what stands here is right, and who; null before.</summary>
    public DateTime? CheckedAt { get; private set; }
    public long? CheckedBy { get; private set; }
    public List<CustomerAddress> Addresses { get; } = [];
    public List<Membership> Memberships { get; } = [];

    /// <summary>Says that the customer was made or changed; names and texts go beside the fact, where they can be erased.</summary>
    public void Changed(bool isNew, params FactTextDraft[] texts) => Record(new CustomerChanged(Id, isNew), texts);

    /// <summary>Somebody looked through the data and says that it is right.</summary>
    public void Checked(long by, DateTime at)
    {
        Record(new CustomerChecked(Id));
        (CheckedAt, CheckedBy) = (at, by);
    }

    /// <summary>Into another: the pointer is all; addresses, cases and holdings stay where they are, so that it can be undone.</summary>
    public void MergeInto(Customer other)
    {
        if (other.Id == Id) throw new Refused("into", Words.MergeSelf);
        if (MergedInto is not null) throw new Refused("into", Words.MergedAlready);
        if (other.MergedInto is not null) throw new Refused("into", Words.MergeIntoMerged);
        MergedInto = other.Id;
        Record(new CustomerMerged(Id, other.Id, false));
    }

    /// <summary>Takes a merge back.</summary>
    public void Unmerge()
    {
        if (MergedInto is not { } other) throw new Refused("", Words.NotMerged);
        MergedInto = null;
        Record(new CustomerMerged(Id, other, true));
    }

    /// <inheritdoc/>
    protected internal override async Task Kept(Database db)
    {
        var entry = db.Entry(this);
        if (entry.State == EntityState.Detached) { await PeopleIndex.Forget(db, PersonKind.Customer, Id); return; }
        // Made in this write: all its addresses are at hand.
        if (Version > 1 && !entry.Collection(c => c.Addresses).IsLoaded) await entry.Collection(c => c.Addresses).LoadAsync();
        await PeopleIndex.Write(db, this);
    }
}

[FactKind("customer.merged")] public sealed record CustomerMerged(long Customer, long Into, bool Undone) : IFact { public long Subject => Customer; }

[FactKind("customer.changed")] public sealed record CustomerChanged(long Customer, bool New) : IFact { public long Subject => Customer; }

[FactKind("customer.checked")] public sealed record CustomerChecked(long Customer) : IFact { public long Subject => Customer; }

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

    /// <summary>Why it came back, in words; up to 300 characters.</summary>
    public string? BouncedWhy { get; set; }

    /// <summary>The last digits of a number: what is compared where one of two has no country.</summary>
    public string? Tail { get; set; }

    /// <summary>The value again, with the first one who has it; unique. Two that find nobody at the same moment cannot both make a customer.</summary>
    public string? Claim { get; set; }
}

/// <summary>A company, household or house that customers belong to.</summary>
public sealed class Organisation : Noun
{
    public required string Name { get; set { field = value; Sort = Customers.Fold(value); } }

    /// <summary>The name as it is sorted: words without case and accents.</summary>
    public string Sort { get; private set; } = "";

    /// <summary>Mail domains, separated by spaces: new customers with such an address join.</summary>
    public string? Domains { get; set; }
    public string? Place { get; set; }
    public string? About { get; set; }
    public void Changed(params FactTextDraft[] texts) => Record(new OrganisationChanged(Id), texts);

    /// <inheritdoc/>
    protected internal override Task Kept(Database db) =>
        db.Entry(this).State == EntityState.Detached ? PeopleIndex.Forget(db, PersonKind.Organisation, Id) : PeopleIndex.Write(db, this);
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
    public void Changed(params FactTextDraft[] texts) => Record(new HoldingChanged(Id, CustomerId, OrganisationId), texts);
}

[FactKind("holding.changed")] public sealed record HoldingChanged(long Holding, long? Customer, long? Organisation) : IFact { public long Subject => Customer ?? Organisation ?? Holding; }
