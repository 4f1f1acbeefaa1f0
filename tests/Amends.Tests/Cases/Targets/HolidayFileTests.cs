using System.Diagnostics;
using System.Text;
using Amends.Cases.Targets;
using Amends.Foundation;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases.Targets;

/// <summary>Holidays from calendar files, good and hostile.</summary>
public class HolidayFileTests
{
    static readonly DateOnly Today = new(2026, 11, 22);

    static string File(params string[] entries) => "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + string.Concat(entries.Select((entry, n) => $"BEGIN:VEVENT\r\nUID:{n}@test\r\nDTSTAMP:20260101T000000Z\r\n{entry.Replace("|", "\r\n", StringComparison.Ordinal)}\r\nEND:VEVENT\r\n")) + "END:VCALENDAR\r\n";

    static HolidaysRead Read(string text) => HolidayFile.Read(Encoding.UTF8.GetBytes(text), Today);

    static IEnumerable<string> Days(HolidaysRead read) => read.Holidays.Select(h => h.Day.ToString());

    [Fact]
    public void Whole_days_are_read_with_their_names()
    {
        var read = Read("\uFEFF" + File("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261226|SUMMARY:Weihnachten\\, erster Tag", "DTSTART;VALUE=DATE:20260105|SUMMARY:Without an end", "DTSTART;VALUE=DATE:20260106|DTEND;VALUE=DATE:20260106|SUMMARY:Ends on itself"));
        read.Holidays.ShouldBe([Holiday.Whole("Weihnachten, erster Tag", HolidayDay.Read("2026-12-25")), Holiday.Whole("Without an end", HolidayDay.Read("2026-01-05")), Holiday.Whole("Ends on itself", HolidayDay.Read("2026-01-06"))], ignoreOrder: true);
        read.Left.ShouldBeEmpty();
    }

    [Fact]
    public void Several_days_on_end_are_each_a_holiday()
    {
        Days(Read(File("DTSTART;VALUE=DATE:20261230|DTEND;VALUE=DATE:20270102|SUMMARY:Between the years"))).ShouldBe(["2026-12-30", "2026-12-31", "2027-01-01"]);
        Days(Read(File("DTSTART;VALUE=DATE:20261230|DURATION:P1W|SUMMARY:A week"))).Count().ShouldBe(7);
    }

    [Fact]
    public void What_comes_every_year_stays_a_rule()
    {
        Days(Read(File("DTSTART;VALUE=DATE:20200501|RRULE:FREQ=YEARLY|SUMMARY:Labour Day"))).ShouldBe(["05-01"]);
        Days(Read(File("DTSTART;VALUE=DATE:20201225|DTEND;VALUE=DATE:20201227|RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25|SUMMARY:Christmas"))).ShouldBe(["12-25", "12-26"]);
        Days(Read(File("DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY|SUMMARY:Leap"))).ShouldBe(["02-29"]);
    }

    [Fact]
    public void Other_rules_are_worked_out_for_twenty_years()
    {
        var thanks = Days(Read(File("DTSTART;VALUE=DATE:20201126|RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH|SUMMARY:Thanksgiving"))).ToList();
        thanks.Count.ShouldBe(22);
        (thanks[0], thanks[^1]).ShouldBe(("2025-11-27", "2046-11-22"));
        Days(Read(File("DTSTART;VALUE=DATE:20250601|RRULE:FREQ=YEARLY;COUNT=3|SUMMARY:Three times"))).ShouldBe(["2025-06-01", "2026-06-01", "2027-06-01"]);
        Days(Read(File("DTSTART;VALUE=DATE:20250601|RRULE:FREQ=YEARLY;UNTIL=20280601|EXDATE;VALUE=DATE:20260601|SUMMARY:Not in 2026"))).ShouldBe(["2025-06-01", "2027-06-01", "2028-06-01"]);
        Days(Read(File("DTSTART;VALUE=DATE:20300601|RRULE:FREQ=YEARLY;UNTIL=20310601|SUMMARY:From 2030"))).ShouldBe(["2030-06-01", "2031-06-01"]);
    }

    [Fact]
    public void A_day_that_is_moved_once_is_moved()
    {
        var moved = File("DTSTART;VALUE=DATE:20250601|RRULE:FREQ=YEARLY;UNTIL=20270601|SUMMARY:Fair").Replace("END:VCALENDAR", "BEGIN:VEVENT\r\nUID:0@test\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;VALUE=DATE:20260601\r\nDTSTART;VALUE=DATE:20260608\r\nSUMMARY:Fair\r\nEND:VEVENT\r\nEND:VCALENDAR", StringComparison.Ordinal);
        Days(Read(moved)).ShouldBe(["2025-06-01", "2026-06-08", "2027-06-01"], ignoreOrder: true);
    }

