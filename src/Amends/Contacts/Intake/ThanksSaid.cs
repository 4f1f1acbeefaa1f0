using System.Text;
using Amends.Cases;
using Amends.Cases.Phrases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Contacts;

/// <summary>A form of words that was said to be more than thanks: it is heard as any other contact from then on.</summary>
public sealed class NotThanks
{
    public long Id { get; set; }

    /// <summary>The words, folded: lower case, single spaces; up to 400 characters.</summary>
    public required string Words { get; set; }
    public long? ById { get; set; }
    public DateTime At { get; set; }
}

[FactKind("contact.only-thanks")] public sealed record ContactOnlyThanks(long Case, long Contact, bool Only) : ICaseFact { public long Subject => Case; }

/// <summary>Thanks and nothing else: no case opens for it, no wait ends, nothing falls due. In doubt it is more; one click says so, and the form of words is learned.</summary>
static class ThanksSaid
{
    // What is smaller and stands within the mail is decoration: a logo, a line.
    const int MostDecoration = 30 * 1024;

    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/contacts/{id:long}/more-than-thanks", Otherwise).Needs(Verb.WorkCases);

    /// <summary>Inside of the write of intake. Words that were learned are asked for only where all else says thanks.</summary>
    public static async Task<bool> Only(Database db, Case one, IncomingContact incoming)
    {
        if (incoming is not { Direction: Direction.In, Nature: Nature.Person, FilesLater: false } || !RuleOfThree.IsWritten(incoming.Channel)) return false;
        if (incoming.Files.Any(f => f.Cid is null || !incoming.HasHtml || f.Blob.Length > MostDecoration)) return false;
        if (!SaysNothing(incoming.Subject, one) || !Thanks.Only(incoming.Text)) return false;
        var words = Fold(incoming.Text);
        return !await db.Set<NotThanks>().AnyAsync(n => n.Words == words);
    }

    // “It leaks again” with “Thanks, Maria” below says more than thanks: the subject must be that of the case, or thanks itself.
    static bool SaysNothing(string subject, Case one)
    {
        var plain = Plain(subject);
        return plain.Length == 0 || plain.Equals(Plain(one.Subject), StringComparison.OrdinalIgnoreCase) || Thanks.Only(plain);
    }

    // Without “Re:”, “AW:” and our mark.
    static string Plain(string subject)
    {
        var mark = subject.IndexOf("[#", StringComparison.Ordinal);
        var end = mark < 0 ? -1 : subject.IndexOf(']', mark);
        var rest = (end < 0 ? subject : subject.Remove(mark, end - mark + 1)).Trim();
        for (var hop = 0; hop < 10 && rest.IndexOf(':', StringComparison.Ordinal) is > 0 and <= 4 and var colon && rest[..colon].All(char.IsLetter); hop++) rest = rest[(colon + 1)..].TrimStart();
        return string.Join(' ', rest.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    static string Fold(string text)
    {
        var words = string.Join(' ', text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return Intake.Cut(words, 400);
    }

    static async Task<IResult> Otherwise(long id, HttpContext http, Databases databases, Writer write)
    {
        var who = http.Who();
        var form = FormState.Of(await http.Request.ReadFormAsync(http.RequestAborted));
        var number = await SendAgain.NumberOf(databases, who, id, Direction.In);
        await write.Run(who, form.Once, async db =>
        {
            var one = await db.LoadCase(who, number, null);
            var contact = await db.Load<Contact>(id);
            // Said twice it is said.
            if (!contact.OnlyThanks) return;
            contact.MoreThanThanks();
            var words = Fold(contact.Text);
            if (!await db.Set<NotThanks>().AnyAsync(n => n.Words == words)) db.Add(new NotThanks { Words = words, ById = who.Id, At = db.At });
            var set = await ReplyToCase.SetOf(db, one.Id);
            // What was answered since waits for nothing.
            if (await db.Set<Contact>().AnyAsync(c => set.Contains(c.CaseId) && c.At > contact.At && c.State != ContactState.TakenBack && (c.Channel == Channel.Phone ? c.Outcome == CallOutcome.Talked : c.Direction == Direction.Out))) one.Touch(db.At);
            else
            {
                one.HearAgain(one.LastContactAt);
                await RuleOfThree.Heard(db, one, contact.Channel, contact.Id);
            }
        }, http.RequestAborted);
        return View.Go(http, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/cases/{number}#contact-{id}"));
    }
}
