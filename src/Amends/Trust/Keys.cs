using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>One line of the list of keys.</summary>
public sealed record KeyRow(long Id, string Name, KeyScope Scope, DateTime MadeAt, string? MadeBy, DateTime? UsedAt, DateTime? RevokedAt, int Version);

/// <summary>The list, the form for a new key, and the new key itself, once.</summary>
public sealed record KeysModel(IReadOnlyList<KeyRow> Rows, FormState Form, string? NewKey, string Zone);

/// <summary>Settings › Keys: what programs open the house with. A key is shown once; only its digest is kept.</summary>
static class Keys
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/keys", async (HttpContext http, Databases databases) => View.Page<KeysPage>(await Model(http, databases, FormState.With()))).Needs(Verb.ManageKeys);
        app.MapPost("/settings/keys", Make).Needs(Verb.ManageKeys);
        app.MapPost("/settings/keys/{id:long}/revoke", Revoke).Needs(Verb.ManageKeys);
    }

    static async Task<KeysModel> Model(HttpContext http, Databases databases, FormState form, string? made = null)
    {
        using var db = databases.Open();
        var names = await db.Set<Colleague>().ToDictionaryAsync(c => c.Id, c => c.Name);
        var rows = await db.Set<AccessKey>().OrderBy(k => k.RevokedAt != null).ThenByDescending(k => k.Id).Take(500).ToListAsync();
        return new(rows.ConvertAll(k => new KeyRow(k.Id, k.Name, k.Scope, k.MadeAt, names.GetValueOrDefault(k.MadeBy), k.UsedAt, k.RevokedAt, k.Version)), form, made, http.Who().Zone);
    }

    static async Task<IResult> Make(HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = form.Need("name", 120);
        if (form["scope"] != nameof(KeyScope.Intake)) form.Wrong("scope", Amends.Foundation.Web.Words.Needed);
        if (!form.IsValid) return View.Invalid<KeysPage>(await Model(http, databases, form));
        var (key, ran, who) = ("amends_" + Sessions.Token(), false, http.Who());
        await write.Run(who, form.Once, db =>
        {
            ran = true;
            var row = new AccessKey { Id = db.Ids!.Next(), Name = name, Hash = Gate.Digest(key), Scope = KeyScope.Intake, MadeAt = db.At, MadeBy = who.Id };
            row.Did(revoked: false);
            db.Add(row);
            return Task.CompletedTask;
        });
        return ran ? View.Page<KeysPage>(await Model(http, databases, FormState.With(), key)) : View.Go(http, "/settings/keys");
    }

    /// <summary>Ends the keys that a colleague made, inside of the write that shuts him out.</summary>
    internal static async Task EndThoseOf(Database db, long colleague)
    {
        foreach (var key in await db.Set<AccessKey>().AsTracking().Where(k => k.MadeBy == colleague && k.RevokedAt == null).ToListAsync())
        {
            key.RevokedAt = db.At;
            key.Did(revoked: true);
        }
    }

    static async Task<IResult> Revoke(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var key = await db.Load<AccessKey>(id);
            if (key.RevokedAt is not null) return;
            key.RevokedAt = db.At;
            key.Did(revoked: true);
        });
        return View.Go(http, "/settings/keys");
    }
}
