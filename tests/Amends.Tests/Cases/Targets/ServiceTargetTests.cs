using System.Globalization;
using System.Net;
using System.Text;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases.Targets;

/// <summary>Service targets in the product: calendars, rows, deadlines on cases. The house opens on Thursday, 12 March 2026, 10:00 in Berlin; its hours are 9 to 17.</summary>
public class ServiceTargetTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static DateTime Utc(int day, int hour, int minute = 0, int month = 3) => new(2026, month, day, hour, minute, 0, DateTimeKind.Utc);

    static async Task Row(DeskCast cast, params (string Name, string Value)[] fields)
    {
        var answer = await cast.Post("/settings/targets/new", fields.ToDictionary(f => f.Name, f => f.Value));
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, answer.Text);
    }

    static Dictionary<string, string> Week(string hours, params (string Name, string Value)[] more)
    {
        var fields = new[] { "Mon", "Tue", "Wed", "Thu", "Fri" }.ToDictionary(d => d, _ => hours);
        foreach (var (name, value) in more) fields[name] = value;
        return fields;
    }

    static async Task<Case> Sort(DeskCast cast, Case one, CaseKind kind, Severity severity)
    {
        (await cast.Post($"/cases/{one.Number}/sort", new() { ["kind"] = kind.ToString(), ["severity"] = severity.ToString() }, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        return await cast.Now(one);
    }

    static Task Do(DeskCast cast, Case one, Action<Case, DateTime> verb) => cast.House.Write.Run(Actor.System("test"), null, async db =>
    {
        verb(await db.Set<Case>().AsTracking().FirstAsync(c => c.Id == one.Id), db.At);
        // The contact that comes with it has a fact of its own.
        db.Record(new CaseLinked(one.Id, one.Id, true));
    });

    static async Task<int> Misses(DeskCast cast, Case one)
    {
        using var db = cast.House.Databases.Open();
        return await db.Set<Amends.Foundation.Facts.Fact>().CountAsync(f => f.Subject == one.Id && f.Kind == "case.target-missed");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_most_specific_row_that_names_a_time_holds_and_a_change_of_the_case_sets_its_deadlines_anew(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Row(cast, ("kind", "Failure"), ("first", "3:00"), ("solution", "16"));
        await Row(cast, ("severity", "Critical"), ("first", "1:00"));
        var one = await cast.Case("Pump stops", cast.Ben);
        (await cast.Now(one)).SolutionDue.ShouldBeNull("a question has no such row");

        var now = await Sort(cast, one, CaseKind.Failure, Severity.Normal);
        now.FirstAnswerDue.ShouldBe(Utc(12, 12));
        now.SolutionDue.ShouldBe(Utc(16, 9), "seven hours on Thursday, eight on Friday, one on Monday");
        now = await Sort(cast, one, CaseKind.Failure, Severity.Critical);
        now.FirstAnswerDue.ShouldBe(Utc(12, 10), "severity before kind");
        now.SolutionDue.ShouldBe(Utc(16, 9), "the row of the severity names none: that of the kind holds");
        now.NextStepAt.ShouldBe(Utc(12, 10), "the next step follows");

        await Row(cast, ("customer", "maria@casaverde.example"), ("first", "20:00"), ("first-elapsed", "true"));
        now = await Sort(cast, one, CaseKind.Complaint, Severity.Critical);
        now.FirstAnswerDue.ShouldBe(Utc(13, 5), "the customer before all; elapsed time counts the night");
        now.SolutionDue.ShouldBeNull("no complaint has one");
        (await cast.Get("/settings/targets")).Text.ShouldContain("20 h elapsed");

        // Another customer's matter.
        var other = await Some.Customer(cast.House, "Pavel Novak", "pavel@customer.example");
        (await cast.Post($"/cases/{one.Number}/customer", new() { ["customer"] = other.ToString(CultureInfo.InvariantCulture) }, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Now(one)).FirstAnswerDue.ShouldBe(Utc(12, 10));
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_wait_for_the_customer_pauses_the_solution_until_it_ends_and_another_wait_does_not(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Row(cast, ("kind", "Question"), ("solution", "8"));
        var one = await cast.Case("Pump stops", cast.Ben);
        (await cast.Now(one)).SolutionDue.ShouldBe(Utc(13, 9));
        await Do(cast, one, (c, at) => c.Wait(Utc(13, 12), "the part", at));
        (await cast.Now(one)).SolutionDue.ShouldBe(Utc(13, 9), "our own wait is our own time");

        (await cast.Post($"/cases/{one.Number}/wait", new() { ["until"] = "2026-03-13T12:00:00Z", ["theirs"] = "true" }, one)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Now(one)).SolutionDue.ShouldBe(Utc(16, 12), "eight hours from Friday 13:00 in Berlin");
        cast.House.Clock.Advance(TimeSpan.FromHours(2));
        await Do(cast, one, (c, at) => c.HearAgain(at));
        var now = await cast.Now(one);
        now.SolutionDue.ShouldBe(Utc(13, 11), "the customer wrote after two hours: those do not count");
        now.WaitsForCustomer.ShouldBeFalse();
        now.Pauses().ShouldBe([new Pause(Utc(12, 9), Utc(12, 11))]);

        var sheet = WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}/targets")).Text);
        sheet.ShouldContain("8 h of working time");
        sheet.ShouldContain("Europe/Berlin");
        sheet.ShouldContain("Mon, Tue, Wed, Thu, Fri 09:00-17:00");
        sheet.ShouldContain("Waits for the customer do not count");
        sheet.ShouldNotContain("changed since");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_next_answer_is_due_from_when_the_customer_waits_again_until_we_answer(On on)
    {
        await using var cast = await DeskCast.Open(on);
        await Row(cast, ("kind", "Question"), ("next", "2:00"));
        var one = await cast.Case("Pump stops", cast.Ben);
        (await cast.Now(one)).NextAnswerDue.ShouldBeNull("the first answer comes first");
        await Do(cast, one, (c, at) => c.Answered(at));
        (await cast.Now(one)).PastTargetFrom.ShouldBeNull("nothing runs");
        cast.House.Clock.Advance(TimeSpan.FromHours(6));
        await Do(cast, one, (c, at) => c.HearAgain(at));
        (await cast.Now(one)).NextAnswerDue.ShouldBe(Utc(13, 9), "one hour on Thursday, one on Friday");
        cast.House.Clock.Advance(TimeSpan.FromMinutes(30));
        await Do(cast, one, (c, at) => c.HearAgain(at));
        (await cast.Now(one)).NextAnswerDue.ShouldBe(Utc(13, 9), "asking again does not buy us time");
        await Do(cast, one, (c, at) => c.HearAgain(at, isThanks: true));
        (await cast.Now(one)).NextAnswerDue.ShouldBe(Utc(13, 9));
        await Do(cast, one, (c, at) => c.Answered(at));
        (await cast.Now(one)).NextAnswerDue.ShouldBeNull();
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F09_a_missed_target_is_told_once_and_seen_in_its_view_whatever_the_clock_does(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var one = await cast.Case("Pump stops", cast.Ben);
        await CaseClock.MissTargets(cast.House.App.Services, Stop);
        (await Misses(cast, one)).ShouldBe(0);
        (await cast.Get("/desk/late")).Text.ShouldNotContain("Pump stops");

        cast.House.Clock.Advance(TimeSpan.FromHours(5));
        (await cast.Get("/desk/late")).Text.ShouldContain("Pump stops", Shouldly.Case.Sensitive, "late is late before the clock told of it");
        for (var n = 0; n < 3; n++) await CaseClock.MissTargets(cast.House.App.Services, Stop);
        (await Misses(cast, one)).ShouldBe(1);
        var page = WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}")).Text);
        page.ShouldContain("Past target: the first answer was due");
        page.ShouldContain("past since");

        // Set back before the deadline, and on again.
        cast.House.Clock.Set(cast.House.Clock.GetUtcNow().AddHours(-3));
        await CaseClock.MissTargets(cast.House.App.Services, Stop);
        (await cast.Get("/desk/late?pick=1")).Text.ShouldNotContain("Pump stops");
        cast.House.Clock.Advance(TimeSpan.FromHours(3));
        await CaseClock.MissTargets(cast.House.App.Services, Stop);
        (await Misses(cast, one)).ShouldBe(1);

        // Another deadline of the same case is another matter.
        await Row(cast, ("severity", "Critical"), ("first", "4:30"));
        await Sort(cast, one, CaseKind.Question, Severity.Critical);
        await CaseClock.MissTargets(cast.House.App.Services, Stop);
        (await Misses(cast, one)).ShouldBe(2);
        await Do(cast, one, (c, at) => c.Answered(at));
        (await cast.Get("/desk/late")).Text.ShouldNotContain("Pump stops");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_brand_reckons_in_its_own_calendar_also_over_a_change_of_the_clocks(On on)
    {
        await using var cast = await DeskCast.Open(on);
        (await cast.Post("/settings/calendars/new", new() { ["name"] = "Night watch", ["zone"] = "Europe/Madrid", ["Sun"] = "01:00-05:00" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        long calendar;
        using (var db = cast.House.Databases.Open()) calendar = await db.Set<NamedCalendar>().Select(c => c.Id).SingleAsync(Stop);
        var brand = cast.Brand.ToString(CultureInfo.InvariantCulture);
        var wrong = await Brand(cast, brand, "12345");
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Brand(cast, brand, calendar.ToString(CultureInfo.InvariantCulture))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Row(cast, ("kind", "Failure"), ("first", "3:00"));

        // Saturday; the night to Sunday, 29 March, has an hour less: from 01:00 to 05:00 are three.
        cast.House.Clock.Advance(TimeSpan.FromDays(16));
        cast.Web = await cast.House.ClientOf(cast.Ben);
        var one = await cast.Case("Pump stops", cast.Ben);
        (await Sort(cast, one, CaseKind.Failure, Severity.Normal)).FirstAnswerDue.ShouldBe(Utc(29, 3));
        var sheet = WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}/targets")).Text);
        sheet.ShouldContain("Calendar Night watch, Europe/Madrid: Sun 01:00-05:00");

        // While a brand names it, it stays.
        var no = await cast.Post($"/settings/calendars/{calendar}/remove");
        no.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        WebUtility.HtmlDecode(no.Text).ShouldContain("A brand uses this calendar: Casa Verde");
        (await Brand(cast, brand, "")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Post($"/settings/calendars/{calendar}/remove")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Get($"/settings/calendars/{calendar}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    static async Task<(HttpStatusCode Status, string Text)> Brand(DeskCast cast, string brand, string calendar)
    {
        var fields = await cast.Keys();
        (fields["name"], fields["calendar"], fields["default"]) = ("Casa Verde", calendar, "true");
        using (var db = cast.House.Databases.Open()) fields["version"] = (await db.Set<Brand>().Select(b => b.Version).SingleAsync()).ToString(CultureInfo.InvariantCulture);
        using var body = new FormUrlEncodedContent(fields);
        using var answer = await cast.Web.PostAsync($"/settings/brands/{brand}", body);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Holidays_of_a_file_are_shown_before_they_are_added_and_then_move_deadlines(On on)
    {
        await using var cast = await DeskCast.Open(on);
        async Task<(HttpStatusCode Status, string Text)> Upload(string text)
        {
            using var body = new MultipartFormDataContent();
            foreach (var (name, value) in await cast.Keys()) body.Add(new StringContent(value), name);
            body.Add(new ByteArrayContent(Encoding.UTF8.GetBytes(text)), "file", "days.ics");
            using var answer = await cast.Web.PostAsync("/settings/calendars/0/file", body);
            return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
        }
        var bad = await Upload("Friday is free");
        bad.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        bad.Text.ShouldContain("file-error");

        var seen = await Upload("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20260313\r\nSUMMARY:Founders' Day\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260316T090000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        seen.Status.ShouldBe(HttpStatusCode.OK);
        seen.Text.ShouldContain("2026-03-13");
        seen.Text.ShouldContain("Meeting", Shouldly.Case.Sensitive, "what is left out is named");
        cast.House.Get<House>().Get(TargetSettings.Holidays).ShouldBeEmpty("nothing is added before a yes");
        var lines = "2026-03-13\tClosed\t\tFounders' Day";
        (await cast.Post("/settings/calendars/0/file/take", new() { ["lines"] = lines })).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Post("/settings/calendars/0/file/take", new() { ["lines"] = lines })).Status.ShouldBe(HttpStatusCode.SeeOther);
        HolidayLines.Read(cast.House.Get<House>().Get(TargetSettings.Holidays)).Count.ShouldBe(1, "the same day is not added twice");

        // Half a Monday, and a Saturday that is worked.
        (await cast.Post("/settings/calendars/0/holidays", new() { ["day"] = "03-16", ["holiday"] = "Fair", ["does"] = "Within", ["hours"] = "00:00-12:00" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Post("/settings/calendars/0/holidays", new() { ["day"] = "2026-03-14", ["holiday"] = "Open day", ["does"] = "Instead", ["hours"] = "10:00-12:00" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Row(cast, ("kind", "Failure"), ("solution", "11:00"));
        var one = await cast.Case("Pump stops", cast.Ben);
        (await Sort(cast, one, CaseKind.Failure, Severity.Normal)).SolutionDue.ShouldBe(Utc(16, 10), "seven hours on Thursday, none on Friday, two on Saturday, two on Monday");
        WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}/targets")).Text).ShouldContain("Founders' Day");

        (await cast.Post("/settings/calendars/0/holidays/remove", new() { ["pick"] = "2026-03-13" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Now(one)).SolutionDue.ShouldBe(Utc(16, 10), "it stands until the case changes");
        WebUtility.HtmlDecode((await cast.Get($"/cases/{one.Number}/targets")).Text).ShouldContain("changed since");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_makes_no_sense_is_said_beside_its_field_and_nothing_typed_is_lost(On on)
    {
        await using var cast = await DeskCast.Open(on);
        async Task Wrong(string path, Dictionary<string, string> fields, string field, string says)
        {
            var answer = await cast.Post(path, fields);
            answer.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{path} {field}");
            var text = WebUtility.HtmlDecode(answer.Text);
            text.ShouldContain($"id=\"{field}-error\"");
            text.ShouldContain(says);
        }
        await Wrong("/settings/calendars/new", new() { ["name"] = "Empty", ["zone"] = "Europe/Madrid" }, "Mon", "hours");
        await Wrong("/settings/calendars/new", Week("09:00-17:00", ("name", "Odd"), ("zone", "Europe/Madrid"), ("Wed", "09:00-13:00, 12:00-17:00")), "Wed", "09:00-13:00, 12:00-17:00");
        await Wrong("/settings/calendars/new", Week("17:00-09:00", ("name", "Odd"), ("zone", "Europe/Madrid")), "Mon", "17:00-09:00");
        await Wrong("/settings/calendars/new", Week("09:00-17:00", ("name", "Odd"), ("zone", "Europe/Nowhere")), "zone", "Nowhere");
        await Wrong("/settings/calendars/0", [], "Mon", "hours");
        await Wrong("/settings/calendars/0/holidays", new() { ["day"] = "02-30", ["does"] = "Closed" }, "day", "02-30");
        await Wrong("/settings/calendars/0/holidays", new() { ["day"] = "12-24", ["does"] = "Within", ["hours"] = "noon" }, "hours", "noon");
        foreach (var time in new[] { "0", "0:00", "-1", "1:60", "10000", "soon", "1:5" }) await Wrong("/settings/targets/new", new() { ["kind"] = "Failure", ["first"] = time }, "first", $"value=\"{time}\"");
        await Wrong("/settings/targets/new", new() { ["first"] = "1:00" }, "kind", "default row");
        await Wrong("/settings/targets/new", new() { ["kind"] = "Failure" }, "first", "at least one");
        await Wrong("/settings/targets/new", new() { ["customer"] = "nobody@nowhere.example", ["first"] = "1:00" }, "customer", "No customer");
        await Wrong("/settings/targets/0", new() { ["next"] = "1:00" }, "first", "needs a time");
        await Row(cast, ("kind", "Failure"), ("first", "1:00"));
        await Wrong("/settings/targets/new", new() { ["kind"] = "Failure", ["first"] = "2:00" }, "kind", "already");
        cast.House.Get<House>().Get(HouseSettings.Hours).ShouldBe("Mon-Fri 09:00-17:00");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_calendar_of_the_house_is_made_of_the_hours_that_are_set_and_the_default_row_can_be_changed(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var page = (await cast.Get("/settings/calendars/0")).Text;
        page.ShouldContain("value=\"09:00-17:00\"");
        (await cast.Post("/settings/calendars/0", Week("08:00-12:00, 13:00-16:00"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        cast.House.Get<House>().Get(HouseSettings.Hours).ShouldBe("Mon 08:00-12:00, 13:00-16:00; Tue 08:00-12:00, 13:00-16:00; Wed 08:00-12:00, 13:00-16:00; Thu 08:00-12:00, 13:00-16:00; Fri 08:00-12:00, 13:00-16:00");
        cast.House.Get<TargetBook>().Due(TargetKind.FirstAnswer, new TargetBasis(CaseKind.Question, Severity.Normal, cast.Maria, null, cast.Brand), Utc(12, 9), []).ShouldBe(Utc(12, 14), "four working hours, over the break");
        (await cast.Post("/settings/targets/0", new() { ["first"] = "1:00", ["solution"] = "24", ["solution-elapsed"] = "true" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await cast.Post("/settings/targets/0", new() { ["first"] = "2:00", ["solution"] = "24", ["solution-elapsed"] = "true" })).Status.ShouldBe(HttpStatusCode.SeeOther);
        using (var db = cast.House.Databases.Open()) (await db.Set<ServiceTarget>().CountAsync(Stop)).ShouldBe(1, "there is one default row");
        (await cast.Now(await cast.Case("Pump stops"))).SolutionDue.ShouldBe(Utc(13, 9));
        // Without the right there is no door.
        using var olga = await cast.House.ClientOf(cast.Olga);
        (await cast.Get("/settings/targets", olga)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await cast.Get("/settings/calendars", olga)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }
}
