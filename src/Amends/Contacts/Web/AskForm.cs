using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Mail;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>Settings of the web form.</summary>
public static class WebForm
{
    public static readonly SettingName<bool> On = new("web.form.on", true);

    /// <summary>The team whose queue its cases join; 0: that of the brand's mailbox.</summary>
    public static readonly SettingName<long> Team = new("web.form.team", 0);

    /// <summary>A sentence above the form, or empty.</summary>
    public static readonly SettingName<string> Lead = new("web.form.lead", "");

    /// <summary>Where a new case of a brand goes when no mailbox says it.</summary>
    internal static async Task<long> TeamOf(Database db, House house, long brand)
    {
        var set = house.Get(Team);
        if (set != 0 && await db.Set<Team>().AnyAsync(t => t.Id == set && !t.Retired)) return set;
        var box = await db.Set<Mailbox>().Where(m => m.BrandId == brand && !m.Retired).OrderBy(m => m.Id).Select(m => m.TeamId).FirstOrDefaultAsync();
        return box != 0 ? box : await db.Set<Team>().Where(t => !t.Retired).OrderBy(t => t.Id).Select(t => t.Id).FirstOrDefaultAsync();
    }
}

/// <summary>The web form.</summary>
public sealed record AskModel(FormState Form, string Lead, string Brand)
{
    /// <summary>Whoever it is reported for is sent a link.</summary>
    public bool Tells { get; init; }
}

/// <summary>The page after it.</summary>
/// <param name="Number">Of the case; carries no right.</param>
public sealed record ThanksModel(string Number, string Address);

/// <summary>
/// <c>/ask</c>: a customer, or somebody for a customer, tells us what happened. No account, no script. The address is not proved, so the receipt is a fixed
/// text with a link, at most one a day for each address, and holds no word of what was typed (A21).
/// </summary>
static class AskForm
{
    const long MostBytes = 25L * 1024 * 1024;

    static readonly Actor Me = new(ActorKind.Customer, 0, "web form");

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/ask", Show).Public("the web form: customers have no account").ForCustomers(Asked);
        app.MapPost("/ask", Post).Public("the web form: customers have no account").ForCustomers(Asked).TakesFiles();
    }

    // Nobody knows yet who asks: what his browser says.
    static Task<string?> Asked(HttpContext http) => Task.FromResult(Speech.Wanted(http.Request, Speech.ToCustomers));

    static async Task<Brand?> Frame(HttpContext http, Database db, House house)
    {
        if (!house.Get(WebForm.On)) throw new NotThere();
        var asked = long.TryParse(http.Request.Query["brand"], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == asked) ?? await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Id).FirstOrDefaultAsync();
        PublicFrame.Set(http, house, brand, Words.AskTitle);
        return brand;
    }

    internal static AskModel Model(FormState form, House house, Brand? brand) =>
        new(form, house.Get(WebForm.Lead) is { Length: > 0 } lead ? lead : Words.AskLead, brand is null ? "" : brand.Id.ToString(CultureInfo.InvariantCulture)) { Tells = house.Get(Reporting.TellCustomer) };

    static async Task<IResult> Show(HttpContext http, Databases databases, House house)
    {
        using var db = databases.Open();
        return View.Page<AskPage>(Model(FormState.With(("whom", "me")), house, await Frame(http, db, house)));
    }

    static async Task<IResult> Post(HttpContext http, Databases databases, Writer write, Intake intake, BlobStore blobs, House house, Throttle throttle, TimeProvider clock)
    {
        Brand? brand;
        long team;
        using (var db = databases.Open())
        {
            brand = await Frame(http, db, house);
            if (brand is null) throw new NotThere();
            team = await WebForm.TeamOf(db, house, brand.Id);
        }
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        var model = Model(form, house, brand);
        var name = form.Need("name", 200);
        var address = form.Need("address", 320);
        var subject = form.Need("subject", 300);
        var text = form.Need("text", 50_000);
        var others = form["whom"] == "other";
        var forName = others ? form.Need("for-name", 200, () => Words.AskForWhomMissing) : null;
        var forAddress = others ? form.May("for-address", 320) : null;
        Amends.Mail.Mailbox.TryParse(address, out var to);
        if (address.Length > 0 && to is null) form.Wrong("address", Words.AskAddressWrong);
        if (forAddress is not null && CustomerAddresses.Read(forAddress) is not { Kind: AddressKind.Mail or AddressKind.Phone }) form.Wrong("for-address", Words.AskForAddressWrong);
        if (posted.Files.Sum(f => f.Length) > MostBytes) form.Wrong("files", string.Format(CultureInfo.CurrentCulture, Words.AskFilesTooLarge, MostBytes / (1024 * 1024)));
        if (posted.Files.Count > 20) form.Wrong("files", Words.AskFilesTooMany);
        if (!form.IsValid) return View.Invalid<AskPage>(model);
        // A field that no person sees: who fills it in is thanked and forgotten.
        if (form["website"].Length > 0) return View.Page<ThanksPage>(new ThanksModel("", address));
        if (!throttle.Take("ask " + Throttle.Network(http.Connection.RemoteIpAddress), 20, TimeSpan.FromHours(1)) || !throttle.Take("ask all", 2000, TimeSpan.FromHours(1)))
            return View.Invalid<AskPage>(model with { Form = form.Wrong("", Words.AskTooMany) });
        var incoming = new IncomingContact
        {
            Channel = Channel.Web,
            At = Now(clock),
            FromName = name,
            FromAddress = to!.Address,
            Subject = subject,
            Text = text,
            ForName = forName,
            ForAddress = forAddress,
            BrandId = brand.Id,
            TeamId = team,
            WantsReceipt = true,
            Language = Speech.Wanted(http.Request, Speech.ToCustomers),
            Files = await Uploads.Keep(blobs, posted.Files, MostBytes, http.RequestAborted)
        };
        var taken = await write.Run(Me, form.Once, db => intake.Take(db, incoming), http.RequestAborted);
        return View.Page<ThanksPage>(new ThanksModel(taken.CaseNumber.ToString(CultureInfo.InvariantCulture), to.Address));
    }

    internal static DateTime Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return new DateTime(now.Ticks - now.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
    }
}

/// <summary>Files that came with a form.</summary>
static class Uploads
{
    public static async Task<List<IncomingFile>> Keep(BlobStore blobs, IFormFileCollection files, long most, CancellationToken stop)
    {
        var kept = new List<IncomingFile>();
        foreach (var file in files.Where(f => f.Length > 0))
        {
            await using var stream = file.OpenReadStream();
            var blob = await blobs.Put(stream, most, stop);
            kept.Add(new(blob, FileAnswer.SafeName(file.FileName), (await FileRows.KindOf(blobs, blob)).MediaType, null));
        }
        return kept;
    }
}
