using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases.Targets;

/// <summary>A calendar in the list. The house's has no number.</summary>
public sealed record CalendarLine(long Id, string Name, string Zone, string Hours, int Holidays, string Brands);

/// <summary>The list of calendars.</summary>
public sealed record CalendarsModel(IReadOnlyList<CalendarLine> Lines);

/// <summary>The page of a calendar: its week, its holidays, and the ways to change them.</summary>
/// <param name="Id">0 for that of the house, −1 for a new one.</param>
/// <param name="Form">Name, zone and week.</param>
/// <param name="Adding">The holiday that is typed.</param>
/// <param name="Upload">The file that is chosen.</param>
public sealed record CalendarModel(long Id, int? Version, FormState Form, FormState Adding, FormState Upload, IReadOnlyList<Holiday> Holidays, IReadOnlyList<(string Value, string Shown)> Zones)
{
    public string Path => Id < 0 ? "/settings/calendars/new" : string.Create(CultureInfo.InvariantCulture, $"/settings/calendars/{Id}");
    public string Title => Id == 0 ? Words.CalendarHouse : Id < 0 ? Words.CalendarNew : Form["name"];
}

/// <summary>Working calendars. That of the house is the default: its hours and zone are settings of the company, so that there is one place for them.</summary>
static class Calendars
{
    /// <summary>Characters of a week's hours.</summary>
    public const int LongestHours = 2000;

    const int LongestDay = 250;

    /// <summary>The fields of the days, Monday first; also how a week is written.</summary>
    public static readonly IReadOnlyList<string> Days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/calendars", All).Needs(Verb.ManageSettings);
        app.MapGet("/settings/calendars/new", (House house) => Task.FromResult(View.Page<CalendarPage>(
            new CalendarModel(-1, null, Filled("", house.Get(HouseSettings.Zone), HouseSettings.Hours.Default), new(), new(), [], Zones.All)))).Needs(Verb.ManageSettings);
        app.MapGet("/settings/calendars/{id:long}", (long id, HttpContext http) => Show(http, id)).Needs(Verb.ManageSettings);
        // Said to be a delegate: taken for a request delegate, its answer would be lost.
        app.MapPost("/settings/calendars/new", (Delegate)((HttpContext http) => Save(-1, http))).Needs(Verb.ManageSettings);
        app.MapPost("/settings/calendars/{id:long}", (long id, HttpContext http) => Save(id, http)).Needs(Verb.ManageSettings);
        app.MapPost("/settings/calendars/{id:long}/remove", Remove).Needs(Verb.ManageSettings);
        app.MapPost("/settings/calendars/{id:long}/holidays", AddHoliday).Needs(Verb.ManageSettings);
        app.MapPost("/settings/calendars/{id:long}/holidays/remove", RemoveHolidays).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> All(Databases databases, House house)
    {
        using var db = databases.Open();
        var brands = await db.Set<Brand>().OrderBy(b => b.Name).Select(b => new { b.Name, b.CalendarId }).ToListAsync();
        string Of(long? id) => string.Join(", ", brands.Where(b => b.CalendarId == id).Select(b => b.Name));
        static int Count(string lines) => lines.Length == 0 ? 0 : lines.Count(c => c == '\n') + 1;
        var named = await db.Set<NamedCalendar>().Where(c => c.RemovedAt == null).OrderBy(c => c.Name).ToListAsync();
        return View.Page<CalendarsPage>(new CalendarsModel([new(0, Words.CalendarHouse, house.Get(HouseSettings.Zone), house.Get(HouseSettings.Hours), Count(house.Get(TargetSettings.Holidays)), Of(null)),
            .. named.Select(c => new CalendarLine(c.Id, c.Name, c.Zone, c.Hours.Length == 0 ? Words.RoundShown : c.Hours, Count(c.Holidays), Of(c.Id)))]));
    }

    /// <summary>The page of one, with what was typed into one of its forms.</summary>
    internal static async Task<IResult> Show(HttpContext http, long id, FormState? form = null, FormState? adding = null, FormState? upload = null)
    {
        var services = http.RequestServices;
        var (house, zones) = (services.GetRequiredService<House>(), Zones.All);
        using var db = services.GetRequiredService<Databases>().Open();
        CalendarModel model;
        if (id < 0) model = new(id, null, form ?? new(), new(), new(), [], zones);
        else
        {
            var (name, zone, hours, holidays, version) = await Stored(db, house, id);
            model = new(id, form?.Version ?? version, form ?? Filled(name, zone, hours), adding ?? new(), upload ?? new(), Sorted(HolidayLines.Read(holidays)), zones);
        }
        return form is { IsValid: false } || adding is { IsValid: false } || upload is { IsValid: false } ? View.Invalid<CalendarPage>(model) : View.Page<CalendarPage>(model);
    }

