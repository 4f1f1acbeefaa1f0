using Amends.Foundation.Facts;

namespace Amends.People;

/// <summary>Under which key another system knows somebody or something of ours: an import that is run again finds them.</summary>
public sealed class ExternalRef
{
    /// <summary>The other system, as the importer names it; lower case.</summary>
    public required string System { get; set; }
    public PersonKind Kind { get; set; }
    public required string Key { get; set; }
    public long TargetId { get; set; }
}

/// <summary>Where an import stands.</summary>
public enum ImportState : byte { Mapping = 0, Running = 1, Done = 2, Stopped = 3 }

/// <summary>What a column of the file is for.</summary>
public enum ImportField : byte
{
    Leave = 0, Key = 1, Name = 2, Mail = 3, Mail2 = 4, Phone = 5, Phone2 = 6, Handle = 7, Language = 8, Zone = 9, Prefers = 10, Needs = 11, About = 12, Organisation = 13, Role = 14,
    Domains = 20, Place = 21,
    Owner = 30, OwnerMail = 31, Product = 32, Variant = 33, Batch = 34, Serial = 35, Contract = 36, Site = 37, Since = 38, Until = 39
}

/// <summary>One file that is being read in. Its content lies in a blob; what became of each row is counted, the refused ones are named.</summary>
public sealed class PeopleImport
{
    public long Id { get; set; }
    public required string FileName { get; set; }
    public long BlobId { get; set; }

    /// <summary>Customers, organisations or holdings.</summary>
    public PersonKind Kind { get; set; }

    /// <summary>Where the keys of the file come from; two files of one system share theirs.</summary>
    public required string System { get; set; }
    public ImportState State { get; set; }

    /// <summary>The first row is data.</summary>
    public bool NoHeadings { get; set; }

    /// <summary>Why it stopped, where it did.</summary>
    public string? Why { get; set; }

    /// <summary>Rows below the headings; and how many of them are done.</summary>
    public int Rows { get; set; }
    public int RowsDone { get; set; }
    public int Made { get; set; }
    public int Changed { get; set; }
    public int Same { get; set; }
    public int Refused { get; set; }
    public long ByColleague { get; set; }
    public DateTime MadeAt { get; set; }
    public DateTime? EndedAt { get; set; }
    public List<ImportColumn> Columns { get; } = [];
}

/// <summary>What the column at a place (from 0) of the file is for.</summary>
public sealed class ImportColumn
{
    public long ImportId { get; set; }
    public int Position { get; set; }
    public ImportField Field { get; set; }
}

/// <summary>A row that was refused, and why. Its content stays in the file.</summary>
public sealed class ImportReject
{
    public long ImportId { get; set; }

    /// <summary>From 1, the headings not counted.</summary>
    public int Row { get; set; }
    public required string Why { get; set; }
}

[FactKind("people.import")] public sealed record PeopleImported(long Import, ImportState State, int Made, int Changed, int Refused) : IFact { public long Subject => Import; }
[FactKind("people.exported")] public sealed record PeopleExported(PersonKind What) : IFact { public long Subject => 0; }
