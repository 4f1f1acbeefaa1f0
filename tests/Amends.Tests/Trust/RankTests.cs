using System.Globalization;
using System.Net;
using Amends.Foundation;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class RankTests
{
    static string Id(long id) => id.ToString(CultureInfo.InvariantCulture);

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A26_nobody_gives_a_role_that_holds_more_and_nobody_touches_who_has_one(On on)
    {
        await using var home = await Household.Open(on);
        // A lattice: what each may, and a manager of colleagues and roles on each step.
        (string Name, (Verb, Scope)[] May)[] steps =
        [
            ("none", []), ("own", [(Verb.SeeCases, Scope.Own)]), ("team", [(Verb.SeeCases, Scope.Team)]), ("all", [(Verb.SeeCases, Scope.All)]),
            ("delete", [(Verb.SeeCases, Scope.Team), (Verb.DeleteCases, Scope.Team)]), ("settings", [(Verb.ManageSettings, Scope.All)])
        ];
        var roles = new List<(long Role, long Person, (Verb Verb, Scope Scope)[] May)>();
        foreach (var (name, may) in steps)
        {
            (Verb, Scope)[] full = [.. may, (Verb.ManageColleagues, Scope.All), (Verb.ManageRoles, Scope.All)];
            var role = await Some.Role(home.House, "Role " + name, full);
            roles.Add((role, await Some.Colleague(home.House, "Person " + name, role), full));
        }
        static bool Covers((Verb Verb, Scope Scope)[] a, (Verb Verb, Scope Scope)[] b) => b.All(x => a.Any(y => y.Verb == x.Verb && y.Scope >= x.Scope));
        foreach (var me in roles)
        {
            var client = await home.House.ClientOf(me.Person);
            foreach (var other in roles)
            {
                var allowed = Covers(me.May, other.May);
                var what = $"{Id(me.Person)} on {Id(other.Person)}";
                // Inviting into the role.
                var invited = await client.Post("/settings/colleagues/invite", ("name", "New One"), ("address", $"new{Guid.NewGuid():N}@x.example"), ("role", Id(other.Role)));
                invited.Status.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, "invite " + what);
                if (me.Person == other.Person) continue;
                // A link by which one could sign in as the other; switching the account off and on.
                var page = await client.See($"/settings/colleagues/{Id(other.Person)}");
                var link = await client.PostAsync($"/settings/colleagues/{Id(other.Person)}/link", new FormUrlEncodedContent(Browsing.Filled(page, "")));
                link.StatusCode.ShouldBe(allowed ? HttpStatusCode.OK : HttpStatusCode.UnprocessableEntity, "link " + what);
                var off = await client.PostAsync($"/settings/colleagues/{Id(other.Person)}/code-off", new FormUrlEncodedContent(Browsing.Filled(page, "")));
                off.StatusCode.ShouldBe(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.UnprocessableEntity, "code off " + what);
                // Renaming a role that one does not cover, or the address of its holder.
                var named = await client.Post($"/settings/colleagues/{Id(other.Person)}", ("name", "Renamed"), ("version", null));
                named.Status.ShouldBe(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.UnprocessableEntity, "edit " + what);
                var role = await client.Post($"/settings/roles/{Id(other.Role)}", ("version", null));
                role.Status.ShouldBe(allowed ? HttpStatusCode.SeeOther : HttpStatusCode.UnprocessableEntity, "role " + what);
            }
            // Giving oneself what one does not hold, in one's own role and in a new one.
            foreach (var path in (string[])[$"/settings/roles/{Id(me.Role)}", "/settings/roles/new"])
                (await client.Post(path, ("name", "Up " + Guid.NewGuid().ToString("N")[..8]), ("verb-46", "3"), ("version", null))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            // Moving oneself to the administrators.
            (await client.Post($"/settings/colleagues/{Id(me.Person)}", ("role", Id(home.Made.Administrator)), ("version", null))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }
        (await home.Look(db => db.Set<RolePermission>().CountAsync(p => p.Verb == Verb.ManageBackup))).ShouldBe(1);
        (await home.Look(db => db.Set<Colleague>().CountAsync(c => c.RoleId == home.Made.Administrator))).ShouldBe(1);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A26_the_last_administrator_stays_also_when_two_go_at_once(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        (await ada.Post($"/settings/colleagues/{Id(home.Ada)}", ("role", Id(home.Made.Agent)))).Text(".form-errors").ShouldNotBeNull().ShouldContain("nobody could");
        var dora = await Some.Colleague(home.House, "Dora Second", home.Made.Administrator);
        var second = await home.House.ClientOf(dora);
        // Each steps down while the other still stands: one may.
        var pages = (await ada.See($"/settings/colleagues/{Id(home.Ada)}"), await second.See($"/settings/colleagues/{Id(dora)}"));
        var answers = await Task.WhenAll(
            ada.Send(pages.Item1, $"/settings/colleagues/{Id(home.Ada)}", ("role", Id(home.Made.Agent))),
            second.Send(pages.Item2, $"/settings/colleagues/{Id(dora)}", ("role", Id(home.Made.Agent))));
        answers.Count(a => a.Status == HttpStatusCode.SeeOther).ShouldBe(1);
        (await home.Look(db => db.Set<Colleague>().CountAsync(c => c.RoleId == home.Made.Administrator && c.State == ColleagueState.Active))).ShouldBe(1);
        var left = await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.RoleId == home.Made.Administrator));
        var client = await home.House.ClientOf(left.Id);
        (await client.Post($"/settings/roles/{Id(home.Made.Administrator)}", ("verb-41", "0"))).Text(".form-errors").ShouldNotBeNull();
        (await client.PostFrom($"/settings/colleagues/{Id(left.Id)}", $"/settings/colleagues/{Id(left.Id)}/disable")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A26_an_address_is_changed_by_who_gives_his_password_anew_and_the_old_address_is_told()
    {
        await using var home = await Household.Open(On.Sqlite);
        var ada = await home.SignedIn("ada@casaverde.example");
        home.House.Clock.Advance(TimeSpan.FromMinutes(16));
        var path = $"/settings/colleagues/{Id(home.Ben)}";
        (await ada.Post(path, ("address", "ben.kim@casaverde.example"))).Error("current-password").ShouldNotBeNull();
        (await ada.Post(path, ("address", "ben.kim@casaverde.example"), ("current-password", "wrong wrong wrong"))).Error("current-password").ShouldBe("This is not your password.");
        (await ada.Post(path, ("address", "ben.kim@casaverde.example"), ("current-password", Household.Password))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await home.Look(db => db.Set<Amends.Foundation.Outbox.OutgoingMail>().Include(m => m.Recipients).SingleAsync())).Recipients.Single().Address.ShouldBe("ben@casaverde.example");
        // Now he has proved himself for a while.
        (await ada.Post(path, ("address", "ben@casaverde.example"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A26_what_opens_a_way_into_an_account_asks_for_a_fresh_password(On on)
    {
        await using var home = await Household.Open(on);
        await home.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(home.Ben);
            ben.TotpKey = home.House.Get<Amends.Foundation.Blobs.HouseKey>().Seal("totp", Totp.NewKey());
            ben.Did(ColleagueDeed.SecondFactorOn);
        });
        var path = $"/settings/colleagues/{Id(home.Ben)}";
        foreach (var (page, action, fields) in new (string, string, (string, string?)[])[] { (path, path + "/link", []), (path, path + "/code-off", []), ("/settings/colleagues/invite", "/settings/colleagues/invite", [("name", "Cleo"), ("address", "cleo@casaverde.example"), ("role", Id(home.Made.Administrator))]) })
        {
            var ada = await home.SignedIn("ada@casaverde.example");
            home.House.Clock.Advance(TimeSpan.FromMinutes(16));
            var before = await home.Count<MailLink>();
            var bare = await ada.PostFrom(page, action, fields);
            bare.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, action);
            bare.Body.ShouldContain("Please give your password");
            var wrong = await ada.PostFrom(page, action, [.. fields, ("current-password", "wrong wrong wrong")]);
            wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, action);
            wrong.Body.ShouldContain("This is not your password.");
            (await home.Count<MailLink>()).ShouldBe(before);
            if (page == path) (await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.Id == home.Ben))).TotpKey.ShouldNotBeNull();
            ((int)(await ada.PostFrom(page, action, [.. fields, ("current-password", Household.Password)])).Status).ShouldBeLessThan(400, action);
        }
        (await home.Count<MailLink>()).ShouldBe(2);
        (await home.Look(db => db.Set<Colleague>().SingleAsync(c => c.Id == home.Ben))).TotpKey.ShouldBeNull();
    }

    [Theory, InlineData(On.Sqlite, false), InlineData(On.Sqlite, true), InlineData(On.Postgres, false)]
    public async Task A24_who_is_shut_out_is_shut_out_of_all_he_had(On on, bool keysStay)
    {
        await using var home = await Household.Open(on);
        var (ada, ben) = (await home.SignedIn("ada@casaverde.example"), await home.SignedIn("ben@casaverde.example"));
        var path = $"/settings/colleagues/{Id(home.Ben)}";
        var key = "amends_key-that-ben-made-0123456789abcdef";
        await home.House.Write.Run(Actor.System("test"), null, db =>
        {
            foreach (var (by, text) in new[] { (home.Ben, key), (home.Ada, "amends_key-of-ada-0123456789abcdef0123") })
            {
                var row = new AccessKey { Id = db.Ids!.Next(), Name = by == home.Ben ? "shop mail" : "ada's", Hash = Gate.Digest(text), Scope = KeyScope.Intake, MadeAt = db.At, MadeBy = by };
                row.Did(false);
                db.Add(row);
            }
            return Task.CompletedTask;
        });
        async Task<HttpStatusCode> Knock()
        {
            using var pipe = home.House.Client();
            pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + key);
            return (await pipe.PostAsync("/intake/mail?mailbox=nobody@x.example", new StringContent("x"))).StatusCode;
        }
        (await Knock()).ShouldBe(HttpStatusCode.NotFound, "the key opens, the mailbox is none");
        var link = (await ada.PostFrom(path, path + "/link")).Text("#new-link")!;
        var page = await ada.See(path);
        page.Body.ShouldContain("shop mail");
        (await ada.Send(page, path + "/disable", ("keep-keys", keysStay ? "true" : null))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        using var stranger = home.House.Client();
        (await stranger.See(new Uri(link).AbsolutePath)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Knock()).ShouldBe(keysStay ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized);
        (await home.Look(db => db.Set<AccessKey>().CountAsync(k => k.RevokedAt == null))).ShouldBe(keysStay ? 2 : 1);
        (await home.Look(db => db.Set<Session>().CountAsync(s => s.ColleagueId == home.Ben))).ShouldBe(0);
        // A reset that was asked for before, or is asked for now, makes no link.
        await stranger.Post("/sign-in/forgotten", ("address", "ben@casaverde.example"));
        for (var i = 0; i < 100 && await home.Look(db => db.Set<Amends.Foundation.Jobs.Job>().AnyAsync(j => j.Kind == "trust.reset")); i++) await Task.Delay(50);
        (await home.Look(db => db.Set<MailLink>().CountAsync(l => l.ColleagueId == home.Ben))).ShouldBe(0);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A24_sessions_end_on_disabling_on_another_role_and_on_a_new_password(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        var path = $"/settings/colleagues/{Id(home.Ben)}";
        var ben = await home.SignedIn("ben@casaverde.example");
        (await ada.PostFrom(path, path + "/disable")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await ada.PostFrom(path, path + "/enable")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        ben = await home.SignedIn("ben@casaverde.example");
        (await ada.Post(path, ("role", Id(home.Made.Lead)))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
        ben = await home.SignedIn("ben@casaverde.example");
        var phone = await home.SignedIn("ben@casaverde.example");
        (await ben.PostFrom("/me", "/me/password", ("current-password", Household.Password), ("new-password", "purple engine walks slowly"), ("again-password", "purple engine walks slowly"))).Location.ShouldBe("/me?done=password");
        (await ben.See("/me")).Status.ShouldBe(HttpStatusCode.OK);
        (await phone.See("/me")).Status.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A24_an_open_live_line_ends_within_five_seconds_of_each_way_to_lose_it(On on)
    {
        await using var home = await Household.Open(on);
        var ada = await home.SignedIn("ada@casaverde.example");
        var path = $"/settings/colleagues/{Id(home.Ben)}";
        Func<HttpClient, Task>[] ways =
        [
            async _ => await ada.PostFrom(path, path + "/disable"),
            async ben => await ben.PostFrom("/me", "/sign-out"),
            async _ => await ada.Post(path, ("role", Id(home.Made.Reader))),
        ];
        foreach (var way in ways)
        {
            await ada.PostFrom(path, path + "/enable");
            var ben = await home.SignedIn("ben@casaverde.example");
            using var answer = await ben.GetAsync("/live", HttpCompletionOption.ResponseHeadersRead);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            using var line = new StreamReader(await answer.Content.ReadAsStreamAsync());
            (await line.ReadLineAsync()).ShouldNotBeNull();
            var ended = line.ReadToEndAsync();
            await way(ben);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            await ended.WaitAsync(TimeSpan.FromSeconds(20));
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        }
    }
}
