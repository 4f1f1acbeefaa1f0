using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>By what a machine is known that does not say it is one.</summary>
public enum RobotSign : byte
{
    /// <summary>“Re: Re: Re: Re:”, or the same mark of a case twice: somebody puts a word before each subject.</summary>
    GrowingSubject = 1,

    /// <summary>The same words as twice before within a day.</summary>
    SameText = 2,

    /// <summary>Within seconds of mail of ours, and not for the first time.</summary>
    AtOnce = 3,

    /// <summary>Nothing but what we wrote ourselves.</summary>
    OwnWords = 4
}

/// <summary>
/// Robots without a marker (A20). One sign is enough to send nothing by ourselves: that harms nobody. Only two different ones make a message automatic, so
/// that it ends no wait and opens nothing again: a person who asks the same thing three times must be heard.
/// </summary>
public static class RobotSigns
{
    static readonly TimeSpan Day = TimeSpan.FromDays(1), Seconds = TimeSpan.FromSeconds(20);
    static readonly Who Me = Who.House("robots");

    /// <summary>A message that was said before, either way.</summary>
    public sealed record Said(bool Ours, DateTime At, string Text);

    /// <summary>The signs of a message that came, beside what was said before it; newest last.</summary>
    /// <param name="ownWords">The first line of our automatic answers.</param>
    public static IReadOnlyList<RobotSign> Of(string subject, string text, DateTime at, IReadOnlyList<Said> before, IReadOnlyList<string> ownWords)
    {
        var signs = new List<RobotSign>();
        if (Grows(subject)) signs.Add(RobotSign.GrowingSubject);
        var folded = Folded(text);
        if (folded.Length > 0 && before.Count(b => !b.Ours && b.At > at - Day && Folded(b.Text) == folded) >= 2) signs.Add(RobotSign.SameText);
        if (IsAtOnce(at, before) && Enumerable.Range(0, before.Count).Any(i => !before[i].Ours && IsAtOnce(before[i].At, before.Take(i)))) signs.Add(RobotSign.AtOnce);
        if (folded.Length == 0 ? subject.Length == 0 : ownWords.Any(own => own.Length > 10 && folded.StartsWith(Folded(own), StringComparison.Ordinal))) signs.Add(RobotSign.OwnWords);
        return signs;
    }

    static bool IsAtOnce(DateTime at, IEnumerable<Said> before) => before.LastOrDefault() is { Ours: true } ours && at >= ours.At && at - ours.At <= Seconds;

    // Words before a colon, each of at most four letters: “Re: AW: Re: Fwd:”. Two languages of one long exchange make three.
    static bool Grows(string subject)
    {
        var (rest, count) = (subject.Trim(), 0);
        while (rest.IndexOf(':', StringComparison.Ordinal) is > 0 and <= 5 and var colon && rest[..colon].All(char.IsLetter))
        {
            count++;
            rest = rest[(colon + 1)..].TrimStart();
        }
        if (count >= 4) return true;
        var mark = subject.IndexOf("[#", StringComparison.Ordinal);
        var end = mark < 0 ? -1 : subject.IndexOf(']', mark);
        return end > 0 && subject.IndexOf(subject[mark..(end + 1)], end, StringComparison.Ordinal) > 0;
    }

    static string Folded(string text) => string.Concat(text.Take(2000).Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>The signs of a contact that is here, beside all that was said with its sender lately.</summary>
    public static async Task<IReadOnlyList<RobotSign>> Of(Database db, Contact contact)
    {
        var (customer, until) = (contact.CustomerId, contact.At);
        var cases = await db.CasesVisibleTo(Me).Where(c => c.CustomerId == customer || c.ReporterId == customer || c.Id == contact.CaseId).OrderByDescending(c => c.Id).Select(c => c.Id).Take(20).ToListAsync();
        return Of(contact.Subject ?? "", contact.Text, until, await Before(db, cases, contact.Id, until), [Words.ReceiptText]);
    }

    /// <summary>The signs of a message that is about to join a case.</summary>
    internal static async Task<IReadOnlyList<RobotSign>> Of(Database db, IncomingContact incoming, long caseId, long own) =>
        Of(incoming.Subject, incoming.Text, incoming.At, await Before(db, [caseId], own, incoming.At), [Words.ReceiptText]);

    static async Task<List<Said>> Before(Database db, IReadOnlyList<long> cases, long own, DateTime until)
    {
        var from = until - Day;
        var said = await db.Set<Contact>().AsNoTracking().Of(cases, c => c.CaseId).Where(c => c.Id != own && c.Channel == Channel.Mail && c.At >= from && c.At <= until && c.State != ContactState.TakenBack)
            .OrderByDescending(c => c.At).Take(50).Select(c => new Said(c.Direction == Direction.Out, c.At, c.Text)).ToListAsync();
        // Our automatic mails are no contacts, and answered all the same.
        var mails = await db.Set<Foundation.Outbox.OutgoingMail>().AsNoTracking().Where(m => m.CaseId != null && m.Automatic == Foundation.Outbox.AutomaticKind.Answer && m.QueuedAt >= from && m.QueuedAt <= until).Of(cases, m => m.CaseId!.Value).Select(m => new Said(true, m.QueuedAt, m.Subject)).Take(50).ToListAsync();
        return [.. said.Concat(mails).OrderBy(s => s.At).ThenByDescending(s => s.Ours)];
    }
}
