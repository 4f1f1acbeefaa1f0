using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Promises;

/// <summary>One promise as pages show it. Times are said in its own zone, which is named.</summary>
public sealed record PromiseShown(long Id, string Number, string What, string Kind, string Due, string Iso, string Keeper, string State, string Tone, bool Open, string? Quote)
{
    /// <summary>Only a logged call keeps it.</summary>
    public bool IsCall { get; init; }

    /// <summary>That nobody works on its day, or null.</summary>
    public string? Warning { get; init; }

    /// <summary>That its keeper is absent; null where that is not so, and for what is done.</summary>
    public KeeperAway? Away { get; init; }
}

/// <summary>The keeper of an open promise is absent, and who could take it.</summary>
/// <param name="To">The stand-in, or who leads the team; null where there is nobody.</param>
/// <param name="May">Who looks may hand it over.</param>
public sealed record KeeperAway(long Promise, string Says, long? To, string? ToName, bool May = false)
{
    /// <summary>From memory: no statement is asked.</summary>
    public static KeeperAway? Of(IServiceProvider services, Case of, Promise one, string zone, DateTime now, bool byOfficer)
    {
        var here = services.GetRequiredService<WhoIsHere>();
        if (here.Says(one.KeeperId, now, zone) is not { } until) return null;
        // Who is asked of what is confidential, or of a call by a person with authority, is found by who may: nobody else is named.
        if (of.Confidential || byOfficer) return new(one.Id, string.Format(CultureInfo.CurrentCulture, Words.AwayOnly, here.NameOf(one.KeeperId) ?? "", until), null, null);
        var to = here.AskedFor(one.KeeperId, of.TeamId, now).Select(id => (long?)id).FirstOrDefault();
        var name = here.NameOf(one.KeeperId) ?? "";
        return new(one.Id, to is { } other ? string.Format(CultureInfo.CurrentCulture, Words.AwayAsked, name, until, here.NameOf(other)) : string.Format(CultureInfo.CurrentCulture, Words.AwayNobody, name, until), to, to is { } id ? here.NameOf(id) : null);
    }
}

/// <summary>An open promise that stands against resolving, and what can become of it.</summary>
/// <param name="Call">Kept by a logged call and by nothing else.</param>
public sealed record WayOut(long Id, string What, string Due, bool Call)
{
    /// <summary>How the names of their fields begin.</summary>
    public const string Field = "promise-";
}

/// <summary>The open promises of a case that is to be resolved.</summary>
public sealed record WaysOutModel(string Number, IReadOnlyList<WayOut> Open);

/// <summary>The promises of a case.</summary>
/// <param name="CameBack">The customer says that it is not solved: what was promised stands first.</param>
public sealed record PromisesModel(string Number, IReadOnlyList<PromiseShown> All, bool MayPromise, bool CameBack);

/// <summary>What promises add to cases: next step, ring, obstacle, panel, history.</summary>
static class PromiseHooks
{
    /// <summary>Open promises are steps.</summary>
    public static async Task<IEnumerable<CaseStep>> Steps(House house, Database db, IReadOnlyList<long> cases)
    {
        var open = (await Of(db, cases)).FindAll(p => p.IsOpen);
        return Speech.In(house.Get(HouseSettings.Language), () => open.ConvertAll(p => new CaseStep(p.CaseId, p.DueAt, p.KeeperId, p.What)));
    }

    /// <summary>How the promised segment stands. Asked together with the steps, which have read all promises of these cases in this write: they are not read again.</summary>
    public static Task<IEnumerable<RingPart>> Ring(Database db, IReadOnlyList<long> cases)
    {
        var parts = new List<RingPart>();
        foreach (var of in db.Set<Promise>().Local.Where(p => cases.Contains(p.CaseId) && p.State != PromiseState.Withdrawn).GroupBy(p => p.CaseId))
        {
            var open = of.Where(p => p.IsOpen).ToList();
            var state = of.Any(p => p.State == PromiseState.Broken) ? PartState.Late : open.Count > 0 ? PartState.UnderWay : PartState.Done;
            parts.Add(new(of.Key, state, open.Count > 0 ? open.Min(p => p.DueAt) : null, open.Count > 0 ? open.Min(p => p.AskAt) : null, of.Where(p => p.State == PromiseState.Broken).Max(p => p.EndedAt), of.Max(p => p.EndedAt), open.ConvertAll(p => p.DueAt)));
        }
        return Task.FromResult<IEnumerable<RingPart>>(parts);
    }

