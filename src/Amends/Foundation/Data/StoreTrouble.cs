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
            13 => "The disk is full: nothing was saved. Free some space in the data folder and try again.",
            11 or 26 => "The database file is damaged: nothing was saved. Run “amends doctor”, then restore a backup.",
            5 => "Another program holds the database: nothing was saved. Try again.",
            8 => "The database cannot be written: check the rights of the data folder.",
            10 or 14 => "The database cannot be reached: nothing was saved. Check the data folder and try again.",
            _ => null
        },
        // Class 53: the server lacks something. https://www.postgresql.org/docs/current/errcodes-appendix.html
        PostgresException postgres => postgres.SqlState switch
        {
            "53100" => "The disk of the database server is full: nothing was saved. Free some space there and try again.",
            "53200" => "The database server is out of memory: nothing was saved. Try again in a moment.",
            "53300" or "53400" => "The database server takes no more connections: nothing was saved. Try again in a moment; if it stays so, raise max_connections there.",
            "57P01" or "57P02" or "57P03" or "57P05" or "08000" or "08003" or "08006" or "08001" or "08004" => Away,
            "58030" or "58P01" or "XX001" or "XX002" => "The database server cannot read or write its files: nothing was saved. Look at its log.",
            "25006" => "The database is read-only now: nothing was saved. Connect to the server that takes writes.",
            "28000" or "28P01" or "3D000" or "42501" => "The database refuses us: nothing was saved. Check the connection string and the rights of its user.",
            _ => null
        },
        NpgsqlException => Away,
        _ => null
    };

    /// <summary>The same of files beside the database: a full disk, a quota, rights, a disk that turned read-only.</summary>
    public static string? OfFiles(Exception why) => why switch
    {
        // The numbers of Linux (ENOSPC, EDQUOT) and of Windows (ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL).
        IOException { HResult: 28 or 122 or unchecked((int)0x80070070) or unchecked((int)0x80070027) } => "The disk is full: nothing was saved. Free some space in the data folder and try again.",
        UnauthorizedAccessException or IOException { HResult: 30 } => "The data folder cannot be written: check its rights.",
        _ => null
    };

    const string Away = "The database cannot be reached: nothing was saved. Try again.";

    /// <summary>What lies at the bottom of what EF wraps.</summary>
    public static Exception Deepest(Exception why)
    {
        while (why is DbUpdateException or InvalidOperationException && why.InnerException is { } inner) why = inner;
        return why;
    }
}
