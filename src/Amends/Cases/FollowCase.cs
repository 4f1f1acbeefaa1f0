using Amends.Foundation;
using Amends.Foundation.Web;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Cases;

/// <summary>Follows a case, and says who else does: followers, and those named for a confidential one.</summary>
static class FollowCase
{
    public static void Map(IEndpointRouteBuilder app)
    {
        // One's own mark and nobody else's: no version, nothing of another can be lost.
        app.MapPost("/cases/{number:long}/follow", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.SeeCases, (db, one, form) =>
        {
            one.Watch(http.Who().Id, Watching.Follows, form["on"] != "false", db.At);
            return Task.CompletedTask;
        })).Needs(Verb.SeeCases);
        app.MapGet("/cases/{number:long}/watchers", (long number, HttpContext http) => CaseChange.Show<WatchersSheet>(http, number)).Needs(Verb.WorkCases);
        app.MapPost("/cases/{number:long}/watchers", (long number, HttpContext http) => CaseChange.Do(http, number, Verb.WorkCases, async (db, one, form) =>
        {
            var follow = Ids(form["follow"]);
            var named = Ids(form["named"]);
            var known = (await db.Set<Colleague>().Where(c => c.State == ColleagueState.Active).Select(c => c.Id).ToListAsync()).ToHashSet();
            foreach (var id in known)
            {
                one.Watch(id, Watching.Follows, follow.Contains(id), db.At);
                one.Watch(id, Watching.Named, named.Contains(id), db.At);
            }
        }, form => CaseChange.Show<WatchersSheet>(http, number, form))).Needs(Verb.WorkCases);
    }

    /// <summary>Ids that were ticked; a form joins several with commas.</summary>
    internal static HashSet<long> Ids(string ticked) =>
        [.. ticked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(t => long.TryParse(t, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)];
}
