using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A mailbox in the list.</summary>
public sealed record MailboxLine(long Id, string Address, string Name, string Brand, string Team, bool Retired, string? Server);

/// <summary>The list of mailboxes with the form of a new one.</summary>
public sealed record MailboxesModel(IReadOnlyList<MailboxLine> Lines);

/// <summary>The form of one mailbox.</summary>
public sealed record MailboxModel(long Id, int? Version, FormState Form, IReadOnlyList<(string Value, string Shown)> Brands, IReadOnlyList<(string Value, string Shown)> Teams)
{
    public string Action => Id == 0 ? "/settings/mailboxes/new" : $"/settings/mailboxes/{Id.ToString(CultureInfo.InvariantCulture)}";
}

/// <summary>Addresses of ours that are read and sent from.</summary>
static class Mailboxes
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/mailboxes", All).Needs(Verb.ManageSettings);
        app.MapGet("/settings/mailboxes/new", async (HttpContext http, Databases databases) =>
        {
            using var db = databases.Open();
            return View.Page<MailboxPage>(await Model(db, http.Who(), 0, null, FormState.With()));
        }).Needs(Verb.ManageSettings);
        app.MapGet("/settings/mailboxes/{id:long}", Show).Needs(Verb.ManageSettings);
        app.MapGet("/settings/mailboxes/{id:long}/preview", Preview).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mailboxes/new", (HttpContext http, Databases databases, Writer write) => Save(0, http, databases, write)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/mailboxes/{id:long}", Save).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> All(Databases databases)
    {
        using var db = databases.Open();
        var rows = await db.Set<Mailbox>().OrderBy(m => m.Retired).ThenBy(m => m.Address)
            .Select(m => new MailboxLine(m.Id, m.Address, m.Name, db.Set<Brand>().Where(b => b.Id == m.BrandId).Select(b => b.Name).FirstOrDefault() ?? "", db.Set<Team>().Where(t => t.Id == m.TeamId).Select(t => t.Name).FirstOrDefault() ?? "", m.Retired, m.ImapOn ? m.ImapHost : null)).ToListAsync();
        return View.Page<MailboxesPage>(new MailboxesModel(rows));
    }

    static async Task<MailboxModel> Model(Database db, Who who, long id, int? version, FormState form) => new(id, version, form,
        [.. (await db.Set<Brand>().OrderByDescending(b => b.IsDefault).ThenBy(b => b.Name).Select(b => new { b.Id, b.Name }).ToListAsync()).Select(b => (b.Id.ToString(CultureInfo.InvariantCulture), b.Name))], await LogCall.TeamsOf(db, who));

    static async Task<IResult> Show(long id, HttpContext http, Databases databases)
    {
        using var db = databases.Open();
        var one = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == id) ?? throw new NotThere();
        return View.Page<MailboxPage>(await Model(db, http.Who(), id, one.Version, FormState.With(("address", one.Address), ("name", one.Name), ("brand", one.BrandId), ("team", one.TeamId), ("receivers", one.Receivers), ("signature", one.Signature), ("receipts", one.GivesReceipts ? "true" : ""), ("retired", one.Retired ? "true" : ""))));
    }

    // A reply as it would go from here, with who looks as its writer: made as real ones are, read as real ones are read.
    static async Task<IResult> Preview(long id, HttpContext http, Databases databases, BlobStore blobs, HouseAddress ours, TimeProvider clock)
    {
        using var db = databases.Open();
        var who = http.Who();
        var one = await db.Set<Mailbox>().FirstOrDefaultAsync(m => m.Id == id) ?? throw new NotThere();
        // This one's, also where a team has several.
        var brand = await db.Set<Brand>().FirstOrDefaultAsync(b => b.Id == one.BrandId) ?? throw new NotThere();
        var team = await db.Set<Team>().Where(t => t.Id == one.TeamId).Select(t => t.Name).FirstOrDefaultAsync() ?? "";
        var signature = string.IsNullOrWhiteSpace(one.Signature) ? (await SignatureText.Of(db, who, one.BrandId, one.TeamId)).Signature : SignatureText.Fill(one.Signature, who.Name, team, brand.Name);
        // Its head is not shown, and goes nowhere.
        var draft = new Amends.Mail.MailDraft { From = new Amends.Mail.Mailbox("service@localhost"), Date = clock.GetUtcNow() };
        draft.To.Add(new Amends.Mail.Mailbox("maria.lopez@customer.example", "Maria Lopez"));
        var logo = await OutgoingReply.Logo(db, blobs, brand.LogoBlobId, draft, http.RequestAborted);
        var content = new ReplyContent(Words.SampleReply, signature, ours.Link("/"), "1024", string.Format(CultureInfo.CurrentCulture, Words.QuoteHead, Times.OfQuote(clock.GetUtcNow().UtcDateTime), "Maria Lopez"), Words.SampleText, brand.Name, brand.Colour, logo);
        (draft.Text, draft.Flowed, draft.Html) = (ReplyBodies.Plain(content), true, ReplyBodies.Html(content, _ => null));
        var mail = Amends.Mail.MailMessage.Read(draft.Write());
        return await MailView.Document(http, mail);
    }

    static async Task<IResult> Save(long id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var typed = form.Need("address", 320);
        var name = form.Need("name", 200);
        var address = WhichCase.MailKey(typed);
        if (typed.Length > 0 && address is null) form.Wrong("address", Words.AskAddressWrong);
        // Each reply carries a token of 37 characters behind the plus; 64 are allowed in all (RFC 5321).
        else if (address is not null && address.LastIndexOf('@') > 27) form.Wrong("address", Words.MailboxTooLong);
        // Names of servers, divided by blanks or commas; each is one word.
        var receivers = string.Join(' ', (form.May("receivers", 500) ?? "").Split([' ', ',', ';', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries));
        if (receivers.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-' or '_' or ' '))) form.Wrong("receivers", Words.ReceiversWrong);
        var signature = form.May("signature", SignatureText.Longest);
        if (SignatureText.Unknown(signature) is { } unknown) form.Wrong("signature", string.Format(CultureInfo.CurrentCulture, Words.SignatureUnknown, unknown, SignatureText.Named));
        async Task<IResult> Again()
        {
            using var db = databases.Open();
            return View.Invalid<MailboxPage>(await Model(db, who, id, form.Version, form));
        }
        if (!form.IsValid) return await Again();
        try
        {
            await write.Run(who, form.Once, async db =>
            {
                if (await db.Set<Mailbox>().AnyAsync(m => m.Address == address && m.Id != id)) throw new Refused("address", Words.MailboxTaken);
                if (form.Id("brand") is not { } brand || !await db.Set<Brand>().AnyAsync(b => b.Id == brand)) throw new Refused("brand", Words.ChooseBrand);
                if (form.Id("team") is not { } team || !await db.Set<Team>().AnyAsync(t => t.Id == team)) throw new Refused("team", Words.ChooseTeam);
                Mailbox row;
                if (id != 0) row = await db.Load<Mailbox>(id, form.Version);
                else db.Add(row = new Mailbox { Id = db.Ids!.Next(), Address = address!, Name = name });
                (row.Address, row.Name, row.BrandId, row.TeamId, row.Receivers, row.Signature, row.Retired) = (address!, name, brand, team, receivers.Length == 0 ? null : receivers, signature, form.On("retired"));
                // What is as it would be anyway stays undecided: a mailbox that is fetched one day gives receipts from then on.
                row.Receipts = form.On("receipts") == row.ImapOn ? null : form.On("receipts");
                row.Changed();
            }, http.RequestAborted);
        }
        catch (Refused no)
        {
            form.Wrong(no);
            return await Again();
        }
        return View.Go(http, "/settings/mailboxes");
    }
}
