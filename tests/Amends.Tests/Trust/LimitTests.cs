using System.Diagnostics;
using System.Net;
using Amends.Tests.Cast;
using Amends.Trust;
using Shouldly;
using Xunit;

namespace Amends.Tests.Trust;

public class LimitTests
{
    [Fact]
    public void A34_a_thousand_networks_get_less_than_a_hundred_checks_an_hour_and_the_owner_still_gets_in()
    {
        var clock = new FakeTime();
        var guesses = new Guesses(clock);
        var (checks, random) = (0, new Random(7));
        for (var second = 0; second < 3600; second++)
        {
            for (var i = 0; i < 3; i++) if (guesses.Ask("ada@casaverde.example", new IPAddress([(byte)random.Next(1, 220), (byte)random.Next(256), (byte)random.Next(256), 9])) is null) checks++;
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        checks.ShouldBeInRange(20, Guesses.MostByStrangers);
        // The owner's browser has been here before: no stranger holds it up.
        guesses.Ask("ada@casaverde.example", IPAddress.Parse("203.0.113.7"), known: true).ShouldBeNull();
        // And after a quiet hour anybody may try again: nothing is locked.
        clock.Advance(TimeSpan.FromMinutes(61));
        guesses.Ask("ada@casaverde.example", IPAddress.Parse("203.0.114.7")).ShouldBeNull();
        var known = 0;
        for (var second = 0; second < 3600; second++)
        {
            if (guesses.Ask("ada@casaverde.example", IPAddress.Parse("203.0.113.7"), known: true) is null) known++;
            clock.Advance(TimeSpan.FromSeconds(1));
        }
        known.ShouldBeLessThanOrEqualTo(Guesses.MostByKnown);
        (Guesses.MostByKnown + Guesses.MostByStrangers).ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public void A34_a_pause_grows_to_a_minute_and_no_further()
    {
        var clock = new FakeTime();
        var guesses = new Guesses(clock);
        var from = IPAddress.Parse("203.0.113.7");
        for (var i = 0; i < 5; i++) guesses.Ask("a", from).ShouldBeNull();
        var pauses = new List<double>();
        for (var i = 0; i < 10; i++)
        {
            var wait = guesses.Ask("a", from).ShouldNotBeNull();
            pauses.Add(wait.TotalSeconds);
            clock.Advance(wait);
            guesses.Ask("a", from).ShouldBeNull();
        }
        pauses.ShouldBe([1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
        clock.Advance(TimeSpan.FromSeconds(60));
        guesses.Right("a", from);
        guesses.Ask("a", from).ShouldBeNull();
        guesses.Ask("a", from).ShouldBeNull();
    }

    [Fact]
    public void A34_a_network_is_slowed_whatever_accounts_it_tries_and_its_neighbours_are_not()
    {
        var guesses = new Guesses(new FakeTime());
        var passed = 0;
        for (var i = 0; i < 1000; i++) if (guesses.Ask($"someone{i}@casaverde.example", new IPAddress([203, 0, 113, (byte)i])) is null) passed++;
        passed.ShouldBe(30);
        guesses.Ask("b", IPAddress.Parse("203.0.114.1")).ShouldBeNull();
        Guesses.NetworkOf(IPAddress.Parse("2001:db8:1:2::1")).ShouldBe(Guesses.NetworkOf(IPAddress.Parse("2001:db8:1:ffff::2")));
        Guesses.NetworkOf(IPAddress.Parse("2001:db8:2:2::1")).ShouldNotBe(Guesses.NetworkOf(IPAddress.Parse("2001:db8:1:2::1")));
        Guesses.NetworkOf(IPAddress.Parse("::ffff:203.0.113.9")).ShouldBe(Guesses.NetworkOf(IPAddress.Parse("203.0.113.1")));
        Guesses.NetworkOf(IPAddress.IPv6Loopback).ShouldBeNull();
    }

    [Fact]
    public async Task A34_the_sign_in_page_says_how_long_to_wait_also_where_nobody_has_the_address()
    {
        await using var home = await Household.Open(On.Sqlite);
        foreach (var address in (string[])["ada@casaverde.example", "nobody@casaverde.example"])
        {
            var client = home.House.Client();
            var page = await client.See("/sign-in");
            for (var i = 0; i < 5; i++) (await client.Send(page, "/sign-in", ("address", address), ("password", "wrong wrong wrong"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            client.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.1");
            var slow = await client.Send(page, "/sign-in", ("address", address), ("password", Household.Password));
            slow.Status.ShouldBe(HttpStatusCode.TooManyRequests);
            slow.Text(".form-errors").ShouldBe("Too many tries. Wait 1 s, then try again.");
            slow.Value("address").ShouldBe(address);
        }
        home.House.Clock.Advance(TimeSpan.FromSeconds(2));
        await home.SignedIn("ada@casaverde.example");
    }

    [Fact]
    public async Task A34_five_codes_then_the_password_is_asked_again()
    {
        await using var home = await Household.Open(On.Sqlite);
        var key = Totp.NewKey();
        await home.House.Write.Run(Amends.Foundation.Actor.System("test"), null, async db =>
        {
            var ben = await db.Load<Colleague>(home.Ben);
            ben.TotpKey = home.House.Get<Amends.Foundation.Blobs.HouseKey>().Seal("totp", key);
            ben.Did(ColleagueDeed.SecondFactorOn);
        });
        var client = home.House.Client();
        var ask = await client.Post("/sign-in", ("address", "ben@casaverde.example"), ("password", Household.Password));
        for (var i = 0; i < 5; i++)
        {
            (await client.Send(ask, "/sign-in/code", ("code", "12345"))).Error("code").ShouldNotBeNull();
            home.House.Clock.Advance(TimeSpan.FromSeconds(2));
        }
        var over = await client.Send(ask, "/sign-in/code", ("code", Totp.Code(key, Totp.StepOf(home.House.Now))));
        over.Text(".form-errors").ShouldNotBeNull().ShouldContain("begin again");
        (await home.Count<Session>()).ShouldBe(0);
    }

    [Fact]
    public void A33_known_and_unknown_accounts_take_the_same_time_to_refuse()
    {
        var hash = Passwords.Hash("violet harbour tram nine");
        static double Time(string? hash)
        {
            var clock = Stopwatch.StartNew();
            Passwords.Fits(hash, "violet harbour tram ten");
            return clock.Elapsed.TotalMilliseconds;
        }
        Time(hash); Time(null);
        var (known, unknown) = (new List<double>(), new List<double>());
        // In turns, so that what else the machine does falls on both.
        for (var i = 0; i < 60; i++) { known.Add(Time(hash)); unknown.Add(Time(null)); }
        known.Sort(); unknown.Sort();
        // The lower quartile is the work itself, without what the machine did besides.
        Math.Abs(known[15] - unknown[15]).ShouldBeLessThan(Math.Max(5, 0.15 * known[15]));
        unknown[15].ShouldBeGreaterThan(5);
    }

    [Fact]
    public async Task A33_doors_do_the_same_work_for_known_and_unknown_names()
    {
        await using var home = await Household.Open(On.Sqlite);
        using var count = await CommandCount.Of(home.House);
        using var client = home.House.Client();
        var page = await client.See("/sign-in");
        // In turns, and the clock goes on between, so that no limit is met.
        string[] tables = ["\"Colleague\"", "\"Session\"", "\"Role", "\"TeamMember\"", "\"MailLink\"", "\"Brand\""];
        int Asked() => tables.Sum(count.Of);
        async Task<(int Commands, double Time)> Ask(string address)
        {
            home.House.Clock.Advance(TimeSpan.FromMinutes(20));
            var before = Asked();
            var clock = Stopwatch.StartNew();
            (await client.Send(page, "/sign-in", ("address", address), ("password", "wrong wrong wrong wrong"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            return (Asked() - before, clock.Elapsed.TotalMilliseconds);
        }
        var (known, unknown) = (new List<(int Commands, double Time)>(), new List<(int Commands, double Time)>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await Ask("ada@casaverde.example"));
            unknown.Add(await Ask($"nobody{i.ToString(System.Globalization.CultureInfo.InvariantCulture)}@casaverde.example"));
        }
        // What a door looks up before it answers; the clockwork of the house asks other tables.
        known.Min(k => k.Commands).ShouldBe(unknown.Min(k => k.Commands));
        known.Min(k => k.Commands).ShouldBeGreaterThan(0);
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"A33: a wrong password takes {known.Select(k => k.Time).Order().ElementAt(4):0.0} ms for a known name and {unknown.Select(k => k.Time).Order().ElementAt(4):0.0} ms for an unknown one (medians of 9)"));
        // A forgotten password: what is written before the answer is one job for any name; who has it is looked up afterwards.
        foreach (var address in (string[])["ada@casaverde.example", "nobody@casaverde.example"])
        {
            var before = count.Of("INSERT INTO \"Job\"");
            await client.Post("/sign-in/forgotten", ("address", address));
            (count.Of("INSERT INTO \"Job\"") - before).ShouldBeInRange(1, 2, address);
        }
    }

    [Fact]
    public async Task A33_known_disabled_and_unknown_addresses_read_the_same_page()
    {
        await using var home = await Household.Open(On.Sqlite);
        async Task<string> Refused(string address)
        {
            var seen = await home.House.Client().Post("/sign-in", ("address", address), ("password", "wrong wrong wrong"));
            seen.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            return System.Text.RegularExpressions.Regex.Replace(seen.Body.Replace(address, "X", StringComparison.Ordinal), "(nonce|value)=\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.NonBacktracking);
        }
        (await Refused("nobody@casaverde.example")).ShouldBe(await Refused("ada@casaverde.example"));
    }
}
