namespace Amends.Cases;

public sealed partial class Case
{
    /// <summary>An answer of ours apologises or assures and says of nothing that it is done. Of several the first counts until something follows.</summary>
    /// <param name="contact">The answer.</param>
    /// <param name="due">From when on it is an empty one, UTC.</param>
    public void Apologise(long contact, DateTime due)
    {
        if (ApologyIn is not null) return;
        (ApologyIn, ApologyDue, ApologyEmptyAt) = (contact, due, null);
        Record(new CaseApologised(Id, contact, due));
    }

    /// <summary>It is no empty one any more: something was promised or done, it was none, or it was taken back.</summary>
    public void EndApology(ApologyEnd why)
    {
        if (ApologyIn is not { } contact) return;
        (ApologyIn, ApologyDue, ApologyEmptyAt) = (null, null, null);
        Record(new CaseApologyEnded(Id, contact, why));
    }

    /// <summary>Its time passed and nothing was promised: said once, whatever the clock does.</summary>
    internal void FindApologyEmpty(DateTime at)
    {
        if (ApologyIn is not { } contact || ApologyDue > at || ApologyEmptyAt is not null || !IsOpen) return;
        ApologyEmptyAt = at;
        Record(new CaseApologyEmpty(Id, contact));
    }
}
