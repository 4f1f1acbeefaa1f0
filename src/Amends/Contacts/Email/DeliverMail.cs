using System.Globalization;
using Amends.Foundation.Data;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>
/// <c>POST /intake/mail?mailbox=…&amp;from=…&amp;to=…</c>: a raw message from a mail server's pipe or a provider. 201 after the commit, 200 when the same bytes
/// are known, 4xx: never retry, 503 with Retry-After: try again.
/// </summary>
static class DeliverMail
{
    static readonly Hot<Func<Database, string, Task<long?>>> boxOf = new(() => EF.CompileAsyncQuery((Database db, string address) => db.Set<Mailbox>().Where(m => m.Address == address && !m.Retired).Select(m => (long?)m.Id).FirstOrDefault()));

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/intake/mail", Post).Needs(KeyScope.Intake).TakesFiles();

    static async Task<IResult> Post(HttpContext http, string? mailbox, string? from, string? to, Databases databases, MailboxImport import)
    {
        if (http.Request.ContentLength is 0) return Wrong(http, StatusCodes.Status400BadRequest, Words.IntakeEmpty);
        var address = WhichCase.MailKey(mailbox);
        long? id;
        using (var db = databases.Open()) id = address is null ? null : await boxOf.On(db)(db, address);
        if (id is not { } box) return Wrong(http, StatusCodes.Status404NotFound, string.Format(CultureInfo.CurrentCulture, Words.IntakeNoMailbox, mailbox));
        var stored = await import.Take(http.Who(), box, http.Request.Body, from, to, MailboxImport.Posted, http.RequestAborted);
        return Results.Json(new { delivery = stored.Delivery.ToString(CultureInfo.InvariantCulture), known = stored.Known }, statusCode: stored.Known ? StatusCodes.Status200OK : StatusCodes.Status201Created);
    }

    static IResult Wrong(HttpContext http, int status, string why) => Results.Json(new { error = why }, statusCode: status);
}
