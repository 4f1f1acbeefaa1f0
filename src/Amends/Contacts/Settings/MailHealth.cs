using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>How one mailbox does.</summary>
/// <param name="Server">Where it is fetched from; null where mail is handed to us.</param>
/// <param name="Tone">good, risk, broken or nothing.</param>
/// <param name="Lag">How far what is here lies behind what is there; null when nothing is missing.</param>
public sealed record MailboxHealth(long Id, string Address, string? Server, string Tone, string State, string? Trouble, string? Remedy, string? Since, string? Good, string? GoodIso, string? Next, int There, int NotHere, string? Lag, string? Last, string? SignIn = null);

/// <summary>Mail that waits to go out.</summary>
/// <param name="Said">What was last said of mail that waits, or null.</param>
public sealed record QueueHealth(bool On, int Waiting, string? Oldest, int Failed, int Quarantined, string Tone, string? Said = null);

/// <summary>A kind of automatic mail that was stopped.</summary>
/// <param name="Says">What was too much, in a sentence.</param>
/// <param name="Since">Since when.</param>
/// <param name="Stopped">How many were not sent.</param>
public sealed record BrakeHealth(string Kind, string Says, string Since, int Stopped);

/// <summary>The page.</summary>
public sealed record MailHealthModel(IReadOnlyList<MailboxHealth> Boxes, QueueHealth Out, IReadOnlyList<BrakeHealth> Brakes);

