using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A person in copy, on the case.</summary>
public sealed record FollowerLine(long Id, string Shown, FollowerState State);

/// <summary>Who is in copy of a case.</summary>
public sealed record FollowersModel(string Number, IReadOnlyList<FollowerLine> Lines, bool MayDecide);

/// <summary>Proposes, confirms and refuses people in copy.</summary>
static class MailFollowers
{
    const int MostOfMail = 50, MostOfCase = 50;

    /// <summary>Of many names those that stand there at once; the others are folded.</summary>
    public const int FirstShown = 3;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/cases/{number:long}/followers", DecideAll).Needs(Verb.ReplyToCases);
        app.MapPost("/cases/{number:long}/followers/{id:long}", Decide).Needs(Verb.ReplyToCases);
    }

    /// <summary>Inside of the write of intake: those beside our own mailbox and the sender, as far as they are nobody of ours and not on the case already.</summary>
    /// <param name="isNew">The case is made in this write: nobody takes part in it yet.</param>
    public static async Task Propose(Database db, Case one, bool isNew, long contact, IncomingContact incoming)
    {
        if (incoming.Beside.Count == 0 || incoming.Automatic || incoming.Trust == SenderTrust.Failed) return;
        var known = isNew ? [] : await db.Set<MailFollower>().Where(f => f.CaseId == one.Id).Select(f => f.Address).ToListAsync();
        var there = isNew ? [] : await WhichCase.Participants(db, one.Id);
        there.UnionWith(await WhichCase.AddressesOf(db, one.CustomerId, one.ReporterId ?? one.CustomerId));
        if (WhichCase.MailKey(incoming.FromAddress) is { } sender) there.Add(sender);
        var named = incoming.Beside.Take(MostOfMail).Where(who => !known.Contains(who.Key) && !there.Contains(who.Key)).ToList();
        var ours = await Ours.Among(db, [.. named.Select(who => who.Key)]);
        foreach (var who in named)
        {
            if (known.Count >= MostOfCase || known.Contains(who.Key) || ours.Contains(who.Key)) continue;
            var follower = new MailFollower { Id = db.Ids!.Next(), CaseId = one.Id, Address = who.Key, Shown = Intake.Cut(OutgoingReply.Clean(who.ToString()), 400), ContactId = contact, At = db.At };
            follower.Propose();
            db.Add(follower);
            known.Add(who.Key);
        }
    }

    /// <summary>Those of a case and of what was merged into it.</summary>
    public static async Task<List<MailFollower>> Of(Database db, IReadOnlyList<long> set) => await db.Set<MailFollower>().AsNoTracking().Of(set, f => f.CaseId).OrderBy(f => f.Id).ToListAsync();

    /// <summary>Whom a reply names is meant: a proposal becomes a yes.</summary>
    public static async Task Meant(Database db, IReadOnlyList<long> set, IEnumerable<string> addresses)
    {
        var named = addresses.ToHashSet();
        foreach (var one in await db.Set<MailFollower>().AsTracking().Where(f => set.Contains(f.CaseId) && f.State != FollowerState.Confirmed).ToListAsync())
            if (named.Contains(one.Address)) one.Decide(yes: true);
    }

    static async Task<IResult> Decide(long number, long id, HttpContext http, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            var set = await ReplyToCase.SetOf(db, one.Id);
            var follower = await db.Set<MailFollower>().AsTracking().FirstOrDefaultAsync(f => f.Id == id && set.Contains(f.CaseId)) ?? throw new NotThere();
            follower.Decide(form["answer"] == "yes");
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }

    // One answer for all that wait for one: yes, no, or yes for those that are ticked and no for the others.
    static async Task<IResult> DecideAll(long number, HttpContext http, Writer write)
    {
        var who = http.Who();
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        // Who was named while the page stood open is asked about anew.
        var (asked, ticked) = (Ids(posted["asked"]), Ids(posted["who"]));
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null, Verb.ReplyToCases);
            if (form["answer"] is not ("yes" or "no" or "ticked")) throw new Refused("answer", Words.ChooseAnswer);
            var set = await ReplyToCase.SetOf(db, one.Id);
            foreach (var follower in await db.Set<MailFollower>().AsTracking().Where(f => set.Contains(f.CaseId) && f.State == FollowerState.Proposed && asked.Contains(f.Id)).OrderBy(f => f.Id).ToListAsync())
                follower.Decide(form["answer"] == "yes" || form["answer"] == "ticked" && ticked.Contains(follower.Id));
        }, http.RequestAborted);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/cases/{number}"));
    }

    static List<long> Ids(IEnumerable<string?> posted) => [.. posted.SelectMany(p => (p ?? "").Split(',')).Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id != 0)];

    /// <summary>The panel beside a case.</summary>
    public static async Task<Piece?> Panel(CaseAsked asked)
    {
        var all = await Followers(asked);
        return all.Count == 0 ? null : new Piece(typeof(FollowersPanel), new FollowersModel(asked.Case.Number.ToString(CultureInfo.InvariantCulture), [.. all.OrderBy(f => f.State).Select(f => new FollowerLine(f.Id, f.Shown, f.State))], Visibility.MayDo(asked.Who, Verb.ReplyToCases, asked.Case)));
    }

    /// <summary>Those of the case of a page, asked once for it.</summary>
    public static async Task<List<MailFollower>> Followers(CaseAsked asked)
    {
        if (asked.Read.GetValueOrDefault(nameof(MailFollower)) is not List<MailFollower> all) asked.Read[nameof(MailFollower)] = all = await Of(asked.Db, asked.CaseIds);
        return all;
    }
}