    // As this write leaves them: what it has changed is tracked already.
    static async Task<List<Promise>> Of(Database db, IReadOnlyList<long> cases)
    {
        // Of a case that this write makes nothing stands anywhere else.
        var made = db.Facts.OfType<CaseHeard>().Select(f => f.Case).ToHashSet();
        var (ids, before) = (cases.ToList(), cases.Where(id => !made.Contains(id)).ToList());
        var kept = before.Count == 0 ? [] : await db.Set<Promise>().AsTracking().Where(p => before.Contains(p.CaseId)).ToListAsync();
        return [.. kept.Union(db.Set<Promise>().Local.Where(p => ids.Contains(p.CaseId)))];
    }

    /// <summary>What is open stands against resolving.</summary>
    public static async Task<Obstacle?> Obstacle(Database db, Case one)
    {
        var set = await SetOf(db, one.Id);
        return await Promising.Open(db, set) is [var first, ..] open
            ? new Obstacle(open.Count == 1 ? string.Format(CultureInfo.CurrentCulture, Words.ObstacleOne, first.What, Said(first)) : string.Format(CultureInfo.CurrentCulture, Words.ObstacleMany, open.Count, first.What, Said(first)),
                new Piece(typeof(WaysOutPart), new WaysOutModel(one.Number.ToString(CultureInfo.InvariantCulture), open.ConvertAll(p => new WayOut(p.Id, p.What, Said(p), p.Kind == PromiseKind.Call)))))
            : null;
    }

    /// <summary>What was chosen for open promises while their case is resolved.</summary>
    public static async Task WaysOut(Database db, Case one, FormState form)
    {
        if (!form.Names.Any(n => n.StartsWith(WayOut.Field, StringComparison.Ordinal))) return;
        foreach (var open in await Promising.Open(db, await SetOf(db, one.Id)))
        {
            switch (form[WayOut.Field + open.Id.ToString(CultureInfo.InvariantCulture)])
            {
                case "kept" when open.Kind == PromiseKind.Call: throw new Refused("", Words.CallKeepsIt);
                case "kept": open.Keep(db.At, null, Words.WayOutSaid, db.At); break;
                case "released": open.Release(Words.WayOutSaid, db.At); break;
                // An apology is worth nothing until something is done; what will not be done needs at least a word.
                case "broken" when form["summary"].Trim().Length == 0: throw new Refused("summary", Words.BrokenNeedsWhy);
                case "broken": open.Break(Intake.Cut(form["summary"].Trim(), 300), db.At); break;
            }
        }
        await db.SaveChangesAsync();
    }

    /// <summary>A case and what was merged into it.</summary>
    internal static Task<List<long>> SetOf(Database db, long one) => db.CasesVisibleToWithDeleted(Who.House("promises")).Where(c => c.Id == one || c.MergedInto == one).Select(c => c.Id).ToListAsync();

    /// <summary>“Mon 30 Nov 12:00 (Berlin)”: as it was said.</summary>
    public static string Said(Promise one) => $"{one.DueLocal.ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture)} ({Times.Place(one.Zone)})";

    /// <summary>What the customer reads: his kind of thing in his language, or the words that were chosen for him.</summary>
    public static async Task<IEnumerable<PromiseTold>> Told(Database db, IReadOnlyList<long> cases) =>
        (await db.Set<Promise>().AsNoTracking().Where(p => cases.Contains(p.CaseId) && p.State == PromiseState.Open).Select(p => new { Promise = p, Call = db.Set<Calls.CallBack>().Where(c => c.PromiseId == p.Id).Select(c => (bool?)c.ByOfficer).FirstOrDefault() }).ToListAsync())
            .Select(p => new PromiseTold(p.Call switch { true => Calls.Words.ToldOfficer, false => KindWords.Of(p.Promise.Kind), null => p.Promise.Quote is null ? p.Promise.What : KindWords.Of(p.Promise.Kind) }, p.Promise.DueAt, p.Promise.SaidIn, p.Promise.CaseId, p.Promise.CustomerId));

