using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using CsvHelper;
using Microsoft.EntityFrameworkCore;

namespace Amends.People;

/// <summary>The start of an import, and those that were.</summary>
public sealed record ImportsModel(FormState Form, IReadOnlyList<PeopleImport> Before, Who Who);

/// <summary>What would become of a row.</summary>
public sealed record PreviewRow(int Number, string Says, RowOutcome Outcome, string? Why);

/// <summary>Which column is for what, and what would happen.</summary>
public sealed record MappingModel(PeopleImport Import, IReadOnlyList<MappedColumn> Columns, IReadOnlyList<PreviewRow> Preview, bool LooksLikeData, FormState Form);

/// <summary>A column of the file: its heading, its first values, what it is for.</summary>
public sealed record MappedColumn(int Position, string Heading, string Sample, ImportField Field);

/// <summary>How far an import is.</summary>
public sealed record ImportProgress(PeopleImport Import, IReadOnlyList<ImportReject> Rejects, string Zone)
{
    /// <summary>Whole percent.</summary>
    public int Percent => Import.Rows == 0 ? 100 : (int)(100L * Import.RowsDone / Import.Rows);
}

static class ImportPeople
{
    const int Previewed = 10;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/people/import", async (HttpContext http, Databases databases) => View.Page<ImportPage>(await Start(databases, http, new FormState()))).Needs(Verb.ImportPeople);
        app.MapPost("/people/import", Upload).Needs(Verb.ImportPeople).TakesFiles();
        app.MapGet("/people/import/{id:long}", Show).Needs(Verb.ImportPeople);
        app.MapPost("/people/import/{id:long}", Check).Needs(Verb.ImportPeople);
        app.MapPost("/people/import/{id:long}/start", Run).Needs(Verb.ImportPeople);
        app.MapPost("/people/import/{id:long}/stop", Stop).Needs(Verb.ImportPeople);
        app.MapGet("/people/import/{id:long}/refused.csv", Rejects).Needs(Verb.ImportPeople);
    }

    static async Task<ImportsModel> Start(Databases databases, HttpContext http, FormState form)
    {
        using var db = databases.Open();
        return new(form, await db.Set<PeopleImport>().OrderByDescending(i => i.Id).Take(20).ToListAsync(), http.Who());
    }

    static string Page(long id) => string.Create(CultureInfo.InvariantCulture, $"/people/import/{id}");

    static async Task<IResult> Upload(HttpContext http, Databases databases, Writer write, BlobStore blobs, CancellationToken stop)
    {
        var posted = await http.Request.ReadFormAsync(stop);
        var form = FormState.Of(posted);
        var system = form.May("system", 60)?.ToLowerInvariant() ?? "csv";
        var kind = form["kind"] switch { "organisations" => PersonKind.Organisation, "holdings" => PersonKind.Holding, _ => PersonKind.Customer };
        if (posted.Files.GetFile("file") is not { } upload || upload.FileName.Length == 0) form.Wrong("file", Words.ChooseFile);
        else if (upload.Length > ImportFile.MostBytes) form.Wrong("file", string.Format(CultureInfo.CurrentCulture, Foundation.Web.Words.FileTooLarge, ImportFile.MostBytes / (1024 * 1024)));
        else if (form.IsValid)
        {
            try
            {
                var bytes = new byte[upload.Length];
                await using (var stream = upload.OpenReadStream()) await stream.ReadExactlyAsync(bytes, stop);
                var file = ImportFile.Read(bytes);
                var noHeadings = file.FirstIsData;
                var rows = file.Rows(noHeadings).Count();
                if (rows == 0) throw new Refused("file", Words.FileNoRows);
                var blob = await blobs.Put(bytes, stop);
                var guess = noHeadings ? new ImportField[file.First.Length] : file.Guess(kind);
                var id = await write.Run(http.Who(), form.Once, db =>
                {
                    var import = new PeopleImport { Id = db.Ids!.Next(), FileName = Customers.Cut(FileAnswer.SafeName(upload.FileName), 300), BlobId = blob.Id, Kind = kind, System = system, NoHeadings = noHeadings, Rows = rows, ByColleague = http.Who().Id, MadeAt = db.At };
                    for (var i = 0; i < guess.Length; i++) import.Columns.Add(new ImportColumn { ImportId = import.Id, Position = i, Field = guess[i] });
                    db.Add(blob);
                    db.Add(import);
                    return Task.FromResult(import.Id);
                }, stop);
                return View.Go(http, Page(id));
            }
            catch (Refused no) { form.Wrong(no); }
            catch (CsvFormatException) { form.Wrong("file", Words.FileBroken); }
        }
        return View.Invalid<ImportPage>(await Start(databases, http, form));
    }

    static async Task<IResult> Show(long id, HttpContext http, Databases databases, Writer write, BlobStore blobs, CancellationToken stop)
    {
        using var db = databases.Open();
        var import = await Load(db, id);
        if (import.State == ImportState.Mapping) return View.Page<MappingPage>(await Mapping(db, import, write, blobs, http.Who(), new FormState(), stop));
        return View.Page<ProgressPage>(new ImportProgress(import, await db.Set<ImportReject>().Where(r => r.ImportId == id).OrderBy(r => r.Row).Take(50).ToListAsync(stop), http.Who().Zone));
    }

    static async Task<PeopleImport> Load(Database db, long id) => await db.Set<PeopleImport>().Include(i => i.Columns).FirstOrDefaultAsync(i => i.Id == id) ?? throw new NotThere();

    sealed class PreviewDone(List<PreviewRow> rows) : Exception
    {
        public List<PreviewRow> Rows { get; } = rows;
    }

    // What would happen is found by doing it, in a write that is then taken back: the preview cannot say other than the import.
    static async Task<MappingModel> Mapping(Database db, PeopleImport import, Writer write, BlobStore blobs, Who who, FormState form, CancellationToken stop)
    {
        var blob = await db.Set<Blob>().FirstAsync(b => b.Id == import.BlobId, stop);
        var file = ImportFile.Read(await blobs.Read(blob, stop));
        var first = file.Rows(import.NoHeadings).Take(Previewed).ToList();
        var fields = import.Columns.OrderBy(c => c.Position).Select(c => c.Field).ToList();
        var columns = fields.Select((field, i) => new MappedColumn(i, import.NoHeadings ? string.Format(CultureInfo.CurrentCulture, Words.ColumnNumber, i + 1) : Customers.Cut(file.First.ElementAtOrDefault(i) ?? "", 80),
            Customers.Cut(string.Join(" · ", first.Select(r => r.Cells.ElementAtOrDefault(i)).Where(c => !string.IsNullOrWhiteSpace(c)).Take(3)), 120), field)).ToList();
        var preview = new List<PreviewRow>();
        if (fields.Any(f => f != ImportField.Leave))
        {
            var rows = new ImportRows(import.Kind, import.System, fields);
            try
            {
                await write.Run(who, null, async trial =>
                {
                    var seen = new List<PreviewRow>();
                    var taking = await rows.Begin(trial, first);
                    foreach (var row in first)
                    {
                        var says = Customers.Cut(string.Join(", ", row.Cells.Where(c => !string.IsNullOrWhiteSpace(c)).Take(4)), 160);
                        try { seen.Add(new(row.Number, says, await taking.Take(row), null)); }
                        catch (Refused no) { seen.Add(new(row.Number, says, RowOutcome.Refused, no.Message)); }
                    }
                    throw new PreviewDone(seen);
                }, stop);
            }
            catch (PreviewDone done) { preview = done.Rows; }
        }
        return new(import, columns, preview, import.NoHeadings, form);
    }

    static ImportField FieldOf(FormState form, int position, PersonKind kind) =>
        Enum.TryParse<ImportField>(form[string.Create(CultureInfo.InvariantCulture, $"column{position}")], out var field) && Enum.IsDefined(field) && ImportFile.Fits(kind, field) ? field : ImportField.Leave;

    static async Task<PeopleImport> Save(Database db, long id, FormState form)
    {
        var import = await db.Set<PeopleImport>().AsTracking().Include(i => i.Columns).FirstOrDefaultAsync(i => i.Id == id) ?? throw new NotThere();
        if (import.State != ImportState.Mapping) throw new Refused("", Words.ImportBegun);
        foreach (var column in import.Columns) column.Field = FieldOf(form, column.Position, import.Kind);
        var twice = import.Columns.Where(c => c.Field != ImportField.Leave).GroupBy(c => c.Field).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.FieldTwice, ImportRows.Named(twice.Key)));
        var headings = form["headings"];
        if (headings is "yes" or "no" && import.NoHeadings != (headings == "no"))
        {
            import.NoHeadings = headings == "no";
            import.Rows += import.NoHeadings ? 1 : -1;
        }
        return import;
    }

    static async Task<IResult> Check(long id, HttpContext http, Databases databases, Writer write, BlobStore blobs, CancellationToken stop)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(stop));
        try
        {
            await write.Run(http.Who(), form.Once, db => Save(db, id, form), stop);
            return View.Go(http, Page(id));
        }
        catch (Refused no)
        {
            using var db = databases.Open();
            var import = await Load(db, id);
            if (import.State != ImportState.Mapping) return View.Go(http, Page(id));
            foreach (var column in import.Columns) column.Field = FieldOf(form, column.Position, import.Kind);
            return View.Invalid<MappingPage>(await Mapping(db, import, write, blobs, http.Who(), form.Wrong(no), stop));
        }
    }

    static async Task<IResult> Run(long id, HttpContext http, Databases databases, Writer write, BlobStore blobs, CancellationToken stop)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(stop));
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var import = await Save(db, id, form);
                if (import.Columns.TrueForAll(c => c.Field == ImportField.Leave)) throw new Refused("", Words.NothingMapped);
                import.State = ImportState.Running;
                db.Record(new PeopleImported(id, ImportState.Running, 0, 0, 0));
                await ImportJob.Begin(db, import);
            }, stop);
        }
        catch (Refused no)
        {
            using var db = databases.Open();
            var import = await Load(db, id);
            if (import.State == ImportState.Mapping)
            {
                foreach (var column in import.Columns) column.Field = FieldOf(form, column.Position, import.Kind);
                return View.Invalid<MappingPage>(await Mapping(db, import, write, blobs, http.Who(), form.Wrong(no), stop));
            }
        }
        return View.Go(http, Page(id));
    }

    static async Task<IResult> Stop(long id, HttpContext http, Writer write, CancellationToken stop)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(stop));
        await write.Run(http.Who(), form.Once, async db =>
        {
            var import = await db.Set<PeopleImport>().AsTracking().FirstOrDefaultAsync(i => i.Id == id) ?? throw new NotThere();
            if (import.State is not (ImportState.Running or ImportState.Mapping)) return;
            (import.State, import.EndedAt, import.Why) = (ImportState.Stopped, db.At, import.State == ImportState.Mapping ? Words.NotImported : Words.StoppedByHand);
            db.Record(new PeopleImported(id, ImportState.Stopped, import.Made, import.Changed, import.Refused));
        }, stop);
        return View.Go(http, Page(id));
    }

    // The refused rows as they were, with the reason in front: mended, the file can be read in again.
    static async Task Rejects(long id, HttpContext http, Databases databases, BlobStore blobs, CancellationToken stop)
    {
        using var db = databases.Open();
        var import = await Load(db, id);
        var why = await db.Set<ImportReject>().Where(r => r.ImportId == id).ToDictionaryAsync(r => r.Row, r => r.Why, stop);
        var blob = await db.Set<Blob>().FirstAsync(b => b.Id == import.BlobId, stop);
        var file = ImportFile.Read(await blobs.Read(blob, stop));
        FileAnswer.Guard(http.Response.Headers, new FileKind("text/csv; charset=utf-8", false, 0, 0), "refused-" + Path.ChangeExtension(import.FileName, ".csv"), show: false);
        List<CsvColumn<ImportRow>> columns = [new(Words.Reason, row => why[row.Number]), .. import.Columns.OrderBy(c => c.Position).Select(c => new CsvColumn<ImportRow>(import.NoHeadings ? string.Format(CultureInfo.CurrentCulture, Words.ColumnNumber, c.Position + 1) : file.First.ElementAtOrDefault(c.Position) ?? "", row => row.Cells.ElementAtOrDefault(c.Position)))];
        await CsvOut.Write(http.Response.Body, columns, file.Rows(import.NoHeadings).Where(row => why.ContainsKey(row.Number)).ToAsyncEnumerable(), mark: true, stop);
    }
}
