using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation.Outbox;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

public class ReplyTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_mail_becomes_a_case_is_answered_from_the_desk_and_the_customers_answer_joins_it(On on)
    {
        await using var post = await Post.Open(on);
        var first = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Pump stops", "The pump stops after ten minutes."));
        first.ShouldNotBeNull();
        first.Why.ShouldBe(WhyHere.NewCase);
        var one = await post.CaseOf(first.CaseId);
        (one.Subject, one.TeamId, one.BrandId, one.State).ShouldBe(("Pump stops", post.Team, post.Brand, CaseState.Open));
        one.NextStep.ShouldBe(StepKind.FirstAnswer);

        var page = await post.Desk.See($"/cases/{one.Number}/reply");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Value("to").ShouldBe("maria@casaverde.example");
        var sent = await post.Desk.Send(page, $"/cases/{one.Number}/reply", ("text", "We are sorry. **Olga** comes today."), ("next", "open"));
        sent.Status.ShouldBe(HttpStatusCode.SeeOther, sent.Body);
        await post.Quiet();
        var (queued, mail) = await post.LastTo("maria@casaverde.example");
        queued.State.ShouldBe(OutgoingState.Queued);
        await post.Pass(TimeSpan.FromSeconds(11));
        (await post.LastTo("maria@casaverde.example")).Row.State.ShouldBe(OutgoingState.Sent);
        mail.Subject.ShouldBe($"Re: Pump stops [#{one.Number}]");
        mail.From[0].Address.ShouldBe("service@amends.example");
        mail.InReplyTo.ShouldBe([first.MessageId!]);
        mail.TextBody!.ShouldContain("Olga comes today");
        mail.TextBody!.ShouldContain("> The pump stops after ten minutes.");
        mail.HtmlBody!.ShouldContain("<strong>Olga</strong>");
        one = await post.CaseOf(one.Id);
        (one.FirstAnsweredAt, one.OwnerId, one.CustomerWaitsSince).ShouldBe((one.LastContactAt, post.Ben, null));

        var again = await post.SendAndRead(Post.Mail("Maria Lopez <maria@casaverde.example>", "Re: Pump stops", "Thank you!\n\nOn Sat, 21 Nov 2026 Ben Kim wrote:\n> We are sorry.", to: mail.ReplyTo[0].Address));
        (again!.CaseId, again.Why).ShouldBe((one.Id, WhyHere.ReplyToken));
        again.Text.ShouldBe("Thank you!");
        again.Quoted!.ShouldContain("We are sorry.");
        var byThread = await post.SendAndRead(Post.Mail("maria@casaverde.example", "Re: Pump stops", "And one more thing.", null, "service@amends.example", $"In-Reply-To: <{mail.MessageId}>"));
        byThread!.CaseId.ShouldBe(one.Id);
    }
}
