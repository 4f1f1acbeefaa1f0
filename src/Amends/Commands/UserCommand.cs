using System.CommandLine;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Commands;

/// <summary><c>amends user add NAME ADDRESS --role ROLE</c>: invites a colleague and prints the link.</summary>
static class UserCommand
{
    public const string Add = "user add";

    sealed record Asked(string Name, string Address, string Role);
    sealed record Invited(string Role, string Link);

    public static Command Command(TimeProvider clock)
    {
        var place = new PlaceOptions();
        var name = new Argument<string>("NAME") { Description = Words.NameArgument };
        var address = new Argument<string>("ADDRESS") { Description = Words.AddressArgument };
        var role = new Option<string>("--role") { Description = Words.RoleOption, HelpName = "ROLE", Required = true };
        var add = place.On(new Command("add", Words.UserAddSays) { name, address, role });
        add.SetAction(async (parsed, stop) =>
        {
            await using var house = await LineClient.Open(place.Of(parsed), clock);
            var asked = new Asked(parsed.GetRequiredValue(name), parsed.GetRequiredValue(address), parsed.GetRequiredValue(role));
            var invited = await house.Ask<Invited>(Add, asked, stop: stop);
            Console.WriteLine(Sentences.Say(Words.UserAdded, asked.Name, invited.Role));
            Console.WriteLine(invited.Link);
            return 0;
        });
        return new Command("user", Words.UserSays) { add };
    }

    public static async Task<object> Do(IServiceProvider services, JsonElement with, Action<LineProgress> tell, CancellationToken stop)
    {
        var asked = with.Deserialize<Asked>(LineCalls.Json)!;
        var address = Addresses.Clean(asked.Address) ?? throw new Trouble(Sentences.Say(Words.AddressWrong, asked.Address));
        var token = Sessions.Token();
        var role = await services.GetRequiredService<Writer>().Run(Actor.System("command line"), null, async db =>
        {
            var roles = await db.Set<Role>().AsNoTracking().ToListAsync(stop);
            if (roles.Count == 0) throw new Trouble(Words.NoRoles);
            var role = roles.Find(r => string.Equals(r.Name, asked.Role, StringComparison.OrdinalIgnoreCase))
                ?? throw new Trouble(Sentences.Say(Words.RoleMissing, asked.Role, string.Join(", ", roles.Select(r => r.Name).Order(StringComparer.Ordinal))));
            if (await db.Set<Colleague>().AnyAsync(c => c.Address == address, stop)) throw new Trouble(Sentences.Say(Words.AddressTaken, address));
            var one = new Colleague { Id = db.Ids!.Next(), Name = asked.Name.Trim(), Address = address, RoleId = role.Id, State = ColleagueState.Invited };
            one.Did(ColleagueDeed.Invited);
            db.Add(one);
            db.Add(new MailLink { TokenHash = Gate.Digest(token), Purpose = LinkPurpose.Invitation, ColleagueId = one.Id, EndsAt = db.At.AddHours(72) });
            return role.Name;
        }, stop);
        return new Invited(role, services.GetRequiredService<HouseAddress>().Link("/invitation/" + token));
    }
}
