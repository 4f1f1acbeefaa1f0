using System.Globalization;
using Amends.Cases;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>One notice.</summary>
/// <param name="Href">Where it leads.</param>
/// <param name="About">The case with its subject, or the mailbox.</param>
/// <param name="Mark">What its button does, in words.</param>
public sealed record NoticeLine(long Id, string Href, string About, string Mark, string Says, string When, string Iso, bool New);

/// <summary>A colleague's notices.</summary>
public sealed record NoticesModel(IReadOnlyList<NoticeLine> Lines, int New);

/// <summary><c>/notices</c>: what happened on one's cases. Only cases that are still visible.</summary>
static class NoticesPages
{
    /// <summary>Hints go to the colleague whose notice it is.</summary>
    public static readonly HintRule Hints = new("notification", (_, who, ids) => Task.FromResult(ids.Where(id => who.Kind == Foundation.ActorKind.Colleague && id == who.Id).ToHashSet()));

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/notices", Show).NeedsSignIn();
        app.MapGet("/notices/{id:long}", Open).NeedsSignIn();
        app.MapPost("/notices/read", Read).NeedsSignIn();
    }

    static async Task<IResult> Show(HttpContext http, Databases databases)
    {
        var who = http.Who();
        using var db = databases.Open();
        var cases = db.CasesVisibleTo(who);
        var rows = await (from n in db.Set<Notification>()
                          join c in cases on n.CaseId equals c.Id
                          where n.ColleagueId == who.Id
                          orderby n.Id descending
                          select new { n.Id, n.Of, n.At, n.SeenAt, n.Cause, n.Since, c.Number, c.Subject, Whose = db.Set<Colleague>().Where(x => x.Id == n.WhoseId).Select(x => x.Name).FirstOrDefault(), By = db.Set<Colleague>().Where(x => x.Id == n.ById).Select(x => x.Name).FirstOrDefault() }).Take(100).ToListAsync();
        var boxes = await (from n in db.Set<Notification>() join m in db.Set<Mailbox>() on n.MailboxId equals m.Id where n.ColleagueId == who.Id orderby n.Id descending select new { n.Id, n.Of, n.At, n.SeenAt, m.Address }).Take(100).ToListAsync();
        var brakes = await db.Set<Notification>().Where(n => n.ColleagueId == who.Id && n.Of == NotifyOf.AutomaticStopped).OrderByDescending(n => n.Id).Take(100).Select(n => new { n.Id, n.Of, n.At, n.SeenAt }).ToListAsync();
        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
        var lines = rows.Select(r => new NoticeLine(r.Id, "/cases/" + Number(r.Number), string.Format(CultureInfo.CurrentCulture, Words.NoticeCase, Number(r.Number), r.Subject), string.Format(CultureInfo.CurrentCulture, Words.NoticeReadOne, Number(r.Number)), r is { Cause: { } cause, Since: { } since } ? NoticeWords.Escalated(cause, r.At - since, r.Whose) : NoticeWords.Says(r.Of, r.By), Times.Short(r.At, who.Zone), Times.Iso(r.At), r.SeenAt is null))
            .Concat(boxes.Select(m => new NoticeLine(m.Id, "/settings/mail-health", m.Address, string.Format(CultureInfo.CurrentCulture, Words.NoticeReadMailbox, m.Address), NoticeWords.Says(m.Of, null), Times.Short(m.At, who.Zone), Times.Iso(m.At), m.SeenAt is null)))
            .Concat(brakes.Select(b => new NoticeLine(b.Id, "/settings/mail-health", Words.HealthTitle, Words.NoticeReadBrake, NoticeWords.Says(b.Of, null), Times.Short(b.At, who.Zone), Times.Iso(b.At), b.SeenAt is null)))
            .OrderByDescending(l => l.Id).Take(100).ToList();
        return View.Page<NoticesPage>(new NoticesModel(lines, lines.Count(l => l.New)));
    }

    // Leads to the case; reading it is marked by the button, since looking changes nothing.
    static async Task<IResult> Open(long id, HttpContext http, Databases databases)
    {
        var who = http.Who();
        using var db = databases.Open();
        var number = await (from n in db.Set<Notification>() join c in db.CasesVisibleTo(who) on n.CaseId equals c.Id where n.Id == id && n.ColleagueId == who.Id select c.Number).FirstOrDefaultAsync();
        if (number == 0 && await db.Set<Notification>().AnyAsync(n => n.Id == id && n.ColleagueId == who.Id && (n.MailboxId != null || n.Of == NotifyOf.AutomaticStopped))) return View.Go(http, "/settings/mail-health");
        return number == 0 ? throw new Foundation.NotThere() : View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }

    static async Task<IResult> Read(HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var one = form.Id("id");
        await write.Run(who, null, async db =>
        {
            await db.Set<Notification>().Where(n => n.ColleagueId == who.Id && n.SeenAt == null && (one == null || n.Id == one)).ExecuteUpdateAsync(set => set.SetProperty(n => n.SeenAt, db.At));
            db.Tell(new Hint("notification", who.Id, 0));
        }, http.RequestAborted);
        return View.Go(http, "/notices");
    }
}
