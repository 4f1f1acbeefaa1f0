using System.Net;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Case = Amends.Cases.Case;

namespace Amends.Tests.Cases;

/// <summary>A house with a desk: two teams, an administrator, an agent, a customer; and a browser that posts forms as a person would.</summary>
sealed class DeskCast : IAsyncDisposable
{
    static readonly Actor Me = Actor.System("test");

    public required TestHouse House { get; init; }
    public long Brand, Team, OtherTeam, Admin, Ben, Olga, Maria;
    public required HttpClient Web { get; set; }

    public static async Task<DeskCast> Open(On on)
    {
        var house = await TestHouse.Open(on, serve: true);
        var cast = new DeskCast { House = house, Web = null! };
        cast.Brand = await Some.Brand(house);
        cast.Team = await Some.Team(house, "Service");
        cast.OtherTeam = await Some.Team(house, "Workshop");
        var all = await Some.AdminRole(house);
        cast.Admin = await Some.Colleague(house, "Ada Admin", all, cast.Team);
        cast.Ben = await Some.Colleague(house, "Ben Kim", all, cast.Team);
        cast.Olga = await Some.Colleague(house, "Olga Petrova", await Some.Role(house, "Agent", (Verb.SeeCases, Scope.Team), (Verb.WorkCases, Scope.Team), (Verb.ReplyToCases, Scope.Team)), cast.OtherTeam);
        cast.Maria = await Some.Customer(house, "Maria Lopez", "maria@casaverde.example");
        cast.Web = await house.ClientOf(cast.Ben);
        return cast;
    }

    public Task<Case> Case(string subject = "Pump stops", long? owner = null, long? team = null, bool confidential = false) => Some.Case(House, Maria, team ?? Team, Brand, subject, owner, confidential);

    /// <summary>The case as it stands.</summary>
    public async Task<Case> Now(Case one)
    {
        using var db = House.Databases.Open();
        return await db.Set<Case>().Include(c => c.Watchers).Include(c => c.Tags).FirstAsync(c => c.Id == one.Id);
    }

    public Task Index(Case one) => House.Write.Run(Me, null, async db => await House.Get<CaseSearch>().Index(db, await db.Set<Case>().FirstAsync(c => c.Id == one.Id)));

    public async Task<(HttpStatusCode Status, string Text)> Get(string path, HttpClient? web = null)
    {
        using var answer = await (web ?? Web).GetAsync(path);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Fields that every form of ours carries, from a page that is open.</summary>
    public async Task<Dictionary<string, string>> Keys(HttpClient? web = null, string path = "/desk/mine")
    {
        var (_, page) = await Get(path, web);
        return new Dictionary<string, string> { ["__RequestVerificationToken"] = Regex.Match(page, "name=\"__RequestVerificationToken\" value=\"([^\"]+)\"", RegexOptions.NonBacktracking).Groups[1].Value, ["once"] = Guid.NewGuid().ToString("N") };
    }

    public sealed record Answer(HttpStatusCode Status, string Text, string? Location)
    {
        /// <summary>Facts that are taken back with it.</summary>
        public string And => Regex.Match(Location ?? "", "and=([0-9.]+)", RegexOptions.NonBacktracking).Groups[1].Value;

        /// <summary>The fact that the toast offers to take back.</summary>
        public long Did => long.TryParse(Regex.Match(Location ?? "", "did=(\\d+)", RegexOptions.NonBacktracking).Groups[1].Value, out var id) ? id : 0;
    }

    /// <summary>Posts a form as a person would who has the case before him.</summary>
    public async Task<Answer> Post(string path, Dictionary<string, string>? fields = null, Case? seen = null, HttpClient? web = null, Dictionary<string, string>? keys = null)
    {
        var all = new List<KeyValuePair<string, string>>(keys ?? await Keys(web, seen is null ? "/desk/mine?pick=1" : $"/cases/{seen.Number}"));
        if (seen is not null) all.Add(new("version", (await Now(seen)).Version.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        foreach (var field in fields ?? []) { all.RemoveAll(f => f.Key == field.Key); all.Add(field); }
        using var body = new FormUrlEncodedContent(all);
        using var answer = await (web ?? Web).PostAsync(path, body);
        return new Answer(answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Headers.Location?.OriginalString);
    }

    public async ValueTask DisposeAsync()
    {
        Web.Dispose();
        await House.DisposeAsync();
    }
}
