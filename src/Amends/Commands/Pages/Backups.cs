using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Commands.Pages;

/// <summary>One backup in the list.</summary>
public sealed record BackupRow(string Name, string Size, string Made);

/// <summary>The page of backups.</summary>
public sealed record BackupsModel(FormState Form, string Folder, string? Running, int Share, string? Last, string Checked, string Trouble, IReadOnlyList<BackupRow> Files);

/// <summary>Make one now, when they are made by themselves, and what is there.</summary>
static class Backups
{
    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/settings/backup", (HttpContext http, BackupWork work, House house) => View.Page<BackupsPage>(Model(http, work, house))).Needs(Verb.ManageBackup);
        app.MapPost("/settings/backup", Save).Needs(Verb.ManageBackup);
        app.MapPost("/settings/backup/now", Now).Needs(Verb.ManageBackup);
    }

    static BackupsModel Model(HttpContext http, BackupWork work, House house, FormState? form = null)
    {
        var zone = http.Who().Zone;
        var running = work.Running;
        return new BackupsModel(form ?? FormState.With(("nightly", house.Get(BackupSettings.Nightly) ? "true" : ""), ("hour", house.Get(BackupSettings.Hour)), ("keep", house.Get(BackupSettings.Keep))),
            work.Folder, running?.What switch { null => null, "database" => Words.BackupTakesDatabase, "files" => Words.BackupTakesFiles, _ => Words.BackupTrial }, (int)((running?.Share ?? 0) * 100),
            DateTime.TryParse(house.Get(HouseSettings.LastBackup), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var last) ? HousePages.Moment(last, zone) : null,
            house.Get(BackupSettings.Checked), house.Get(BackupSettings.Trouble),
            [.. work.Files.Select(file => new BackupRow(file.Name, BackupCommand.Size(file.Bytes), HousePages.Moment(file.At, zone)))]);
    }

    static async Task<IResult> Save(HttpContext http, BackupWork work, House house, Writer write)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var hour = Number(form, "hour", 0, 23);
        var keep = Number(form, "keep", 1, 365);
        if (!form.IsValid) return View.Invalid<BackupsPage>(Model(http, work, house, form));
        await write.Run(http.Who(), form.Once, async db =>
        {
            await house.Set(db, BackupSettings.Nightly, form.On("nightly"));
            await house.Set(db, BackupSettings.Hour, hour);
            await house.Set(db, BackupSettings.Keep, keep);
        });
        house.Forget();
        return View.Go(http, "/settings/backup");
    }

    static int Number(FormState form, string field, int least, int most)
    {
        if (int.TryParse(form[field].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        form.Wrong(field, Sentences.Say(Words.NumberBetween, least, most));
        return 0;
    }

    // What it leaves in the house (when it was made, what was compared) is written, with its facts, when it is done.
    static IResult Now(HttpContext http, BackupWork work)
    {
        work.Begin(http.Who(), nightly: false);
        return View.Go(http, "/settings/backup");
    }
}
