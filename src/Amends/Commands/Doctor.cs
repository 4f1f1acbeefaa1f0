using System.Globalization;
using System.Net.Sockets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Amends.Commands;

/// <summary>How a check came out.</summary>
public enum Finding : byte { Good = 0, Look = 1, Broken = 2 }

/// <summary>One check: what was looked at, what was found, and how to mend it where it is not good.</summary>
public sealed record Check(string Name, Finding Is, string Found, string? Remedy = null);

/// <summary>Looks at everything that the house needs. Each check stands for itself: one that cannot be made says so.</summary>
sealed class Doctor(Databases databases, DataPlace place, ServeOptions options, House house, Sealing sealing, Reach reach, TimeProvider clock)
{
    /// <summary>All checks, in order.</summary>
    /// <param name="serving">True when a server asks: then the port is its own.</param>
    /// <param name="thorough">Also reads the whole database file and the whole audit chain.</param>
    public async Task<IReadOnlyList<Check>> Look(bool serving, bool thorough, CancellationToken stop)
    {
        var checks = new List<Check>
        {
            new(Words.CheckVersion, Finding.Good, Sentences.Say(Words.CheckVersionFound, ServeCommand.Version, Environment.Version)),
            Port(serving),
            Folder(),
            Space(),
            await Key(stop),
        };
        var store = await Try(Words.CheckDatabase, () => Store(thorough, stop));
        checks.Add(store);
        // What follows stands in the database: it can be asked of one that is whole and of this version.
        if (store.Is != Finding.Good) return checks;
        checks.Add(await Try(Words.CheckClock, () => Clock(stop)));
        checks.Add(await Try(Words.CheckMail, () => Mail(stop)));
        checks.Add(await Try(Words.CheckMailIn, () => MailIn(stop)));
        checks.Add(await Try(Words.CheckBackup, LastBackup));
        checks.Add(await Try(Words.CheckUrl, () => PublicUrl(serving, stop)));
        checks.Add(await Try(Words.CheckJobs, () => Jobs(stop)));
        checks.Add(await Try(Words.CheckQuarantine, () => Quarantine(stop)));
        checks.Add(await Try(Words.CheckAudit, () => Audit(thorough, stop)));
        return checks;
    }

    static async Task<Check> Try(string name, Func<Task<Check>> check)
    {
        try { return await check(); }
        catch (Exception why) when (why is not OperationCanceledException) { return new Check(name, Finding.Broken, Sentences.Of(why), Words.CheckRemedyAgain); }
    }

    // As a clock on the wall of the house shows it.
    string Moment(DateTime utc)
    {
        var zone = house.Get(HouseSettings.Zone);
        return Sentences.Say(Words.MomentInZone, Times.Full(utc, zone), zone);
    }

    Check Port(bool serving)
    {
        if (serving || options.Port == 0) return new(Words.CheckPort, Finding.Good, Words.CheckPortServing);
        try
        {
            using var probe = new TcpListener(System.Net.IPAddress.Loopback, options.Port);
            probe.Start();
            return new(Words.CheckPort, Finding.Good, Sentences.Say(Words.CheckPortFree, options.Port));
        }
        catch (SocketException) { return new(Words.CheckPort, Finding.Broken, Sentences.Say(Words.CheckPortTaken, options.Port), Words.CheckPortRemedy); }
    }

