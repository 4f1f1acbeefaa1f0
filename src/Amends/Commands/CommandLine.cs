using System.CommandLine;
using System.CommandLine.Parsing;
using Amends.Foundation;
using Amends.Foundation.Data;
using Npgsql;

namespace Amends.Commands;

/// <summary>Runs what was typed. Wrong use prints help and ends with 2; trouble is one sentence and ends with 1.</summary>
static class CommandLine
{
    public static async Task<int> Run(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0) return WrongUse(root, parsed);
        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (OperationCanceledException) { return 130; }
        catch (Exception why)
        {
            await Console.Error.WriteLineAsync(Sentences.Of(why));
            return 1;
        }
    }

    static int WrongUse(RootCommand root, ParseResult parsed)
    {
        foreach (var error in parsed.Errors) Console.Error.WriteLine(error.Message);
        Console.Error.WriteLine();
        var words = new List<string> { "--help" };
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent) words.Insert(0, command.Command.Name);
        root.Parse(words).Invoke(new InvocationConfiguration { Output = Console.Error });
        return 2;
    }

    /// <summary>What the environment says (<c>AMENDS_…</c>), or null.</summary>
    public static string? Environment(string name) => System.Environment.GetEnvironmentVariable("AMENDS_" + name) is { Length: > 0 } value ? value : null;
}

/// <summary>The options that say where the data lies.</summary>
sealed class PlaceOptions(string folder = "data")
{
    readonly Option<string> data = new("--data") { Description = Words.DataOption, HelpName = "FOLDER", DefaultValueFactory = _ => CommandLine.Environment("DATA") ?? folder };
    readonly Option<string?> database = new("--database") { Description = Words.DatabaseOption, HelpName = "CONNECTION", DefaultValueFactory = _ => CommandLine.Environment("DATABASE") };

    /// <summary>Adds them to a command.</summary>
    public Command On(Command command)
    {
        command.Add(data);
        command.Add(database);
        return command;
    }

    /// <summary>The place that was said.</summary>
    /// <exception cref="Trouble">The connection string cannot be read.</exception>
    public DataPlace Of(ParseResult parsed)
    {
        var postgres = parsed.GetValue(database);
        if (string.IsNullOrWhiteSpace(postgres)) postgres = null;
        if (postgres is not null)
        {
            try
            {
                var read = new NpgsqlConnectionStringBuilder(postgres);
                if (string.IsNullOrEmpty(read.Host)) throw new ArgumentException("Host is missing.");
            }
            catch (Exception why) when (why is ArgumentException or FormatException or KeyNotFoundException)
            {
                throw new Trouble(string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.ConnectionWrong, why.Message.Split('\n')[0].TrimEnd('.') + "."), why);
            }
        }
        return new DataPlace(Path.GetFullPath(parsed.GetRequiredValue(data)), postgres);
    }
}
