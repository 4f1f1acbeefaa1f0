using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>One line of the list of roles.</summary>
public sealed record RoleRow(long Id, string Name, int Colleagues, int Permissions);

/// <summary>The list.</summary>
public sealed record RolesModel(IReadOnlyList<RoleRow> Rows);

/// <summary>A role's form; <paramref name="Id"/> 0 for a new one. <paramref name="Most"/> is how far the one who edits may grant.</summary>
public sealed record EditRoleModel(FormState Form, long Id, string Name, int Version, IReadOnlyDictionary<Verb, Scope> Most, bool May, int Colleagues)
{
    /// <summary>The form's field of a verb.</summary>
    public static string Field(Verb verb) => string.Create(CultureInfo.InvariantCulture, $"verb-{(byte)verb}");
}

/// <summary>Settings › Roles: a table of verbs and how far they reach. Nobody grants what he does not hold (A26).</summary>
static class Roles
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/roles", All).Needs(Verb.ManageRoles);
        app.MapGet("/settings/roles/new", async (HttpContext http, Databases databases) => View.Page<EditRolePage>(await Model(0, http, databases))).Needs(Verb.ManageRoles);
        app.MapPost("/settings/roles/new", (HttpContext http, Databases databases, Writer write) => Save(0, http, databases, write)).Needs(Verb.ManageRoles);
        app.MapGet("/settings/roles/{id:long}", async (long id, HttpContext http, Databases databases) => View.Page<EditRolePage>(await Model(id, http, databases))).Needs(Verb.ManageRoles);
        app.MapPost("/settings/roles/{id:long}", Save).Needs(Verb.ManageRoles);
        app.MapPost("/settings/roles/{id:long}/delete", Delete).Needs(Verb.ManageRoles);
    }

    static async Task<IResult> All(Databases databases)
    {
        using var db = databases.Open();
        var colleagues = await db.Set<Colleague>().GroupBy(c => c.RoleId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count);
        var rows = await db.Set<Role>().OrderBy(r => r.Name).Select(r => new { r.Id, r.Name, Held = r.Permissions.Count(p => p.Scope != Scope.None) }).ToListAsync();
        return View.Page<RolesPage>(new RolesModel(rows.ConvertAll(r => new RoleRow(r.Id, r.Name, colleagues.GetValueOrDefault(r.Id), r.Held))));
    }

    static async Task<EditRoleModel> Model(long id, HttpContext http, Databases databases, FormState? typed = null)
    {
        using var db = databases.Open();
        var who = http.Who();
        var most = Enum.GetValues<Verb>().ToDictionary(v => v, who.ScopeOf);
        if (id == 0) return new(typed ?? FormState.With(), 0, "", 0, most, true, 0);
        var role = await db.Set<Role>().Include(r => r.Permissions).FirstOrDefaultAsync(r => r.Id == id) ?? throw new NotThere();
        var form = typed ?? FormState.With([("name", role.Name), .. role.Permissions.Select(p => (EditRoleModel.Field(p.Verb), (object?)(byte)p.Scope))]);
        return new(form, id, role.Name, role.Version, most, Ranks.Covers(who, role.Permissions), await db.Set<Colleague>().CountAsync(c => c.RoleId == id));
    }

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 120);
        var wanted = new Dictionary<Verb, Scope>();
        foreach (var verb in Enum.GetValues<Verb>())
        {
            // A verb that the form leaves out stays as it is.
            if (form[EditRoleModel.Field(verb)] is not { Length: > 0 } text) continue;
            if (byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 3 && (VerbWords.HasScope(verb) || number is 0 or 3)) wanted[verb] = (Scope)number;
            else form.Wrong(EditRoleModel.Field(verb), Words.NoScope);
        }
        if (!form.IsValid) return View.Invalid<EditRolePage>(await Model(id, http, databases, form));
        var who = http.Who();
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                if (await db.Set<Role>().AnyAsync(r => r.Name == name && r.Id != id)) throw new Refused("name", Words.RoleNameTaken);
                var role = id == 0 ? new Role { Id = db.Ids!.Next(), Name = name } : await db.Load<Role>(id, form.Version);
                if (id == 0) db.Add(role);
                var now = await db.Set<RolePermission>().AsTracking().Where(p => p.RoleId == role.Id).ToListAsync();
                if (!Ranks.Covers(who, now)) throw new Refused("", Words.HigherRoleEdit);
                var givenUp = new List<RolePermission>();
                foreach (var (verb, scope) in wanted)
                {
                    if (scope > who.ScopeOf(verb)) throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.NotYoursToGrant, VerbWords.Of(verb)));
                    var held = now.Find(p => p.Verb == verb);
                    if (held is not null && scope < held.Scope) givenUp.Add(new RolePermission { Verb = verb, Scope = held.Scope });
                    if (held is null && scope != Scope.None) db.Add(new RolePermission { RoleId = role.Id, Verb = verb, Scope = scope });
                    else if (held is not null && scope == Scope.None) db.Remove(held);
                    else if (held is not null) held.Scope = scope;
                }
                role.Name = name;
                role.Changed();
                // Open pages of its holders ask again, also where only the table changed.
                if (id != 0) db.Entry(role).Property(r => r.Name).IsModified = true;
                if (givenUp.Count > 0 && await db.Set<Colleague>().AnyAsync(c => c.RoleId == role.Id && c.State == ColleagueState.Active)) await Ranks.StaysHeld(db, givenUp);
            });
        }
        catch (Refused no) { return View.Invalid<EditRolePage>(await Model(id, http, databases, form.Wrong(no))); }
        return View.Go(http, "/settings/roles");
    }

    static async Task<IResult> Delete(long id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var who = http.Who();
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                var role = await db.Load<Role>(id, form.Version);
                await Ranks.MustCover(db, who, id, "", () => Words.HigherRoleEdit);
                if (await db.Set<Colleague>().AnyAsync(c => c.RoleId == id)) throw new Refused("", Words.RoleInUse);
                role.Changed();
                await db.Set<RolePermission>().Where(p => p.RoleId == id).ExecuteDeleteAsync();
                db.Remove(role);
            });
        }
        catch (Refused no)
        {
            var model = await Model(id, http, databases);
            model.Form.Wrong(no);
            return View.Invalid<EditRolePage>(model);
        }
        return View.Go(http, "/settings/roles");
    }
}
