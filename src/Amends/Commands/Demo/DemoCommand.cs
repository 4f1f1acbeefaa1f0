using System.CommandLine;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Spectre.Console;

namespace Amends.Commands.Demo;

/// <summary><c>amends demo</c>: the made-up company, in a folder of its own.</summary>
static class DemoCommand
{
    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions("data-demo");
        var port = ServeCommand.PortOption(5081);
        var command = place.On(new Command("demo", Words.DemoSays) { port });
        command.SetAction((parsed, stop) => ServeCommand.Serve(new ServeOptions(place.Of(parsed), ServeCommand.Port(parsed.GetRequiredValue(port)), Demo: true), clock, Prepare, Greet, stop));
        return command;
    }

    /// <summary>Makes the company where there is none yet, and shows its names.</summary>
    public static async Task Prepare(IServiceProvider services)
    {
        var house = services.GetRequiredService<House>();
        bool empty;
        using (var db = services.GetRequiredService<Databases>().Open()) empty = !await db.Set<Colleague>().AnyAsync();
        if (!empty && !house.Get(HouseSettings.IsDemo)) throw new Trouble(Words.DemoElsewhere);
        if (empty)
        {
            Console.WriteLine(Words.DemoMaking);
            await new DemoHouse(services).Make();
        }
        services.GetRequiredService<DemoNames>().All.AddRange(DemoHouse.Names);
    }

    static void Greet(WebApplication app, Uri here)
    {
        var table = new Table().Border(TableBorder.None).AddColumn(Words.DemoRole).AddColumn(Words.DemoName).AddColumn(Words.DemoAddress);
        foreach (var one in DemoHouse.Names) table.AddRow(one.Role.EscapeMarkup(), one.Name.EscapeMarkup(), one.Address.EscapeMarkup());
        Console.WriteLine(Sentences.Say(Words.DemoSignIn, DemoHouse.Password));
        AnsiConsole.Write(table);
    }
}