/// <summary><c>/settings/mail-health</c>: each mailbox's last contact, what is there and not here, what is wrong since when and what to do; and what waits to go out.</summary>
static class MailHealth
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mail-health", Show).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-health/go-again", GoAgain).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mail-health/{id:long}/try", Again).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, House house, TimeProvider clock)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        using var db = databases.Open();
        var rows = await (from m in db.Set<Mailbox>()
                          join s in db.Set<MailboxState>() on m.Id equals s.MailboxId into states
                          from s in states.DefaultIfEmpty()
                          where !m.Retired
                          orderby m.Address
                          select new { Box = m, State = s, Last = db.Set<Delivery>().Where(d => d.MailboxId == m.Id).Max(d => (DateTime?)d.ReceivedAt) }).ToListAsync();
        var waiting = db.Set<OutgoingMail>().Where(m => m.State == OutgoingState.Queued && m.SendAt <= now);
        var (count, oldest) = (await waiting.CountAsync(), await waiting.MinAsync(m => (DateTime?)m.SendAt));
        var failed = await db.Set<OutgoingMail>().CountAsync(m => m.State == OutgoingState.Failed && m.QueuedAt > now.AddDays(-7));
        var late = oldest is { } first && now - first > TimeSpan.FromMinutes(15);
        // What the server said of those that wait: a queue that only fails is not well because it is young.
        var said = await db.Set<OutgoingMail>().Where(m => m.State == OutgoingState.Queued && m.Trouble != null).OrderByDescending(m => m.Id).Select(m => m.Trouble).FirstOrDefaultAsync();
        var isOn = house.Get(HouseSettings.SmtpOn);
        var queue = new QueueHealth(isOn, count, oldest is { } at ? Times.Short(at, who.Zone) : null, failed, await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined), !isOn ? "" : late ? "broken" : failed > 0 || said is not null ? "risk" : "good", isOn ? said?.TrimEnd('.', ' ') : null);
        var on = await db.Set<MailBrake>().Where(b => b.Since != null).OrderBy(b => b.Kind).Select(b => new { b.Kind, b.Since, Stopped = db.Set<BrakedMail>().Count(m => m.Kind == b.Kind) }).ToListAsync();
        var brakes = on.ConvertAll(b => new BrakeHealth(b.Kind == AutomaticKind.Answer ? "answers" : "notices", string.Format(CultureInfo.CurrentCulture, b.Kind == AutomaticKind.Answer ? Words.BrakeAnswers : Words.BrakeNotices, house.Get(AutomaticMail.Most), (int)AutomaticMail.Span.TotalMinutes), Times.Short(b.Since!.Value, who.Zone), b.Stopped));
        return View.Page<MailHealthPage>(new MailHealthModel([.. rows.Select(r => Of(r.Box, r.State, r.Last, who, now))], queue, brakes));
    }

    static async Task<IResult> GoAgain(HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        if (form["kind"] is not ("answers" or "notices")) throw new NotThere();
        await write.Run(http.Who(), form.Once, db => AutomaticMail.LetGo(db, form["kind"] == "answers" ? AutomaticKind.Answer : AutomaticKind.Notice, byHand: true), http.RequestAborted);
        return View.Go(http, "/settings/mail-health");
    }

    static MailboxHealth Of(Mailbox box, MailboxState? state, DateTime? last, Who who, DateTime now)
    {
        string Short(DateTime at) => Times.Short(at, who.Zone);
        var shownLast = last is { } newest ? Short(newest) : null;
        if (!box.ImapOn || box.ImapHost is null) return new(box.Id, box.Address, null, "", Words.HealthHanded, null, null, null, null, null, null, 0, 0, null, shownLast);
        var server = string.Create(CultureInfo.InvariantCulture, $"{box.ImapHost}:{box.ImapPort}, {box.ImapFolder}");
        var trouble = state?.Trouble;
        var (tone, says) = (state, trouble) switch
        {
            (null, _) or ({ GoodAt: null }, null) => ("promised", Words.HealthBegins),
            (_, MailTrouble.SomeNotTaken or MailTrouble.NotPutAway or MailTrouble.ReadOnly or MailTrouble.Full) => ("risk", Words.HealthPartly),
            (_, not null) => ("broken", Words.HealthFails),
            _ => ("good", Words.HealthGood)
        };
        var lag = state is { NotHere: > 0, NewestThere: { } there } ? Lag(there - (state.NewestHere ?? there)) : null;
        return new(box.Id, box.Address, server, tone, says, trouble is { } kind ? MailTroubles.Says(kind, box, state!.Said) : null, trouble is { } what ? MailTroubles.Remedy(what) : null, state?.FailsSince is { } since ? Short(since) : null,
            state?.GoodAt is { } good ? Short(good) : null, state?.GoodAt is { } iso ? Times.Iso(iso) : null, trouble is not null && state!.NextTry is { } next && next > now ? Short(next) : null, state?.There ?? 0, state?.NotHere ?? 0, lag, shownLast, trouble is MailTrouble.SignInAgain or MailTrouble.NotSignedIn or MailTrouble.TokenRefused ? MailProvider.Of(box.ImapLogin)?.Name : null);
    }

    static string Lag(TimeSpan by) => by < TimeSpan.FromMinutes(1) ? Words.LagSmall
        : by < TimeSpan.FromHours(2) ? string.Format(CultureInfo.CurrentCulture, Words.LagMinutes, (int)by.TotalMinutes)
        : by < TimeSpan.FromDays(2) ? string.Format(CultureInfo.CurrentCulture, Words.LagHours, (int)by.TotalHours) : string.Format(CultureInfo.CurrentCulture, Words.LagDays, (int)by.TotalDays);

    static async Task<IResult> Again(long id, HttpContext http, Databases databases, Writer write)
    {
        using (var db = databases.Open()) if (!await db.Set<Mailbox>().AnyAsync(m => m.Id == id && m.ImapOn && !m.Retired)) throw new NotThere();
        await write.Run(http.Who(), null, async db =>
        {
            await db.Set<MailboxState>().Where(s => s.MailboxId == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.NextTry, db.At));
            await MailTokens.Hurry(db, id);
            db.Tell(new Hint(FetchMail.HintKind, id, 0));
        }, http.RequestAborted);
        return View.Go(http, "/settings/mail-health");
    }

    /// <summary>How long a mailbox may fail before its owner hears of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);

    /// <summary>Tells the owners of mailboxes that fail for longer, once for each time that they fail: on their page, and by mail.</summary>
    public static async Task TellOwners(IServiceProvider all, CancellationToken stop)
    {
        var (databases, write, outbox, house, ours, clock) = (all.GetRequiredService<Databases>(), all.GetRequiredService<Writer>(), all.GetRequiredService<Outbox>(), all.GetRequiredService<House>(), all.GetRequiredService<HouseAddress>(), all.GetRequiredService<TimeProvider>());
        var before = clock.GetUtcNow().UtcDateTime - Patience;
        using var look = databases.Open();
        var due = await (from s in look.Set<MailboxState>()
                         join m in look.Set<Mailbox>() on s.MailboxId equals m.Id
                         join c in look.Set<Colleague>() on m.OwnerId equals c.Id
                         where s.FailsSince != null && s.FailsSince <= before && s.ToldAt == null && m.ImapOn && !m.Retired && c.State == ColleagueState.Active
                         select new { Box = m, State = s, Owner = c }).ToListAsync(stop);
        foreach (var one in due)
        {
            Amends.Mail.Mailbox? from = null;
            try { from = await OutgoingReply.SenderOf(look, house, one.Box.BrandId, one.Box.TeamId); }
            catch (Refused) { }
            var trouble = one.State.Trouble ?? MailTrouble.Fault;
            var ready = from is null ? null : await outbox.PrepareAutomatic(Speech.In(one.Owner.Language ?? house.Get(HouseSettings.Language), () => Letter(from, one.Owner, one.Box, $"{MailTroubles.Says(trouble, one.Box, one.State.Said)} {MailTroubles.Remedy(trouble)}", ours, clock)), AutomaticKind.Letter, stop);
            await write.Run(Actor.System("mail in"), null, async db =>
            {
                var state = await db.Set<MailboxState>().AsTracking().FirstOrDefaultAsync(s => s.MailboxId == one.Box.Id, CancellationToken.None);
                if (state is not { FailsSince: not null, ToldAt: null }) return;
                state.ToldAt = db.At;
                db.Add(new Notification { ColleagueId = one.Owner.Id, MailboxId = one.Box.Id, Of = NotifyOf.MailboxFails, At = db.At });
                db.Tell(new Hint("notification", one.Owner.Id, 0));
                if (ready is not null) Outbox.Queue(db, ready);
            }, stop);
        }
    }

    static MailDraft Letter(Amends.Mail.Mailbox from, Colleague to, Mailbox box, string says, HouseAddress ours, TimeProvider clock)
    {
        var draft = new MailDraft
        {
            From = from,
            Subject = OutgoingReply.Clean(string.Format(CultureInfo.CurrentCulture, Words.MailboxFailsSubject, box.Address)),
            Date = clock.GetUtcNow(),
            Text = $"{string.Format(CultureInfo.CurrentCulture, Words.MailboxFailsText, box.Address)}\n\n{says}\n\n{ours.Link("/settings/mail-health")}\n"
        };
        draft.To.Add(new Amends.Mail.Mailbox(to.Address, OutgoingReply.Clean(to.Name)));
        return draft;
    }
}
