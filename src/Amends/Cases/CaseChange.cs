using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>What a sheet that works on a case shows: what was typed, and what may be chosen.</summary>
/// <param name="Form">What was typed and what is wrong.</param>
/// <param name="LastFact">The newest fact that the writer saw, so that a conflict can say what came after.</param>
public sealed record SheetModel(Case Case, FormState Form, Choices Choices, LocalTimes Times, long LastFact)
{
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/cases/{Case.Number}");
    public IReadOnlyList<(long Number, string Subject, string Customer)> Found { get; init; } = [];
    public IReadOnlyList<(long Id, string Name, string? Where)> People { get; init; } = [];
    public IReadOnlyList<(DateTime At, string Says)> Presets { get; init; } = [];
    public IReadOnlyList<Obstacle> Obstacles { get; init; } = [];
    public WrapUp? WrapUp { get; init; }
    public CaseRowModel? Target { get; init; }
}

/// <summary>Colleagues, teams and tags to choose from.</summary>
public sealed record Choices(IReadOnlyList<(long Id, string Name)> Colleagues, IReadOnlyList<(long Id, string Name)> Teams, IReadOnlyList<(long Id, string Name)> Tags)
{
    /// <param name="shown">How a colleague is named: with the absence, where somebody is chosen who shall do something now.</param>
    public static async Task<Choices> Read(Database db, Func<long, string, string>? shown = null) => new(
        [.. (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).OrderBy(c => c.Name).Select(c => new { c.Id, c.Name }).ToListAsync()).Select(c => (c.Id, shown?.Invoke(c.Id, c.Name) ?? c.Name))],
        [.. (await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).ToListAsync()).Select(t => (t.Id, t.Name))],
        [.. (await db.Set<Tag>().Where(t => !t.Retired).OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).ToListAsync()).Select(t => (t.Id, t.Name))]);
}

/// <summary>Two edits at once: what stands now, and what was typed.</summary>
public sealed record ConflictModel(Case Case, string Action, IReadOnlyList<KeyValuePair<string, string>> Fields, IReadOnlyList<(string Label, string Value)> Yours, IReadOnlyList<FactLine> Theirs, LocalTimes Times, string Who, DateTime At);

/// <summary>The way that all verbs on a case go: form, permission, version, write, and the answer with its undo.</summary>
static class CaseChange
{
    /// <summary>Carries out a verb on one case.</summary>
    /// <param name="verb">What the person must be allowed to do with this case.</param>
    /// <param name="change">The change, inside of the write.</param>
    /// <param name="again">The sheet once more, for what was wrong; null where there is none.</param>
    /// <param name="check">Reads the form before the write; notes what is wrong in it.</param>
    /// <param name="stale">What shows both where something on the case, not the case itself, was changed meanwhile.</param>
    public static async Task<IResult> Do(HttpContext http, long number, Verb verb, Func<Database, Case, FormState, Task> change, Func<FormState, Task<IResult>>? again = null, Action<FormState>? check = null, Func<FormState, Task<IResult>>? stale = null)
    {
        var (who, services) = (http.Who(), http.RequestServices);
        var form = FormState.Of(await http.Request.ReadFormAsync());
        check?.Invoke(form);
        if (!form.IsValid) return again is null ? throw new Refused("", form.Whole ?? Foundation.Web.Words.BadRequest) : await again(form);
        try
        {
            var fact = await services.GetRequiredService<Writer>().Run(who, form.Once, async db =>
            {
                var one = verb == Verb.SeeCases ? await ToSee(db, who, number, form.Version) : await db.LoadCase(who, number, form.Version, verb);
                if (one.MergedInto is not null) throw new Refused("", Words.UndoMergedAway);
                await change(db, one, form);
                await db.SaveChangesAsync();
                return Together(db);
            });
            return View.Go(http, Back(number, fact));
        }
        catch (Refused no) when (again is not null) { return await again(form.Wrong(no)); }
        catch (VersionConflict changed) { return stale is not null && changed.Noun is not Case ? await stale(form) : await Conflict(http, number, form); }
    }

    /// <summary>The fact that the toast offers to take back: the main one of a write, or 0.</summary>
    internal static long Done(Database db)
    {
        var done = db.Facts.Zip(db.FactIds).Where(f => CaseUndo.Has(f.First)).ToList();
        return done.Count == 0 ? 0 : done.OrderBy(f => f.First is CaseFollowed).First().Second;
    }

    static async Task<Case> ToSee(Database db, Who who, long number, int? version) =>
        Database.Checked(await db.CasesVisibleTo(who).AsTracking().Include(c => c.Watchers).Include(c => c.Tags).AsSplitQuery().FirstOrDefaultAsync(c => c.Number == number) ?? throw new NotThere(), version);

    // A form that sets several of a kind (tags, who follows) is taken back as a whole: the main fact, and all up to the last of them. Two numbers
    // however many they are: a hundred of them would be longer than some proxies let through.
    static string Together(Database db)
    {
        var main = Done(db);
        if (main == 0) return "";
        var kind = db.Facts[db.FactIds.ToList().IndexOf(main)].GetType();
        var beside = kind == typeof(CaseTagged) || kind == typeof(CaseFollowed) ? db.Facts.Zip(db.FactIds).Where(f => f.First.GetType() == kind && f.Second != main).Select(f => f.Second).ToList() : [];
        return string.Create(CultureInfo.InvariantCulture, $"?did={main}{(beside.Count == 0 ? "" : $"&and={beside.Max()}")}");
    }