    /// <summary>What stands of a calendar.</summary>
    internal static async Task<(string Name, string Zone, string Hours, string Holidays, int? Version)> Stored(Database db, House house, long id)
    {
        if (id == 0) return (Words.CalendarHouse, house.Get(HouseSettings.Zone), house.Get(HouseSettings.Hours), house.Get(TargetSettings.Holidays), null);
        var one = await db.Set<NamedCalendar>().FirstOrDefaultAsync(c => c.Id == id && c.RemovedAt == null) ?? throw new NotThere();
        return (one.Name, one.Zone, one.Hours, one.Holidays, one.Version);
    }

    // A date of its own first, in their order; then those of every year.
    static IReadOnlyList<Holiday> Sorted(IEnumerable<Holiday> holidays) => [.. holidays.OrderBy(h => h.Day.Rule == HolidayRule.Date ? 1 : 0).ThenBy(h => h.Day.ToString(), StringComparer.Ordinal)];

    static FormState Filled(string name, string zone, string hours)
    {
        var plan = CalendarPlan.Read(hours, zone);
        return FormState.With([("name", name), ("zone", zone), ("round", plan.RoundTheClock ? "true" : ""), .. Days.Select((d, n) => (d, (object?)string.Join(", ", plan.Week[n])))]);
    }

