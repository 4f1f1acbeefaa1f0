using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Commands.Pages;

/// <summary>A job that will not go by itself any more.</summary>
public sealed record StuckJob(long Id, string Kind, string Lane, int Attempts, string? Error, string Made);

/// <summary>A line of the timetable, as it went last.</summary>
public sealed record TimetableRow(string Line, string LastRun, string? Error);

/// <summary>A mail that was refused.</summary>
public sealed record FailedMail(long Id, string Subject, string To, string? Trouble);

/// <summary>The page of problems.</summary>
public sealed record TroublesModel(IReadOnlyList<StuckJob> Jobs, IReadOnlyList<TimetableRow> Lines, IReadOnlyList<FailedMail> Mails, int Quarantined)
{
    /// <summary>True when there is nothing to mend.</summary>
    public bool AllWell => Jobs.Count == 0 && Mails.Count == 0 && Quarantined == 0 && Lines.All(line => line.Error is null);
}

/// <summary>What the house could not do by itself: shown to a person, who tries again or lets go.</summary>
static class Troubles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/stuck", Show).Needs(Verb.SeeStuckWork);
        app.MapPost("/stuck/jobs/{id:long}/retry", (long id, HttpContext http, Writer write, Runner runner) => Decide(id, true, http, write, runner)).Needs(Verb.SeeStuckWork);
        app.MapPost("/stuck/jobs/{id:long}/drop", (long id, HttpContext http, Writer write, Runner runner) => Decide(id, false, http, write, runner)).Needs(Verb.SeeStuckWork);
    }

    static async Task<IResult> Show(HttpContext http, Databases databases)
    {
        var (who, zone) = (http.Who(), http.Who().Zone);
        using var db = databases.Open();
        var jobs = await db.Set<Job>().Where(job => job.State == JobState.Stuck).OrderBy(job => job.Id).Take(200).ToListAsync();
        var lines = await db.Set<TimetableLease>().OrderBy(line => line.Line).ToListAsync();
        // A mail of a case is named to those who see the case.
        var cases = db.CasesVisibleToWithDeleted(who);
        var mails = await db.Set<OutgoingMail>().Where(mail => mail.State == OutgoingState.Failed && (mail.CaseId == null || cases.Any(one => one.Id == mail.CaseId))).OrderByDescending(mail => mail.Id).Take(100)
            .Select(mail => new { mail.Id, mail.Subject, To = mail.Recipients.Select(r => r.Address).ToList(), mail.Trouble }).ToListAsync();
        var quarantined = await db.Set<Delivery>().CountAsync(delivery => delivery.State == DeliveryState.Quarantined);
        return View.Page<TroublesPage>(new TroublesModel(
            [.. jobs.Select(job => new StuckJob(job.Id, job.Kind, job.Lane.ToString(), job.Attempts, job.Error, HousePages.Moment(job.MadeAt, zone)))],
            [.. lines.Select(line => new TimetableRow(line.Line, HousePages.Moment(line.LastRun, zone), line.Error))],
            [.. mails.Select(mail => new FailedMail(mail.Id, mail.Subject, string.Join(", ", mail.To), mail.Trouble))], quarantined));
    }

    static async Task<IResult> Decide(long id, bool again, HttpContext http, Writer write, Runner runner)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var lane = await write.Run(http.Who(), form.Once, async db =>
        {
            var job = await db.Set<Job>().AsTracking().FirstOrDefaultAsync(row => row.Id == id && row.State == JobState.Stuck) ?? throw new NotThere();
            if (again) (job.State, job.RunAt, job.Attempts, job.LeasedUntil) = (JobState.Waiting, db.At, 0, null);
            else db.Remove(job);
            db.Record(new StuckJobDecided(job.Id, job.Kind, again));
            return job.Lane;
        });
        if (again) runner.Wake(lane);
        return View.Go(http, "/stuck");
    }
}
