using Amends.Foundation;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;

namespace Amends.Tests.Trust;

/// <summary>A house that was set up: roles, a team, and colleagues who can sign in.</summary>
sealed class Household : IAsyncDisposable
{
    public const string Password = "violet harbour tram nine";
    static readonly Lazy<string> Hash = new(() => Passwords.Hash(Password));

    public required TestHouse House { get; init; }
    public required NewHouse Made { get; init; }
    public required long Ada { get; init; }
    public required long Ben { get; init; }

    public static async Task<Household> Open(On on, Action<IServiceCollection>? also = null)
    {
        var house = await TestHouse.Open(on, serve: true, services => { services.AddSingleton<TryIt>(_ => Task.FromResult("/cases/1001")); also?.Invoke(services); });
        NewHouse? made = null;
        long ada = 0, ben = 0;
        await house.Write.Run(Actor.System("test"), null, async db =>
        {
            made = await HouseStart.Make(db, house.Get<Amends.Foundation.Settings.House>(), new HouseAnswers("Casa Verde"));
            ada = (await HouseStart.AddColleague(db, "Ada Lund", "ada@casaverde.example", Hash.Value, made.Administrator, made.Team)).Id;
            ben = (await HouseStart.AddColleague(db, "Ben Kim", "ben@casaverde.example", Hash.Value, made.Agent, made.Team)).Id;
            await HouseStart.Close(db, house.Get<Amends.Foundation.Settings.House>());
        });
        house.Get<Amends.Foundation.Settings.House>().Forget();
        return new Household { House = house, Made = made!, Ada = ada, Ben = ben };
    }

    public async Task<HttpClient> SignedIn(string address, string password = Password)
    {
        var client = House.Client();
        (await client.Post("/sign-in", ("address", address), ("password", password))).Status.ShouldBe(System.Net.HttpStatusCode.SeeOther);
        return client;
    }

    public async Task<T> Look<T>(Func<Amends.Foundation.Data.Database, Task<T>> ask)
    {
        using var db = House.Databases.Open();
        return await ask(db);
    }

    public Task<int> Count<T>() where T : class => Look(db => db.Set<T>().CountAsync());

    public ValueTask DisposeAsync() => House.DisposeAsync();
}
