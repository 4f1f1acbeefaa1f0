using System.Diagnostics;
using System.Globalization;
using Amends.Cases;
using Amends.Commands.Demo;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Facts;
using Amends.Foundation.Search;
using Amends.Foundation.Settings;
using Amends.People;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Channel = Amends.Cases.Channel;

namespace Amends.Bench;

/// <summary>
/// Makes a house with N cases of three contacts each, over three years: believable texts in four languages, 5 % open, a few customers with very many cases,
/// each case with its facts and its search row. Cases get their state by their own verbs; rows are written in bulk.
/// </summary>
static class SeedBench
{
    const int InBatch = 4000;

    public static async Task<int> Run(Asked asked)
    {
        if (asked.Words is not [var typed] || !int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 100 or > 10_000_000)
        {
            await Console.Error.WriteLineAsync("seed N [--data DIR] [--database C]: N is a number of cases from 100.");
            return 2;
        }
        var place = asked.Place;
        await using var app = Serving.Build(new ServeOptions(place, 0, Quiet: true), TimeProvider.System);
        var services = app.Services;
        await services.GetRequiredService<Upgrade>().RunAsync();
        var databases = services.GetRequiredService<Databases>();
        using (var db = databases.Open())
            if (await db.Set<Colleague>().AnyAsync())
            {
                await Console.Error.WriteLineAsync($"There is a house in {place.Folder} or its database already. Seed an empty one.");
                return 1;
            }
        var figures = new Figures("seed", Name(count, place), asked.Json);
        var clock = Stopwatch.StartNew();
        var house = await House(services);
        await Cases(databases, services.GetRequiredService<HouseKey>(), house, count);
        figures.Say("cases with their three contacts, facts and search rows", count / clock.Elapsed.TotalSeconds, "cases/s", 3000, atLeast: true);
        clock.Restart();
        await services.GetRequiredService<Upgrade>().RunAsync();
        using (var db = databases.Open()) await db.Database.ExecuteSqlRawAsync(databases.IsSqlite ? "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)" : "VACUUM ANALYZE");
        figures.Say("search index and statistics", clock.Elapsed.TotalSeconds, "s");
        clock.Restart();
        var facts = await services.GetRequiredService<Sealing>().SealAsync(CancellationToken.None);
        figures.Say("facts sealed", facts / clock.Elapsed.TotalSeconds, "facts/s");
        figures.Say("disk per case, index in", await Size(databases) / (double)count / 1024, "KB", 8);
        return figures.End();
    }

    /// <summary>What a seeded house is called in figures.</summary>
    public static string Name(long cases, DataPlace place) => $"{cases:#,0} cases on {(place.Postgres is null ? "SQLite" : "PostgreSQL")}";

    static async Task<long> Size(Databases databases)
    {
        using var db = databases.Open();
        return databases.IsSqlite ? new FileInfo(databases.Place.SqliteFile).Length
            : await db.Database.SqlQueryRaw<long>("SELECT pg_database_size(current_database()) AS \"Value\"").SingleAsync();
    }

    internal sealed record Made(long Brand, long Mailbox, long[] Teams, long[] Agents, long[] Tags);

    /// <summary>A house with its colleagues, teams and mailbox, and no case yet.</summary>
    internal static async Task<Made> House(IServiceProvider services)
    {
        var settings = services.GetRequiredService<House>();
        var hash = Passwords.Hash(DemoHouse.Password);
        return await services.GetRequiredService<Writer>().Run(Actor.System("bench"), null, async db =>
        {
            db.NobodyHears = true;
            var made = await HouseStart.Make(db, settings, new HouseAnswers("Bench & Sons"));
            await HouseStart.AddColleague(db, "Anna Berg", "anna@bench.example", hash, made.Administrator, made.Team);
            var teams = new List<long> { made.Team };
            foreach (var name in new[] { "Technical service", "Deliveries", "Accounts" })
            {
                var team = new Team { Id = db.Ids!.Next(), Name = name };
                team.Changed();
                db.Add(team);
                teams.Add(team.Id);
            }
            var agents = new List<long>();
            for (var i = 0; i < 20; i++) agents.Add((await HouseStart.AddColleague(db, $"Agent {i + 1}", $"agent{i + 1}@bench.example", hash, made.Agent, teams[i % 4], teams[(i + 1) % 4])).Id);
            var box = new Mailbox { Id = db.Ids!.Next(), Address = "service@bench.example", Name = "Service", BrandId = made.Brand, TeamId = made.Team };
            box.Changed();
            db.Add(box);
            var tags = new List<long>();
            foreach (var name in Stories.All.SelectMany(s => s.Tags).Distinct().Order(StringComparer.Ordinal))
            {
                var tag = new Tag { Id = db.Ids.Next(), Name = name, Folded = name };
                tag.Changed();
                db.Add(tag);
                tags.Add(tag.Id);
            }
            await HouseStart.Close(db, settings);
            return new Made(made.Brand, box.Id, [.. teams], [.. agents], [.. tags]);
        });
    }

