using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases.Targets;

/// <summary>A row in the list.</summary>
public sealed record TargetLine(long Id, string For, string First, string Next, string Solution);

/// <summary>The list of service targets, the most specific first, the default last.</summary>
public sealed record TargetsModel(IReadOnlyList<TargetLine> Lines);

/// <summary>The form of a row.</summary>
/// <param name="Id">0 for the default row, −1 for a new one.</param>
public sealed record TargetModel(long Id, int? Version, FormState Form, IReadOnlyList<(string Value, string Shown)> Brands)
{
    public bool IsDefault => Id == 0;
    public string Path => Id < 0 ? "/settings/targets/new" : string.Create(CultureInfo.InvariantCulture, $"/settings/targets/{Id}");
}

/// <summary>Service targets: within what time we answer and solve, by kind, severity, customer, organisation and brand.</summary>
static class ServiceTargets
{
    // Each case that changes is held against all of them.
    const int MostRows = 500;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/targets", All).Needs(Verb.ManageSettings);
        app.MapGet("/settings/targets/new", (HttpContext http, Databases databases) => Show(databases, -1, null)).Needs(Verb.ManageSettings);
        app.MapGet("/settings/targets/{id:long}", (long id, Databases databases) => Show(databases, id, null)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/targets/new", (HttpContext http, Databases databases, Writer write, TargetBook targets) => Save(-1, http, databases, write, targets)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/targets/{id:long}", Save).Needs(Verb.ManageSettings);
        app.MapPost("/settings/targets/{id:long}/remove", Remove).Needs(Verb.ManageSettings);
    }

    static IQueryable<ServiceTarget> Rows(Database db) => db.Set<ServiceTarget>().Where(t => t.RemovedAt == null);

    static async Task<ServiceTarget?> DefaultOf(Database db, bool tracked = false)
    {
        var rows = Rows(db).Where(t => t.Kind == null && t.Severity == null && t.CustomerId == null && t.OrganisationId == null && t.BrandId == null);
        return await (tracked ? rows.AsTracking() : rows).OrderBy(t => t.Id).FirstOrDefaultAsync();
    }

    static async Task<IResult> All(Databases databases)
    {
        using var db = databases.Open();
        var rows = (await Rows(db).ToListAsync()).OrderByDescending(r => r.Weight).ThenBy(r => r.Id).ToList();
        var says = await Says(db, rows);
        var standard = rows.Find(r => r.IsDefault);
        TargetLine Line(ServiceTarget r, long id) => new(id, r.IsDefault ? Words.TargetDefault : says[r.Id], r.Of(TargetKind.FirstAnswer)?.Shown ?? "", r.Of(TargetKind.NextAnswer)?.Shown ?? "", r.Of(TargetKind.Solution)?.Shown ?? "");
        return View.Page<TargetsPage>(new TargetsModel([.. rows.Where(r => !r.IsDefault).Select(r => Line(r, r.Id)), standard is null ? new(0, Words.TargetDefault, TargetBook.Default.Shown, "", "") : Line(standard, 0)]));
    }

    /// <summary>For which cases rows hold, in words; names of customers only for those who asked for settings.</summary>
    internal static async Task<Dictionary<long, string>> Says(Database db, IReadOnlyList<ServiceTarget> rows)
    {
        var customers = await Named(db.Set<Customer>().Select(c => new Name { Id = c.Id, Text = c.Name }), rows.Select(r => r.CustomerId));
        var organisations = await Named(db.Set<Organisation>().Select(c => new Name { Id = c.Id, Text = c.Name }), rows.Select(r => r.OrganisationId));
        var brands = await Named(db.Set<Brand>().Select(c => new Name { Id = c.Id, Text = c.Name }), rows.Select(r => r.BrandId));
        return rows.ToDictionary(r => r.Id, r => r.IsDefault ? Words.TargetDefault : string.Join(" · ", new[]
        {
            r.CustomerId is { } c ? customers.GetValueOrDefault(c, Words.TargetGone) : null, r.OrganisationId is { } o ? organisations.GetValueOrDefault(o, Words.TargetGone) : null,
            r.Severity is { } s ? CaseWords.Of(s) : null, r.Kind is { } k ? CaseWords.Of(k) : null, r.BrandId is { } b ? brands.GetValueOrDefault(b, Words.TargetGone) : null
        }.OfType<string>()));
    }

    sealed class Name
    {
        public long Id { get; init; }
        public required string Text { get; init; }
    }

    static async Task<Dictionary<long, string>> Named(IQueryable<Name> names, IEnumerable<long?> ids)
    {
        var wanted = ids.OfType<long>().Distinct().ToList();
        return wanted.Count == 0 ? [] : await names.Where(n => wanted.Contains(n.Id)).ToDictionaryAsync(n => n.Id, n => n.Text);
    }

    static async Task<IResult> Show(Databases databases, long id, FormState? form)
    {
        using var db = databases.Open();
        var row = id < 0 ? null : id == 0 ? await DefaultOf(db) ?? new ServiceTarget { FirstMinutes = TargetBook.Default.Minutes } : await Rows(db).FirstOrDefaultAsync(t => t.Id == id) ?? throw new NotThere();
        if (form is null && row is not null)
            form = FormState.With(("kind", row.Kind), ("severity", row.Severity), ("brand", row.BrandId),
                ("customer", row.CustomerId is { } c ? await db.Set<CustomerAddress>().Where(a => a.CustomerId == c && a.Kind == AddressKind.Mail).OrderBy(a => a.Id).Select(a => a.Shown).FirstOrDefaultAsync() ?? await db.Set<Customer>().Where(x => x.Id == c).Select(x => x.Name).FirstOrDefaultAsync() : ""),
                ("organisation", row.OrganisationId is { } o ? await db.Set<Organisation>().Where(x => x.Id == o).Select(x => x.Name).FirstOrDefaultAsync() : ""),
                ("first", TargetTime.Typed(row.FirstMinutes)), ("first-elapsed", row.FirstElapsed ? "true" : ""), ("next", TargetTime.Typed(row.NextMinutes)), ("next-elapsed", row.NextElapsed ? "true" : ""),
                ("solution", TargetTime.Typed(row.SolutionMinutes)), ("solution-elapsed", row.SolutionElapsed ? "true" : ""));
        var brands = await db.Set<Brand>().OrderBy(b => b.Name).Select(b => new { b.Id, b.Name }).ToListAsync();
        var model = new TargetModel(id, form?.Version ?? (row is { Version: > 0 } ? row.Version : null), form ?? new(), [("", Words.TargetAll), .. brands.Select(b => (b.Id.ToString(CultureInfo.InvariantCulture), b.Name))]);
        return form is { IsValid: false } ? View.Invalid<TargetPage>(model) : View.Page<TargetPage>(model);
    }

    static int? Time(FormState form, string field)
    {
        if (form.May(field, 20) is not { } typed || form.Error(field) is not null) return null;
        try { return TargetTime.Read(typed); }
        catch (Refused no) { form.Wrong(field, no.Message); return null; }
    }

    static T? Among<T>(FormState form, string field) where T : struct, Enum => form[field].Length == 0 ? null : CaseChange.Chosen<T>(form, field);

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write, TargetBook targets)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var said = new ServiceTarget
        {
            FirstMinutes = Time(form, "first"),
            FirstElapsed = form.On("first-elapsed"),
            NextMinutes = Time(form, "next"),
            NextElapsed = form.On("next-elapsed"),
            SolutionMinutes = Time(form, "solution"),
            SolutionElapsed = form.On("solution-elapsed")
        };
        if (id == 0)
        {
            if (form.Error("first") is null && said.FirstMinutes is null) form.Wrong("first", Words.TargetFirstNeeded);
        }
        else
        {
            (said.Kind, said.Severity) = (Among<CaseKind>(form, "kind"), Among<Severity>(form, "severity"));
            said.BrandId = form.MayId("brand", () => Words.TargetChoose);
            using var db = databases.Open();
            if (said.BrandId is { } brand && !await db.Set<Brand>().AnyAsync(b => b.Id == brand)) form.Wrong("brand", Words.TargetChoose);
            if (form.May("customer", 320) is { } customer) said.CustomerId = await Customer(db, form, customer);
            if (form.May("organisation", 200) is { } organisation)
            {
                var found = await db.Set<Organisation>().Where(o => o.Name == organisation).Select(o => o.Id).Take(2).ToListAsync();
                if (found.Count == 1) said.OrganisationId = found[0];
                else form.Wrong("organisation", found.Count == 0 ? Words.TargetNoOrganisation : Words.TargetManyOrganisations);
            }
            if (form.IsValid && said.IsDefault) form.Wrong("kind", Words.TargetNeedsFor);
            if (form.IsValid && said is { FirstMinutes: null, NextMinutes: null, SolutionMinutes: null }) form.Wrong("first", Words.TargetNeedsOne);
        }
        if (!form.IsValid) return await Show(databases, id, form);
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var others = await Rows(db).AsNoTracking().ToListAsync();
                ServiceTarget? row = id > 0 ? await db.Load<ServiceTarget>(id, form.Version) : id == 0 ? await DefaultOf(db, tracked: true) : null;
                if (row?.RemovedAt is not null) throw new NotThere();
                if (others.Exists(o => o.Id != row?.Id && o.SameAs(said))) throw new Refused("kind", Words.TargetThere);
                if (row is null)
                {
                    if (others.Count >= MostRows) throw new Refused("kind", string.Format(CultureInfo.CurrentCulture, Words.TargetTooMany, MostRows));
                    db.Add(row = new ServiceTarget { Id = db.Ids!.Next() });
                }
                (row.Kind, row.Severity, row.CustomerId, row.OrganisationId, row.BrandId) = (said.Kind, said.Severity, said.CustomerId, said.OrganisationId, said.BrandId);
                (row.FirstMinutes, row.FirstElapsed, row.NextMinutes, row.NextElapsed, row.SolutionMinutes, row.SolutionElapsed) = (said.FirstMinutes, said.FirstElapsed, said.NextMinutes, said.NextElapsed, said.SolutionMinutes, said.SolutionElapsed);
                row.Changed();
            });
        }
        catch (Refused no) { return await Show(databases, id, form.Wrong(no)); }
        targets.Forget();
        return View.Go(http, "/settings/targets");
    }

    // By a mail address, which is one customer's mostly, or by the whole name.
    static async Task<long?> Customer(Database db, FormState form, string typed)
    {
        var key = CustomerAddresses.Mail(typed);
        var found = key is null ? [] : await db.Set<CustomerAddress>().Where(a => a.Kind == AddressKind.Mail && a.Value == key).Select(a => a.CustomerId).Distinct().Take(2).ToListAsync();
        if (found.Count == 0) found = await db.Set<Customer>().Where(c => c.Name == typed && c.MergedInto == null).Select(c => c.Id).Take(2).ToListAsync();
        if (found.Count == 1) return found[0];
        form.Wrong("customer", found.Count == 0 ? Words.TargetNoCustomer : Words.TargetManyCustomers);
        return null;
    }

    static async Task<IResult> Remove(long id, HttpContext http, Writer write, TargetBook targets)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        await write.Run(http.Who(), form.Once, async db =>
        {
            var row = await db.Load<ServiceTarget>(id);
            if (row.IsDefault || row.RemovedAt is not null) throw new NotThere();
            row.RemovedAt = db.At;
            row.Changed();
        });
        targets.Forget();
        return View.Go(http, "/settings/targets");
    }
}
