using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Outbox;
using Amends.People;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

/// <summary>A reply that goes later: in whose time, changed, sent now, taken back; on the case and in the outbox.</summary>
public class SendLaterTests
{
    static string Field(DateTime local) => local.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    static string Berlin(DateTime utc) => Field(TimeZoneInfo.ConvertTimeFromUtc(utc, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")));

    static async Task<(Post Post, long Number)> Begin(On on, string? zone)
    {
        var post = await Post.Open(on);
        var first = await post.SendAndRead(Amends.Tests.Contacts.Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "It stops."));
        var one = await post.CaseOf(first!.CaseId);
        await post.House.Write.Run(Actor.System("test"), null, db => db.Set<Customer>().Where(c => c.Id == one.CustomerId).ExecuteUpdateAsync(c => c.SetProperty(x => x.Zone, zone)));
        return (post, one.Number);
    }

    static async Task<(OutgoingMail Mail, Contact Contact)> Last(Post post)
    {
        using var db = post.House.Databases.Open();
        var mail = await db.Set<OutgoingMail>().OrderByDescending(m => m.Id).FirstAsync();
        return (mail, await db.Set<Contact>().SingleAsync(c => c.Id == mail.ContactId));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_reply_goes_at_a_moment_of_the_customers_day_and_the_moment_can_be_changed(On on)
    {
        var (post, number) = await Begin(on, "America/New_York");
        await using var _ = post;
        var page = await post.Desk.See($"/cases/{number}/reply");
        page.Document.QuerySelectorAll("select[name=zone] option").Select(o => o.TextContent).ShouldContain(t => t.Contains("New York", StringComparison.Ordinal));
        // Tomorrow at eight, hers: in March that is four hours behind us.
        var morning = post.House.Now.Date.AddDays(1).AddHours(8);
        var sent = await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "Good morning."), ("next", "open"), ("later", Field(morning)), ("zone", "theirs"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        var (mail, contact) = await Last(post);
        mail.SendAt.ShouldBe(morning.AddHours(4));
        foreach (var path in new[] { $"/cases/{number}", $"/outbox/{mail.Id}" })
        {
            var shown = await post.Desk.See(path);
            shown.Document.QuerySelectorAll(".take-back button").Select(b => b.GetAttribute("data-key") ?? b.GetAttribute("value")).ShouldBe(["z", "now", "change"], path);
            shown.Text(path.StartsWith("/outbox", StringComparison.Ordinal) ? "#outbox-mail .outcomes" : "#timeline .outcomes")!.ShouldContain("maria@casaverde.example");
        }
        // What cannot be is told, and changes nothing.
        var outbox = await post.Desk.See($"/outbox/{mail.Id}");
        foreach (var wrong in new[] { "", "soon", Field(post.House.Now.AddHours(-1)) }) (await post.Desk.Send(outbox, $"/contacts/{contact.Id}/send-at", ("do", "change"), ("at", wrong))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, wrong);
        (await Last(post)).Mail.SendAt.ShouldBe(morning.AddHours(4));
        // Later still, in our own time: the house is in Berlin.
        var noon = post.House.Now.Date.AddDays(1).AddHours(15);
        (await post.Desk.Send(outbox, $"/contacts/{contact.Id}/send-at", ("do", "change"), ("at", Field(noon.AddHours(1))), ("zone", "mine"))).Location.ShouldBe($"/outbox/{mail.Id}");
        (await Last(post)).Mail.SendAt.ShouldBe(noon);
        await post.Pass(morning.AddHours(5) - post.House.Now);
        (await Last(post)).Mail.State.ShouldBe(OutgoingState.Queued);
        await post.Pass(noon.AddMinutes(1) - post.House.Now);
        (mail, contact) = await Last(post);
        (mail.State, contact.State).ShouldBe((OutgoingState.Sent, ContactState.Done));
        // Once, and not after it went.
        (await post.Desk.Send(outbox, $"/contacts/{contact.Id}/send-at", ("do", "now"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        using var db = post.House.Databases.Open();
        (await db.Set<Fact>().CountAsync(f => f.Kind == "mail.timed" && f.ActorId == post.Ben)).ShouldBe(1);
        (await post.Desk.See($"/cases/{number}/history")).Body.ShouldContain("changed when a mail goes");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Until_it_goes_a_scheduled_answer_is_the_next_step_of_who_wrote_it(On on)
    {
        var (post, number) = await Begin(on, null);
        await using var _ = post;
        async Task<Amends.Cases.Case> Now()
        {
            using var db = post.House.Databases.Open();
            return await db.Set<Amends.Cases.Case>().SingleAsync(c => c.Number == number);
        }
        var page = await post.Desk.See($"/cases/{number}/reply");
        // The button beside the moment asks for one.
        var button = page.Document.QuerySelectorAll(".menu-list button[name=next]").Select(b => b.GetAttribute("value")!).Single(v => v.StartsWith("later ", StringComparison.Ordinal));
        var without = await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "Good morning."), ("next", button), ("later", ""));
        (without.Status, without.Error("later")).ShouldBe((HttpStatusCode.UnprocessableEntity, "Choose a day and a time."));
        (await Now()).FirstAnsweredAt.ShouldBeNull();
        var morning = post.House.Now.AddHours(20);
        (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "Good morning."), ("next", "later open"), ("later", Berlin(morning)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        var (mail, contact) = await Last(post);
        var one = await Now();
        (one.NextStep, one.NextStepAt, one.NextStepWho, one.NextStepSays).ShouldBe((StepKind.Published, mail.SendAt, post.Ben, "Scheduled answer to maria@casaverde.example"));
        (await post.Desk.See($"/cases/{number}")).Text(".next-step b")!.ShouldStartWith("Scheduled answer to maria@casaverde.example");
        // At another moment: so is the step.
        var later = post.House.Now.AddHours(30);
        (await post.Desk.Send(await post.Desk.See($"/cases/{number}"), $"/contacts/{contact.Id}/send-at", ("do", "change"), ("at", Berlin(later)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Now()).NextStepAt.ShouldBe((await Last(post)).Mail.SendAt);
        // Once it went nothing of it is left; nor after it was taken back.
        await post.Pass(later - post.House.Now + TimeSpan.FromMinutes(1));
        (await Last(post)).Mail.State.ShouldBe(OutgoingState.Sent);
        (await Now()).NextStep.ShouldBe(StepKind.None);
        page = await post.Desk.See($"/cases/{number}/reply");
        (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "And another thing."), ("next", "open"), ("later", Field(post.House.Now.AddDays(2))))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Now()).NextStep.ShouldBe(StepKind.Published);
        contact = (await Last(post)).Contact;
        (await post.Desk.Send(await post.Desk.See($"/cases/{number}"), $"/contacts/{contact.Id}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Now()).NextStep.ShouldBe(StepKind.None);
        // What only waits for its ten seconds is no step.
        page = await post.Desk.See($"/cases/{number}/reply");
        (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "At once."), ("next", "open"), ("later", ""))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Now()).NextStep.ShouldBe(StepKind.None);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_to_go_later_goes_now_or_is_taken_back_from_the_outbox(On on)
    {
        var (post, number) = await Begin(on, null);
        await using var _ = post;
        async Task<(OutgoingMail Mail, Contact Contact)> Later(string text, string once)
        {
            var page = await post.Desk.See($"/cases/{number}/reply");
            page.Document.QuerySelector("select[name=zone]").ShouldBeNull();
            (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", text), ("next", "open"), ("later", Field(post.House.Now.AddDays(3))), ("once", once))).Status.ShouldBe(HttpStatusCode.SeeOther);
            return await Last(post);
        }
        var (mail, contact) = await Later("Now after all.", "one");
        (await post.Desk.Send(await post.Desk.See($"/cases/{number}"), $"/contacts/{contact.Id}/send-at", ("do", "now"))).Location.ShouldBe($"/cases/{number}#contact-{contact.Id}");
        await post.Quiet();
        (await Last(post)).Mail.State.ShouldBe(OutgoingState.Sent);
        (mail, contact) = await Later("Better not.", "two");
        var back = await post.Desk.Send(await post.Desk.See($"/outbox/{mail.Id}"), $"/contacts/{contact.Id}/take-back");
        back.Location.ShouldBe($"/cases/{number}#composer");
        (await Last(post)).Mail.State.ShouldBe(OutgoingState.Cancelled);
        (await post.Desk.See($"/cases/{number}/reply")).Value("text").ShouldBe("Better not.");
        await post.Pass(TimeSpan.FromDays(4));
        (await Last(post)).Mail.State.ShouldBe(OutgoingState.Cancelled);
        // The usual ten seconds are on both pages as well.
        var page = await post.Desk.See($"/cases/{number}/reply");
        (await post.Desk.Send(page, $"/cases/{number}/reply", ("text", "At once."), ("next", "open"), ("once", "three"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (mail, contact) = await Last(post);
        (mail.SendAt - mail.QueuedAt).ShouldBe(TimeSpan.FromSeconds(10));
        foreach (var path in new[] { $"/cases/{number}", $"/outbox/{mail.Id}" }) (await post.Desk.See(path)).Document.QuerySelector($"form[action='/contacts/{contact.Id}/take-back'] button[data-key=z]").ShouldNotBeNull(path);
    }
}