    /// <summary>The panel beside a case.</summary>
    public static async Task<Piece?> Panel(CaseAsked asked)
    {
        var may = Visibility.MayDo(asked.Who, Verb.WorkCases, asked.Case) && asked.Case.IsOpen;
        var all = await asked.Db.Set<Promise>().AsNoTracking().Where(p => asked.CaseIds.Contains(p.CaseId) && p.State != PromiseState.Withdrawn).OrderBy(p => p.DueAt).ToListAsync();
        if (all.Count == 0 && !may) return null;
        var now = asked.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime;
        var hours = asked.Services.GetRequiredService<TargetBook>().CalendarOf(asked.Case.BrandId).Calendar;
        var here = asked.Services.GetRequiredService<WhoIsHere>();
        // Asked only where somebody is absent: a call by a person with authority is given to no stand-in by a click.
        var calls = all.Exists(p => p.IsOpen) ? all.Where(p => p.IsOpen && p.Kind == PromiseKind.Call && here.AwayAt(p.KeeperId, now) is not null).Select(p => p.Id).ToList() : [];
        var byOfficer = calls.Count == 0 ? [] : await asked.Db.Set<Calls.CallBack>().Where(c => calls.Contains(c.PromiseId) && c.ByOfficer).Select(c => c.PromiseId).ToListAsync();
        return new Piece(typeof(PromisesPanel), new PromisesModel(asked.Case.Number.ToString(CultureInfo.InvariantCulture), [.. all.OrderBy(p => !p.IsOpen).ThenBy(p => p.DueAt).Select(p => Shown(p, asked.Case.Number, asked.Names.Colleagues.GetValueOrDefault(p.KeeperId, ""), now) with { Warning = p.IsOpen ? Promising.Warning(hours, p.DueLocal) : null, Away = p.IsOpen && KeeperAway.Of(asked.Services, asked.Case, p, asked.Who.Zone, now, byOfficer.Contains(p.Id)) is { } away ? away with { May = may } : null })], may, asked.Case.CameBackAt is not null && all.Exists(p => !p.IsOpen)));
    }

