using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Contacts;

/// <summary>A contact that only says thanks opens nothing, ends nothing and makes nothing due; in doubt it says more.</summary>
public class ThanksTests
{
    const string Maria = "maria@casaverde.example";

    static async Task<(Post Post, Case Case)> Open(On on)
    {
        var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", "Pump stops", "The pump stops.", "first@casaverde.example"));
        await post.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var one = await db.LoadCase(Who.House("test"), (await post.CaseOf(first!.CaseId)).Number, null);
            one.Assign(post.Ben, post.Team, db.At);
            one.Answered(db.At);
        });
        return (post, await post.CaseOf(first!.CaseId));
    }

    static async Task<Case> Stand(Post post, Case one, Action<Case, DateTime> verb)
    {
        await post.House.Write.Run(Actor.System("test"), null, async db => verb(await db.LoadCase(Who.House("test"), one.Number, null), db.At));
        return await post.CaseOf(one.Id);
    }

    static Task<Contact?> Write(Post post, string text, string subject = "Re: Pump stops") => post.SendAndRead(Post.Mail($"Maria Lopez <{Maria}>", subject, text, null, "service@amends.example", "In-Reply-To: <first@casaverde.example>"));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Thanks_in_each_language_neither_open_a_case_nor_end_a_wait_nor_make_an_answer_due(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Stand(post, one, (c, at) => c.Wait(at.AddDays(3), "part", at));
        foreach (var text in new[] { "Thank you very much!", "Vielen Dank!", "¡Muchas gracias!", "Merci beaucoup !" })
        {
            (await Write(post, text))!.OnlyThanks.ShouldBeTrue(text);
            var now = await post.CaseOf(one.Id);
            (now.State, now.CustomerWaitsSince).ShouldBe((CaseState.Waiting, null), text);
        }
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        (await Write(post, "Thanks a lot, Maria"))!.OnlyThanks.ShouldBeTrue();
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
        await Stand(post, one, (c, at) => c.Confirm(ConfirmedHow.ByCustomer, at));
        await Write(post, "Thank you!");
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Confirmed);
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldContain("only thanks");
    }

    [Theory]
    [InlineData("Thanks, but it still leaks.")]
    [InlineData("Thank you. When do you come?")]
    [InlineData("Danke, aber der Deckel fehlt noch.")]
    [InlineData("Thanks for nothing.")]
    [InlineData("Gracias, pero sigue igual.")]
    [InlineData("Merci. Et la facture ?")]
    public async Task What_says_more_than_thanks_opens_the_case(string text)
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        (await Write(post, text))!.OnlyThanks.ShouldBeFalse();
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }

    [Fact]
    public async Task Thanks_with_a_file_or_with_another_subject_are_more_than_thanks()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        (await Write(post, "Thank you!", "It leaks again"))!.OnlyThanks.ShouldBeFalse("the subject says more");
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        var raw = Encoding.UTF8.GetBytes(string.Join("\r\n", [$"From: {Maria}", "To: service@amends.example", "Subject: Re: Pump stops", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "In-Reply-To: <first@casaverde.example>",
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1", "", "--b1", "Content-Type: text/plain; charset=utf-8", "", "Thank you!", "--b1", "Content-Type: application/pdf", "Content-Disposition: attachment; filename=\"bill.pdf\"", "", "%PDF-1.4", "--b1--", ""]));
        (await post.SendAndRead(raw))!.OnlyThanks.ShouldBeFalse("a file says more");
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_click_says_otherwise_then_it_acts_as_any_contact_and_the_words_are_learned(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        var contact = await Write(post, "Thanks a lot for the help!");
        contact!.OnlyThanks.ShouldBeTrue();
        var path = $"/contacts/{contact.Id}/more-than-thanks";
        (await post.Desk.PostFrom($"/cases/{one.Number}", path)).Status.ShouldBe(HttpStatusCode.SeeOther);
        var now = await post.CaseOf(one.Id);
        (now.State, now.CustomerWaitsSince is not null).ShouldBe((CaseState.Open, true));
        (await post.Desk.See($"/cases/{one.Number}")).Body.ShouldNotContain("only thanks");
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        (await Write(post, "Thanks a lot  for the HELP!"))!.OnlyThanks.ShouldBeFalse("these words were learned");
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
        // Of another house's case, or of what we wrote, nothing can be said.
        (await post.Desk.PostFrom($"/cases/{one.Number}", "/contacts/12345/more-than-thanks")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Thanks_on_the_customers_page_leave_the_case_as_it_is(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Stand(post, one, (c, at) => c.Resolve("Done.", post.Ben, at));
        var (letter, token) = CaseLetters.Make(one.Id, one.CustomerId, post.House.Now);
        await post.House.Write.Run(Actor.System("test"), null, db => { db.Add(letter); return Task.CompletedTask; });
        using var outside = post.House.Client();
        (await outside.PostFrom($"/c/{token}", $"/c/{token}/write", ("text", "Thank you so much!"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Resolved);
        (await outside.PostFrom($"/c/{token}", $"/c/{token}/write", ("text", "Thank you, but it leaks."))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await post.CaseOf(one.Id)).State.ShouldBe(CaseState.Open);
    }
}
