using System.Globalization;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A brand in the list.</summary>
public sealed record BrandLine(long Id, string Name, string? Colour, string? Address, bool IsDefault);

/// <summary>The list of brands.</summary>
public sealed record BrandsModel(IReadOnlyList<BrandLine> Lines);

/// <summary>The form of a brand.</summary>
/// <param name="Logo">It has a picture.</param>
/// <param name="Calendars">Those to choose from.</param>
public sealed record BrandModel(long Id, int? Version, FormState Form, IReadOnlyList<(string Value, string Shown)> Calendars, bool Logo = false)
{
    public string Action => Id == 0 ? "/settings/brands/new" : $"/settings/brands/{Id.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>The web form's settings.</summary>
public sealed record WebFormModel(FormState Form, IReadOnlyList<(string Value, string Shown)> Teams, string Address);

/// <summary>Names, colours and addresses under which the house speaks; and its web form.</summary>
static class Brands
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/brands", All).Needs(Verb.ManageSettings);
        app.MapGet("/settings/brands/new", (TargetBook targets) => View.Page<BrandPage>(new BrandModel(0, null, FormState.With(), targets.Choices()))).Needs(Verb.ManageSettings);
        app.MapGet("/settings/brands/{id:long}", Show).Needs(Verb.ManageSettings);
        app.MapGet("/settings/brands/{id:long}/logo", Logo).Needs(Verb.ManageSettings);
        app.MapPost("/settings/brands/new", (HttpContext http, Databases databases, Writer write, BlobStore blobs, TargetBook targets) => Save(0, http, databases, write, blobs, targets)).Needs(Verb.ManageSettings).TakesFiles();
        app.MapPost("/settings/brands/{id:long}", Save).Needs(Verb.ManageSettings).TakesFiles();
        app.MapGet("/settings/web-form", ShowForm).Needs(Verb.ManageSettings);
        app.MapPost("/settings/web-form", SaveForm).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> All(Databases databases)
    {
        using var db = databases.Open();
        return View.Page<BrandsPage>(new BrandsModel(await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Name).Select(b => new BrandLine(b.Id, b.Name, b.Colour, b.Address, b.IsDefault)).ToListAsync()));
    }

    static async Task<IResult> Show(long id, Databases databases, TargetBook targets)
    {
        using var db = databases.Open();
        var one = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == id) ?? throw new NotThere();
        return View.Page<BrandPage>(new BrandModel(id, one.Version, FormState.With(("name", one.Name), ("colour", one.Colour), ("address", one.Address), ("signature", one.Signature), ("receipt", one.ReceiptText), ("default", one.IsDefault ? "true" : ""), ("calendar", one.CalendarId)), targets.Choices(), one.LogoBlobId is not null));
    }

    static async Task<IResult> Logo(long id, HttpContext http, Databases databases, BlobStore blobs)
    {
        using var db = databases.Open();
        var blob = await db.Set<Brand>().Where(b => b.Id == id).Join(db.Set<Blob>(), b => b.LogoBlobId, b => b.Id, (_, b) => b).FirstOrDefaultAsync(b => b.ErasedAt == null) ?? throw new NotThere();
        return await ContactFiles.Send(http, blobs, blob, "logo", show: true);
    }

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write, BlobStore blobs, TargetBook targets)
    {
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        var name = form.Need("name", 200);
        var colour = form.May("colour", 7);
        var typed = form.May("address", 320);
        var signature = form.May("signature", SignatureText.Longest);
        var receipt = form.May("receipt", 1000);
        var calendar = form.MayId("calendar", () => Words.ChooseCalendar);
        if (calendar is { } chosen && !targets.Has(chosen)) form.Wrong("calendar", Words.ChooseCalendar);
        if (colour is not null && !BrandColours.IsColour(colour)) form.Wrong("colour", Words.ColourWrong);
        var address = WhichCase.MailKey(typed);
        if (typed is not null && address is null) form.Wrong("address", Words.AskAddressWrong);
        if (SignatureText.Unknown(signature) is { } unknown) form.Wrong("signature", string.Format(CultureInfo.CurrentCulture, Words.SignatureUnknown, unknown, SignatureText.Named));
        var logo = await Picture(posted.Files.GetFile("logo"), form, http.RequestAborted);
        if (!form.IsValid)
        {
            using var look = databases.Open();
            return View.Invalid<BrandPage>(new BrandModel(id, form.Version, form, targets.Choices(), await look.Set<Brand>().AnyAsync(b => b.Id == id && b.LogoBlobId != null)));
        }
        var blob = logo is null ? null : await blobs.Put(logo, http.RequestAborted);
        await write.Run(http.Who(), form.Once, async db =>
        {
            Brand row;
            if (id != 0) row = await db.Load<Brand>(id, form.Version);
            else db.Add(row = new Brand { Id = db.Ids!.Next(), Name = name });
            (row.Name, row.Colour, row.Address, row.Signature, row.ReceiptText, row.CalendarId) = (name, colour?.ToLowerInvariant(), address, signature, receipt, calendar);
            if (blob is not null)
            {
                db.Add(blob);
                row.LogoBlobId = blob.Id;
            }
            else if (form.On("nologo")) row.LogoBlobId = null;
            if (form.On("default") && !row.IsDefault)
            {
                foreach (var other in await db.Set<Brand>().AsTracking().Where(b => b.IsDefault && b.Id != row.Id).ToListAsync())
                {
                    other.IsDefault = false;
                    other.Changed();
                }
                row.IsDefault = true;
            }
            row.Changed();
        }, http.RequestAborted);
        targets.Forget();
        return View.Go(http, "/settings/brands");
    }

    // It goes with each mail: small, and a picture by its bytes.
    const int MostLogo = 200 * 1024;

    static async Task<byte[]?> Picture(IFormFile? file, FormState form, CancellationToken stop)
    {
        if (file is not { Length: > 0 }) return null;
        if (file.Length > MostLogo)
        {
            form.Wrong("logo", Words.LogoTooLarge);
            return null;
        }
        using var bytes = new MemoryStream();
        await file.CopyToAsync(bytes, stop);
        if (FileKind.Of(bytes.ToArray()).Inline) return bytes.ToArray();
        form.Wrong("logo", Words.LogoNoPicture);
        return null;
    }

    static async Task<WebFormModel> FormModel(Database db, HttpContext http, FormState form) =>
        new(form, [("0", Words.TeamOfMailbox), .. await LogCall.TeamsOf(db, http.Who())], http.RequestServices.GetRequiredService<HouseAddress>().Link("/ask"));

    static async Task<IResult> ShowForm(HttpContext http, Databases databases, House house)
    {
        using var db = databases.Open();
        return View.Page<WebFormPage>(await FormModel(db, http, FormState.With(("on", house.Get(WebForm.On) ? "true" : ""), ("team", house.Get(WebForm.Team)), ("lead", house.Get(WebForm.Lead)), ("tell", house.Get(Reporting.TellCustomer) ? "true" : ""))));
    }

    static async Task<IResult> SaveForm(HttpContext http, Databases databases, Writer write, House house)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var lead = form.May("lead", 500) ?? "";
        var team = form.MayId("team", () => Words.ChooseTeam) ?? 0;
        using (var look = databases.Open())
            if (team != 0 && !await look.Set<Team>().AnyAsync(t => t.Id == team && !t.Retired)) form.Wrong("team", Words.ChooseTeam);
        if (!form.IsValid)
        {
            using var db = databases.Open();
            return View.Invalid<WebFormPage>(await FormModel(db, http, form));
        }
        await write.Run(http.Who(), form.Once, async db =>
        {
            await house.Set(db, WebForm.On, form.On("on"));
            await house.Set(db, WebForm.Team, team);
            await house.Set(db, WebForm.Lead, lead);
            await house.Set(db, Reporting.TellCustomer, form.On("tell"));
        }, http.RequestAborted);
        house.Forget();
        return View.Go(http, "/settings/web-form");
    }
}
