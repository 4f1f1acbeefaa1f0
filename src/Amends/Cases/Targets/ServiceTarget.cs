using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Cases.Targets;

/// <summary>What the targets of a case are chosen by.</summary>
public readonly record struct TargetBasis(CaseKind Kind, Severity Severity, long Customer, long? Organisation, long Brand);

/// <summary>A time that a row names.</summary>
/// <param name="Minutes">More than nought.</param>
/// <param name="Elapsed">By the clock on the wall; else working time.</param>
public readonly record struct TargetTime(int Minutes, bool Elapsed)
{
    /// <summary>The longest, in hours.</summary>
    public const int MostHours = 9_999;

    /// <summary>Reads 4:00, 0:30 or 16.</summary>
    /// <exception cref="Refused">It is none, or nought.</exception>
    public static int Read(string text)
    {
        var parts = text.Trim().Split(':');
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hours) || hours > MostHours) throw new Refused("", Words.TargetTimeWrong);
        var minutes = 0;
        if (parts.Length == 2 && (parts[1].Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out minutes) || minutes > 59)) throw new Refused("", Words.TargetTimeWrong);
        return hours * 60 + minutes is > 0 and var all ? all : throw new Refused("", Words.TargetZero);
    }

    /// <summary>4:00</summary>
    public static string Typed(int? minutes) => minutes is { } m ? string.Create(CultureInfo.InvariantCulture, $"{m / 60}:{m % 60:00}") : "";

    /// <summary>4 h, or 4 h elapsed.</summary>
    public string Shown => Elapsed ? string.Format(CultureInfo.CurrentCulture, Words.TargetElapsedShown, ArithmeticWords.Length(TimeSpan.FromMinutes(Minutes))) : ArithmeticWords.Length(TimeSpan.FromMinutes(Minutes));
}

/// <summary>A row of service targets: for which cases, and within what time.</summary>
public sealed class ServiceTarget : Noun
{
    public CaseKind? Kind { get; set; }
    public Severity? Severity { get; set; }
    public long? CustomerId { get; set; }
    public long? OrganisationId { get; set; }
    public long? BrandId { get; set; }

    /// <summary>Minutes; null where a less specific row decides. Likewise below.</summary>
    public int? FirstMinutes { get; set; }
    public bool FirstElapsed { get; set; }
    public int? NextMinutes { get; set; }
    public bool NextElapsed { get; set; }
    public int? SolutionMinutes { get; set; }
    public bool SolutionElapsed { get; set; }

    public DateTime? RemovedAt { get; set; }

    /// <summary>It holds for all cases.</summary>
    public bool IsDefault => Weight == 0;

    /// <summary>How specific it is: what stands further left in the order outweighs all that stands to the right.</summary>
    public int Weight => (CustomerId is null ? 0 : 16) + (OrganisationId is null ? 0 : 8) + (Severity is null ? 0 : 4) + (Kind is null ? 0 : 2) + (BrandId is null ? 0 : 1);

    /// <summary>What it names for a target, or null.</summary>
    public TargetTime? Of(TargetKind target) => target switch
    {
        TargetKind.FirstAnswer => FirstMinutes is { } m ? new TargetTime(m, FirstElapsed) : null,
        TargetKind.NextAnswer => NextMinutes is { } m ? new TargetTime(m, NextElapsed) : null,
        _ => SolutionMinutes is { } m ? new TargetTime(m, SolutionElapsed) : null,
    };

    /// <summary>True where it speaks of such a case.</summary>
    public bool Fits(TargetBasis of) => (CustomerId is null || CustomerId == of.Customer) && (OrganisationId is null || OrganisationId == of.Organisation)
        && (Severity is null || Severity == of.Severity) && (Kind is null || Kind == of.Kind) && (BrandId is null || BrandId == of.Brand);

    /// <summary>True where it speaks of the very same cases as another.</summary>
    public bool SameAs(ServiceTarget other) => (CustomerId, OrganisationId, Severity, Kind, BrandId) == (other.CustomerId, other.OrganisationId, other.Severity, other.Kind, other.BrandId);

    /// <summary>Says that it was made, changed or removed.</summary>
    public void Changed() => Record(new ServiceTargetChanged(Id));
}

/// <summary>A row of service targets was made, changed or removed.</summary>
[FactKind("target.changed")]
public sealed record ServiceTargetChanged(long Target) : IFact
{
    public long Subject => Target;
}
