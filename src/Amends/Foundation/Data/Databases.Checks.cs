using Microsoft.Data.Sqlite;
using Npgsql;

namespace Amends.Foundation.Data;

public sealed partial class Databases
{
    /// <summary>Checks the SQLite file page by page (some seconds for each GB); null when it is whole, else what was found. PostgreSQL keeps checksums of its own.</summary>
    internal async Task<string?> IsWhole(CancellationToken stop)
    {
        if (!IsSqlite) return null;
        await using var connection = new SqliteConnection(SqliteConnectionString);
        await connection.OpenAsync(stop);
        await using var ask = connection.CreateCommand();
        ask.CommandText = "PRAGMA quick_check(1)";
        ask.CommandTimeout = 0;
        return await ask.ExecuteScalarAsync(stop) is string said and not "ok" ? said : null;
    }

    /// <summary>How far the clock of PostgreSQL is ahead of ours.</summary>
    internal async Task<TimeSpan> AheadOf(DateTime now, CancellationToken stop)
    {
        await using var ask = Source!.CreateCommand("SELECT clock_timestamp()");
        return (DateTime)(await ask.ExecuteScalarAsync(stop))! - now;
    }
}
