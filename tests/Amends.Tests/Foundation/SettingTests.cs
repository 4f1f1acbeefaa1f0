using System.Text;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

public class SettingTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_setting_is_read_as_it_was_written_at_once(On on)
    {
        await using var house = await TestHouse.Open(on);
        var settings = house.Get<House>();
        settings.Get(HouseSettings.SmtpPort).ShouldBe(465);
        for (var port = 1; port <= 30; port++)
        {
            await house.Write.Run(Me, null, db => settings.Set(db, HouseSettings.SmtpPort, port));
            settings.Get(HouseSettings.SmtpPort).ShouldBe(port);
        }
        // What was refused was never set.
        await Should.ThrowAsync<Refused>(house.Write.Run(Me, null, async db => { await settings.Set(db, HouseSettings.SmtpPort, 99); throw new Refused("", "no"); }));
        settings.Get(HouseSettings.SmtpPort).ShouldBe(30);
        using var look = house.Databases.Open();
        (await look.Set<Fact>().CountAsync(f => f.Kind == "setting.changed", Stop)).ShouldBe(30);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_secret_stands_nowhere_in_plain_text(On on)
    {
        await using var house = await TestHouse.Open(on);
        var settings = house.Get<House>();
        const string secret = "correct horse battery staple";
        await house.Write.Run(Me, null, db => settings.Set(db, HouseSettings.SmtpPassword, secret));
        settings.Get(HouseSettings.SmtpPassword).ShouldBe(secret);
        using var db = house.Databases.Open();
        var row = await db.Set<Setting>().SingleAsync(s => s.Name == HouseSettings.SmtpPassword.Name, Stop);
        row.Text.ShouldBeNull();
        row.Secret!.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1);
        (await db.Set<FactText>().AnyAsync(t => t.Field == HouseSettings.SmtpPassword.Name, Stop)).ShouldBeFalse();
        (await db.Set<Fact>().AnyAsync(f => f.Body.Contains(secret), Stop)).ShouldBeFalse();
        if (on == On.Sqlite)
            foreach (var file in Directory.GetFiles(house.Place.Folder, "amends.db*"))
            {
                await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var bytes = new byte[stream.Length];
                await stream.ReadExactlyAsync(bytes, Stop);
                bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)).ShouldBe(-1, file);
            }
    }

    [Fact]
    public async Task Two_houses_on_one_PostgreSQL_hear_of_each_others_changes()
    {
        await using var one = await TestHouse.Open(On.Postgres, serve: true);
        var folder = Directory.CreateTempSubdirectory("amends-second-").FullName;
        // They share the keys, as two copies of a program do.
        Directory.CreateDirectory(Path.Combine(folder, "keys"));
        File.Copy(Path.Combine(one.Place.Folder, "keys", "house.key"), Path.Combine(folder, "keys", "house.key"));
        await using var two = await TestHouse.OpenAt(folder, one.Place.Postgres, serve: true);
        one.Get<Ids>().Node.ShouldNotBe(two.Get<Ids>().Node);
        two.Get<House>().Get(HouseSettings.Company).ShouldBe("");
        using var ear = two.Get<HintBoard>().Listen();
        Hint? heard = null;
        for (var i = 0; i < 100 && heard is null; i++)
        {
            await one.Write.Run(Me, null, db => one.Get<House>().Set(db, HouseSettings.Company, $"Casa Verde {i}"));
            await Task.Delay(100, Stop);
            while (ear.Reader.TryRead(out var hint)) if (hint.Kind == "setting") heard = hint;
            if (heard is not null) two.Get<House>().Get(HouseSettings.Company).ShouldBe($"Casa Verde {i}");
        }
        heard.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_listener_that_is_too_slow_is_told_to_look_at_everything()
    {
        await using var house = await TestHouse.Open(On.Sqlite);
        var board = house.Get<HintBoard>();
        using var ear = board.Listen();
        for (var i = 0; i < 1000; i++) board.Publish(new Hint("case", i, 1));
        var heard = new List<Hint>();
        while (ear.Reader.TryRead(out var hint)) heard.Add(hint);
        heard.ShouldContain(HintBoard.Missed);
        heard.Count.ShouldBeLessThanOrEqualTo(256);
    }

    [Fact]
    public async Task Who_listens_late_is_told_what_was_told_since_its_page_was_read()
    {
        await using var house = await TestHouse.Open(On.Sqlite);
        var board = house.Get<HintBoard>();
        List<Hint> Heard(DateTime? since)
        {
            using var ear = board.Listen(since);
            var heard = new List<Hint>();
            while (ear.Reader.TryRead(out var hint)) heard.Add(hint);
            return heard;
        }
        board.Publish(new Hint("case", 1, 1));
        house.Clock.Advance(TimeSpan.FromSeconds(2));
        var read = house.Now;
        Heard(read).ShouldBeEmpty();
        house.Clock.Advance(TimeSpan.FromSeconds(1));
        board.Publish(new Hint("case", 2, 5));
        Heard(null).ShouldBeEmpty();
        Heard(read).ShouldBe([new Hint("case", 2, 5)]);
        // A page that was longer on its way than is remembered looks at everything; so does one behind a flood.
        house.Clock.Advance(TimeSpan.FromSeconds(10));
        Heard(read).ShouldBe([HintBoard.Missed]);
        var busy = house.Now;
        for (var i = 0; i < 1000; i++) board.Publish(new Hint("case", i, 1));
        Heard(busy).ShouldBe([HintBoard.Missed]);
    }
}