    /// <summary>One as pages show it.</summary>
    public static PromiseShown Shown(Promise one, long number, string keeper, DateTime now)
    {
        var late = one.IsOpen && one.DueAt <= now;
        return new(one.Id, number.ToString(CultureInfo.InvariantCulture), one.What, KindWords.Of(one.Kind), Said(one), one.DueAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), keeper, KindWords.Of(one.State, late, one.ToldIn is not null), KindWords.Tone(one.State, late), one.IsOpen, one.Quote) { IsCall = one.Kind == PromiseKind.Call };
    }

    /// <summary>What their facts say.</summary>
    public static FactSaid? Sentence(IFact fact) => fact switch
    {
        PromiseMade made => new(Words.FactMade, made.Promise),
        PromiseHandedOver over => new(Words.FactHandedOver, over.Promise),
        PromiseKept { Late: true } kept => new(Words.FactKeptLate, kept.Promise),
        PromiseKept kept => new(Words.FactKept, kept.Promise),
        PromiseOpenAgain open => new(Words.FactOpenAgain, open.Promise),
        PromiseBroken broken => new(Words.FactBroken, broken.Promise),
        PromiseReleased released => new(Words.FactReleased, released.Promise),
        PromiseChanged changed => new(Words.FactChanged, changed.Promise),
        PromiseToldAnew told => new(Words.FactTold, told.Promise),
        PromiseWithdrawn withdrawn => new(Words.FactWithdrawn, withdrawn.Promise),
        PromiseReminded { Asked: true } asked => new(Words.FactAsked, asked.Promise),
        PromiseReminded reminded => new(Words.FactReminded, reminded.Promise),
        PromisePassed passed => new(Words.FactPassed, passed.Promise),
        _ => Calls.CallBacks.Sentence(fact)
    };

    /// <summary>What those promises are called.</summary>
    public static async Task<IEnumerable<(long, string)>> Things(Database db, IReadOnlyList<IFact> facts)
    {
        var ids = facts.Select(f => Sentence(f)?.Thing ?? 0).Where(id => id != 0).Distinct().ToList();
        return ids.Count == 0 ? [] : (await db.Set<Promise>().AsNoTracking().Where(p => ids.Contains(p.Id)).ToListAsync()).Select(p => (p.Id, string.Format(CultureInfo.CurrentCulture, Words.Called, p.What, Said(p))));
    }

    /// <summary>
    /// Inside of each write, before its commit: a call in which we talked keeps the calls that were promised, an answer that was taken back made and kept nothing.
    /// </summary>
    public static async Task BeforeCommit(Database db)
    {
        foreach (var fact in db.Facts.ToList())
        {
            switch (fact)
            {
                case ContactSent { Channel: Channel.Phone } call: await Called(db, call.Case, call.Contact); break;
                case ContactReceived { Channel: Channel.Phone } call: await Called(db, call.Case, call.Contact); break;
                case ContactSent sent: await Answered(db, sent.Case, sent.Contact); break;
                case ContactTakenBack back:
                    await NewTimes.TakeBack(db, back.Case, back.Contact);
                    foreach (var one in await db.Set<Promise>().AsTracking().Where(p => p.SaidIn == back.Contact && p.State == PromiseState.Open).ToListAsync()) one.Withdraw(db.At);
                    foreach (var one in await db.Set<Promise>().AsTracking().Where(p => p.ProvedBy == back.Contact).ToListAsync()) one.OpenAgain();
                    break;
                // What was chosen for open promises while it was resolved is taken back with it.
                case CaseReopened { Why: ReopenWhy.Undo, ResolvedAt: { } resolved } again:
                    var set = await SetOf(db, again.Case);
                    foreach (var one in await db.Set<Promise>().AsTracking().Where(p => set.Contains(p.CaseId) && p.EndedAt == resolved && p.ProvedBy == null && p.Into == null).ToListAsync()) one.OpenAgain();
                    break;
                // Who is shut out has no calendar of ours either, also when he is let in again.
                case ColleagueChanged { Deed: ColleagueDeed.Disabled } gone: await CalendarFeed.End(db, gone.Colleague); break;
                default: continue;
            }
            // Their facts are told with this write.
            await db.SaveChangesAsync();
        }
    }

    // An answer that says when the answer will come is not the one that was promised.
    static async Task Answered(Database db, long of, long contact)
    {
        var open = (await Promising.Open(db, await SetOf(db, of))).Where(p => p.Kind == PromiseKind.Answer).ToList();
        if (open.Count == 0 || open.Exists(p => p.SaidIn == contact)) return;
        var mail = db.Set<Contact>().Local.FindEntry(contact)?.Entity ?? await db.Set<Contact>().FirstOrDefaultAsync(c => c.Id == contact);
        foreach (var one in open) if (await Reaches(db, one.CustomerId, mail)) one.Keep(db.At, contact, null, db.At);
    }

    // What went to somebody else (who reported it, a supplier) is no answer to whom it was promised.
    internal static async Task<bool> Reaches(Database db, long customer, Contact? mail)
    {
        if (mail is not { Channel: Channel.Mail }) return true;
        var his = await WhichCase.AddressesOf(db, customer);
        return his.Count == 0 || Amends.Mail.AddressList.Parse($"{mail.To}, {mail.Cc}").Mailboxes.Any(to => his.Contains(to.Key));
    }

    static async Task Called(Database db, long of, long contact)
    {
        if (db.Set<Contact>().Local.FindEntry(contact)?.Entity is not { Outcome: CallOutcome.Talked } call) return;
        // Whoever else of his picked up: but not who reported it for him.
        var reporters = call.CustomerId is { } spoke ? await db.CasesVisibleToWithDeleted(Who.House("promises")).Where(c => (c.Id == of || c.MergedInto == of) && c.ReporterId == spoke).Select(c => c.Id).CountAsync() : 0;
        foreach (var one in (await Promising.Open(db, await SetOf(db, of))).Where(p => p.Kind == PromiseKind.Call && p.MadeAt < call.At && (reporters == 0 || p.CustomerId == call.CustomerId)))
            if (await Calls.CallBacks.Keeps(db, one, call)) one.Keep(call.At, contact, null, db.At);
    }
}
