using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Amends.Foundation.Data;

/// <summary>What is wrong with the store itself, in one sentence with the way to mend it: of writes and of reads, on either database.</summary>
static class StoreTrouble
{
    /// <summary>The sentence, or null where it is not the store's fault.</summary>
    public static string? Of(Exception why) => Deepest(why) switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode switch
        {
            13 => Web.Words.StoreDiskFull,
            11 or 26 => Web.Words.StoreDamaged,
            5 => Web.Words.StoreHeld,
            8 => Web.Words.StoreUnwritable,
            10 or 14 => Web.Words.StoreNotThere,
            _ => null
        },
        // Class 53: the server lacks something. https://www.postgresql.org/docs/current/errcodes-appendix.html
        PostgresException postgres => postgres.SqlState switch
        {
            "53100" => Web.Words.StoreServerFull,
            "53200" => Web.Words.StoreServerMemory,
            "53300" or "53400" => Web.Words.StoreServerBusy,
            "57P01" or "57P02" or "57P03" or "57P05" or "08000" or "08003" or "08006" or "08001" or "08004" => Away,
            "58030" or "58P01" or "XX001" or "XX002" => Web.Words.StoreServerFiles,
            "25006" => Web.Words.StoreReadOnly,
            "28000" or "28P01" or "3D000" or "42501" => Web.Words.StoreRefuses,
            _ => null
        },
        NpgsqlException => Away,
        _ => null
    };

    /// <summary>The same of files beside the database: a full disk, a quota, rights, a disk that turned read-only.</summary>
    public static string? OfFiles(Exception why) => why switch
    {
        // The numbers of Linux (ENOSPC, EDQUOT) and of Windows (ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL).
        IOException { HResult: 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => Web.Words.StoreDiskFull,
        UnauthorizedAccessException or IOException { HResult: 30 } => Web.Words.StoreFolderUnwritable,
        _ => null
    };

    static string Away => Web.Words.StoreAway;

    /// <summary>What lies at the bottom of what EF wraps.</summary>
    public static Exception Deepest(Exception why)
    {
        while (why is DbUpdateException or InvalidOperationException && why.InnerException is { } inner) why = inner;
        return why;
    }
}
