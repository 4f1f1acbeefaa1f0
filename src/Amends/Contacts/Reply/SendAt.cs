using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Web;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A mail that has not gone yet, and what can be done with it: on the case and in the outbox.</summary>
/// <param name="At">When it goes, for a datetime-local field.</param>
/// <param name="From">The page that is gone back to: <c>outbox</c>, or the case.</param>
public sealed record WaitingMailModel(long Contact, string At, SendZones Zones, string From);

/// <summary>In which zones a moment for sending can be said: one's own, and the customer's where it is known and another.</summary>
public sealed record SendZones(string Mine, string? Theirs)
{
    /// <summary>For somebody who looks.</summary>
    public static SendZones Of(Who who, string? theirs) => new(who.Zone, theirs is { Length: > 0 } && theirs != who.Zone ? theirs : null);

    /// <summary>The moment that a form says; null where none stands in it or it is wrong, which is then noted beside the field.</summary>
    public DateTime? Read(FormState form, string field, TimeProvider clock)
    {
        if (form[field].Length == 0) return null;
        if (Times.Local(form[field], form["zone"] == "theirs" && Theirs is not null ? Theirs : Mine) is not { } at) form.Wrong(field, Words.ChooseMoment);
        else if (at <= clock.GetUtcNow().UtcDateTime) form.Wrong(field, Words.MomentPast);
        else return at;
        return null;
    }
}

/// <summary>The choice between the zones, where there are two.</summary>
public sealed record SendZoneModel(SendZones Zones, string Id, bool IsTheirs);

/// <summary>Sends now what was to go later, or at another moment.</summary>
static class SendAt
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/contacts/{id:long}/send-at", Change).Needs(Verb.ReplyToCases);

    static async Task<IResult> Change(long id, HttpContext http, Databases databases, Writer write, TimeProvider clock)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        (long Number, string? Zone) found;
        using (var db = databases.Open())
        {
            var caseId = await db.Set<Contact>().Where(c => c.Id == id && c.Direction == Direction.Out).Select(c => c.CaseId).FirstOrDefaultAsync();
            var one = await db.CasesVisibleToWithDeleted(who).Where(c => c.Id == caseId).Select(c => new { c.Number, Zone = db.Set<Customer>().Where(x => x.Id == c.CustomerId).Select(x => x.Zone).FirstOrDefault() }).FirstOrDefaultAsync() ?? throw new NotThere();
            found = (one.Number, one.Zone);
        }
        DateTime? at = null;
        if (form["do"] != "now")
        {
            at = SendZones.Of(who, found.Zone).Read(form, "at", clock);
            if (at is null) throw new Refused("at", form.Error("at") ?? Words.ChooseMoment);
        }
        var mailId = await write.Run(who, form.Once, async db =>
        {
            await db.LoadCase(who, found.Number, null, Verb.ReplyToCases);
            var contact = await db.Load<Contact>(id);
            var mail = await db.Set<OutgoingMail>().AsTracking().FirstOrDefaultAsync(m => m.ContactId == id) ?? throw new NotThere();
            // As for taking back: from that moment on the job has it.
            if (contact.State != ContactState.Sending || mail.SendAt <= db.At || !mail.SendsAt(at ?? db.At)) throw new Refused("", Words.TooLateToTakeBack);
            await SendMail.EnqueueAgain(db, mail.Id, mail.SendAt);
            return mail.Id;
        }, http.RequestAborted);
        return View.Go(http, form["from"] == "outbox" ? string.Create(CultureInfo.InvariantCulture, $"/outbox/{mailId}") : string.Create(CultureInfo.InvariantCulture, $"/cases/{found.Number}#contact-{id}"));
    }
}
