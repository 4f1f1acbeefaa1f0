using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Amends.Commands.Demo;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;

namespace Amends.Bench;

/// <summary>Mails into cases, end to end: posted to the running program's intake by four senders, and waited for until a contact stands for each.</summary>
static class IntakeBench
{
    public static async Task<int> Run(Asked asked)
    {
        if (asked.Words is not [var what])
        {
            await Console.Error.WriteLineAsync("intake PATH|N [--data DIR] [--database C]: a folder of mails, or a number of mails to make.");
            return 2;
        }
        var mails = int.TryParse(what, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Make(count) : [.. Directory.EnumerateFiles(what, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        if (mails.Count == 0)
        {
            await Console.Error.WriteLineAsync($"There are no .eml files under {what}.");
            return 2;
        }
        var place = asked.Place;
        var token = Sessions.Token();
        await using (var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), TimeProvider.System))
        {
            await app.Services.GetRequiredService<Upgrade>().RunAsync();
            bool empty;
            using (var db = app.Services.GetRequiredService<Databases>().Open()) empty = !await db.Set<Colleague>().AnyAsync();
            // Any place does: a seeded house, or one that is made here.
            if (empty) await SeedBench.House(app.Services);
            await MakeKey(app, token);
        }
        await using var house = await RunningHouse.Start(place, asked.Option("program"));
        await using var databases = Modules.Databases(place);
        async Task<(int Taken, int Waiting)> Stand()
        {
            using var db = databases.Open();
            return (await db.Set<Delivery>().CountAsync(d => d.State != DeliveryState.Received), await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Received));
        }
        using var client = house.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        async Task Post(byte[] mail)
        {
            using var content = new ByteArrayContent(mail);
            content.Headers.ContentType = new MediaTypeHeaderValue("message/rfc822");
            using var answer = await client.PostAsync("/intake/mail?mailbox=service@bench.example", content);
            if (!answer.IsSuccessStatusCode) throw new InvalidOperationException($"The intake answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
        // Enough that the code stands at its last tier: mails of ours, and of few in a folder also those themselves.
        foreach (var mail in Make(800, 7)) await Post(mail);
        if (mails.Count < Few)
        {
            var (folder, rounds) = (mails, Math.Min(300, Few / mails.Count + 1));
            for (var round = 0; round < 3; round++) foreach (var mail in folder) await Post(Anew(mail, round));
            mails = [.. Enumerable.Range(3, rounds).SelectMany(round => folder.Select(mail => Anew(mail, round)))];
        }
        while ((await Stand()).Waiting > 0) await Task.Delay(100);
        await Task.Delay(1500);
        var (before, cpu, clock) = ((await Stand()).Taken, house.Cpu(), Stopwatch.StartNew());
        await Task.WhenAll(mails.Chunk((mails.Count + 3) / 4).Select(async share => { foreach (var mail in share) await Post(mail); }));
        var posted = clock.Elapsed;
        while ((await Stand()).Waiting > 0) await Task.Delay(50);
        var seconds = clock.Elapsed.TotalSeconds;
        await Task.Delay(500);
        var figures = new Figures("intake", $"{mails.Count:#,0} mails, {(place.Postgres is null ? "SQLite" : "PostgreSQL")}", asked.Json);
        figures.Say("mails into cases", ((await Stand()).Taken - before) / seconds, "mails/s", 300, atLeast: true);
        figures.Say("acknowledged, on disk", mails.Count / posted.TotalSeconds, "mails/s");
        figures.Say("CPU a mail", (house.Cpu() - cpu) / mails.Count, "ms", 2);
        return figures.End();
    }

    // A folder of fewer is taken in several times, each time with other Message-IDs.
    const int Few = 1000;

    static byte[] Anew(byte[] mail, int round)
    {
        var text = Encoding.Latin1.GetString(mail);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is >= 0 and var crlf ? crlf : text.IndexOf("\n\n", StringComparison.Ordinal) is >= 0 and var lf ? lf : text.Length;
        var at = text.IndexOf("Message-ID:", 0, end, StringComparison.OrdinalIgnoreCase);
        var id = at < 0 ? -1 : text.IndexOf('<', at, end - at);
        var mark = string.Create(CultureInfo.InvariantCulture, $"{round}.{Guid.NewGuid():N}.");
        return Encoding.Latin1.GetBytes($"X-Bench: {mark}\r\n" + (id < 0 ? text : text[..(id + 1)] + mark + text[(id + 1)..]));
    }

    /// <summary>A key for the intake address, as <c>key add</c> would make it.</summary>
    internal static Task MakeKey(WebApplication app, string token) => app.Services.GetRequiredService<Writer>().Run(Actor.System("bench"), null, db =>
    {
        var key = new AccessKey { Id = db.Ids!.Next(), Name = "bench", Hash = Gate.Digest(token), Scope = KeyScope.Intake, MadeAt = db.At };
        key.Did(revoked: false);
        db.Add(key);
        return Task.CompletedTask;
    });

    internal static List<byte[]> Make(int count, int seed = 1)
    {
        var dice = new Random(seed);
        var made = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            var story = Stories.All[dice.Next(Stories.All.Length)];
            var language = new[] { "en", "de", "es", "fr" }[dice.Next(4)];
            var draft = new Amends.Mail.MailDraft
            {
                From = new Amends.Mail.Mailbox($"person{dice.Next(2000)}@post.example", $"Person {dice.Next(2000)}"),
                Subject = story.Subject.In(language),
                Date = TimeProvider.System.GetUtcNow(),
                MessageId = string.Create(CultureInfo.InvariantCulture, $"{Guid.NewGuid():N}.{i}@post.example"),
                Text = story.Asks[dice.Next(story.Asks.Length)].In(language) + "\n\n" + i.ToString(CultureInfo.InvariantCulture)
            };
            draft.To.Add(new Amends.Mail.Mailbox("service@bench.example"));
            made.Add(draft.Write());
        }
        return made;
    }
}
