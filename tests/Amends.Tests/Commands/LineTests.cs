using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation.Jobs;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Commands;

/// <summary>Commands at their work, beside a running server and without one: colleagues are invited, old mail is brought in.</summary>
public class LineTests
{
    [Fact]
    public async Task A_colleague_who_is_added_gets_a_link_that_works_once()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        await using (var house = await TestHouse.OpenAt(data, null, stays: true))
        {
            await house.Write.Run(Amends.Foundation.Actor.System("test"), null, async db =>
            {
                await HouseStart.Make(db, house.Get<Amends.Foundation.Settings.House>(), new HouseAnswers("Casa Verde"));
                await HouseStart.Close(db, house.Get<Amends.Foundation.Settings.House>());
            });
        }
        // Without a server the file is opened; with one, it is asked.
        var (code, said, failed) = await RealProgram.Run("user", "add", "Lea Ott", "lea@x.example", "--role", "Lead", "--data", data);
        code.ShouldBe(0, failed);
        said.ShouldContain("Lea Ott is invited as Lead");
        var port = RealProgram.FreePort();
        await using var server = await RealProgram.Serve(port, data);
        (code, said, failed) = await RealProgram.Run("user", "add", "Ben Kim", "Ben@X.example", "--role", "agent", "--data", data);
        code.ShouldBe(0, failed);
        said.ShouldContain("Ben Kim is invited as Agent");
        var link = new Uri(said.Trim().Split('\n')[^1].Trim());
        link.AbsolutePath.ShouldStartWith("/invitation/");

        using var ben = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://localhost:{port}") };
        (await ben.See(link.AbsolutePath)).Body.ShouldContain("ben@x.example");
        var chosen = await ben.Post(link.AbsolutePath, ("password", "nineteen rainy herons"), ("again", "nineteen rainy herons"));
        (chosen.Status, chosen.Location).ShouldBe((HttpStatusCode.SeeOther, "/"), chosen.Body);
        (await ben.See("/desk")).Status.ShouldBe(HttpStatusCode.OK);
        (await ben.See(link.AbsolutePath)).Status.ShouldBe(HttpStatusCode.NotFound);
        using var again = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = ben.BaseAddress };
        (await again.Post("/sign-in", ("address", "ben@x.example"), ("password", "nineteen rainy herons"))).Location.ShouldBe("/");

        async Task Says(string sentence, params string[] words)
        {
            var (code, said, failed) = await RealProgram.Run(["user", "add", .. words, "--data", data]);
            (code, said).ShouldBe((1, ""));
            failed.Trim().ShouldBe(sentence);
        }
        await Says("A colleague with the address ben@x.example is there already.", "Ben Again", "BEN@x.example", "--role", "Agent");
        await Says("There is no role “Chief”. There are: Administrator, Agent, Lead, Reader.", "Eva", "eva@x.example", "--role", "Chief");
        await Says("“eva” is not a mail address.", "Eva", "eva", "--role", "Agent");
        (code, _, failed) = await RealProgram.Run("user", "add", "Eva", "eva@x.example", "--data", data);
        code.ShouldBe(2);
        failed.ShouldContain("--role");
        (await server.Terminate()).Code.ShouldBe(0);
        await using var look = await TestHouse.OpenAt(data, null, stays: true);
        using var db = look.Databases.Open();
        (await db.Set<Colleague>().OrderBy(c => c.Address).ToListAsync()).ConvertAll(c => $"{c.Address} {c.State}").ShouldBe(["ben@x.example Active", "lea@x.example Invited"]);
    }

    // As a mail program leaves it: one that quotes “From ” at the start of a line, one with a file, one that lacks all that a mail should have.
    static string Mbox() => string.Concat(Enumerable.Range(0, 60).Select(n => $"""
        From customer{n}@a.example Sat Nov 21 10:{n:00}:00 2026
        From: Customer {n} <customer{n}@a.example>
        To: service@amends.example
        Subject: Old matter {n}
        Message-ID: <old{n}@a.example>
        Date: Sat, 21 Nov 2026 09:{n:00}:00 +0000

        Words of {n}.
        >From the first day it was loud.
        >>From a neighbour we heard the same.
        Can you come?


        """));

    [Fact]
    public async Task An_mbox_comes_in_once_and_shows_how_far_it_is()
    {
        using var scratch = new Scratch();
        var data = scratch.Under("data");
        await KilledTests.Prepare(data);
        await File.WriteAllTextAsync(scratch.Under("old.mbox"), Mbox());
        string[] import = ["import", "mbox", scratch.Under("old.mbox"), "--mailbox", "service@amends.example", "--data", data];
        await using (var server = await RealProgram.Serve(RealProgram.FreePort(), data))
        {
            var (code, said, failed) = await RealProgram.Run(import);
            code.ShouldBe(0, failed);
            said.ShouldContain("60 messages stored, 0 were here already.");
            // Nobody looks: lines, for a log.
            said.Split('\n').ShouldContain(line => Regex.IsMatch(line, "^[1-9]0 %: [0-9]+ messages", RegexOptions.NonBacktracking), said);
            said.ShouldContain("100 %: 60 messages");
            // Somebody looks: a bar, drawn by the terminal's signs. As many again, none of them new.
            var terminal = new ProcessStartInfo("script", ["-qec", $"dotnet '{RealProgram.Built}' {string.Join(' ', import)}", "/dev/null"]) { WorkingDirectory = scratch.Path };
            terminal.Environment["TERM"] = "xterm-256color";
            (code, said, failed) = await RealProgram.Run(terminal);
            code.ShouldBe(0, said + failed);
            said.ShouldContain("0 messages stored, 60 were here already.");
            said.ShouldContain("\u001b[");
            said.ShouldContain("━━━");
            said.ShouldContain("100%");
            (await server.Terminate()).Code.ShouldBe(0);
        }
        await using var house = await TestHouse.OpenAt(data, null, serve: true, stays: true);
        house.Clock.Set(RealClock.Now.AddMinutes(10));
        for (var i = 0; i < 1200; i++)
        {
            using var some = house.Databases.Open();
            if (!await some.Set<Delivery>().AnyAsync(d => d.State == DeliveryState.Received)) break;
            house.Get<Runner>().Wake(Lane.Bulk);
            await Task.Delay(50);
        }
        using var db = house.Databases.Open();
        var contacts = await db.Set<Contact>().Where(c => c.Direction == Direction.In).OrderBy(c => c.At).ToListAsync();
        contacts.Count.ShouldBe(60);
        for (var n = 0; n < 60; n++)
        {
            contacts[n].Subject.ShouldBe($"Old matter {n}");
            contacts[n].Text.ReplaceLineEndings("\n").Trim().ShouldBe($"Words of {n}.\nFrom the first day it was loud.\n>From a neighbour we heard the same.\nCan you come?");
        }
        (await db.Set<Customer>().CountAsync(c => c.Name.StartsWith("Customer "))).ShouldBe(60);
        (await db.Set<Amends.Foundation.Outbox.OutgoingMail>().CountAsync()).ShouldBe(0, "nobody is answered by an import");
    }
}
