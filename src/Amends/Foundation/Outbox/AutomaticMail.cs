using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.Mail;
using Microsoft.EntityFrameworkCore;

namespace Amends.Foundation.Outbox;

/// <summary>What the house writes by itself, without a person behind it. Each automatic mail is one of these and goes through <see cref="AutomaticMail"/>.</summary>
public enum AutomaticKind : byte
{
    /// <summary>To somebody outside, because of what came in: a receipt. Braked.</summary>
    Answer = 1,

    /// <summary>To a colleague, about a case. Braked: the page tells the same.</summary>
    Notice = 2,

    /// <summary>Asked for by a person, or about the house itself: an invitation, a code, a test, that the brake was pulled. Never braked, for it may be the only way in.</summary>
    Letter = 3
}

/// <summary>The brake of one kind of automatic mail (A20). A plain row of the machinery.</summary>
public sealed class MailBrake
{
    public AutomaticKind Kind { get; set; }

    /// <summary>Since when none of the kind is sent; null while they go.</summary>
    public DateTime? Since { get; set; }

    /// <summary>When they were let go again: what went before counts no more.</summary>
    public DateTime? LetGoAt { get; set; }
}

/// <summary>An automatic mail that was not sent because the brake was on: counted, so that it is seen when it is quiet again.</summary>
public sealed class BrakedMail
{
    public long Id { get; set; }
    public AutomaticKind Kind { get; set; }
    public DateTime At { get; set; }
}

/// <summary>Too many automatic mails in a short time: no more of the kind are sent.</summary>
[FactKind("mail.braked")] public sealed record AutomaticMailStopped(AutomaticKind Kind, int Within) : IFact { public long Subject => 0; }

/// <summary>They go again: by hand, or because it was quiet.</summary>
[FactKind("mail.unbraked")] public sealed record AutomaticMailGoesAgain(AutomaticKind Kind, bool ByHand) : IFact { public long Subject => 0; }

/// <summary>
/// The one place for mail that no person wrote (RFC 3834): it is marked as such, asks for no answer, comes back to nobody, and there is a limit to how much
/// of it goes out in ten minutes, whatever went wrong.
/// </summary>
public static class AutomaticMail
{
    /// <summary>How many of one kind go out within <see cref="Span"/> before they are stopped.</summary>
    public static readonly SettingName<int> Most = new("mail.automatic.most", 300);

    /// <summary>The time over which they are counted, and that must be quiet before they go again by themselves.</summary>
    public static readonly TimeSpan Span = TimeSpan.FromMinutes(10);

    /// <summary>Sets what marks it.</summary>
    public static void Mark(MailDraft draft, AutomaticKind kind)
    {
        draft.AutoSubmitted = kind == AutomaticKind.Answer ? "auto-replied" : "auto-generated";
        // Exchange answers automatic mail unless it is told not to.
        draft.AddHeader("X-Auto-Response-Suppress", "All");
    }

    /// <summary>Whether one more may go, inside of a write; pulls the brake where it would be too many. One that may not is counted.</summary>
    internal static async Task<bool> MayGo(Database db, House house, AutomaticKind kind, long? caseId)
    {
        if (kind == AutomaticKind.Letter) return true;
        // What comes in to one case does not silence the notices of the others: its own end first, and the page tells the rest.
        if (kind == AutomaticKind.Notice && caseId is { } one)
        {
            var (few, since) = (Math.Max(1, house.Get(Most) / 10), db.At - Span);
            var said = await db.Set<OutgoingMail>().Where(m => m.CaseId == one && m.Automatic == kind && m.QueuedAt > since && m.QueuedAt <= db.At).Take(few).CountAsync() + db.Set<OutgoingMail>().Local.Count(m => m.CaseId == one && m.Automatic == kind && db.Entry(m).State == EntityState.Added);
            if (said >= few) return false;
        }
        var brake = await db.Set<MailBrake>().AsTracking().FirstOrDefaultAsync(b => b.Kind == kind) ?? db.Set<MailBrake>().Local.FirstOrDefault(b => b.Kind == kind);
        if (brake?.Since is null)
        {
            var (most, from) = (house.Get(Most), db.At - Span);
            // What a clock that was ahead has left counts for nothing.
            if (brake?.LetGoAt is { } again && again > from && again <= db.At) from = again;
            var went = await db.Set<OutgoingMail>().Where(m => m.Automatic == kind && m.QueuedAt > from && m.QueuedAt <= db.At).Take(most).CountAsync() + db.Set<OutgoingMail>().Local.Count(m => m.Automatic == kind && db.Entry(m).State == EntityState.Added);
            if (went < most) return true;
            if (brake is null) db.Add(brake = new MailBrake { Kind = kind });
            brake.Since = db.At;
            db.Record(new AutomaticMailStopped(kind, (int)Span.TotalMinutes));
        }
        db.Add(new BrakedMail { Id = db.Ids!.Next(), Kind = kind, At = db.At });
        return false;
    }

    /// <summary>Lets them go again, inside of a write.</summary>
    public static async Task LetGo(Database db, AutomaticKind kind, bool byHand)
    {
        if (await db.Set<MailBrake>().AsTracking().FirstOrDefaultAsync(b => b.Kind == kind) is not { Since: not null } brake) return;
        (brake.Since, brake.LetGoAt) = (null, db.At);
        await db.Set<BrakedMail>().Where(b => b.Kind == kind).ExecuteDeleteAsync();
        db.Record(new AutomaticMailGoesAgain(kind, byHand));
    }

    /// <summary>By the clock: where it has been quiet for ten minutes, they go again.</summary>
    public static async Task LetGoWhenQuiet(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, clock, most) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<TimeProvider>(), all.GetRequiredService<House>().Get(Most));
        var now = clock.GetUtcNow().UtcDateTime;
        // Pulled by a clock that was ahead it would never be old. (The clocks of two machines differ a little.)
        var (from, ahead) = (now - Span, now + TimeSpan.FromMinutes(1));
        using var look = databases.Open();
        foreach (var kind in await look.Set<MailBrake>().Where(b => b.Since != null && (b.Since <= from || b.Since > ahead)).Select(b => b.Kind).ToListAsync(stop))
        {
            // Quiet is a tenth of what stops them; a house at work is never without any.
            var wanted = await look.Set<BrakedMail>().Where(b => b.Kind == kind && b.At > from && b.At <= ahead).Take(most).CountAsync(stop);
            if (wanted * 10 <= most) await write.Run(Actor.System("timetable"), null, db => LetGo(db, kind, byHand: false), stop);
        }
    }
}
