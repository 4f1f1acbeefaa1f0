using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The line of a team: its cases that wait for their first answer, by the time they were heard, those of one moment by their ids. Where nobody waits for one (a machine wrote) a case stands in none.</summary>
public static class PlaceInLine
{
    /// <summary>True while it stands in a line.</summary>
    public static bool Stands(Case one) => one.IsOpen && one.FirstAnsweredAt is null && one.FirstAnswerDue is not null && one.MergedInto is null && one.SpamAt is null && one.DeletedAt is null;

    /// <summary>Its place from 1, or null when it stands in none. Counts cases that the reader may not see: the line is the same for all.</summary>
    public static async Task<int?> Of(Database db, Case one) => Stands(one) ? 1 + await Before(db, one).CountAsync() : null;

    /// <summary>Those that were heard before it and wait.</summary>
    internal static IQueryable<Case> Before(Database db, Case one) =>
        db.Set<Case>().Where(c => c.TeamId == one.TeamId && c.State < CaseState.Resolved && c.FirstAnsweredAt == null && c.FirstAnswerDue != null && c.MergedInto == null && c.SpamAt == null && c.DeletedAt == null
            && (c.HeardAt < one.HeardAt || (c.HeardAt == one.HeardAt && c.Id < one.Id)));
}
