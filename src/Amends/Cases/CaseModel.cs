using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>One line of the timeline: an entry, a note, a day, facts.</summary>
public abstract record TimelineItem;
public sealed record DayItem(string Name) : TimelineItem;
public sealed record EntryItem(TimelineEntry Entry) : TimelineItem;
public sealed record NoteItem(NoteModel Note) : TimelineItem;
public sealed record FactsItem(IReadOnlyList<FactLine> Lines) : TimelineItem;
public sealed record UnreadItem(string Since) : TimelineItem;

/// <summary>A note as it is shown.</summary>
public sealed record NoteModel(long Id, long CaseNumber, long? AuthorId, string Author, string Text, DateTime At, bool Edited, bool Mine, LocalTimes Times, IReadOnlyList<string> Colleagues, int Version);

/// <summary>The customer at the side.</summary>
public sealed record CustomerModel(long Id, string Name, string? Organisation, string? Place, IReadOnlyList<(AddressKind Kind, string Shown, bool CameBack)> Addresses, string? Prefers, string? Language, string? Needs, string? About, string? Clock, DateTime Since,
    int Cases, IReadOnlyList<Holding> Holdings, IReadOnlyList<CaseRowModel> Others, string? Reporter);

/// <summary>A colleague beside a case.</summary>
public sealed record WatcherModel(long Id, string Name, Watching Why);

/// <summary>A case that belongs to this one.</summary>
public sealed record LinkModel(long Number, string Subject, RingView Ring);

/// <summary>A case that went into this one, with the merge that can be undone.</summary>
public sealed record MergedModel(long Number, string Subject, long Fact);

