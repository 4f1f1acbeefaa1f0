using System.Globalization;
using Amends.Cases;
using Amends.Cases.Phrases;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A form of words that was said to be no apology: it is not marked again.</summary>
public sealed class NotApology
{
    public long Id { get; set; }

    /// <summary>The words: lower case, single spaces. Unique.</summary>
    public required string Words { get; set; }
    public long? ById { get; set; }
    public DateTime At { get; set; }
}

/// <summary>The hint under a reply that apologises and says of nothing that it is done.</summary>
/// <param name="Quote">The words, or null where none are found.</param>
/// <param name="Refused">Ticked as no apology.</param>
public sealed record ApologyHintModel(string Number, string? Quote, bool Refused);

/// <summary>
/// Apologies with nothing behind them. The writer sees it while he writes; what is sent is marked; a promise made with it or after it ends the mark, and four working
/// hours later, without one, the case stands among the empty apologies.
/// </summary>
static class EmptyApologies
{
    const int MostText = 100_000, MostQuote = 200, MostLearned = 2_000;

    /// <summary>Working time that we have to say what is done.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromHours(4);

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/cases/{number:long}/apology/find", Find).Needs(Verb.ReplyToCases);
        app.MapPost("/contacts/{id:long}/no-apology", Unmark).Needs(Verb.ReplyToCases);
    }

    static async Task<IResult> Find(long number, HttpContext http, Databases databases)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        using var db = databases.Open();
        return View.Fragment<ApologyHint>(await Model(db, await db.FindCase(http.Who(), number), form["text"], form));
    }

    /// <summary>The piece in the form of a reply.</summary>
    public static async Task<Piece?> Piece(ReplyAsked asked) => new(typeof(ApologyHint), await Model(asked.Db, asked.Case, asked.Text, asked.Form));

    static async Task<ApologyHintModel> Model(Database db, Case one, string text, FormState form) =>
        new(one.Number.ToString(CultureInfo.InvariantCulture), await Said(db, text) is { } said ? said[0] : null, form.On("no-apology"));

    // The database is asked only where something is found at all.
    static async Task<IReadOnlyList<string>?> Said(Database db, string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        text = Intake.Cut(text, MostText);
        if (!Apologies.Read(text).IsEmpty) return null;
        var learned = await db.Set<NotApology>().OrderByDescending(n => n.Id).Take(MostLearned).Select(n => n.Words).ToListAsync();
        var read = Apologies.Read(text, unmarked: learned);
        return read.IsEmpty ? [.. read.Phrases.Select(p => Intake.Cut(p.Text, MostQuote))] : null;
    }

    /// <summary>In the write of a reply: marks it, or learns what the writer said is none.</summary>
    public static async Task Mark(ReplySent sent)
    {
        if (await Said(sent.Db, sent.Contact.Text) is not { } said) return;
        if (sent.Form.On("no-apology")) await Learn(sent.Db, said, sent.Who);
        else sent.Contact.Apology = said[0];
    }

    static async Task Learn(Database db, IEnumerable<string> said, Who who)
    {
        foreach (var words in said.Select(Fold).Distinct())
            if (words.Length > 0 && !await db.Set<NotApology>().AnyAsync(n => n.Words == words)) db.Add(new NotApology { Words = words, ById = who.Id, At = db.At });
    }

    static string Fold(string text) => Intake.Cut(string.Join(' ', text.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), MostQuote);

    static async Task<IResult> Unmark(long id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var number = await SendAgain.NumberOf(databases, who, id);
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var contact = await db.Load<Contact>(id);
            if (contact.Apology is null) return;
            await Learn(db, await Said(db, contact.Text) ?? [contact.Apology], who);
            contact.NoApology();
            if (one.ApologyIn != id) return;
            one.EndApology(ApologyEnd.WasNone);
            // Another one that was said since, with nothing behind it either.
            var set = await ReplyToCase.SetOf(db, one.Id);
            var next = await db.Set<Contact>().AsNoTracking().Of(set, c => c.CaseId).Where(c => c.Id > id && c.Apology != null && c.State != ContactState.TakenBack).OrderBy(c => c.Id).Select(c => new { c.Id, c.At }).FirstOrDefaultAsync();
            if (next is not null) one.Apologise(next.Id, http.RequestServices.GetRequiredService<TargetBook>().CalendarOf(one.BrandId).Calendar.After(next.At, Patience));
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}#contact-{id}"));
    }

    /// <summary>Inside of each write, before its commit: what was said and what was done of it stand on the case together.</summary>
    public static Func<Database, Task> BeforeCommit(TargetBook targets) => async db =>
    {
        var changed = false;
        foreach (var fact in db.Facts.ToList())
        {
            switch (fact)
            {
                case IAct act when await Apologised(db, act.Case) is { } one: one.EndApology(ApologyEnd.Acted); changed = true; break;
                case ContactTakenBack back when await Apologised(db, back.Case) is { } one && one.ApologyIn == back.Contact: one.EndApology(ApologyEnd.TakenBack); changed = true; break;
                case ContactSent sent when db.Set<Contact>().Local.FindEntry(sent.Contact)?.Entity is { Apology: not null } contact && !db.Facts.OfType<IAct>().Any(a => a.Case == sent.Case) && await Of(db, sent.Case) is { } one:
                    one.Apologise(contact.Id, targets.CalendarOf(one.BrandId).Calendar.After(db.At, Patience));
                    changed = true;
                    break;
            }
        }
        foreach (var of in db.Facts.OfType<IActUndone>().Select(f => f.Case).Distinct().ToList())
            if (await Of(db, of) is { ApologyIn: null } one && await LeftAlone(db, of) is { } contact)
            {
                one.Apologise(contact.Id, targets.CalendarOf(one.BrandId).Calendar.After(contact.At, Patience));
                changed = true;
            }
        if (changed) await db.SaveChangesAsync();
    };

    static readonly List<string> acts = [.. FactKinds.All.Where(type => type.IsAssignableTo(typeof(IAct)) || type.IsAssignableTo(typeof(IActUndone))).Select(type => FactKinds.Of(type).Kind).Distinct()];

    // The first apology that nothing follows which still stands.
    static async Task<Contact?> LeftAlone(Database db, long id)
    {
        var set = await ReplyToCase.SetOf(db, id);
        var facts = await db.Set<Fact>().AsNoTracking().Where(f => set.Contains(f.Subject) && acts.Contains(f.Kind)).ToListAsync();
        var read = facts.ConvertAll(f => (f.At, Fact: f.Read()));
        var undone = read.Select(f => f.Fact).OfType<IActUndone>().Select(f => f.Made).ToHashSet();
        var last = read.Where(f => f.Fact is IAct act && !undone.Contains(act.Made)).Select(f => f.At).DefaultIfEmpty().Max();
        return await db.Set<Contact>().AsNoTracking().Of(set, c => c.CaseId).Where(c => c.Apology != null && c.State != ContactState.TakenBack && c.At > last).OrderBy(c => c.Id).FirstOrDefaultAsync();
    }

    static async Task<Case?> Of(Database db, long id) => db.ChangedNouns.OfType<Case>().FirstOrDefault(c => c.Id == id) ?? await db.CasesVisibleToWithDeleted(Who.House("apologies")).AsTracking().FirstOrDefaultAsync(c => c.Id == id);

    static async Task<Case?> Apologised(Database db, long id) => await Of(db, id) is { ApologyIn: not null } one ? one : null;
}
