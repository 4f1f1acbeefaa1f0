using System.Linq.Expressions;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Amends.Cases;

/// <summary>
/// Who sees a case: by scope, or as owner, follower, mentioned or named; a confidential one only owner and named. The one definition,
/// as an expression for EF and as SQL for search; lists, counts, search, export, hints and files all go through it.
/// </summary>
public static class Visibility
{
    /// <summary>The cases that this person may see, the deleted ones left out. What was merged away is seen where the case that it went into is.</summary>
    public static IQueryable<Case> CasesVisibleTo(this Database db, Who who) => db.Set<Case>().Where(VisibleTo(db, who)).Where(c => c.DeletedAt == null);

    /// <summary>The same with the deleted ones, for those who may bring them back.</summary>
    public static IQueryable<Case> CasesVisibleToWithDeleted(this Database db, Who who) =>
        who.Can(Verb.DeleteCases) ? db.Set<Case>().Where(VisibleTo(db, who)) : db.CasesVisibleTo(who);

    // A case that was merged away is where it went: by the rule for that one alone, whatever its own team or owner was (A22).
    static Expression<Func<Case, bool>> VisibleTo(Database db, Who who)
    {
        var rule = Rule(db, who);
        if (who.Kind == ActorKind.System || (who.ScopeOf(Verb.SeeCases) == Scope.All && who.Can(Verb.SeeConfidential) && who.Can(Verb.DeleteCases))) return rule;
        // Made anew: one parameter cannot stand in a lambda and in another one inside of it.
        var roots = db.Set<Case>().Where(Rule(db, who));
        if (!who.Can(Verb.DeleteCases)) roots = roots.Where(c => c.DeletedAt == null);
        Expression<Func<Case, bool>> stands = c => c.MergedInto == null, seenThere = c => c.MergedInto != null && roots.Any(root => root.Id == c.MergedInto);
        var one = rule.Parameters[0];
        Expression Of(Expression<Func<Case, bool>> part) => new Instead(part.Parameters[0], one).Visit(part.Body);
        return Expression.Lambda<Func<Case, bool>>(Expression.OrElse(Expression.AndAlso(Of(stands), rule.Body), Of(seenThere)), one);
    }

    sealed class Instead(ParameterExpression before, ParameterExpression after) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == before ? after : base.VisitParameter(node);
    }

    static Expression<Func<Case, bool>> Rule(Database db, Who who)
    {
        if (who.Kind == ActorKind.System) return c => true;
        var me = who.Kind == ActorKind.Colleague ? who.Id : -1;
        var scope = who.ScopeOf(Verb.SeeCases);
        var teams = who.Teams.ToList();
        return scope switch
        {
            Scope.All when who.Can(Verb.SeeConfidential) => c => true,
            Scope.All => c => !c.Confidential || c.OwnerId == me || db.Set<Watcher>().Any(w => w.CaseId == c.Id && w.ColleagueId == me && (w.Why & Watching.Named) != 0),
            Scope.Team => c => c.OwnerId == me || (!c.Confidential && teams.Contains(c.TeamId))
                || db.Set<Watcher>().Any(w => w.CaseId == c.Id && w.ColleagueId == me && (!c.Confidential || (w.Why & Watching.Named) != 0)),
            Scope.Own => c => c.OwnerId == me || db.Set<Watcher>().Any(w => w.CaseId == c.Id && w.ColleagueId == me && (!c.Confidential || (w.Why & Watching.Named) != 0)),
            _ => c => false
        };
    }

    /// <summary>The same rule as SQL over <c>"Case" AS c</c>, with its parameters; null for who sees all. For cases that stand: what was merged away or deleted the asker leaves out.</summary>
    internal static (string? Sql, List<object> Parameters) Sql(Database db, Who who)
    {
        if (who.Kind == ActorKind.System) return (null, []);
        var me = who.Kind == ActorKind.Colleague ? who.Id : -1;
        object P(string name, object value) => db.IsSqlite ? new SqliteParameter(name, value) : new NpgsqlParameter(name, value);
        var parameters = new List<object> { P("@me", me) };
        const string mine = "c.\"OwnerId\" = @me";
        const string named = "EXISTS (SELECT 1 FROM \"Watcher\" AS w WHERE w.\"CaseId\" = c.\"Id\" AND w.\"ColleagueId\" = @me AND (w.\"Why\" & 4) <> 0)";
        var watched = $"EXISTS (SELECT 1 FROM \"Watcher\" AS w WHERE w.\"CaseId\" = c.\"Id\" AND w.\"ColleagueId\" = @me AND ({Not(db, "c.\"Confidential\"")} OR (w.\"Why\" & 4) <> 0))";
        var open = Not(db, "c.\"Confidential\"");
        // Team ids are numbers of ours, so they may stand in the text.
        var teams = who.Teams.Count == 0 ? "-1" : string.Join(',', who.Teams);
        var rule = who.ScopeOf(Verb.SeeCases) switch
        {
            Scope.All when who.Can(Verb.SeeConfidential) => null,
            Scope.All => $"({open} OR {mine} OR {named})",
            Scope.Team => $"({mine} OR ({open} AND c.\"TeamId\" IN ({teams})) OR {watched})",
            Scope.Own => $"({mine} OR {watched})",
            _ => "1 = 0"
        };
        return (rule, rule?.Contains("@me", StringComparison.Ordinal) == true ? parameters : []);
    }

    static string Not(Database db, string column) => db.IsSqlite ? $"{column} = 0" : $"NOT {column}";

    /// <summary>A case by its number, as this person may see it.</summary>
    /// <exception cref="NotThere">There is none, or not for him: both look the same.</exception>
    public static async Task<Case> FindCase(this Database db, Who who, long number) =>
        await db.CasesVisibleToWithDeleted(who).Include(c => c.Watchers).Include(c => c.Tags).AsSingleQuery().FirstOrDefaultAsync(c => c.Number == number) ?? throw new NotThere();

    /// <summary>A case to change it: tracked, visible to this person, workable for him, at the version that the form carried.</summary>
    /// <param name="verb">What he is about to do; its scope is checked against the case.</param>
    public static async Task<Case> LoadCase(this Database db, Who who, long number, int? version, Verb verb = Verb.WorkCases)
    {
        var one = await db.CasesVisibleToWithDeleted(who).AsTracking().Include(c => c.Watchers).Include(c => c.Tags).AsSingleQuery().FirstOrDefaultAsync(c => c.Number == number)
            ?? throw new NotThere();
        if (!MayDo(who, verb, one)) throw new Refused("", Amends.Foundation.Web.Words.NotAllowed);
        return Database.Checked(one, version);
    }

    /// <summary>Whether this person may do a thing with a case that he sees.</summary>
    public static bool MayDo(Who who, Verb verb, Case one) => who.Kind == ActorKind.System || who.ScopeOf(verb) switch
    {
        Scope.All => true,
        Scope.Team => who.Teams.Contains(one.TeamId) || one.OwnerId == who.Id,
        Scope.Own => one.OwnerId == who.Id || one.OwnerId is null,
        _ => false
    };
}