    static async Task<IResult> Save(long id, HttpContext http)
    {
        var services = http.RequestServices;
        var (house, write, targets) = (services.GetRequiredService<House>(), services.GetRequiredService<Writer>(), services.GetRequiredService<TargetBook>());
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var name = id == 0 ? "" : form.Need("name", 120);
        var zone = id == 0 ? house.Get(HouseSettings.Zone) : form.Need("zone", 80);
        if (form.Error("zone") is null && !Zones.Knows(zone)) form.Wrong("zone", string.Format(CultureInfo.CurrentCulture, Words.ZoneUnknown, zone));
        var round = id != 0 && form.On("round");
        var hours = round ? "" : Week(form);
        if (!form.IsValid) return await Show(http, id, form);
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                if (id == 0)
                {
                    await house.Set(db, HouseSettings.Hours, hours);
                    return;
                }
                if (await db.Set<NamedCalendar>().AnyAsync(c => c.Name == name && c.RemovedAt == null && c.Id != id)) throw new Refused("name", Words.CalendarTaken);
                NamedCalendar row;
                if (id < 0) db.Add(row = new NamedCalendar { Id = db.Ids!.Next(), Name = name, Zone = zone });
                else row = Standing(await db.Load<NamedCalendar>(id, form.Version));
                Check(zone, hours, row.Holidays);
                (row.Name, row.Zone, row.Hours) = (name, zone, hours);
                row.Changed();
            });
        }
        catch (Refused no) { return await Show(http, id, form.Wrong(no.Field.Length == 0 || no.Field == "hours" ? "Mon" : no.Field, no.Message)); }
        house.Forget();
        targets.Forget();
        return View.Go(http, "/settings/calendars");
    }

    // What is wrong with a day stands beside the day.
    static string Week(FormState form)
    {
        var pieces = new List<string>();
        for (var n = 0; n < 7; n++)
        {
            if (form.May(Days[n], LongestDay) is not { } typed || form.Error(Days[n]) is not null) continue;
            try
            {
                var week = Enumerable.Range(0, 7).Select(_ => (IReadOnlyList<HoursSpan>)[]).ToArray();
                week[n] = [.. typed.Split(',', StringSplitOptions.TrimEntries).Select(HoursSpan.Read)];
                foreach (var fault in new CalendarPlan { Zone = "Etc/UTC", Week = week }.Faults()) form.Wrong(Days[n], fault.Why);
                pieces.Add($"{Days[n]} {string.Join(", ", week[n].OrderBy(s => s.From))}");
            }
            catch (Refused no) { form.Wrong(Days[n], no.Message); }
        }
        if (pieces.Count == 0 && form.IsValid) form.Wrong(Days[0], Words.NoHours);
        return string.Join("; ", pieces);
    }

    static void Check(string zone, string hours, string holidays)
    {
        foreach (var fault in (CalendarPlan.Read(hours, zone) with { Holidays = HolidayLines.Read(holidays) }).Faults()) throw new Refused(fault.Field, fault.Why);
    }

    static NamedCalendar Standing(NamedCalendar one) => one.RemovedAt is null ? one : throw new NotThere();

    static async Task<IResult> Remove(long id, HttpContext http, Writer write, TargetBook targets)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        if (id == 0) throw new NotThere();
        try
        {
            await write.Run(http.Who(), form.Once, async db =>
            {
                var row = Standing(await db.Load<NamedCalendar>(id));
                var used = await db.Set<Brand>().Where(b => b.CalendarId == id).OrderBy(b => b.Name).Select(b => b.Name).ToListAsync();
                if (used.Count > 0) throw new Refused("", string.Format(CultureInfo.CurrentCulture, Words.CalendarUsed, string.Join(", ", used)));
                row.RemovedAt = db.At;
                row.Changed();
            });
        }
        catch (Refused no) { return await Show(http, id, upload: new FormState().Wrong("remove", no.Message)); }
        targets.Forget();
        return View.Go(http, "/settings/calendars");
    }

    static async Task<IResult> AddHoliday(long id, HttpContext http)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var (day, name, hours) = (form.Need("day", 40), form.May("holiday", 120) ?? "", form.May("hours", LongestDay) ?? "");
        var does = CaseChange.Chosen<HolidayHours>(form, "does");
        Holiday? made = null;
        if (form.IsValid)
            try { HolidayDay.Read(day); made = HolidayLines.Of(day, does.ToString(), hours, name); }
            catch (Refused no) { form.Wrong(no.Field == "hours" ? "hours" : "day", no.Message); }
        if (made is null) return await Show(http, id, adding: form);
        try
        {
            await Change(http, id, form, standing => standing.FirstOrDefault(h => h.Day == made.Day) is { } there
                ? throw new Refused("day", string.Format(CultureInfo.CurrentCulture, Words.HolidayThere, there.Name.Length > 0 ? there.Name : there.Day.ToString())) : [.. standing, made]);
        }
        catch (Refused no) { return await Show(http, id, adding: form.Wrong(no.Field == "holidays" ? "hours" : "day", no.Message)); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/settings/calendars/{id}#holidays"));
    }

    static async Task<IResult> RemoveHolidays(long id, HttpContext http)
    {
        var posted = await http.Request.ReadFormAsync();
        var form = FormState.Of(posted);
        var chosen = posted["pick"].ToHashSet();
        await Change(http, id, form, standing => [.. standing.Where(h => !chosen.Contains(h.Day.ToString()))]);
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/settings/calendars/{id}#holidays"));
    }

    /// <summary>Other holidays for a calendar.</summary>
    /// <exception cref="Refused">With these it has a fault.</exception>
    internal static async Task Change(HttpContext http, long id, FormState form, Func<IReadOnlyList<Holiday>, IEnumerable<Holiday>> change)
    {
        var services = http.RequestServices;
        var (house, write) = (services.GetRequiredService<House>(), services.GetRequiredService<Writer>());
        await write.Run(http.Who(), form.Once, async db =>
        {
            if (id == 0)
            {
                // As it stands in this transaction, not as it is remembered: two may add at once.
                var stored = await db.Set<Setting>().AsNoTracking().Where(s => s.Name == TargetSettings.Holidays.Name).Select(s => s.Text).FirstOrDefaultAsync() ?? "";
                var lines = HolidayLines.Write(change(HolidayLines.Read(stored)));
                Check(house.Get(HouseSettings.Zone), house.Get(HouseSettings.Hours), lines);
                await house.Set(db, TargetSettings.Holidays, lines);
                return;
            }
            var row = Standing(await db.Load<NamedCalendar>(id));
            var after = HolidayLines.Write(change(HolidayLines.Read(row.Holidays)));
            Check(row.Zone, row.Hours, after);
            if (after == row.Holidays) return;
            row.Holidays = after;
            row.Changed();
        });
        house.Forget();
        services.GetRequiredService<TargetBook>().Forget();
    }
}
