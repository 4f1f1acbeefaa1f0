using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Why a case was answered before others that were heard earlier.</summary>
public enum TurnWhy : byte
{
    /// <summary>Nobody said, and the house sees no reason.</summary>
    NotSaid = 0,

    /// <summary>It is more severe than each that it passed.</summary>
    MoreSevere = 1,

    /// <summary>Those before it are other colleagues' already, or wait by agreement.</summary>
    InOtherHands = 2,

    /// <summary>The customer was on the phone.</summary>
    OnThePhone = 3,

    /// <summary>In the words of who answered, which stand with the fact.</summary>
    Said = 4
}

/// <summary>Served out of turn: a later case had its first answer first. A plain row beside the fact, so that fairness can be counted; written with the answer.</summary>
public sealed class OutOfTurn
{
    public long Id { get; set; }
    public long CaseId { get; set; }
    public long TeamId { get; set; }

    /// <summary>Who answered.</summary>
    public long ById { get; set; }
    public DateTime At { get; set; }

    /// <summary>How many waited before it.</summary>
    public int Passed { get; set; }
    public TurnWhy Why { get; set; }

    /// <summary>Set when the answer was taken back before it went.</summary>
    public DateTime? TakenBackAt { get; set; }

    /// <summary>Answers a case; where others of its team were heard earlier and still wait for their first answer, a row says so, with its reason.</summary>
    /// <param name="spoken">They were on the phone.</param>
    /// <param name="said">Why, in words, or null.</param>
    public static async Task Answer(Database db, Case one, Who who, bool spoken, string? said)
    {
        if (PlaceInLine.Stands(one) && await PlaceInLine.Before(db, one).CountAsync() is var passed and > 0)
        {
            var first = await PlaceInLine.Before(db, one).OrderBy(c => c.HeardAt).ThenBy(c => c.Id).Select(c => c.Id).FirstAsync();
            var why = said is not null ? TurnWhy.Said : spoken ? TurnWhy.OnThePhone : await Seen(db, one, who.Id);
            var row = new OutOfTurn { Id = db.Ids!.Next(), CaseId = one.Id, TeamId = one.TeamId, ById = who.Id, At = db.At, Passed = passed, Why = why };
            db.Add(row);
            one.TookTurn(row, first, said, db.At);
        }
        one.Answered(db.At);
        if (spoken) one.EndCallAdvice(CallAdviceEnd.Talked, null, db.At);
        else one.AnsweredInWriting();
    }

    /// <summary>An answer was taken back: as if it had not been.</summary>
    public static Task TakeBack(Database db, Case one) =>
        db.Set<OutOfTurn>().Where(r => r.CaseId == one.Id && r.TakenBackAt == null).ExecuteUpdateAsync(set => set.SetProperty(r => r.TakenBackAt, db.At));

    /// <summary>The reason that the house sees by itself.</summary>
    /// <param name="colleague">Who would answer.</param>
    public static async Task<TurnWhy> Seen(Database db, Case one, long colleague)
    {
        var left = PlaceInLine.Before(db, one).Where(c => c.State == CaseState.Open && (c.OwnerId == null || c.OwnerId == colleague));
        var asSevere = Enum.GetValues<Severity>().Where(s => Rank(s) >= Rank(one.Severity)).ToList();
        // Nearly always some are as severe: asked first.
        return await left.AnyAsync(c => asSevere.Contains(c.Severity)) ? TurnWhy.NotSaid : await left.AnyAsync() ? TurnWhy.MoreSevere : TurnWhy.InOtherHands;
    }

    static int Rank(Severity severity) => severity switch { Severity.Minor => 0, Severity.Normal => 1, Severity.Serious => 2, _ => 3 };
}