    Check Folder()
    {
        try { ServerLock.Reach(place); }
        catch (Trouble why) { return new(Words.CheckFolder, Finding.Broken, why.Message, Words.CheckFolderRemedy); }
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(place.Folder) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute)) != 0)
            return new(Words.CheckFolder, Finding.Look, Sentences.Say(Words.CheckFolderOpen, place.Folder), Sentences.Say(Words.CheckFolderOpenRemedy, place.Folder));
        return new(Words.CheckFolder, Finding.Good, Sentences.Say(Words.CheckFolderGood, place.Folder));
    }

    Check Space()
    {
        var used = Readiness.DiskUsed(place.Folder);
        var free = new DriveInfo(place.Folder).AvailableFreeSpace;
        return new(Words.CheckSpace, used >= Readiness.FullAt ? Finding.Broken : used >= 85 ? Finding.Look : Finding.Good,
            Sentences.Say(Words.CheckSpaceFound, BackupCommand.Size(free), 100 - used), used >= 85 ? Words.CheckSpaceRemedy : null);
    }

    async Task<Check> Key(CancellationToken stop)
    {
        var file = new FileInfo(HouseKey.FileOf(place));
        if (file.Exists && await Length(file.FullName, stop) == 32) return new(Words.CheckKey, Finding.Good, Sentences.Say(Words.CheckKeyGood, file.FullName));
        if (file.Exists) return new(Words.CheckKey, Finding.Broken, Sentences.Say(Words.CheckKeyWrong, file.FullName), Words.CheckKeyRemedy);
        return await Begun(stop) ? new(Words.CheckKey, Finding.Broken, Sentences.Say(Words.CheckKeyMissing, file.FullName), Words.CheckKeyRemedy)
            : new(Words.CheckKey, Finding.Look, Words.CheckDatabaseNone, Words.CheckDatabaseNoneRemedy);
    }

    // Read, not asked: it may belong to somebody else.
    static async Task<int> Length(string file, CancellationToken stop)
    {
        try { return (await File.ReadAllBytesAsync(file, stop)).Length; }
        catch (Exception why) when (why is IOException or UnauthorizedAccessException) { return -1; }
    }

    // Whether the house was ever served. One that cannot be asked is told below.
    async Task<bool> Begun(CancellationToken stop)
    {
        if (databases.IsSqlite) return File.Exists(place.SqliteFile);
        try
        {
            using var db = databases.Open();
            await db.Database.OpenConnectionAsync(stop);
            return (await db.Database.GetAppliedMigrationsAsync(stop)).Any();
        }
        catch (Exception why) when (why is not OperationCanceledException) { return false; }
    }

    async Task<Check> Store(bool thorough, CancellationToken stop)
    {
        // To open it would make it.
        if (databases.IsSqlite && !File.Exists(place.SqliteFile)) return new(Words.CheckDatabase, Finding.Look, Words.CheckDatabaseNone, Words.CheckDatabaseNoneRemedy);
        try { return await Known(thorough, stop); }
        catch (SqliteException why) when (why.SqliteErrorCode is 11 or 26) { return new(Words.CheckDatabase, Finding.Broken, Sentences.Say(Words.CheckDatabaseBroken, why.Message), Words.CheckDatabaseBrokenRemedy); }
        catch (Exception why) when (!databases.IsSqlite && why is not OperationCanceledException) { return new(Words.CheckDatabase, Finding.Broken, Sentences.Of(why), Words.CheckDatabaseAwayRemedy); }
    }

    async Task<Check> Known(bool thorough, CancellationToken stop)
    {
        using var db = databases.Open();
        // A database that is not there would look like one without tables.
        if (!databases.IsSqlite) await db.Database.OpenConnectionAsync(stop);
        var known = db.Database.GetMigrations().ToHashSet();
        var applied = (await db.Database.GetAppliedMigrationsAsync(stop)).ToList();
        if (applied.Find(name => !known.Contains(name)) is { } newer) return new(Words.CheckDatabase, Finding.Broken, Sentences.Say(Words.CheckDatabaseNewer, newer), Words.CheckDatabaseNewerRemedy);
        if (applied.Count < known.Count) return new(Words.CheckDatabase, Finding.Look, Words.CheckDatabaseOld, Words.CheckDatabaseOldRemedy);
        if (thorough && await databases.IsWhole(stop) is { } broken) return new(Words.CheckDatabase, Finding.Broken, Sentences.Say(Words.CheckDatabaseBroken, broken), Words.CheckDatabaseBrokenRemedy);
        return new(Words.CheckDatabase, Finding.Good, Sentences.Say(Words.CheckDatabaseGood, databases.IsSqlite ? "SQLite" : "PostgreSQL", applied[^1]));
    }

    async Task<Check> Clock(CancellationToken stop)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        using var db = databases.Open();
        var newest = await db.Set<Fact>().OrderByDescending(fact => fact.Id).Select(fact => (DateTime?)fact.At).FirstOrDefaultAsync(stop);
        var ahead = databases.Source is null ? TimeSpan.Zero : await databases.AheadOf(now, stop);
        if (newest > now.AddMinutes(2)) return new(Words.CheckClock, Finding.Broken, Sentences.Say(Words.CheckClockBack, Moment(newest.Value), Moment(now)), Words.CheckClockRemedy);
        if (ahead.Duration() > TimeSpan.FromSeconds(30)) return new(Words.CheckClock, Finding.Look, Sentences.Say(Words.CheckClockApart, (int)ahead.TotalSeconds), Words.CheckClockRemedy);
        return new(Words.CheckClock, Finding.Good, Sentences.Say(Words.CheckClockGood, Moment(now)));
    }

    async Task<Check> Mail(CancellationToken stop)
    {
        using var db = databases.Open();
        var late = clock.GetUtcNow().UtcDateTime.AddMinutes(-15);
        var waiting = await db.Set<OutgoingMail>().CountAsync(mail => mail.State == OutgoingState.Queued && mail.SendAt < late, stop);
        if (!house.Get(HouseSettings.SmtpOn)) return new(Words.CheckMail, Finding.Look, Words.CheckMailOff, Words.CheckMailOffRemedy);
        var (host, port) = (house.Get(HouseSettings.SmtpHost), house.Get(HouseSettings.SmtpPort));
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            using var line = await reach.DialMail(host, port, limit.Token);
        }
        // Says the same of a port that is open and of one that is not (A11).
        catch (OutOfReach why) { return new(Words.CheckMail, Finding.Broken, Sentences.Say(Words.CheckMailAway, host, port, why.Message), MailTroubles.Remedy(MailTrouble.OutOfReach)); }
        catch (Exception why) when (why is SocketException || (why is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new(Words.CheckMail, Finding.Broken, Sentences.Say(Words.CheckMailAway, host, port, why is SocketException ? why.Message : Words.NoAnswer), Words.CheckMailRemedy);
        }
        return waiting > 0 ? new(Words.CheckMail, Finding.Look, Sentences.Say(Words.CheckMailWaiting, waiting), Words.CheckMailWaitingRemedy)
            : new(Words.CheckMail, Finding.Good, Sentences.Say(Words.CheckMailGood, host, port));
    }

    async Task<Check> MailIn(CancellationToken stop)
    {
        using var db = databases.Open();
        var boxes = await (from m in db.Set<Mailbox>() join s in db.Set<MailboxState>() on m.Id equals s.MailboxId into states from s in states.DefaultIfEmpty() where m.ImapOn && !m.Retired orderby m.Address select new { Box = m, State = s }).ToListAsync(stop);
        if (boxes.Count == 0) return new(Words.CheckMailIn, Finding.Good, Words.CheckMailInNone);
        var ill = boxes.Where(b => b.State?.Trouble is not null).ToList();
        return ill.Count == 0 ? new(Words.CheckMailIn, Finding.Good, Sentences.Say(Words.CheckMailInGood, boxes.Count))
            : new(Words.CheckMailIn, Finding.Broken, string.Join(" ", ill.Select(b => Sentences.Say(Words.CheckMailInFails, b.Box.Address, MailTroubles.Says(b.State.Trouble!.Value, b.Box, b.State.Said)))), Words.CheckMailInRemedy);
    }

    Task<Check> LastBackup()
    {
        var trouble = house.Get(BackupSettings.Trouble);
        if (trouble.Length > 0) return Task.FromResult(new Check(Words.CheckBackup, Finding.Broken, Sentences.Say(Words.CheckBackupFailed, trouble), Words.CheckBackupRemedy));
        if (!DateTime.TryParse(house.Get(HouseSettings.LastBackup), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var last))
            return Task.FromResult(new Check(Words.CheckBackup, Finding.Look, Words.CheckBackupNone, Words.CheckBackupRemedy));
        var age = clock.GetUtcNow().UtcDateTime - last;
        return Task.FromResult(age > TimeSpan.FromHours(48)
            ? new Check(Words.CheckBackup, Finding.Look, Sentences.Say(Words.CheckBackupOld, (int)age.TotalDays), Words.CheckBackupRemedy)
            : new Check(Words.CheckBackup, Finding.Good, Sentences.Say(Words.CheckBackupGood, Moment(last))));
    }

    async Task<Check> PublicUrl(bool serving, CancellationToken stop)
    {
        var url = options.PublicUrl ?? (house.Get(HouseSettings.PublicUrl) is { Length: > 0 } set && Uri.TryCreate(set, UriKind.Absolute, out var read) ? read : null);
        if (url is null) return new(Words.CheckUrl, Finding.Look, Words.CheckUrlNone, Words.CheckUrlNoneRemedy);
        if (!serving) return new(Words.CheckUrl, Finding.Look, Sentences.Say(Words.CheckUrlStopped, url), Words.CheckUrlStoppedRemedy);
        try
        {
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
            var said = await client.GetAsync(new Uri(url, "/health/live"), stop);
            if (said.IsSuccessStatusCode && await said.Content.ReadAsStringAsync(stop) == "ok") return new(Words.CheckUrl, Finding.Good, Sentences.Say(Words.CheckUrlGood, url));
            return new(Words.CheckUrl, Finding.Broken, Sentences.Say(Words.CheckUrlOther, url, (int)said.StatusCode), Words.CheckUrlRemedy);
        }
        catch (Exception why) when (why is HttpRequestException or TaskCanceledException && !stop.IsCancellationRequested)
        {
            return new(Words.CheckUrl, Finding.Broken, Sentences.Say(Words.CheckUrlAway, url, why is HttpRequestException ? why.Message : Words.NoAnswer), Words.CheckUrlRemedy);
        }
    }

    async Task<Check> Jobs(CancellationToken stop)
    {
        using var db = databases.Open();
        var stuck = await db.Set<Job>().CountAsync(job => job.State == JobState.Stuck, stop);
        var failed = await db.Set<TimetableLease>().Where(line => line.Error != null).Select(line => line.Line).ToListAsync(stop);
        if (stuck > 0) return new(Words.CheckJobs, Finding.Broken, Sentences.Say(Words.CheckJobsStuck, stuck), Words.CheckJobsRemedy);
        return failed.Count > 0 ? new(Words.CheckJobs, Finding.Look, Sentences.Say(Words.CheckJobsLines, string.Join(", ", failed.Select(Sentences.OfLine))), Words.CheckJobsRemedy)
            : new(Words.CheckJobs, Finding.Good, Words.CheckJobsGood);
    }

    async Task<Check> Quarantine(CancellationToken stop)
    {
        using var db = databases.Open();
        var held = await db.Set<Delivery>().CountAsync(delivery => delivery.State == DeliveryState.Quarantined, stop);
        return held > 0 ? new(Words.CheckQuarantine, Finding.Look, Sentences.Say(Words.CheckQuarantineSome, held), Words.CheckQuarantineRemedy) : new(Words.CheckQuarantine, Finding.Good, Words.CheckQuarantineGood);
    }

    async Task<Check> Audit(bool thorough, CancellationToken stop) => !thorough ? new(Words.CheckAudit, Finding.Good, Words.CheckNotRead)
        : await sealing.FirstBrokenAsync(stop) is { } block
        ? new(Words.CheckAudit, Finding.Broken, Sentences.Say(Words.CheckAuditBroken, block), Words.CheckAuditRemedy) : new(Words.CheckAudit, Finding.Good, Words.CheckAuditGood);
}