/// <summary>All that the page of a case shows.</summary>
public sealed record CaseModel(Case Case, LocalTimes Times, RingView Ring, StepWords Step, string? Owner, string Team, CustomerModel Customer, int? PlaceInLine, IReadOnlyList<TimelineItem> Timeline, IReadOnlyList<(long Id, string Name)> Tags,
    IReadOnlyList<WatcherModel> Watchers, IReadOnlyList<LinkModel> Links, IReadOnlyList<MergedModel> Merged, IReadOnlyList<Piece> Panels, IReadOnlyList<ComposerTab> Tabs, Draft? NoteDraft, bool MayWork, bool MayDelete, Who Who,
    string View, long LastFact, IReadOnlyList<Present> Presence, FactLine? Did)
{
    /// <summary>What stands above the composer.</summary>
    public IReadOnlyList<Piece> Bars { get; init; } = [];

    /// <summary>Who of the line was told that it stands still; null where nobody was.</summary>
    public string? ToldTo { get; init; }

    /// <summary>Its address.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/cases/{Case.Number}");

    /// <summary>Its colour word for an avatar.</summary>
    public static string Hue(long id) => "h" + (id % 8 + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>The phone number to call, as a link takes it.</summary>
    public string? Phone => Customer.Addresses.Where(a => a.Kind == AddressKind.Phone).Select(a => a.Shown).FirstOrDefault();
}

/// <summary>Reads what the page of a case shows.</summary>
static class CaseReader
{
    const int MostFacts = 400;

    // What went into it, and what it is linked to: asked at once.
    static readonly Hot<Func<Database, long, IAsyncEnumerable<Related>>> relatedTo = new(() => EF.CompileAsyncQuery((Database db, long id) =>
        db.Set<Case>().Where(c => c.MergedInto == id).Select(c => new Related { Id = c.Id, Number = c.Number, Subject = c.Subject })
            .Concat(db.Set<CaseLink>().Where(l => l.CaseId == id || l.OtherId == id).Select(l => new Related { Id = l.CaseId == id ? l.OtherId : l.CaseId, Number = 0L, Subject = "" }))));
    static readonly Hot<Func<Database, long, Task<Customer>>> customerOf = new(() => EF.CompileAsyncQuery((Database db, long id) => db.Set<Customer>().Include(c => c.Addresses).First(c => c.Id == id)));
    static readonly Hot<Func<Database, long, long, IAsyncEnumerable<Draft>>> draftsOf = new(() => EF.CompileAsyncQuery((Database db, long id, long me) => db.Set<Draft>().Where(d => d.CaseId == id && d.ColleagueId == me)));
    static readonly Hot<Func<Database, List<long>, IAsyncEnumerable<Fact>>> factsOf = new(() => EF.CompileAsyncQuery((Database db, List<long> ids) => db.Set<Fact>().Where(f => ids.Contains(f.Subject)).OrderByDescending(f => f.Id).Take(MostFacts)));
    static readonly Hot<Func<Database, List<long>, IAsyncEnumerable<Note>>> notesOf = new(() => EF.CompileAsyncQuery((Database db, List<long> ids) => db.Set<Note>().Where(n => ids.Contains(n.CaseId) && n.DeletedAt == null).OrderBy(n => n.At).AsQueryable()));
    static readonly Hot<Func<Database, long, long, Task<DateTime?>>> readUpTo = new(() => EF.CompileAsyncQuery((Database db, long id, long me) => db.Set<CaseRead>().Where(r => r.CaseId == id && r.ColleagueId == me).Select(r => (DateTime?)r.UpTo).FirstOrDefault()));
    static readonly Hot<Func<Database, long, long?, IAsyncEnumerable<Holding>>> holdingsOf = new(() => EF.CompileAsyncQuery((Database db, long customer, long? organisation) => db.Set<Holding>().Where(h => h.CustomerId == customer || (organisation != null && h.OrganisationId == organisation)).OrderBy(h => h.Product).Take(12)));

    // A case that was merged away, or one that is linked, which has no number here.
    sealed class Related
    {
        public long Id { get; init; }
        public long Number { get; init; }
        public required string Subject { get; init; }
    }

    public static async Task<CaseModel> Read(DeskAsked asked, Case one, IServiceProvider services, string view, long? did)
    {
        var (db, who) = (asked.Db, asked.Who);
        var times = new LocalTimes(who.Zone, asked.Now);
        var related = await relatedTo.On(db)(db, one.Id).ToListAsync();
        var mergedCases = related.Where(r => r.Number != 0).ToList();
        var merges = mergedCases.Count == 0 ? [] : await db.Set<CaseMerge>().Where(m => m.IntoId == one.Id && m.UndoneAt == null).ToListAsync();
        List<long> ids = [one.Id, .. mergedCases.Select(c => c.Id)];
        var hooks = services.GetRequiredService<CaseHooks>();
        var kept = services.GetRequiredService<Names>();
        var everyone = await kept.Read(db);
        var customer = await customerOf.On(db)(db, one.CustomerId);
        var place = await PlaceInLine.Of(db, one);
        var hooked = new CaseAsked(one, ids, customer, who, everyone, db, services) { PlaceInLine = place, Drafts = await draftsOf.On(db)(db, one.Id, who.Id).ToListAsync() };

        var facts = await factsOf.On(db)(db, ids).ToListAsync();
        facts.Reverse();
        var read = facts.Select(f => f.Read()).ToList();
        var factIds = facts.Where(f => f.TextDigest != null).Select(f => f.Id).ToList();
        var texts = (factIds.Count == 0 ? [] : await db.Set<FactText>().Where(t => factIds.Contains(t.FactId)).ToListAsync()).ToLookup(t => t.FactId);
        var names = await FactNames.Read(db, kept, facts, read, customer);

        var notes = await notesOf.On(db)(db, ids).ToListAsync();
        IReadOnlyList<string> colleagues = notes.Any(n => n.Text.Contains('@', StringComparison.Ordinal)) ? [.. everyone.Colleagues.Values] : [];
        var readTo = await readUpTo.On(db)(db, one.Id, who.Id);

        var entries = new List<(DateTime At, long Id, bool Contact, TimelineItem Item)>();
        foreach (var hook in hooks.TimelineEntries) entries.AddRange((await hook(hooked)).Select(e => (e.At, e.Id, e.IsContact, (TimelineItem)new EntryItem(e))));
        entries.AddRange(notes.Select(n => (n.At, n.Id, false, (TimelineItem)new NoteItem(
            new NoteModel(n.Id, one.Number, n.AuthorId, n.AuthorId is { } author ? everyone.Colleagues.GetValueOrDefault(author, Words.SomeoneGone) : Words.SomeoneGone, n.Text, n.At, n.EditedAt is not null, n.AuthorId == who.Id, times, colleagues, n.Version)))));
        var lines = facts.Select((f, i) => FactWords.Line(f, read[i], names, times, texts, hooks, all: false)).OfType<FactLine>().ToList();
        entries.AddRange(lines.Select(l => (l.At, l.Id, false, (TimelineItem)new FactsItem([l]))));

        // The step that was just taken, with its undo; only one's own, and only while it is there to be seen.
        FactLine? Offered()
        {
            var at = did is { } id ? facts.FindIndex(f => f.Id == id && f.ActorId == who.Id) : -1;
            return at < 0 ? null : FactWords.Line(facts[at], read[at], names, times, texts, hooks, all: true) is { CanUndo: true } line ? line : null;
        }

        var team = everyone.Teams.GetValueOrDefault(one.TeamId, "");
        var owner = one.OwnerId is { } o && everyone.Colleagues.GetValueOrDefault(o) is { } called ? one.IsOpen ? services.GetRequiredService<WhoIsHere>().Named(o, called, asked.Now, who.Zone) : called : null;
        var panels = new List<Piece>();
        foreach (var hook in hooks.Panels) if (await hook(hooked) is { } piece) panels.Add(piece);
        var bars = new List<Piece>();
        foreach (var hook in hooks.Bars) if (await hook(hooked) is { } piece) bars.Add(piece);
        var tabs = new List<ComposerTab>();
        foreach (var hook in hooks.ComposerTabs) if (await hook(hooked) is { } tab) tabs.Add(tab);
        var tags = one.Tags.Where(t => everyone.Tags.ContainsKey(t.TagId)).Select(t => (Id: t.TagId, Name: everyone.Tags[t.TagId])).OrderBy(t => t.Name, StringComparer.Ordinal).ToList();
        var mergeFacts = facts.Zip(read).Where(p => p.Second is CaseMerged).GroupBy(p => ((CaseMerged)p.Second).Merge).ToDictionary(g => g.Key, g => g.Last().First.Id);
        var merged = merges.Select(m => mergedCases.FirstOrDefault(c => c.Id == m.FromId) is { } gone && mergeFacts.TryGetValue(m.Id, out var fact) ? new MergedModel(gone.Number, gone.Subject, fact) : null).OfType<MergedModel>().ToList();
        return new CaseModel(one, times, CaseRing.Of(one, asked.Now, 58), StepWords.Of(one, times), owner, team, await Customer(asked, one, customer, ids), place, Arrange(entries, times, readTo), tags,
            [.. one.Watchers.Select(w => new WatcherModel(w.ColleagueId, everyone.Colleagues.GetValueOrDefault(w.ColleagueId, Words.SomeoneGone), w.Why)).OrderBy(w => w.Name, StringComparer.Ordinal)],
            await Links(asked, [.. related.Where(r => r.Number == 0).Select(r => r.Id)]), merged, panels, [.. tabs.OrderBy(t => t.Order)],
            hooked.Drafts.FirstOrDefault(d => d.IsNote),
            Visibility.MayDo(who, Verb.WorkCases, one) && one.DeletedAt is null, Visibility.MayDo(who, Verb.DeleteCases, one), who, view, facts.Count == 0 ? 0 : facts[^1].Id,
            services.GetRequiredService<PresenceBoard>().Here(one.Id, who.Id, asked.Now), Offered())
        { Bars = bars, ToldTo = one.EscalatedTo is { } told ? everyone.Colleagues.GetValueOrDefault(told, Words.SomeoneGone) : null };
    }

    // Days, the line where unread begins, and runs of facts folded together.
    static List<TimelineItem> Arrange(List<(DateTime At, long Id, bool Contact, TimelineItem Item)> entries, LocalTimes times, DateTime? readTo)
    {
        var items = new List<TimelineItem>();
        DateTime? day = null;
        var unreadDrawn = readTo is null;
        foreach (var (at, _, contact, item) in entries.OrderBy(e => e.At).ThenBy(e => e.Id))
        {
            if (day != times.Local(at).Date)
            {
                day = times.Local(at).Date;
                items.Add(new DayItem(times.Heading(at)));
            }
            if (!unreadDrawn && contact && at > readTo)
            {
                unreadDrawn = true;
                items.Add(new UnreadItem(string.Format(CultureInfo.CurrentCulture, Words.NewSince, times.Moment(readTo!.Value))));
            }
            if (item is FactsItem { Lines: [var line] } && items.Count > 0 && items[^1] is FactsItem before) items[^1] = new FactsItem([.. before.Lines, line]);
            else items.Add(item);
        }
        return items;
    }

    static async Task<CustomerModel> Customer(DeskAsked asked, Case one, Customer customer, List<long> ids)
    {
        var db = asked.Db;
        var organisation = one.OrganisationId is { } id ? await db.Set<Organisation>().FirstOrDefaultAsync(o => o.Id == id) : null;
        var holdings = await holdingsOf.On(db)(db, customer.Id, one.OrganisationId).ToListAsync();
        var theirs = db.CasesVisibleTo(asked.Who).Where(c => c.CustomerId == customer.Id && c.MergedInto == null);
        var latest = await theirs.Where(c => !ids.Contains(c.Id)).OrderByDescending(c => c.Id).Take(6).Select(c => new { c.Id, All = theirs.Count() }).ToListAsync();
        List<long> others = [.. latest.Select(c => c.Id)];
        var count = latest.Count < 6 ? latest.Count + 1 : latest[0].All;
        var reporter = one.ReporterId is { } r ? await db.Set<Customer>().Where(c => c.Id == r).Select(c => c.Name).FirstOrDefaultAsync() : null;
        var clock = customer.Zone is { } zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? $"{new LocalTimes(zone, asked.Now).Clock(asked.Now)} {zone.Split('/')[^1].Replace('_', ' ')}" : null;
        return new CustomerModel(customer.Id, customer.Name, organisation?.Name, organisation?.Place, [.. customer.Addresses.OrderBy(a => a.Kind).ThenBy(a => a.Id).Select(a => (a.Kind, a.Shown, a.BouncedAt is not null))], customer.Prefers, customer.Language,
            customer.Needs, customer.About, clock, customer.MadeAt, count, holdings, await CaseRowModel.Read(db, asked.Who, others), reporter);
    }

    static async Task<IReadOnlyList<LinkModel>> Links(DeskAsked asked, List<long> others)
    {
        if (others.Count == 0) return [];
        var seen = await asked.Db.CasesVisibleTo(asked.Who).Where(c => others.Contains(c.Id)).OrderByDescending(c => c.Id).ToListAsync();
        return [.. seen.Select(c => new LinkModel(c.Number, c.Subject, CaseRing.Of(c, asked.Now, 18)))];
    }
}
