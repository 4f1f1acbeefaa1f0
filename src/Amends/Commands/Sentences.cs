using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amends.Foundation;
using Amends.Foundation.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Amends.Commands;

/// <summary>What went wrong with the machine, in one sentence with the way to mend it. No stack traces for operators.</summary>
static class Sentences
{
    public static string Of(Exception why) => why switch
    {
        Trouble or Refused or StoreAway => why.Message,
        PostgresException one => Postgres(one),
        NpgsqlException { InnerException: SocketException socket } => Say(Words.PostgresAway, socket.Message),
        NpgsqlException one => Say(Words.PostgresAway, one.InnerException?.Message ?? one.Message),
        SocketException socket => Say(Words.PostgresAway, socket.Message),
        SqliteException one => Sqlite(one),
        CryptographicException => Words.KeyWrong,
        UnauthorizedAccessException or IOException => why.HResult is 28 ? Words.DiskFull : Say(Words.Unforeseen, why.Message),
        DbUpdateException or InvalidOperationException or AggregateException when why.InnerException is { } inner => Of(inner),
        _ => Say(Words.Unforeseen, why.Message)
    };

    static string Postgres(PostgresException why) => why.SqlState switch
    {
        "28P01" or "28000" => Say(Words.PostgresPassword, why.MessageText),
        "3D000" => Say(Words.PostgresMissing, why.MessageText),
        "42501" => Say(Words.PostgresRights, why.MessageText),
        "57P03" or "53300" => Say(Words.PostgresAway, why.MessageText),
        _ => StoreTrouble.Of(why) ?? Say(Words.PostgresSays, why.MessageText)
    };

    static string Sqlite(SqliteException why) => why.SqliteErrorCode switch
    {
        11 or 26 => Words.FileDamaged,
        5 or 6 => Words.FileLocked,
        8 or 14 or 3 or 23 => Say(Words.FileUnwritable, Environment.UserName),
        13 => Words.DiskFull,
        _ => Say(Words.Unforeseen, why.Message)
    };

    /// <summary>A line of the timetable in words: they are kept under its name.</summary>
    public static string OfLine(string line) =>
        Words.ResourceManager.GetString("Line" + string.Concat(line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => char.ToUpperInvariant(word[0]) + word[1..])), CultureInfo.CurrentUICulture) ?? line;

    /// <summary>A sentence with what belongs into it.</summary>
    public static string Say(string sentence, params object?[] with) => string.Format(CultureInfo.CurrentCulture, sentence, with);
}
