using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises.Calls;

/// <summary>A promised call with all that is needed to make it.</summary>
public sealed record CallDue(PromiseShown Promise, string Customer, CallShown Call);

/// <summary>The calls that are promised, and how often the phone was picked up.</summary>
/// <param name="Share">In words; null where nothing was proposed yet.</param>
public sealed record CallsDueModel(string Whose, IReadOnlyList<CallDue> Calls, bool More, int Proposed, string? Share);

/// <summary><c>/calls</c>: call-backs due; mine, or all that I see. <c>/promises/{id}/not-reached</c>: an attempt. <c>/promises/{id}/officer</c>: another person with authority takes it.</summary>
static class CallsDue
{
    const int Most = 100;

    // Days that the share looks back.
    const int Back = 90;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/calls", Show).Needs(Verb.SeeCases);
        app.MapPost("/promises/{id:long}/not-reached", NotReached).Needs(Verb.WorkCases);
        app.MapPost("/promises/{id:long}/officer", Instead).Needs(Verb.WorkCases);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases, House house, TargetBook targets, TimeProvider clock, WhoIsHere here, string? whose)
    {
        var who = http.Who();
        var now = clock.GetUtcNow().UtcDateTime;
        using var db = databases.Open();
        var (cases, teams) = (db.CasesVisibleTo(who), who.Teams.ToList());
        whose = whose is "team" or "all" ? whose : "mine";
        List<long> mine = [who.Id, .. here.AskedInPlaceOf(who.Id, now)];
        var open = db.Set<Promise>().Where(p => p.State == PromiseState.Open && p.Kind == PromiseKind.Call);
        var rows = await (from p in whose == "mine" ? open.Where(p => mine.Contains(p.KeeperId)) : open
                          join c in whose == "team" ? cases.Where(c => teams.Contains(c.TeamId)) : cases on p.CaseId equals c.Id
                          orderby p.DueAt, p.Id
                          select new { Promise = p, c.Number, c.CustomerId, c.BrandId, Row = db.Set<CallBack>().FirstOrDefault(x => x.PromiseId == p.Id), Keeper = db.Set<Colleague>().Where(x => x.Id == p.KeeperId).Select(x => x.Name).FirstOrDefault(), Customer = db.Set<People.Customer>().Where(x => x.Id == c.CustomerId).Select(x => x.Name).FirstOrDefault() }).Take(Most + 1).ToListAsync();
        var whom = await CallBacks.Customers(db, [.. rows.Select(r => r.CustomerId).Distinct()], house);
        var may = who.Can(Verb.WorkCases);
        // What is asked of a person with authority stands first.
        List<CallDue> shown = [.. rows.Take(Most).OrderByDescending(r => r.Row?.ByOfficer ?? false).ThenBy(r => r.Row?.NextTryAt is { } next && next < r.Promise.DueAt ? next : r.Promise.DueAt)
            .Select(r => new CallDue(PromiseHooks.Shown(r.Promise, r.Number, here.Named(r.Promise.KeeperId, r.Keeper ?? "", now, who.Zone), now), r.Customer ?? "", CallBacks.Shown(r.Promise, r.Row, whom[r.CustomerId], r.Number.ToString(CultureInfo.InvariantCulture), targets.CalendarOf(r.BrandId).Calendar, who.Zone, now, []) with { May = may }))];
        var proposed = await cases.CountAsync(c => c.PhoneSince != null && c.State < CaseState.Resolved && c.SpamAt == null && c.MergedInto == null);
        return View.Page<CallsDuePage>(new CallsDueModel(whose, shown, rows.Count > Most, proposed, await Share(db, who, now)));
    }

    /// <summary>How often <em>pick up the phone</em> was followed, on the cases that one sees; null where it was never over.</summary>
    public static async Task<string?> Share(Database db, Who who, DateTime now)
    {
        var since = now.AddDays(-Back);
        var counts = await (from a in db.Set<CallAdvice>() join c in db.CasesVisibleTo(who) on a.CaseId equals c.Id where a.EndedAt >= since group a by a.How into g select new { g.Key, Count = g.Count() }).ToListAsync();
        int Of(params CallAdviceEnd[] how) => counts.Where(c => c.Key is { } key && how.Contains(key)).Sum(c => c.Count);
        var (followed, declined, left) = (Of(CallAdviceEnd.Talked, CallAdviceEnd.Promised), Of(CallAdviceEnd.WritingOnly, CallAdviceEnd.NoNumber, CallAdviceEnd.Other), Of(CallAdviceEnd.Left));
        var all = followed + declined + left;
        return all == 0 ? null : string.Format(CultureInfo.CurrentCulture, Words.Share, Back, all, followed, followed * 100 / all, declined, left);
    }

    /// <summary>What stands on the page of a promised call; null for what is none.</summary>
    public static async Task<CallShown?> Of(Database db, Promise one, Case of, Who who, House house, TargetBook targets, DateTime now)
    {
        if (one.Kind != PromiseKind.Call) return null;
        var row = await db.Set<CallBack>().AsNoTracking().FirstOrDefaultAsync(c => c.PromiseId == one.Id);
        var whom = (await CallBacks.Customers(db, [of.CustomerId], house))[of.CustomerId];
        return CallBacks.Shown(one, row, whom, of.Number.ToString(CultureInfo.InvariantCulture), targets.CalendarOf(of.BrandId).Calendar, who.Zone, now, row?.ByOfficer == true ? await Officers.Others(db, of, one.KeeperId) : []) with { May = one.IsOpen && Visibility.MayDo(who, Verb.WorkCases, of) };
    }

    // The call as a contact and the attempt with its next time, in one write; the promise stays open.
    static async Task<IResult> NotReached(long id, HttpContext http, Databases databases, Writer write, Intake intake, House house, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var next = Times.Local(form["next"], who.Zone);
        if (next is null) throw new Refused("next", Contacts.Words.ChooseMoment);
        if (next <= clock.GetUtcNow().UtcDateTime) throw new Refused("next", Contacts.Words.MomentPast);
        if (next - clock.GetUtcNow().UtcDateTime > Promise.Furthest) throw new Refused("next", Promises.Words.DueFar);
        var voicemail = form["outcome"] == "voicemail";
        await write.Run(who, form.Once, async db =>
        {
            var (one, of) = await PromisePage.Find(db, who, id);
            if (one.Kind != PromiseKind.Call) throw new NotThere();
            if (!one.IsOpen) throw new Refused("", Promises.Words.AlreadyEnded);
            var row = await db.LoadCase(who, of.Number, null);
            var plan = await CallBacks.Of(db, id);
            var phone = plan?.Number ?? (await CallBacks.Customers(db, [of.CustomerId], house))[of.CustomerId].Number;
            await intake.Take(db, new IncomingContact
            {
                Channel = Channel.Phone,
                At = db.At,
                CustomerId = row.CustomerId,
                Number = phone,
                Text = voicemail ? Words.VoicemailText : Words.NotReachedText,
                CaseId = row.Id,
                Direction = Direction.Out,
                Outcome = voicemail ? CallOutcome.Voicemail : CallOutcome.NoAnswer,
                ColleagueId = who.Id,
                BrandId = row.BrandId,
                TeamId = row.TeamId
            });
            if (plan is null) db.Add(plan = new CallBack { PromiseId = id, CaseId = one.CaseId, Number = phone, MadeAt = db.At });
            plan.NextTryAt = next;
            row.Touch(db.At);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/promises/{id}"));
    }

    static async Task<IResult> Instead(long id, HttpContext http, Writer write, House house)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        if (form.Id("officer") is not { } officer) throw new Refused("officer", Words.NotNamed);
        var why = CallBacks.Clean(form.Need("why", 300));
        if (!form.IsValid || why is null) throw new Refused("why", Words.SayWhy);
        await write.Run(who, form.Once, async db =>
        {
            var (_, of) = await PromisePage.Find(db, who, id);
            var one = await db.LoadCase(who, of.Number, null);
            await Officers.Instead(db, one, await db.Load<Promise>(id), officer, why);
            await Promising.MayKeep(db, one, officer, house);
            one.Touch(db.At);
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/promises/{id}"));
    }
}
