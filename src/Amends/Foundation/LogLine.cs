using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Amends.Foundation;

/// <summary>
/// What the program tells the console: each event is one line of at most <see cref="Longest"/> signs, whatever strangers put into what it names (A46). Line
/// ends become blanks; what a terminal would obey, or what turns the direction of writing, becomes a mark.
/// </summary>
public sealed class LogLine(TimeProvider clock) : ConsoleFormatter(Format)
{
    /// <summary>Its name among formatters.</summary>
    public const string Format = "line";

    /// <summary>Signs of a line, the trace of a fault included.</summary>
    public const int Longest = 16_000;

    /// <summary>Writes one event.</summary>
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        ArgumentNullException.ThrowIfNull(textWriter);
        var level = logEntry.LogLevel switch { LogLevel.Critical => "crit", LogLevel.Error => "fail", LogLevel.Warning => "warn", LogLevel.Information => "info", _ => "dbug" };
        var text = $"{clock.GetLocalNow().ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {level}: {logEntry.Category} {logEntry.Formatter(logEntry.State, logEntry.Exception)} {logEntry.Exception}";
        textWriter.Write(Clean(text) + "\n");
    }

    /// <summary>The text on one line, with nothing in it that is not to be read.</summary>
    public static string Clean(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var clean = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= Longest) { clean.Append('…'); break; }
            if (rune.Value is '\n' or '\r' or '\t' or 0x2028 or 0x2029 or 0x85) clean.Append(' ');
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate) clean.Append('\uFFFD');
            else clean.Append(rune);
        }
        return clean.ToString().TrimEnd();
    }
}
