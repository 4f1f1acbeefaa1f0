using System.Globalization;
using System.Text;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>The settings page of canned texts.</summary>
public sealed record CannedModel(IReadOnlyList<CannedText> Texts, IReadOnlyList<(long Id, string Name)> Teams, long? Editing, int? Version, FormState Form);

/// <summary>Canned texts: kept on a settings page, offered in the composer, filled by named fields only.</summary>
static class CannedTexts
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/canned", (HttpContext http, Databases databases) => Show(null, null, databases)).Needs(Verb.WriteCannedTexts);
        app.MapGet("/settings/canned/{id:long}", (long id, Databases databases) => Show(id, null, databases)).Needs(Verb.WriteCannedTexts);
        app.MapPost("/settings/canned", (HttpContext http, Databases databases, Writer write) => Save(null, http, databases, write)).Needs(Verb.WriteCannedTexts);
        app.MapPost("/settings/canned/{id:long}", (long id, HttpContext http, Databases databases, Writer write) => Save(id, http, databases, write)).Needs(Verb.WriteCannedTexts);
        app.MapPost("/settings/canned/{id:long}/retire", Retire).Needs(Verb.WriteCannedTexts);
        app.MapGet("/canned", Offer).Needs(Verb.SeeCases);
    }

    static async Task<IResult> Show(long? id, FormState? form, Databases databases)
    {
        using var db = databases.Open();
        var texts = await db.Set<CannedText>().OrderBy(t => t.Retired).ThenBy(t => t.Name).ToListAsync();
        var editing = id is { } known ? texts.Find(t => t.Id == known) ?? throw new NotThere() : null;
        var shown = form ?? (editing is null ? new FormState() : FormState.With(("name", editing.Name), ("text", editing.Text), ("team", editing.TeamId)));
        var teams = (await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Name).Select(t => new { t.Id, t.Name }).ToListAsync()).Select(t => (t.Id, t.Name)).ToList();
        var model = new CannedModel(texts, teams, id, editing?.Version, shown);
        return shown.IsValid ? View.Page<CannedPage>(model) : View.Invalid<CannedPage>(model);
    }

    static async Task<IResult> Save(long? id, HttpContext http, Databases databases, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (name, text) = (form.Need("name", 120), form.Need("text", 20_000));
        if (Filling.Unknown(text) is [var unknown, ..]) form.Wrong("text", string.Format(CultureInfo.CurrentCulture, Words.CannedUnknown, "{" + unknown + "}"));
        var team = form.MayId("team", () => Words.NoSuchTeam);
        if (!form.IsValid) return await Show(id, form, databases);
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                if (team is { } t && !await db.Set<Team>().AnyAsync(x => x.Id == t)) throw new Refused("team", Words.NoSuchTeam);
                CannedText one;
                if (id is { } known) one = await db.Load<CannedText>(known, form.Version);
                else db.Add(one = new CannedText { Id = db.Ids!.Next(), Name = name, Text = text });
                (one.Name, one.Text, one.TeamId) = (name, text, team);
                one.Changed();
            });
        }
        catch (Refused no) { return await Show(id, form.Wrong(no), databases); }
        return View.Go(http, "/settings/canned");
    }

    static async Task<IResult> Retire(long id, HttpContext http, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var one = await db.Load<CannedText>(id);
            one.Retired = form["on"] != "false";
            one.Changed();
        });
        return View.Go(http, "/settings/canned");
    }

    // The composer's pop-up: already filled, so that what is inserted is what will be sent.
    static async Task<IResult> Offer(HttpContext http, Databases databases)
    {
        var who = http.Who();
        var q = http.Request.Query["q"].ToString().Trim().TrimStart('/');
        using var db = databases.Open();
        var one = long.TryParse(http.Request.Query["case"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? await db.FindCase(who, number) : throw new NotThere();
        var values = await Values(db, who, one);
        var all = await db.Set<CannedText>().Where(t => !t.Retired && (t.TeamId == null || t.TeamId == one.TeamId)).OrderBy(t => t.Name).ToListAsync();
        var found = all.Where(t => q.Length == 0 || t.Name.Contains(q, StringComparison.CurrentCultureIgnoreCase)).Take(8).ToList();
        return View.Fragment<Suggestions>(found.Select(t => { var filled = Filling.Fill(t.Text, values); return new Suggestion(filled, t.Name, filled.Length > 80 ? filled[..80] : filled); }).ToList());
    }

    static async Task<IReadOnlyDictionary<string, string>> Values(Database db, Who who, Case one)
    {
        var customer = await db.Set<Customer>().Where(c => c.Id == one.CustomerId).Select(c => c.Name).FirstAsync();
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["customer.name"] = customer,
            ["customer.firstName"] = First(customer),
            ["case.number"] = one.Number.ToString(CultureInfo.InvariantCulture),
            ["case.subject"] = one.Subject,
            ["agent.name"] = who.Name,
            ["agent.firstName"] = First(who.Name),
            ["brand.name"] = await db.Set<Brand>().Where(b => b.Id == one.BrandId).Select(b => b.Name).FirstOrDefaultAsync() ?? "",
            ["team.name"] = await db.Set<Team>().Where(t => t.Id == one.TeamId).Select(t => t.Name).FirstOrDefaultAsync() ?? "",
            ["organisation.name"] = await db.Set<Organisation>().Where(o => o.Id == one.OrganisationId).Select(o => o.Name).FirstOrDefaultAsync() ?? ""
        };
        static string First(string name) => name.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? name;
    }
}

/// <summary>Puts values into the named fields of a text: one pass, a fixed list of names, no expressions. What a value holds is never read again (A36).</summary>
static class Filling
{
    /// <summary>The names that are known.</summary>
    public static readonly IReadOnlyList<string> Names =
        ["customer.name", "customer.firstName", "organisation.name", "case.number", "case.subject", "agent.name", "agent.firstName", "brand.name", "team.name"];

    /// <summary>The text with its fields filled; what is no known field stays as it is.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values)
    {
        var filled = new StringBuilder(text.Length + 64);
        var at = 0;
        while (at < text.Length)
        {
            var open = text.IndexOf('{', at);
            if (open < 0) break;
            var close = text.IndexOf('}', open + 1);
            if (close < 0) break;
            if (values.TryGetValue(text[(open + 1)..close], out var value))
            {
                filled.Append(text, at, open - at).Append(value);
                at = close + 1;
            }
            else
            {
                filled.Append(text, at, open + 1 - at);
                at = open + 1;
            }
        }
        return filled.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>What looks like a field and is none: <c>{customer.nme}</c>.</summary>
    public static List<string> Unknown(string text) => Unknown(text, Names);

    /// <summary>The same for a text that has other fields.</summary>
    public static List<string> Unknown(string text, IReadOnlyList<string> names)
    {
        var found = new List<string>();
        for (var open = text.IndexOf('{', StringComparison.Ordinal); open >= 0; open = text.IndexOf('{', open + 1))
        {
            var close = text.IndexOf('}', open + 1);
            if (close < 0) break;
            var name = text[(open + 1)..close];
            if (name.Length is > 2 and < 60 && name.Contains('.', StringComparison.Ordinal) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_') && !names.Contains(name)) found.Add(name);
        }
        return found;
    }
}