    static string Back(long number, string did) => string.Create(CultureInfo.InvariantCulture, $"/cases/{number}{did}");

    /// <summary>Reads what a sheet shows; the case must be workable for him.</summary>
    public static async Task<SheetModel> Sheet(HttpContext http, Database db, long number, FormState? form = null)
    {
        var who = http.Who();
        var one = await db.FindCase(who, number);
        var last = await db.Set<Fact>().Where(f => f.Subject == one.Id).OrderByDescending(f => f.Id).Select(f => f.Id).FirstOrDefaultAsync();
        return new SheetModel(one, form ?? new FormState(), await Choices.Read(db, WithAbsence(http)), new LocalTimes(who.Zone, http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime), last);
    }

    /// <summary>Names a colleague with the absence that runs.</summary>
    internal static Func<long, string, string> WithAbsence(HttpContext http)
    {
        var (here, now, zone) = (http.RequestServices.GetRequiredService<WhoIsHere>(), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime, http.Who().Zone);
        return (id, name) => here.Named(id, name, now, zone);
    }

    /// <summary>Shows a sheet, or shows it again with what is wrong (422).</summary>
    public static async Task<IResult> Show<TView>(HttpContext http, long number, FormState? form = null, Func<Database, SheetModel, Task<SheetModel>>? more = null) where TView : IComponent
    {
        using var db = http.RequestServices.GetRequiredService<Databases>().Open();
        var model = await Sheet(http, db, number, form);
        if (more is not null) model = await more(db, model);
        return form is { IsValid: false } ? View.Invalid<TView>(model) : View.Page<TView>(model);
    }

    internal static async Task<IResult> Conflict(HttpContext http, long number, FormState form)
    {
        var services = http.RequestServices;
        using var db = services.GetRequiredService<Databases>().Open();
        var model = await Sheet(http, db, number, form);
        var seen = form.Id("seen") ?? 0;
        var ids = model.Case.Id;
        var facts = await db.Set<Fact>().Where(f => f.Subject == ids && f.Id > seen).OrderByDescending(f => f.Id).Take(seen == 0 ? 1 : 12).ToListAsync();
        facts.Reverse();
        var read = facts.Select(f => f.Read()).ToList();
        var names = await FactNames.Read(db, services.GetRequiredService<Names>(), facts, read, hooks: services.GetRequiredService<CaseHooks>());
        var factIds = facts.Select(f => f.Id).ToList();
        var texts = (await db.Set<FactText>().Where(t => factIds.Contains(t.FactId)).ToListAsync()).ToLookup(t => t.FactId);
        var lines = facts.Select((f, i) => FactWords.Line(f, read[i], names, model.Times, texts, services.GetRequiredService<CaseHooks>(), all: true)).OfType<FactLine>().ToList();
        var fields = (await http.Request.ReadFormAsync()).Where(f => f.Key is not ("__RequestVerificationToken" or "version" or "once" or "seen")).SelectMany(f => f.Value.Select(v => KeyValuePair.Create(f.Key, v ?? ""))).ToList();
        var yours = fields.Where(f => f.Value.Length > 0).Select(f => (Label(f.Key), Value(f.Key, f.Value, model))).ToList();
        return View.Page<ConflictSheet>(new ConflictModel(model.Case, http.Request.Path, fields, yours, lines, model.Times, lines.Count > 0 ? lines[^1].Who : "", lines.Count > 0 ? lines[^1].At : model.Case.ChangedAt), StatusCodes.Status409Conflict);
    }

    static string Label(string field) => field switch
    {
        "owner" => Words.FieldOwner,
        "team" => Words.FieldTeam,
        "kind" => Words.FieldKind,
        "severity" => Words.FieldSeverity,
        "subject" => Words.FieldSubject,
        "until" or "own" => Words.FieldUntil,
        "for" => Words.FieldFor,
        "theirs" => Words.WaitTheirs,
        "summary" => Words.FieldSummary,
        "tags" or "new" => Words.Tags,
        "text" => Words.NoteTab,
        "target" => Words.Merge,
        "customer" => Words.CustomerTitle,
        _ => Words.FieldOther
    };

    static string Value(string field, string value, SheetModel model) => field switch
    {
        "owner" => model.Choices.Colleagues.FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == value).Name ?? Words.NobodyYet,
        "team" => model.Choices.Teams.FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == value).Name ?? value,
        "kind" => Enum.TryParse<CaseKind>(value, out var kind) ? CaseWords.Of(kind) : value,
        "severity" => Enum.TryParse<Severity>(value, out var severity) ? CaseWords.Of(severity) : value,
        "tags" => model.Choices.Tags.FirstOrDefault(c => c.Id.ToString(CultureInfo.InvariantCulture) == value).Name ?? value,
        "on" or "theirs" => value == "true" ? Words.Yes : Words.No,
        _ => value
    };

    /// <summary>An enum member by its name, and only that: numbers and unknown words are wrong.</summary>
    public static T Chosen<T>(FormState form, string field) where T : struct, Enum
    {
        if (Enum.TryParse<T>(form[field], out var value) && Enum.GetNames<T>().Contains(form[field], StringComparer.Ordinal)) return value;
        form.Wrong(field, Words.Choose);
        return default;
    }
}
