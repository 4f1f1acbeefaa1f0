using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Cases.Targets;

/// <summary>What a calendar file would add.</summary>
/// <param name="Lines">The new days, as they are sent back.</param>
/// <param name="There">How many of the file stand there already.</param>
public sealed record HolidayImportModel(long Id, string Title, IReadOnlyList<Holiday> New, string Lines, int There, IReadOnlyList<EntryLeft> Left)
{
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/settings/calendars/{Id}");
}

/// <summary>Holidays of a calendar file: looked at first, then added.</summary>
static class HolidayImport
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPost("/settings/calendars/{id:long}/file", Look).Needs(Verb.ManageSettings).TakesFiles();
        app.MapPost("/settings/calendars/{id:long}/file/take", Take).Needs(Verb.ManageSettings);
    }

    static async Task<IResult> Look(long id, HttpContext http, Databases databases, House house, TimeProvider clock)
    {
        var posted = await http.Request.ReadFormAsync(http.RequestAborted);
        var form = FormState.Of(posted);
        if (posted.Files.GetFile("file") is not { Length: > 0 } file) return await Calendars.Show(http, id, upload: form.Wrong("file", Words.HolidayFileMissing));
        HolidaysRead read;
        try
        {
            if (file.Length > HolidayFile.MostBytes) throw new Refused("file", string.Format(CultureInfo.CurrentCulture, Words.CalendarFileTooLarge, HolidayFile.MostBytes / 1024));
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, http.RequestAborted);
            read = HolidayFile.Read(bytes.ToArray(), DateOnly.FromDateTime(HouseCalendar.Of(house).Local(clock.GetUtcNow().UtcDateTime)));
        }
        catch (Refused no) { return await Calendars.Show(http, id, upload: form.Wrong("file", no.Message)); }
        using var db = databases.Open();
        var (name, _, _, holidays, _) = await Calendars.Stored(db, house, id);
        var standing = HolidayLines.Read(holidays).Select(h => h.Day).ToHashSet();
        // Two names for one day are one holiday.
        List<Holiday> fresh = [.. read.Holidays.DistinctBy(h => h.Day).Where(h => !standing.Contains(h.Day))];
        return View.Page<HolidayImportPage>(new HolidayImportModel(id, name, fresh, HolidayLines.Write(fresh), read.Holidays.Count - fresh.Count, read.Left));
    }

    static async Task<IResult> Take(long id, HttpContext http)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        try
        {
            var added = HolidayLines.Read(form["lines"]);
            await Calendars.Change(http, id, form, standing =>
            {
                var there = standing.Select(h => h.Day).ToHashSet();
                return [.. standing, .. added.Where(h => there.Add(h.Day))];
            });
        }
        catch (Refused no) { return await Calendars.Show(http, id, upload: form.Wrong("file", no.Message)); }
        return View.Go(http, string.Create(CultureInfo.InvariantCulture, $"/settings/calendars/{id}#holidays"));
    }
}