    [Fact]
    public void What_is_no_holiday_is_left_out_with_the_reason()
    {
        var read = Read(File("DTSTART;VALUE=DATE:20261225|SUMMARY:Good", "DTSTART:20261224T120000Z|DTEND:20261224T180000Z|SUMMARY:Afternoon", "DTSTART;VALUE=DATE:20261226|DTEND;VALUE=DATE:20261220|SUMMARY:Backwards",
            "DTSTART;VALUE=DATE:20260101|DTEND;VALUE=DATE:20991231|SUMMARY:A life", "DTSTART;VALUE=DATE:20260101|STATUS:CANCELLED|SUMMARY:Cancelled", "DTSTART;VALUE=DATE:20260101|RRULE:FREQ=DAILY|SUMMARY:Daily", "SUMMARY:Never",
            "DTSTART;VALUE=DATE:00010101|RRULE:FREQ=YEARLY|SUMMARY:Old", "DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYYEARDAY=1,2,3|SUMMARY:Days"));
        Days(read).ShouldBe(["2026-12-25"]);
        read.Left.Select(l => l.Name).ShouldBe(["Afternoon", "Backwards", "A life", "Cancelled", "Daily", "Never", "Old", "Days"], ignoreOrder: true);
        read.Left.ShouldAllBe(l => l.Why.Length > 10 && l.Why.EndsWith('.'));
    }

    static Dictionary<string, string> Files => new()
    {
        ["nothing"] = "",
        ["no calendar"] = "Dear colleagues, these are our holidays.",
        ["a picture"] = "\u0089PNG\r\n\u001a\n" + new string('\0', 4_000),
        ["no entries"] = File(),
        ["too large"] = File("DTSTART;VALUE=DATE:20261225|DESCRIPTION:" + string.Concat(Enumerable.Repeat(new string('x', 60) + "\r\n ", 9_000))),
        ["a line without an end"] = File("DTSTART;VALUE=DATE:20261225|SUMMARY:" + new string('x', 400_000)),
        ["many entries"] = File([.. Enumerable.Range(0, 3_000).Select(n => "DTSTART;VALUE=DATE:20261225")]),
        ["many rules"] = File([.. Enumerable.Range(0, 400).Select(n => "DTSTART;VALUE=DATE:19000101|RRULE:FREQ=YEARLY;COUNT=999")]),
        ["a billion times"] = File("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=SECONDLY;COUNT=1000000000"),
        ["a billion years"] = File("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;INTERVAL=1000000000"),
        ["never"] = File("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
        ["no such date"] = File("DTSTART;VALUE=DATE:20261345"),
        ["letters for a date"] = File("DTSTART;VALUE=DATE:yesterday"),
        ["a rule of letters"] = File("DTSTART;VALUE=DATE:20260101|RRULE:FREQ=WHENEVER;BYDAY=??"),
        ["nested"] = string.Concat(Enumerable.Repeat("BEGIN:VCALENDAR\r\n", 1_900)),
        ["ends without beginnings"] = "BEGIN:VCALENDAR\r\n" + string.Concat(Enumerable.Repeat("END:VEVENT\r\n", 1_900)),
        ["cut off"] = File("DTSTART;VALUE=DATE:20261225")[..60],
        ["many extra dates"] = File("DTSTART;VALUE=DATE:20260101|RDATE;VALUE=DATE:" + string.Join("\r\n ,", Enumerable.Range(0, 12_000).Select(n => new DateOnly(2026, 1, 1).AddDays(n).ToString("yyyyMMdd", System.Globalization.CultureInfo.InvariantCulture)))),
        ["colons and quotes"] = File("DTSTART;VALUE=DATE:20260101;X=\"" + string.Concat(Enumerable.Repeat("\\\";:\"", 700)) + "|SUMMARY;" + string.Concat(Enumerable.Repeat("A=\"b\";", 600)) + ":x"),
    };

    public static TheoryData<string> Hostile()
    {
        var all = new TheoryData<string>();
        foreach (var name in Files.Keys) all.Add(name);
        return all;
    }

    [Theory, MemberData(nameof(Hostile))]
    public void Hostile_files_end_soon_in_a_sentence(string what)
    {
        var text = Files[what];
        var watch = Stopwatch.StartNew();
        try
        {
            var read = Read(text);
            // Some are only odd: then what was read is within the limits.
            read.Holidays.Count.ShouldBeInRange(1, CalendarPlan.MostHolidays, what);
            what.ShouldBeOneOf("colons and quotes");
        }
        catch (Refused no)
        {
            no.Field.ShouldBeOneOf("file", "holidays");
            no.Message.Length.ShouldBeInRange(20, 400, what);
        }
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5), what);
    }

    [Fact]
    public void Whatever_is_changed_in_a_file_it_is_read_or_refused()
    {
        var good = File("DTSTART;VALUE=DATE:20261225|DTEND;VALUE=DATE:20261227|RRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=1MO;UNTIL=20400101|EXDATE;VALUE=DATE:20271206|SUMMARY:Weihnachten", "DTSTART;VALUE=DATE:20260101|SUMMARY:New Year");
        string[] pieces = ["", ":", ";", "=", ",", "\r\n", "\r\n ", "-1", "99999999999", "BEGIN:VEVENT\r\n", "END:VEVENT\r\n", "RRULE:FREQ=YEARLY\r\n", "DTSTART:20260101T000000Z\r\n", "RDATE:20260101\r\n", "\0", "ü", "\"", "P1Y", "TZID=Mars/Base:"];
        var changed = from at in Gen.Choose(0, good.Length - 1) from length in Gen.Choose(0, 30) from piece in Gen.Elements(pieces) select good[..at] + piece + good[Math.Min(good.Length, at + length)..];
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(600), Prop.ForAll(changed.ToArbitrary(), text =>
        {
            try { return Read(text).Holidays.Count <= CalendarPlan.MostHolidays; }
            catch (Refused) { return true; }
        }));
    }
}
