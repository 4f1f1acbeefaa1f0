using System.CommandLine;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;

namespace Amends.Commands;

/// <summary><c>amends key add NAME --scope intake</c>: prints a key for programs, once.</summary>
static class KeyCommand
{
    public const string Add = "key add";

    sealed record Asked(string Name, string Scope);
    sealed record Made(string Key);

    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var name = new Argument<string>("NAME") { Description = Words.KeyNameArgument };
        var scope = new Option<string>("--scope") { Description = Words.ScopeOption, HelpName = "SCOPE", Required = true };
        scope.AcceptOnlyFromAmong([.. Enum.GetNames<KeyScope>().Select(one => one.ToLowerInvariant())]);
        var add = place.On(new Command("add", Words.KeyAddSays) { name, scope });
        add.SetAction(async (parsed, stop) =>
        {
            await using var house = await LineClient.Open(place.Of(parsed), clock);
            var asked = new Asked(parsed.GetRequiredValue(name), parsed.GetRequiredValue(scope));
            var made = await house.Ask<Made>(Add, asked, stop: stop);
            Console.WriteLine(Sentences.Say(Words.KeyAdded, asked.Name, asked.Scope));
            Console.WriteLine(made.Key);
            return 0;
        });
        return new Command("key", Words.KeySays) { add };
    }

    public static async Task<object> Do(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop)
    {
        var asked = with.Deserialize<Asked>(LineCalls.Json)!;
        var token = Sessions.Token();
        await services.GetRequiredService<Writer>().Run(Actor.System("command line"), null, db =>
        {
            var key = new AccessKey { Id = db.Ids!.Next(), Name = asked.Name, Hash = Gate.Digest(token), Scope = Enum.Parse<KeyScope>(asked.Scope, ignoreCase: true), MadeAt = db.At };
            key.Did(revoked: false);
            db.Add(key);
            return Task.CompletedTask;
        }, stop);
        return new Made(token);
    }
}
