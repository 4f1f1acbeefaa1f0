using System.Net;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class SignInTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task One_signs_in_with_address_and_password_and_lands_where_one_wanted_to_go(On on)
    {
        await using var home = await Household.Open(on);
        var client = home.House.Client();
        var asked = await client.See("/first-run/ready");
        asked.Location.ShouldBe("/sign-in?return=%2Ffirst-run%2Fready");
        var page = await client.See(asked.Location!);
        page.Text("h1").ShouldBe("Sign in");
        var wrong = await client.Send(page, "/sign-in", ("address", "ada@casaverde.example"), ("password", "not this one at all"));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Error("password").ShouldBe("Address and password do not belong together.");
        wrong.Value("address").ShouldBe("ada@casaverde.example");
        wrong.Body.ShouldNotContain("not this one at all");
        var right = await client.Send(wrong, "/sign-in", ("address", " Ada@CasaVerde.example "), ("password", Household.Password));
        right.Status.ShouldBe(HttpStatusCode.SeeOther);
        right.Location.ShouldBe("/first-run/ready");
        var cookie = right.Answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("amends=", StringComparison.Ordinal)).ToLowerInvariant();
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        (await client.See("/first-run/ready")).Status.ShouldBe(HttpStatusCode.OK);
        (await client.PostFrom("/first-run/ready", "/sign-out")).Location.ShouldBe("/sign-in");
        (await client.See("/first-run/ready")).Status.ShouldBe(HttpStatusCode.Redirect);
        (await home.Count<Session>()).ShouldBe(0);
    }

    [Fact]
    public async Task A_disabled_colleague_does_not_get_in_and_reads_the_same_words()
    {
        await using var home = await Household.Open(On.Sqlite);
        await home.House.Write.Run(Amends.Foundation.Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(home.Ben);
            ben.State = ColleagueState.Disabled;
            ben.Did(ColleagueDeed.Disabled);
        });
        (await home.House.Client().Post("/sign-in", ("address", "ben@casaverde.example"), ("password", Household.Password))).Error("password").ShouldBe("Address and password do not belong together.");
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_second_factor_is_asked_for_a_code_counts_once_and_a_recovery_code_too(On on)
    {
        await using var home = await Household.Open(on);
        var key = Totp.NewKey();
        var codes = SecondFactor.NewCodes();
        await home.House.Write.Run(Amends.Foundation.Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(home.Ben);
            ben.TotpKey = home.House.Get<Amends.Foundation.Blobs.HouseKey>().Seal("totp", key);
            ben.Did(ColleagueDeed.SecondFactorOn);
            await SecondFactor.Keep(db, ben.Id, codes);
        });
        async Task<Seen> Enter(string code)
        {
            var client = home.House.Client();
            var ask = await client.Post("/sign-in", ("address", "ben@casaverde.example"), ("password", Household.Password));
            ask.Status.ShouldBe(HttpStatusCode.OK);
            ask.Text("h1").ShouldBe("Your code");
            (await home.Count<Session>()).ShouldBeLessThanOrEqualTo(3);
            return await client.Send(ask, "/sign-in/code", ("code", code));
        }
        var now = Totp.Code(key, Totp.StepOf(home.House.Now));
        (await Enter("000 000")).Error("code").ShouldBe("This code is not right, or was used before.");
        (await Enter(now.Insert(3, " "))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Enter(now)).Error("code").ShouldNotBeNull();
        (await Enter(codes[3].ToUpperInvariant())).Status.ShouldBe(HttpStatusCode.SeeOther);
        home.House.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Enter(codes[3])).Error("code").ShouldNotBeNull();
        (await home.Count<RecoveryCode>()).ShouldBe(9);
        home.House.Clock.Advance(TimeSpan.FromMinutes(2));
        (await Enter(Totp.Code(key, Totp.StepOf(home.House.Now) - 1))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task What_was_typed_after_the_session_ended_stands_on_the_answer()
    {
        await using var home = await Household.Open(On.Sqlite);
        var client = await home.SignedIn("ada@casaverde.example");
        var page = await client.See("/first-run/ready");
        await home.House.Write.Run(Amends.Foundation.Actor.System("test"), null, db => Sessions.EndAll(db, home.Ada));
        var answer = await client.Send(page, "/first-run/try", ("text", "Dear Maria, the pump <comes> on Monday"), ("password", "hush"));
        answer.Status.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Document.QuerySelector("textarea")!.TextContent.ShouldBe("Dear Maria, the pump <comes> on Monday");
        answer.Body.ShouldNotContain("hush");
        answer.Document.QuerySelector("a[href='/sign-in']").ShouldNotBeNull();
    }

    [Fact]
    public async Task The_names_of_the_demo_stand_on_its_own_page_only()
    {
        await using var home = await Household.Open(On.Sqlite);
        home.House.Get<DemoNames>().All.Add(new DemoName("Agent", "Ben", "ben@demo.example", "four words for everyone"));
        (await home.House.Client().See("/sign-in")).Body.ShouldNotContain("ben@demo.example");
        await home.House.Write.Run(Amends.Foundation.Actor.System("test"), null, db => home.House.Get<House>().Set(db, HouseSettings.IsDemo, true));
        home.House.Get<House>().Forget();
        (await home.House.Client().See("/sign-in")).Body.ShouldContain("four words for everyone");
    }

    [Fact]
    public async Task A28_a_preset_cookie_is_never_taken_over_and_each_sign_in_is_a_new_token()
    {
        await using var home = await Household.Open(On.Sqlite);
        var mine = Sessions.Token();
        var handler = new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        handler.CookieContainer.Add(home.House.Url, new Cookie("amends", mine));
        using var client = new HttpClient(handler) { BaseAddress = home.House.Url };
        (await client.Post("/sign-in", ("address", "ada@casaverde.example"), ("password", Household.Password))).Status.ShouldBe(HttpStatusCode.SeeOther);
        string Token() => handler.CookieContainer.GetCookies(home.House.Url)["amends"]!.Value;
        var first = Token();
        first.ShouldNotBe(mine);
        var presented = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = home.House.Url };
        presented.DefaultRequestHeaders.Add("Cookie", $"amends={mine}");
        (await presented.See("/first-run/ready")).Status.ShouldBe(HttpStatusCode.Redirect);
        // Signing in again in the same browser ends the first session.
        (await client.See("/sign-in")).Location.ShouldBe("/");
        var page = await home.House.Client().See("/sign-in");
        page.Status.ShouldBe(HttpStatusCode.OK);
        (await client.PostAsync("/sign-in", new FormUrlEncodedContent([]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var again = await client.PostFrom("/first-run/ready", "/sign-in", ("address", "ben@casaverde.example"), ("password", Household.Password));
        again.Status.ShouldBe(HttpStatusCode.SeeOther);
        Token().ShouldNotBe(first);
        (await home.Look(db => db.Set<Session>().CountAsync())).ShouldBe(1);
    }

    [Fact]
    public void A28_over_https_the_cookie_is_bound_to_the_host()
    {
        var options = new ServeOptions(new Amends.Foundation.Data.DataPlace("/nowhere", null), PublicUrl: new Uri("https://help.casaverde.example"));
        Gate.CookieName(options).ShouldStartWith("__Host-");
        var cookie = SessionCookie.Options(options, null);
        (cookie.HttpOnly, cookie.Secure, cookie.Path, cookie.Domain).ShouldBe((true, true, "/", null));
    }
}