    static async Task Cases(Databases databases, HouseKey key, Made house, int count)
    {
        await using var bulk = new Bulk(databases);
        if (!databases.IsSqlite) bulk.Run("DROP INDEX IF EXISTS \"IX_CaseSearch\"");
        var dice = new Random(311);
        var start = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-1095);
        var step = TimeSpan.FromDays(1094.5) / count;
        var ids = new Ids(TimeProvider.System);
        var words = Vocabulary(dice);
        // Customers first: their ids stand before those of the cases. One in ten brings half of all cases.
        var people = new (long Id, string Name, string Address, string Language)[Math.Max(20, count / 8)];
        for (var i = 0; i < people.Length; i++)
        {
            var at = start.AddDays(-200).AddSeconds(i);
            var land = DemoPeople.Lands[dice.Next(DemoPeople.Lands.Length)];
            var (first, last) = (land.First[dice.Next(land.First.Length)], land.Last[dice.Next(land.Last.Length)]);
            var name = $"{first} {last}";
            var address = string.Create(CultureInfo.InvariantCulture, $"{string.Join('.', Tokens.Of(name))}.{i}@post.example");
            var customer = new Customer { Id = ids.At(at), Name = name, Language = land.Language, Zone = land.Zone, MadeAt = at, Version = 1 };
            bulk.Add(customer);
            bulk.Add(new CustomerAddress { Id = customer.Id + 1, CustomerId = customer.Id, Kind = AddressKind.Mail, Value = address, Shown = address, Claim = address });
            foreach (var word in Tokens.Of(name).Concat(Tokens.Of(address)).Distinct()) bulk.Add(new PersonWord { Word = word, Kind = PersonKind.Customer, PersonId = customer.Id });
            people[i] = (customer.Id, name, address, land.Language);
            if (i % 20_000 == 19_999) bulk.Flush([]);
        }
        bulk.Flush([]);
        var search = new List<(long, string)>(InBatch);
        for (var i = 0; i < count; i++)
        {
            One(bulk, search, house, people, dice, ids, words, start + step * i, i, count);
            if (search.Count < InBatch && i < count - 1) continue;
            bulk.Flush(search);
            search = new(InBatch);
        }
        bulk.Wait();
        // The next case number.
        bulk.Run(databases.IsSqlite ? $"INSERT OR REPLACE INTO \"Sequence\" (\"Name\", \"Next\") VALUES ('case', {1001 + count})" : $"SELECT setval('seq_case', {1001 + count})");
    }

    static string[] Vocabulary(Random dice)
    {
        string[] starts = ["bra", "kel", "mon", "tri", "sar", "lu", "ven", "cor", "pel", "dra", "os", "fin", "gar", "hel", "jin"], ends = ["dor", "mic", "ta", "lon", "res", "vik", "nau", "sel", "bert", "gum", "pra", "xis", "wen", "zol", "yra"];
        return [.. Enumerable.Range(0, 6000).Select(_ => starts[dice.Next(15)] + ends[dice.Next(15)] + starts[dice.Next(15)] + ends[dice.Next(15)])];
    }

    static void One(Bulk bulk, List<(long, string)> search, Made house, (long Id, string Name, string Address, string Language)[] people, Random dice, Ids ids, string[] words, DateTime heard, int i, int count)
    {
        heard = new DateTime(heard.Ticks - heard.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);
        var id = ids.At(heard);
        long Next() => ++id;
        var story = Stories.All[dice.Next(Stories.All.Length)];
        var person = dice.Next(2) == 0 ? people[dice.Next(Math.Max(1, people.Length / 10))] : people[dice.Next(people.Length)];
        var agent = house.Agents[dice.Next(house.Agents.Length)];
        var team = house.Teams[story.Team];
        var serial = string.Create(CultureInfo.InvariantCulture, $"HV40-{100000 + i}");
        // A word that is as rare as a name: the search for it finds some tens of cases in a hundred thousand.
        var rare = words[(int)(words.Length * Math.Pow(dice.NextDouble(), 2))];
        string Fill(Said said) => said.In(person.Language).Replace("{name}", person.Name, StringComparison.Ordinal).Replace("{serial}", serial, StringComparison.Ordinal).Replace("{product}", story.Product, StringComparison.Ordinal)
            .Replace("{order}", (40000 + i % 10000).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{place}", rare, StringComparison.Ordinal).Replace("{day}", "12.3.", StringComparison.Ordinal)
            .Replace("{time}", "9:30", StringComparison.Ordinal).Replace("{sum}", "120 €", StringComparison.Ordinal).Replace("{agent}", "Agent", StringComparison.Ordinal);
        var open = dice.Next(100) < 5 || i >= count - count / 200;
        var channel = (Channel)(dice.Next(10) switch { < 6 => 0, < 8 => 1, _ => 2 });
        var one = new Case
        {
            Id = id,
            Number = 1001 + i,
            Subject = Fill(story.Subject),
            HeardBy = channel,
            HeardAt = heard,
            CustomerId = person.Id,
            BrandId = house.Brand,
            TeamId = house.Teams[0],
            FirstAnswerDue = heard.AddHours(4),
            LastContactAt = heard,
            CustomerWaitsSince = heard,
            Version = 1
        };
        var texts = new List<string>();
        void Facts(Noun noun, DateTime at, ActorKind kind, long actor)
        {
            foreach (var draft in noun.TakeRecorded())
            {
                var fact = FactKinds.Of(draft.Fact.GetType());
                bulk.Add(new Fact { Id = Next(), At = at, ActorKind = kind, ActorId = actor, Kind = fact.Kind, KindVersion = fact.Version, Subject = draft.Fact.Subject, Body = FactKinds.Write(draft.Fact) });
            }
        }
        void Speak(DateTime at, Direction direction, string text)
        {
            var contact = new Contact
            {
                Id = Next(),
                CaseId = one.Id,
                Direction = direction,
                Channel = direction == Direction.Out ? Channel.Mail : channel,
                At = at,
                CustomerId = person.Id,
                ColleagueId = direction == Direction.Out ? agent : null,
                FromName = direction == Direction.In ? person.Name : "Agent",
                FromAddress = direction == Direction.In ? person.Address : "service@bench.example",
                To = direction == Direction.In ? "service@bench.example" : person.Address,
                Subject = one.Subject,
                Text = text,
                MessageId = string.Create(CultureInfo.InvariantCulture, $"{id:x}@post.example"),
                Version = 1,
                Why = texts.Count == 0 ? WhyHere.NewCase : WhyHere.ReplyToken
            };
            contact.Arrived();
            // After its case.
            later.Add(contact);
            texts.Add(text);
            Facts(contact, at, direction == Direction.In ? ActorKind.Customer : ActorKind.Colleague, direction == Direction.In ? person.Id : agent);
        }
        later.Clear();
        one.Hear(heard);
        Facts(one, heard, ActorKind.Customer, person.Id);
        Speak(heard, Direction.In, Fill(Stories.Greetings[dice.Next(3)]) + "\n\n" + Fill(story.Asks[dice.Next(story.Asks.Length)]) + "\n\n" + Fill(Stories.Closings[dice.Next(3)]));
        var at = heard.AddMinutes(dice.Next(5, 200));
        one.Sort(story.Kind, story.Severity, at);
        if (!(open && dice.Next(3) == 0)) one.Assign(agent, team, at);
        Facts(one, at, ActorKind.Colleague, agent);
        at = at.AddMinutes(dice.Next(5, 600));
        Speak(at, Direction.Out, Fill(Stories.Dear) + "\n\n" + Fill(story.Answers[0]) + "\n\n" + Fill(Stories.Yours));
        one.Answered(at);
        at = at.AddMinutes(dice.Next(60, 3000));
        Speak(at, Direction.In, Fill(story.Again) + "\n" + person.Name);
        one.HearAgain(at);
        Facts(one, at, ActorKind.Customer, person.Id);
        var tag = house.Tags[dice.Next(house.Tags.Length)];
        one.Mark(tag, true, at);
        Facts(one, at, ActorKind.Colleague, agent);
        bulk.Add(one);
        bulk.AddAll(one.Tags);
        var noted = "";
        if (dice.Next(4) == 0)
        {
            noted = story.Notes[dice.Next(story.Notes.Length)];
            bulk.Add(new Note { Id = Next(), CaseId = one.Id, AuthorId = agent, Text = noted, At = at, Version = 1 });
        }
        if (!open)
        {
            at = at.AddMinutes(dice.Next(60, 6000));
            one.Resolve(story.Summary, agent, at);
            one.Confirm(ConfirmedHow.Silent, at.AddDays(5));
            if (dice.Next(10) > 0) one.Close(at.AddDays(9));
            Facts(one, at, ActorKind.Colleague, agent);
        }
        else if (dice.Next(4) == 0 && one.OwnerId is not null)
        {
            one.Wait(TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(dice.Next(1, 13)), "parts", at);
            Facts(one, at, ActorKind.Colleague, agent);
        }
        if (one.OwnerId is { } owner && dice.Next(4) > 0) bulk.Add(new CaseRead { CaseId = one.Id, ColleagueId = owner, UpTo = one.LastContactAt });
        bulk.AddAll(later);
        search.Add((one.Id, string.Join(' ', texts.Append(noted).Append(one.Subject).Append(person.Name).Append(person.Address).Append(one.Number.ToString(CultureInfo.InvariantCulture)).Append(one.Summary).SelectMany(Tokens.Of).Distinct(StringComparer.Ordinal))));
    }

    static readonly List<object> later = [];
}
