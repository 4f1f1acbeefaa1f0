using System.Globalization;
using System.Net;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.People;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using Amends.Tests.Contacts;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Amends.Tests.Promises.PromiseTests;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Promises;

/// <summary>Before a promise breaks the customer is told a new time: drafted in his language and zone, sent by a person, and then the old promise is changed into the new one.</summary>
public class NewTimeTests
{
    static string Field(DateTime local) => local.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);

    static async Task<Seen> Tell(Post post, Promise one, DateTime local)
    {
        var page = $"/promises/{one.Id}";
        return await post.Desk.Send(await post.Desk.See(page), page + "/new-time", ("new-due", Field(local)));
    }

    // What a browser does with the draft: all its fields as they stand.
    static async Task<Seen> SendDraft(Post post, Case one, params (string, string?)[] more)
    {
        var path = $"/cases/{one.Number}/reply";
        return await post.Desk.Send(await post.Desk.See(path), path, [("next", "open"), ("anyway", "true"), .. more]);
    }

    static async Task Speaks(Post post, Case one, string? language) => await post.House.Write.Run(Actor.System("test"), null, async db =>
    {
        var maria = await db.Load<Customer>(one.CustomerId);
        maria.Language = language;
        maria.Changed(false);
    });

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task It_is_drafted_and_nothing_goes_until_the_writer_sends_it_then_the_old_one_is_changed_once(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var day = post.House.Now.Date.AddDays(1);
        await Make(post, one, Field(day.AddHours(12)));
        var old = (await All(post))[0];
        var drafted = await Tell(post, old, day.AddDays(1).AddHours(15));
        drafted.Location.ShouldBe($"/cases/{one.Number}/reply");
        (await All(post)).ShouldHaveSingleItem().State.ShouldBe(PromiseState.Open);
        var composer = await post.Desk.See(drafted.Location!);
        var text = composer.Value("text")!;
        text.ShouldStartWith("Hello Maria Lopez,");
        text.ShouldContain("we would call you by Friday 13 March 2026, 12:00 (Berlin)");
        text.ShouldContain("The failure is ours");
        text.ShouldContain("We will call you by Saturday 14 March 2026, 15:00 (Berlin).");
        composer.Value($"tell-{old.Id}").ShouldBe(Field(day.AddDays(1).AddHours(15)));
        composer.Body.ShouldContain("Nobody works here on Saturday 14 March.");
        composer.Body.ShouldNotContain("A promise was found");

        var form = await post.Desk.See(drafted.Location!);
        await Task.WhenAll(post.Desk.Send(form, $"/cases/{one.Number}/reply", ("next", "open"), ("anyway", "true")), post.Desk.Send(form, $"/cases/{one.Number}/reply", ("next", "open"), ("anyway", "true")));
        var all = await All(post);
        all.Count.ShouldBe(2, "the finder does not record it a second time");
        (all[0].State, all[0].Into, all[0].ToldIn, all[0].EndedWhy).ShouldBe((PromiseState.Changed, all[1].Id, all[1].SaidIn, null));
        (all[1].Kind, all[1].DueAt, all[1].Zone, all[1].KeeperId, all[1].State).ShouldBe((PromiseKind.Call, day.AddDays(1).AddHours(14), "Europe/Berlin", post.Ben, PromiseState.Open));
        (await post.CaseOf(one.Id)).Promised.ShouldBe(PartState.UnderWay);
        (await post.Desk.See($"/promises/{old.Id}")).Body.ShouldContain("new time told");
        WebUtility.HtmlDecode((await post.Desk.See($"/cases/{one.Number}/history")).Body).ShouldContain("told the customer another time");
        // What is written next tells nothing anew.
        await Reply(post, one, "By the way: thank you.");
        (await All(post)).Count.ShouldBe(2);
        (await post.Desk.See($"/promises/{old.Id}")).Document.QuerySelector("#new-time").ShouldBeNull();
    }

    [Theory]
    [InlineData("de", "Guten Tag Maria Lopez,", "Wir rufen Sie bis Montag, 16. März 2026, 15:00 (Berlin) an.")]
    [InlineData("es", "Hola, Maria Lopez:", "Le llamaremos a más tardar el lunes, 16 de marzo de 2026, 15:00 (Berlin).")]
    [InlineData("fr", "Bonjour Maria Lopez,", "Nous vous appellerons au plus tard le lundi 16 mars 2026, 15:00 (Berlin).")]
    public async Task It_is_said_in_the_customers_language_whatever_the_writers_is(string language, string greets, string says)
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Speaks(post, one, language);
        await Make(post, one, Field(post.House.Now.Date.AddDays(1).AddHours(12)));
        await Tell(post, (await All(post))[0], new DateTime(2026, 3, 16, 15, 0, 0));
        var composer = await post.Desk.See($"/cases/{one.Number}/reply");
        composer.Value("text")!.ShouldStartWith(greets);
        composer.Value("text")!.ShouldContain(says);
        composer.Body.ShouldContain("This reply tells a new time.");
        (await SendDraft(post, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await All(post)).Select(p => p.State).ShouldBe([PromiseState.Changed, PromiseState.Open]);
    }

    [Fact]
    public void Each_kind_is_owned_and_said_in_each_language_and_words_of_ones_own_are_named()
    {
        foreach (var kind in Enum.GetValues<PromiseKind>())
            foreach (var language in Amends.Foundation.Speech.ToCustomers)
            {
                var one = new Promise { CaseId = 1, CustomerId = 1, Kind = kind, Named = "Look at the {0} valve", Zone = "Europe/Berlin", DueAt = new(2026, 3, 13, 11, 0, 0, DateTimeKind.Utc), DueLocal = new(2026, 3, 13, 12, 0, 0) };
                var says = NewTimeText.Says(one, new(2026, 3, 16, 15, 0, 0), "Europe/Berlin", language);
                says.ShouldContain("Look at the {0} valve");
                foreach (var part in (string[])["12:00 (Berlin)", "15:00 (Berlin)", "13", "16"]) says.ShouldContain(part, customMessage: $"{kind} {language}");
            }
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_the_writer_says_instead_counts_and_what_he_leaves_out_changes_nothing(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var day = post.House.Now.Date.AddDays(1);
        for (var n = 0; n < 3; n++) await Make(post, one, Field(day.AddHours(12 + n)));
        var all = await All(post);
        // The drafted words are written anew with another time.
        await Tell(post, all[0], day.AddDays(3).AddHours(15));
        await SendDraft(post, one, ("text", "It takes longer, and that is our failure. We will call you on Monday at 17:00."));
        var now = await All(post);
        now.Count.ShouldBe(4);
        (now[0].Into, now[3].DueLocal).ShouldBe((now[3].Id, new DateTime(2026, 3, 16, 17, 0, 0)));
        now[3].Quote!.ShouldContain("call you on Monday");
        // Another time in its field.
        await Tell(post, all[1], day.AddDays(3).AddHours(15));
        await SendDraft(post, one, ($"tell-{all[1].Id}", Field(day.AddDays(4).AddHours(10))));
        now = await All(post);
        (now.Count, now[1].Into, now[4].DueLocal).ShouldBe((5, now[4].Id, day.AddDays(4).AddHours(10)));
        // Not told after all: the promise stands, and the words are one of their own.
        await Tell(post, all[2], day.AddDays(3).AddHours(15));
        await SendDraft(post, one, ($"keep-{all[2].Id}", "true"), ("text", "We look into it."));
        now = await All(post);
        (now.Count, now[2].State).ShouldBe((5, PromiseState.Open));
        using var db = post.House.Databases.Open();
        (await db.Set<NewTime>().CountAsync()).ShouldBe(0, "they end with their drafts");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Taken_back_all_is_as_before_and_it_can_be_sent_again(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var day = post.House.Now.Date.AddDays(1);
        await Make(post, one, Field(day.AddHours(12)));
        await Tell(post, (await All(post))[0], day.AddDays(3).AddHours(15));
        await SendDraft(post, one);
        var sent = (await All(post))[1].SaidIn!.Value;
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}"), $"/contacts/{sent}/take-back")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var all = await All(post);
        all.Select(p => p.State).ShouldBe([PromiseState.Open, PromiseState.Withdrawn]);
        (all[0].Into, all[0].ToldIn, all[0].EndedAt).ShouldBe((null, null, null));
        (await post.CaseOf(one.Id)).PromisedLateAt.ShouldBe(all[0].DueAt);
        (await post.Desk.See($"/cases/{one.Number}/reply")).Value($"tell-{all[0].Id}").ShouldBe(Field(day.AddDays(3).AddHours(15)));
        await SendDraft(post, one);
        (await All(post)).Select(p => p.State).ShouldBe([PromiseState.Changed, PromiseState.Withdrawn, PromiseState.Open]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_was_begun_stays_a_time_chosen_again_replaces_the_first_and_what_has_ended_meanwhile_is_told_no_more(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        var day = post.House.Now.Date.AddDays(1);
        await Make(post, one, Field(day.AddHours(12)), kind: "4");
        var old = (await All(post))[0];
        await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}"), $"/cases/{one.Number}/draft?kind=reply", ("text", "About the invoice:"));
        await Tell(post, old, day.AddDays(3).AddHours(15));
        await Tell(post, old, day.AddDays(4).AddHours(10));
        var text = (await post.Desk.See($"/cases/{one.Number}/reply")).Value("text")!;
        text.ShouldStartWith("About the invoice:");
        text.ShouldNotContain("15:00");
        text.ShouldContain("10:00 (Berlin)");
        // Kept by somebody else before it is sent.
        var form = await post.Desk.See($"/cases/{one.Number}/reply");
        await post.Desk.Send(await post.Desk.See($"/promises/{old.Id}"), $"/promises/{old.Id}", ("do", "keep"), ("said", "The carrier has it."));
        var refused = await post.Desk.Send(form, $"/cases/{one.Number}/reply", ("next", "open"), ("anyway", "true"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Body.ShouldContain("is not open any more");
        (await All(post)).ShouldHaveSingleItem().State.ShouldBe(PromiseState.Kept);
        (await SendDraft(post, one, ($"keep-{old.Id}", "true"), ("text", "It is under way."))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("2026-03-01T12:00", "That moment is past")]
    [InlineData("2028-03-01T12:00", "more than a year away")]
    [InlineData("2026-03-29T02:30", "that time does not exist")]
    [InlineData("2026-10-25T02:30", "that time comes twice")]
    [InlineData("soon", "Choose day and time")]
    public async Task A_time_that_cannot_be_is_refused_and_nothing_is_drafted(string due, string says)
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 26));
        var page = $"/promises/{(await All(post))[0].Id}";
        var answer = await post.Desk.Send(await post.Desk.See(page), page + "/new-time", ("new-due", due));
        answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        answer.Error("new-due")!.ShouldContain(says);
        using var db = post.House.Databases.Open();
        (await db.Set<Draft>().CountAsync()).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_keeper_is_asked_with_the_way_to_a_new_time_before_it_breaks(On on)
    {
        var (post, one) = await Open(on);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 11));
        await post.Pass(TimeSpan.FromHours(8.5));
        await PromiseClock.Follow(post.House.App.Services, TestContext.Current.CancellationToken);
        await post.Quiet();
        var old = (await All(post))[0];
        var mail = (await post.LastTo("ben.kim@amends.example")).Mail;
        mail.TextBody!.ShouldContain($"/promises/{old.Id}");
        var page = await post.Desk.See($"/promises/{old.Id}");
        page.Text(".banner")!.ShouldContain("before it breaks");
        page.Text("#new-time .btn.main").ShouldBe("Draft the reply");
    }

    [Fact]
    public async Task An_empty_composer_asks_the_database_for_no_promises_and_has_no_empty_box()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        using var asked = await CommandCount.Of(post.House);
        var composer = await post.Desk.See($"/cases/{one.Number}/reply");
        (asked.Of("\"NotPromise\""), asked.Of("\"NewTime\"")).ShouldBe((0, 0));
        var box = composer.Document.QuerySelector("#found-promises").ShouldNotBeNull();
        box.ClassList.ShouldBeEmpty();
        box.ChildElementCount.ShouldBe(0);
        await post.Desk.Send(composer, $"/cases/{one.Number}/promises/find", ("text", "We look into it."));
        (asked.Of("\"NotPromise\""), asked.Of("\"NewTime\"")).ShouldBe((1, 1), "the count counts");
    }

    [Fact]
    public async Task A_write_reads_the_promises_of_its_case_once()
    {
        var (post, one) = await Open(On.Sqlite);
        await using var house = post;
        await Make(post, one, Local(post.House.Now, 26));
        using var asked = await CommandCount.Of(post.House);
        (await post.Desk.Send(await post.Desk.See($"/cases/{one.Number}/rename"), $"/cases/{one.Number}/rename", ("subject", "Another name"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        asked.Of("FROM \"Promise\" AS").ShouldBe(1);
        var now = await post.CaseOf(one.Id);
        (now.Promised, now.PromisedLateAt).ShouldBe((PartState.UnderWay, (await All(post))[0].DueAt));
    }
}
