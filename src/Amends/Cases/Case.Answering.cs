namespace Amends.Cases;

public sealed partial class Case
{
    /// <summary>An answer was taken back before it went: the case stands as its other contacts say. The contact has its own fact.</summary>
    /// <param name="first">Our first answer that did go, or null.</param>
    /// <param name="last">The newest contact that stands.</param>
    /// <param name="waits">Since when the customer waits again, or null.</param>
    internal void NotAnswered(DateTime? first, DateTime last, DateTime? waits, DateTime at)
    {
        (FirstAnsweredAt, LastContactAt, CustomerWaitsSince) = (first, last, waits);
        NotAnsweredInWriting();
        newTurn = true;
        Plan(at);
    }
}
