using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>One line of the list of colleagues.</summary>
public sealed record ColleagueRow(long Id, string Name, string Address, string Role, string Teams, ColleagueState State, bool HasCode, string? Away);

/// <summary>The list.</summary>
public sealed record ColleaguesModel(IReadOnlyList<ColleagueRow> Rows, string Query);

/// <summary>A team or role to choose.</summary>
public sealed record Choice(long Id, string Name, bool Allowed);

/// <summary>One colleague's form; <paramref name="Id"/> 0 for an invitation.</summary>
public sealed record EditColleagueModel(FormState Form, long Id, string Name, ColleagueState State, bool HasPassword, bool HasCode, int Version, IReadOnlyList<Choice> Roles, IReadOnlyList<Choice> Teams,
    bool May, bool AskPassword, bool Self)
{
    /// <summary>The short form that was refused (<c>link</c>, <c>code-off</c>), with what is wrong with the password in it; null for none.</summary>
    public (string Verb, string Why)? Denied { get; init; }

    /// <summary>Keys for programs that this colleague made and that still open.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>When this colleague is absent, and who is asked then.</summary>
    public IReadOnlyList<AbsenceRow> Absences { get; init; } = [];

    /// <summary>In which letters to this colleague are written; null for the house's.</summary>
    public string? Language { get; init; }
}

/// <summary>A link that was just made: shown this once.</summary>
public sealed record NewLinkModel(string Link, LinkPurpose Purpose, long Colleague, string Name, string Address);

