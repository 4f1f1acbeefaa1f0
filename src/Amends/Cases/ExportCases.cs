using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>A case as it is exported.</summary>
/// <param name="NothingSince">From when on nothing lies ahead in an open case (<see cref="Case.StandsFrom"/>); null while something does.</param>
/// <param name="ToldTo">Who of the line was told last, of whatever stands.</param>
/// <param name="ToldOf">Why: an <see cref="EscalationCause"/>.</param>
public sealed record ExportedCase(long Number, string Subject, string Kind, string Severity, string State, string HeardBy, DateTime HeardAt, string Customer, string? Organisation, string Team, string? Owner, string Tags, DateTime? FirstAnswerDue,
    DateTime? FirstAnsweredAt, DateTime LastContactAt, DateTime? WaitUntil, string? WaitFor, DateTime? ResolvedAt, string? Summary, DateTime? ConfirmedAt, string? Confirmation, DateTime? ClosedAt, bool Confidential, bool Spam, int Handovers, long? MergedInto, DateTime? NextStepAt,
    DateTime? NothingSince, string? ToldTo, DateTime? ToldAt, string? ToldOf);

/// <summary>Exports cases as CSV or JSON lines: all that the person sees and may export, streamed, without a cap.</summary>
static class ExportCases
{
    const int Batch = 500;

    static readonly IReadOnlyList<CsvColumn<ExportedCase>> Columns =
    [
        new("number", r => r.Number), new("subject", r => r.Subject), new("kind", r => r.Kind), new("severity", r => r.Severity), new("state", r => r.State), new("heard_by", r => r.HeardBy), new("heard_at", r => r.HeardAt),
        new("customer", r => r.Customer), new("organisation", r => r.Organisation), new("team", r => r.Team), new("owner", r => r.Owner), new("tags", r => r.Tags), new("first_answer_due", r => r.FirstAnswerDue),
        new("first_answered_at", r => r.FirstAnsweredAt), new("last_contact_at", r => r.LastContactAt), new("wait_until", r => r.WaitUntil), new("wait_for", r => r.WaitFor), new("resolved_at", r => r.ResolvedAt), new("summary", r => r.Summary),
        new("confirmed_at", r => r.ConfirmedAt), new("confirmation", r => r.Confirmation), new("closed_at", r => r.ClosedAt), new("confidential", r => r.Confidential), new("spam", r => r.Spam), new("handovers", r => r.Handovers), new("merged_into", r => r.MergedInto),
        new("next_step_at", r => r.NextStepAt), new("nothing_since", r => r.NothingSince), new("told_to", r => r.ToldTo), new("told_at", r => r.ToldAt), new("told_of", r => r.ToldOf)
    ];

    // By POST, because it leaves a fact: who took what along (A51).
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/cases/export", Export).Needs(Verb.ExportCases);

    static async Task<IResult> Export(HttpContext http, Databases databases, Writer write, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var lines = form["format"] switch { "" or "csv" => false, "jsonl" => true, _ => throw new NotThere() };
        DeskView? view = null;
        using (var look = databases.Open())
            if (form["view"] is { Length: > 0 } key) view = await DeskViews.Find(look, who, key) ?? throw new NotThere();
        await write.Run(who, null, db => { db.Record(new CasesExported(lines, view?.Key)); return Task.CompletedTask; }, http.RequestAborted);
        var now = clock.GetUtcNow().UtcDateTime;
        var name = string.Create(CultureInfo.InvariantCulture, $"cases-{now:yyyyMMdd-HHmm}.{(lines ? "jsonl" : "csv")}");
        return Results.Stream(async to =>
        {
            using var db = databases.Open();
            var rows = Rows(new DeskAsked(db, who, now, new LocalTimes(who.Zone, now).EndOfToday), view, http.RequestAborted);
            if (!lines) { await CsvOut.Write(to, Columns, rows, mark: true, http.RequestAborted); return; }
            await foreach (var row in rows)
            {
                await JsonSerializer.SerializeAsync(to, row, JsonSerializerOptions.Web, http.RequestAborted);
                await to.WriteAsync("\n"u8.ToArray(), http.RequestAborted);
            }
        }, lines ? "application/x-ndjson" : "text/csv; charset=utf-8", name);
    }

    /// <summary>The rows, in the order of the ids, read in batches.</summary>
    internal static async IAsyncEnumerable<ExportedCase> Rows(DeskAsked asked, DeskView? view, [EnumeratorCancellation] CancellationToken stop = default)
    {
        var (db, who) = (asked.Db, asked.Who);
        var teams = who.Teams.ToList();
        var cases = view is null ? db.CasesVisibleTo(who) : view.Cases(asked);
        // Seeing more than one may export is possible; the other way round is not.
        cases = who.ScopeOf(Verb.ExportCases) switch
        {
            Scope.All => cases,
            Scope.Team => cases.Where(c => c.OwnerId == who.Id || teams.Contains(c.TeamId)),
            Scope.Own => cases.Where(c => c.OwnerId == who.Id),
            _ => cases.Where(c => false)
        };
        var last = 0L;
        while (true)
        {
            var from = last;
            var batch = await cases.Where(c => c.Id > from).OrderBy(c => c.Id).Take(Batch).Select(c => new
            {
                Case = c,
                Customer = db.Set<Customer>().Where(x => x.Id == c.CustomerId).Select(x => x.Name).FirstOrDefault(),
                Organisation = db.Set<Organisation>().Where(x => x.Id == c.OrganisationId).Select(x => x.Name).FirstOrDefault(),
                Team = db.Set<Team>().Where(x => x.Id == c.TeamId).Select(x => x.Name).FirstOrDefault(),
                Owner = db.Set<Colleague>().Where(x => x.Id == c.OwnerId).Select(x => x.Name).FirstOrDefault(),
                Told = db.Set<Colleague>().Where(x => x.Id == c.EscalatedTo).Select(x => x.Name).FirstOrDefault(),
                Into = db.Set<Case>().Where(x => x.Id == c.MergedInto).Select(x => (long?)x.Number).FirstOrDefault()
            }).ToListAsync(stop);
            if (batch.Count == 0) yield break;
            last = batch[^1].Case.Id;
            var ids = batch.Select(b => b.Case.Id).ToList();
            var tags = (await (from t in db.Set<CaseTag>() join tag in db.Set<Tag>() on t.TagId equals tag.Id where ids.Contains(t.CaseId) orderby tag.Name select new { t.CaseId, tag.Name }).ToListAsync(stop)).ToLookup(t => t.CaseId, t => t.Name);
            foreach (var row in batch)
            {
                var c = row.Case;
                yield return new ExportedCase(c.Number, c.Subject, c.Kind.ToString(), c.Severity.ToString(), c.State.ToString(), c.HeardBy.ToString(), c.HeardAt, row.Customer ?? "", row.Organisation, row.Team ?? "", row.Owner, string.Join("; ", tags[c.Id]),
                    c.FirstAnswerDue, c.FirstAnsweredAt, c.LastContactAt, c.WaitUntil, c.WaitFor, c.ResolvedAt, c.Summary, c.ConfirmedAt, c.Confirmation?.ToString(), c.ClosedAt, c.Confidential, c.SpamAt is not null, c.Handovers, row.Into,
                    c.NextStepAt > asked.Now ? c.NextStepAt : null, c.IsOpen && !(c.NextStepAt >= asked.Now) ? c.StandsFrom : null, row.Told, c.EscalatedAt, c.EscalatedFor?.ToString());
            }
            if (batch.Count < Batch) yield break;
        }
    }
}
