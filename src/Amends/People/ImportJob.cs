using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using CsvHelper;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>Reads a file in, a part of it for each job: killed at any instant it goes on at the row where it was.</summary>
sealed class ImportJob(Databases databases, Writer write, BlobStore blobs) : IJobHandler
{
    public const string Kind = "people.import";

    // Rows in one write: what other writers wait for at most.
    const int InWrite = 40, InJob = 4000;

    public sealed record Body(long Import);

    public static Task Begin(Database db, PeopleImport import) =>
        db.Enqueue(Lane.Bulk, Kind, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Kind}:{import.Id}:{import.RowsDone}"), new Body(import.Id));

    public async Task Run(JobRun run, CancellationToken stop)
    {
        var id = run.Body<Body>().Import;
        PeopleImport import;
        ImportFile file;
        using (var db = databases.Open())
        {
            import = await db.Set<PeopleImport>().Include(i => i.Columns).FirstAsync(i => i.Id == id, stop);
            if (import.State != ImportState.Running) return;
            var blob = await db.Set<Blob>().FirstAsync(b => b.Id == import.BlobId, stop);
            file = ImportFile.Read(await blobs.Read(blob, stop));
        }
        var by = new Actor(ActorKind.Colleague, import.ByColleague, "import");
        var rows = new ImportRows(import.Kind, import.System, [.. import.Columns.OrderBy(c => c.Position).Select(c => c.Field)]);
        var done = import.RowsDone;
        var until = done + InJob;
        try
        {
            foreach (var some in file.Rows(import.NoHeadings).Skip(done).Take(InJob).Chunk(InWrite))
            {
                stop.ThrowIfCancellationRequested();
                var from = done;
                if (!await write.Run(by, null, db => TakeSome(db, id, from, rows, some), CancellationToken.None)) return;
                done += some.Length;
            }
        }
        catch (Exception why) when (why is CsvFormatException or Refused)
        {
            await write.Run(by, null, async db =>
            {
                await End(db, await Current(db, id), ImportState.Stopped, why is Refused ? why.Message : Words.FileBroken);
                await run.Finish(db);
            }, CancellationToken.None);
            return;
        }
        await write.Run(by, null, async db =>
        {
            var now = await Current(db, id);
            await run.Finish(db);
            if (now.State != ImportState.Running) return;
            if (done >= until && now.RowsDone < now.Rows) await Begin(db, now);
            else await End(db, now, ImportState.Done, null);
        }, CancellationToken.None);
    }

    static Task<PeopleImport> Current(Database db, long id) => db.Set<PeopleImport>().AsTracking().FirstAsync(i => i.Id == id);

    static Task End(Database db, PeopleImport import, ImportState state, string? why)
    {
        (import.State, import.EndedAt, import.Why) = (state, db.At, why);
        db.Record(new PeopleImported(import.Id, state, import.Made, import.Changed, import.Refused));
        return Task.CompletedTask;
    }

    // False when somebody stopped it, or another runner is further.
    static async Task<bool> TakeSome(Database db, long id, int from, ImportRows rows, ImportRow[] some)
    {
        var import = await Current(db, id);
        if (import.State != ImportState.Running || import.RowsDone != from) return false;
        var taking = await rows.Begin(db, some);
        foreach (var row in some)
        {
            try
            {
                switch (await taking.Take(row))
                {
                    case RowOutcome.Made: import.Made++; break;
                    case RowOutcome.Changed: import.Changed++; break;
                    default: import.Same++; break;
                }
            }
            catch (Refused no)
            {
                import.Refused++;
                db.Add(new ImportReject { ImportId = id, Row = row.Number, Why = Customers.Cut(no.Message, 300) });
            }
        }
        import.RowsDone += some.Length;
        return true;
    }
}
