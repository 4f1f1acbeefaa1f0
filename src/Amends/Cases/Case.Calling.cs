using Amends.Foundation.Facts;

namespace Amends.Cases;

/// <summary>What became of <em>pick up the phone</em>.</summary>
public enum CallAdviceEnd : byte
{
    /// <summary>We talked.</summary>
    Talked = 1,

    /// <summary>A call was promised.</summary>
    Promised = 2,

    /// <summary>Declined: the customer asked for writing. It is not said of this case again.</summary>
    WritingOnly = 3,

    /// <summary>Declined: no number is known.</summary>
    NoNumber = 4,

    /// <summary>Declined for a reason in words, which stands with the fact.</summary>
    Other = 5,

    /// <summary>The case was done in writing, and nobody said why.</summary>
    Left = 6
}

// The rule of three: theirs, ours, theirs, all in writing and the third no thanks, and a call is proposed.
public sealed partial class Case
{
    const byte Nobody = 0, They = 1, WeToo = 2, UntilReopened = 3, NeverAgain = 4;

    /// <summary>How far the exchange in writing is: nobody, they, we after them; declined until it opens again, or for good.</summary>
    public byte Exchange { get; private set; }

    /// <summary>Since when the desk says <em>pick up the phone</em>; null where it does not.</summary>
    public DateTime? PhoneSince { get; private set; }

    /// <summary>The customer wrote, and not thanks only.</summary>
    /// <returns>True where it is the third of three: a call may be proposed.</returns>
    internal bool HeardInWriting()
    {
        if (Exchange > WeToo) return false;
        var third = Exchange == WeToo;
        Exchange = They;
        return third && PhoneSince is null && SpamAt is null;
    }

    /// <summary>We wrote.</summary>
    internal void AnsweredInWriting()
    {
        if (Exchange == They) Exchange = WeToo;
    }

    /// <summary>Our letter was taken back before it went.</summary>
    internal void NotAnsweredInWriting()
    {
        if (Exchange == WeToo) Exchange = They;
    }

    /// <summary>Three were written: a call is proposed.</summary>
    internal void ProposeCall(long contact, DateTime at)
    {
        if (PhoneSince is not null) return;
        Record(new CallProposed(Id, contact));
        (PhoneSince, ChangedAt) = (at, at);
    }

    /// <summary>The proposal is over. Talked or promised, three letters are counted anew; declined, it is not said again before the case was done and opens again, and never where the customer asked for writing.</summary>
    /// <param name="said">The reason in words, or null.</param>
    internal void EndCallAdvice(CallAdviceEnd how, string? said, DateTime at)
    {
        if (how == CallAdviceEnd.Talked && Exchange <= WeToo) Exchange = Nobody;
        if (PhoneSince is null) return;
        Record(new CallAdviceEnded(Id, how), said is null ? [] : [new FactTextDraft("why", null, said, CustomerId)]);
        (PhoneSince, ChangedAt) = (null, at);
        Exchange = how switch { CallAdviceEnd.WritingOnly => NeverAgain, CallAdviceEnd.NoNumber or CallAdviceEnd.Other => UntilReopened, _ => Nobody };
    }

    void CountAnew()
    {
        if (Exchange != NeverAgain) Exchange = Nobody;
    }
}

[FactKind("case.call-proposed")] public sealed record CallProposed(long Case, long Contact) : ICaseFact { public long Subject => Case; }
[FactKind("case.call-advice-ended")] public sealed record CallAdviceEnded(long Case, CallAdviceEnd How) : ICaseFact { public long Subject => Case; }