/// <summary>Settings › Colleagues: who has a sign-in, in which role and teams; invitations and resets by link.</summary>
static class Colleagues
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/colleagues", All).Needs(Verb.ManageColleagues);
        app.MapGet("/settings/colleagues/invite", ShowInvite).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/invite", Invite).Needs(Verb.ManageColleagues);
        app.MapGet("/settings/colleagues/{id:long}", Show).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}", Save).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/disable", Disable).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/enable", Enable).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/link", MakeLink).Needs(Verb.ManageColleagues);
        app.MapPost("/settings/colleagues/{id:long}/code-off", CodeOff).Needs(Verb.ManageColleagues);
    }

    static async Task<IResult> All(HttpContext http, Databases databases, WhoIsHere here, TimeProvider clock, string? q)
    {
        using var db = databases.Open();
        var roles = await db.Set<Role>().ToDictionaryAsync(r => r.Id, r => r.Name);
        var teams = (await (from member in db.Set<TeamMember>() join team in db.Set<Team>() on member.TeamId equals team.Id select new { member.ColleagueId, team.Name }).ToListAsync()).ToLookup(t => t.ColleagueId, t => t.Name);
        var all = await db.Set<Colleague>().OrderBy(c => c.Name).ThenBy(c => c.Id).Select(c => new { c.Id, c.Name, c.Address, c.RoleId, c.State, HasCode = c.TotpKey != null }).ToListAsync();
        var query = (q ?? "").Trim();
        var rows = all.Where(c => query.Length == 0 || c.Name.Contains(query, StringComparison.CurrentCultureIgnoreCase) || c.Address.Contains(query, StringComparison.OrdinalIgnoreCase))
            .OrderBy(c => c.State == ColleagueState.Disabled)
            .Select(c => new ColleagueRow(c.Id, c.Name, c.Address, roles[c.RoleId], string.Join(", ", teams[c.Id].Order()), c.State, c.HasCode, c.State == ColleagueState.Active ? here.Says(c.Id, clock.GetUtcNow().UtcDateTime, http.Who().Zone) : null)).ToList();
        return View.Page<ColleaguesPage>(new ColleaguesModel(rows, query));
    }

    static async Task<EditColleagueModel> Model(HttpContext http, Databases databases, long id, FormState? typed = null)
    {
        using var db = databases.Open();
        var who = http.Who();
        var roles = (await db.Set<Role>().Include(r => r.Permissions).OrderBy(r => r.Name).ToListAsync()).ConvertAll(r => new Choice(r.Id, r.Name, Ranks.Covers(who, r.Permissions)));
        var mine = await db.Set<TeamMember>().Where(m => m.ColleagueId == id).Select(m => m.TeamId).ToListAsync();
        var teams = (await db.Set<Team>().Where(t => !t.Retired || mine.Contains(t.Id)).OrderBy(t => t.Name).ToListAsync())
            .ConvertAll(t => new Choice(t.Id, t.Name, mine.Contains(t.Id) || who.ScopeOf(Verb.SeeCases) == Scope.All || who.Teams.Contains(t.Id)));
        if (id == 0) return new(typed ?? FormState.With(), 0, "", ColleagueState.Invited, false, false, 0, roles, teams, true, Proof.Needed(http), false);
        var one = await db.Set<Colleague>().FirstOrDefaultAsync(c => c.Id == id) ?? throw new NotThere();
        var form = typed ?? FormState.With([("name", one.Name), ("address", one.Address), ("role", one.RoleId), .. mine.Select(t => ($"team-{t}", (object?)"true"))]);
        return new(form, id, one.Name, one.State, one.PasswordHash is not null, one.TotpKey is not null, one.Version, roles, teams, roles.Exists(r => r.Id == one.RoleId && r.Allowed), Proof.Needed(http), id == who.Id)
        {
            Language = one.Language,
            Absences = await Absences.Of(db, id, await Absences.ZoneOf(db, http, id), http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime),
            Keys = await db.Set<AccessKey>().Where(k => k.MadeBy == id && k.RevokedAt == null).OrderBy(k => k.Name).Select(k => k.Name).ToListAsync()
        };
    }

    static async Task<IResult> ShowInvite(HttpContext http, Databases databases) => View.Page<EditColleaguePage>(await Model(http, databases, 0));

    static async Task<IResult> Show(long id, HttpContext http, Databases databases) => View.Page<EditColleaguePage>(await Model(http, databases, id));

    static (string Name, string Address, long Role) Read(FormState form)
    {
        var (name, address) = (form.Need("name", 200), form.Need("address", 320));
        if (address.Length > 0 && Addresses.Clean(address) is null) form.Wrong("address", Words.NoAddress);
        if (form.Id("role") is not { } role) { form.Wrong("role", Amends.Foundation.Web.Words.Needed); role = 0; }
        return (name, Addresses.Clean(address) ?? "", role);
    }

    static async Task<IResult> Invite(HttpContext http, Databases databases, Writer write, HouseAddress house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (name, address, role) = Read(form);
        // A new account outlives the session that made it: who finds an open desk makes none.
        if (form.IsValid) await Proof.Given(http, form);
        if (!form.IsValid) return View.Invalid<EditColleaguePage>(await Model(http, databases, 0, form));
        var who = http.Who();
        var (token, ran, id) = (Sessions.Token(), false, 0L);
        var letter = await Letters.Prepare(http, LinkPurpose.Invitation, name, address, null, house.Link(MailLinks.Path(LinkPurpose.Invitation, token)));
        try
        {
            id = await write.Run(who, form.Once, async db =>
            {
                ran = true;
                await Ranks.MustCover(db, who, role, "role", () => Words.HigherRole);
                if (await db.Set<Colleague>().AnyAsync(c => c.Address == address)) throw new Refused("address", Words.AddressTaken);
                var one = new Colleague { Id = db.Ids!.Next(), Name = name, Address = address, RoleId = role, State = ColleagueState.Invited };
                one.Did(ColleagueDeed.Invited);
                db.Add(one);
                await SetTeams(db, who, one.Id, form);
                await MailLinks.Keep(db, token, LinkPurpose.Invitation, one.Id);
                Letters.Queue(db, letter);
                return one.Id;
            });
        }
        catch (Refused no) { return View.Invalid<EditColleaguePage>(await Model(http, databases, 0, form.Wrong(no))); }
        // Sent twice: the link of the first answer stands, and this one was never kept.
        return ran ? View.Page<NewLinkPage>(new NewLinkModel(house.Link(MailLinks.Path(LinkPurpose.Invitation, token)), LinkPurpose.Invitation, id, name, address)) : View.Go(http, Path(id));
    }

    static string Path(long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/settings/colleagues/{id}");

    // The teams that were ticked, of those that there are; none is joined that the one who acts could not see.
    static async Task SetTeams(Database db, Who who, long colleague, FormState form)
    {
        var now = await db.Set<TeamMember>().AsTracking().Where(m => m.ColleagueId == colleague).ToListAsync();
        foreach (var team in await db.Set<Team>().AsNoTracking().ToListAsync())
        {
            var (had, wanted) = (now.Find(m => m.TeamId == team.Id), form.On($"team-{team.Id}"));
            if (had is null && wanted)
            {
                Ranks.MustSee(who, team.Id);
                db.Add(new TeamMember { TeamId = team.Id, ColleagueId = colleague });
            }
            else if (had is not null && !wanted)
            {
                if (had.Lead) db.Record(new TeamLeadChanged(team.Id, colleague, false));
                db.Remove(had);
            }
        }
    }

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (name, address, role) = Read(form);
        var before = await Model(http, databases, id);
        // Who signs in where, and what he may do, is identity; a name or a team is not.
        if (form.IsValid && (address != before.Form["address"] || role != before.Form.Id("role"))) await Proof.Given(http, form);
        if (!form.IsValid) return View.Invalid<EditColleaguePage>(await Model(http, databases, id, form));
        var who = http.Who();
        var notice = address != before.Form["address"] ? await Letters.PrepareMoved(http, before.Name, before.Form["address"], before.Language) : null;
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var one = await db.Load<Colleague>(id, form.Version);
                await Ranks.MustCover(db, who, one.RoleId, "", () => Words.HigherAccount);
                if (one.Address != address)
                {
                    if (await db.Set<Colleague>().AnyAsync(c => c.Address == address && c.Id != id)) throw new Refused("address", Words.AddressTaken);
                    await MailLinks.End(db, id);
                    if (notice is not null) Letters.Queue(db, notice);
                }
                var moved = one.RoleId != role;
                var given = moved ? await db.Set<RolePermission>().AsNoTracking().Where(p => p.RoleId == one.RoleId).ToListAsync() : [];
                if (moved) await Ranks.MustCover(db, who, role, "role", () => Words.HigherRole);
                (one.Name, one.Address, one.RoleId) = (name, address, role);
                one.Did(moved ? ColleagueDeed.RoleChanged : ColleagueDeed.Changed);
                // A team more or less changes what he sees: his open pages ask again.
                db.Entry(one).Property(c => c.Name).IsModified = true;
                await SetTeams(db, who, id, form);
                if (!moved) return;
                await Sessions.EndAll(db, id, id == who.Id ? CurrentSession(http) : null);
                if (one.State == ColleagueState.Active) await Ranks.StaysHeld(db, given);
            });
        }
        catch (Refused no) { return View.Invalid<EditColleaguePage>(await Model(http, databases, id, form.Wrong(no))); }
        return View.Go(http, "/settings/colleagues");
    }

    internal static long? CurrentSession(HttpContext http) => (http.Items[typeof(Gate.CurrentSession)] as Gate.CurrentSession)?.Id;

    // The short verbs on an account: each checks the rank, and answers its page where a rule says no. Those that open a way into it (named) ask for a fresh password.
    static async Task<IResult> Act(long id, HttpContext http, Databases databases, Func<Database, Colleague, Task> work, string? named = null)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var who = http.Who();
        if (named is not null && !await Proof.Given(http, form))
            return View.Invalid<EditColleaguePage>(await Model(http, databases, id) with { Denied = (named, form.Error(Proof.Field)!) });
        try
        {
            await http.RequestServices.GetRequiredService<Writer>().Run(who, form.Once, async db =>
            {
                var one = await db.Load<Colleague>(id, form.Version);
                await Ranks.MustCover(db, who, one.RoleId, "", () => Words.HigherAccount);
                await work(db, one);
            });
        }
        catch (Refused no)
        {
            var model = await Model(http, databases, id);
            model.Form.Wrong("", no.Message);
            return View.Invalid<EditColleaguePage>(model);
        }
        return View.Go(http, Path(id));
    }

    static Task<IResult> Disable(long id, HttpContext http, Databases databases) => Act(id, http, databases, async (db, one) =>
    {
        if (one.Id == http.Who().Id) throw new Refused("", Words.NotYourself);
        var held = one.State == ColleagueState.Active ? await db.Set<RolePermission>().AsNoTracking().Where(p => p.RoleId == one.RoleId).ToListAsync() : [];
        one.State = ColleagueState.Disabled;
        one.Did(ColleagueDeed.Disabled);
        await Sessions.EndAll(db, id);
        await MailLinks.End(db, id);
        if (await WithKeys(http)) await Keys.EndThoseOf(db, id);
        await Ranks.StaysHeld(db, held);
    });

    // Whoever made a key may know it still. It is ended with its maker unless the administrator, who reads its name there, says that it stays.
    static async Task<bool> WithKeys(HttpContext http) => (await http.Request.ReadFormAsync())["keep-keys"] != "true";

    static Task<IResult> Enable(long id, HttpContext http, Databases databases) => Act(id, http, databases, (db, one) =>
    {
        if (one.State != ColleagueState.Disabled) return Task.CompletedTask;
        one.State = one.PasswordHash is null ? ColleagueState.Invited : ColleagueState.Active;
        one.Did(ColleagueDeed.Enabled);
        return Task.CompletedTask;
    });

    static Task<IResult> CodeOff(long id, HttpContext http, Databases databases) => Act(id, http, databases, async (db, one) =>
    {
        if (one.Id == http.Who().Id) throw new Refused("", Words.OwnCodeOnMe);
        if (one.TotpKey is null) return;
        (one.TotpKey, one.TotpUsed) = (null, 0);
        one.Did(ColleagueDeed.SecondFactorOff);
        await db.Set<RecoveryCode>().Where(r => r.ColleagueId == id).ExecuteDeleteAsync();
        await Sessions.EndAll(db, id);
    }, "code-off");

    static async Task<IResult> MakeLink(long id, HttpContext http, Databases databases, HouseAddress house)
    {
        var before = await Model(http, databases, id);
        if (before.State == ColleagueState.Disabled) throw new Refused("", Words.EnableFirst);
        var purpose = before.HasPassword ? LinkPurpose.Reset : LinkPurpose.Invitation;
        var (token, ran) = (Sessions.Token(), false);
        var link = house.Link(MailLinks.Path(purpose, token));
        var letter = await Letters.Prepare(http, purpose, before.Name, before.Form["address"], before.Language, link);
        var answer = await Act(id, http, databases, async (db, one) =>
        {
            ran = true;
            await MailLinks.Keep(db, token, purpose, id);
            one.Did(purpose == LinkPurpose.Invitation ? ColleagueDeed.Invited : ColleagueDeed.ResetAsked);
            Letters.Queue(db, letter);
        }, "link");
        return ran && answer is not Microsoft.AspNetCore.Http.HttpResults.RazorComponentResult
            ? View.Page<NewLinkPage>(new NewLinkModel(link, purpose, id, before.Name, before.Form["address"])) : answer;
    }
}
