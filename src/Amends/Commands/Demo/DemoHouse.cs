using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;
using Amends.Mail;
using Amends.People;
using Amends.Promises;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Channel = Amends.Cases.Channel;
using Mailbox = Amends.Contacts.Mailbox;

namespace Amends.Commands.Demo;

/// <summary>
/// Makes a company with ninety days of history, written through the nouns, each fact with its own past moment. The seed is fixed, so it is the
/// same company each time; its days count back from today. Nobody is told of what is past.
/// </summary>
sealed partial class DemoHouse(IServiceProvider services)
{
    /// <summary>Of every account of the demo.</summary>
    public const string Password = "three pumps and one kitchen";
    const int Days = 90, InBatch = 25;
    const string Service = "service@hartmann-vale.example";

    readonly Writer write = services.GetRequiredService<Writer>();
    readonly House house = services.GetRequiredService<House>();
    readonly TargetBook targets = services.GetRequiredService<TargetBook>();
    readonly CaseSearch search = services.GetRequiredService<CaseSearch>();
    readonly BlobStore blobs = services.GetRequiredService<BlobStore>();
    readonly DateTime now = Whole(services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
    readonly Random random = new(20418);
    readonly HashSet<DateTime> taken = [];
    readonly Past past = new();

    readonly List<Worker> workers = [];
    readonly List<Person> people = [];
    readonly Dictionary<string, long> tags = [];
    // What customers attach, put where files lie before the write that needs it.
    readonly List<Blob> worktops = [], displays = [];
    long[] teams = [];
    long brand, mailbox;

    sealed record Worker(long Id, string Name, string Role, int[] Teams);
    sealed record Person(long Id, string Name, string Address, string Phone, string Language, string Place, long? Organisation, string Serial, TimeZoneInfo Zone, bool Writes);
    sealed record Plan(DateTime At, Story Story, bool Wave);

    /// <summary>The clock of the past: ids and facts are made at the moment that is told.</summary>
    sealed class Past : TimeProvider
    {
        public DateTime At { get; set; }
        public override DateTimeOffset GetUtcNow() => new(At, TimeSpan.Zero);
    }

    /// <summary>Makes it all. Some seconds.</summary>
    public async Task Make()
    {
        // Words that the house writes itself are in its language, whichever the machine speaks.
        Speech.Speak("en");
        await Company();
        await People();
        var plans = Plans();
        foreach (var some in plans.Chunk(InBatch))
        {
            // The work may run twice on PostgreSQL: what was drawn by chance is drawn alike each time.
            var seed = random.Next();
            await Stock(worktops, "worktop.png");
            await Stock(displays, "display-e14.png");
            var before = told.Count;
            var (photos, screens) = await write.Run(Actor.System("demo"), null, db =>
            {
                told.RemoveRange(before, told.Count - before);
                return Batch(db, some, new Random(seed));
            });
            worktops.RemoveRange(0, photos);
            displays.RemoveRange(0, screens);
        }
        await Living();
        await Unreadable();
        await InTheOutbox();
        await OnTheDesk();
        await write.Run(Actor.System("demo"), null, async db =>
        {
            db.NobodyHears = true;
            await house.Set(db, HouseSettings.IsDemo, true);
            await HouseStart.Close(db, house);
        });
        house.Forget();
    }

    /// <summary>The accounts as the sign-in page and the console show them.</summary>
    public static IEnumerable<DemoName> Names => DemoPeople.Colleagues.Select(c => new DemoName(c.Role, c.Name, c.Address, Password));

    static DateTime Whole(DateTime time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerMillisecond, DateTimeKind.Utc);

    // Moments are used once, so that ids made from them are unique.
    void Go(Database db, DateTime at, Actor who)
    {
        at = Whole(at);
        while (!taken.Add(at)) at = at.AddMilliseconds(1);
        past.At = at;
        (db.At, db.Who) = (at, who);
    }

    void Begin(Database db)
    {
        db.NobodyHears = true;
        db.Ids = new Ids(past) { Node = services.GetRequiredService<Ids>().Node };
    }

    async Task Company()
    {
        var hash = Passwords.Hash(Password);
        await write.Run(Actor.System("demo"), null, async db =>
        {
            Begin(db);
            workers.Clear();
            tags.Clear();
            Go(db, now.AddDays(-Days - 5), Actor.System("first run"));
            var made = await HouseStart.Make(db, house, new HouseAnswers("Hartmann & Vale", "Hafenstraße 12\n20457 Hamburg\nGermany", "Mon-Fri 08:00-18:00; Sat 09:00-13:00", "Europe/Berlin"));
            await house.Set(db, PeopleSettings.CallingCode, "49");
            await Calendars(db);
            brand = made.Brand;
            var names = new[] { "Service", "Technical service", "Deliveries", "Accounts" };
            teams = new long[names.Length];
            teams[0] = made.Team;
            for (var i = 1; i < names.Length; i++)
            {
                var team = new Team { Id = teams[i] = db.Ids!.Next(), Name = names[i] };
                team.Changed();
                db.Add(team);
            }
            var roles = new Dictionary<string, long> { ["Administrator"] = made.Administrator, ["Lead"] = made.Lead, ["Agent"] = made.Agent, ["Reader"] = made.Reader };
            foreach (var (role, name, address, of) in DemoPeople.Colleagues)
            {
                Go(db, db.At.AddMinutes(7), Actor.System("first run"));
                var one = await HouseStart.AddColleague(db, name, address, hash, roles[role], [.. of.Select(t => teams[Array.IndexOf(names, t)])]);
                if (role == "Lead")
                {
                    foreach (var team in one.Teams)
                    {
                        team.Lead = true;
                        db.Record(new TeamLeadChanged(team.TeamId, one.Id, true));
                    }
                }
                workers.Add(new Worker(one.Id, name, role, [.. of.Select(t => Array.IndexOf(names, t))]));
            }
            await Authority(db);
            var box = new Mailbox { Id = mailbox = db.Ids!.Next(), Address = Service, Name = "Service", BrandId = brand, TeamId = teams[0] };
            box.Changed();
            db.Add(box);
            foreach (var name in Stories.All.Append(Stories.Wave).SelectMany(s => s.Tags).Distinct().Order(StringComparer.Ordinal))
            {
                var tag = new Tag { Id = tags[name] = db.Ids!.Next(), Name = name, Folded = name };
                tag.Changed();
                db.Add(tag);
            }
            foreach (var (name, text) in Stories.Canned)
            {
                var canned = new CannedText { Id = db.Ids!.Next(), Name = name, Text = text };
                canned.Changed();
                db.Add(canned);
            }
        });
        house.Forget();
        targets.Forget();
    }

    async Task People()
    {
        var seed = random.Next();
        var organisations = new List<(long Id, string Domain, string Place)>();
        await write.Run(Actor.System("demo"), null, async db =>
        {
            Begin(db);
            organisations.Clear();
            Go(db, now.AddDays(-Days - 4), new Actor(ActorKind.Colleague, workers[0].Id, workers[0].Name));
            foreach (var (name, domain, place) in DemoPeople.Organisations)
            {
                var one = new Organisation { Id = db.Ids!.Next(), Name = name, Domains = domain, Place = place };
                one.Changed();
                db.Add(one);
                organisations.Add((one.Id, domain, place));
            }
            await Task.CompletedTask;
        });
        foreach (var part in Enumerable.Range(0, 180).Chunk(60))
            await write.Run(Actor.System("demo"), null, async db =>
            {
                Begin(db);
                var dice = new Random(seed + part[0]);
                people.RemoveAll(p => people.IndexOf(p) >= part[0]);
                foreach (var i in part)
                {
                    Go(db, now.AddDays(-Days - 3).AddMinutes(i * 3), new Actor(ActorKind.Colleague, workers[0].Id, workers[0].Name));
                    // The first ones belong to the organisations, four each; most of the others live where the company sits.
                    var at = i < organisations.Count * 4 ? organisations[i % organisations.Count] : default;
                    var land = at.Id != 0 ? DemoPeople.Lands.First(l => l.Places.Contains(at.Place)) : DemoPeople.Lands[dice.Next(20) switch { < 9 => 0, < 15 => 1, < 18 => 2, _ => 3 }];
                    var (first, last) = (Of(dice, land.First), Of(dice, land.Last));
                    for (var again = 0; again < 40 && people.Exists(p => p.Name == $"{first} {last}"); again++) (first, last) = (Of(dice, land.First), Of(dice, land.Last));
                    var plain = string.Join('.', Foundation.Search.Tokens.Of($"{first} {last}"));
                    var address = at.Id != 0 ? $"{plain}@{at.Domain}" : $"{plain}{(i % 3 == 0 ? "" : (60 + i % 40).ToString(CultureInfo.InvariantCulture))}@{Of(dice, ["mail.example", "post.example", "inbox.example"])}";
                    if (people.Exists(p => p.Address == address)) address = address.Replace("@", "." + i.ToString(CultureInfo.InvariantCulture) + "@", StringComparison.Ordinal);
                    var phone = land.Number(dice);
                    while (people.Exists(p => p.Phone == phone)) phone = land.Number(dice);
                    var serial = string.Create(CultureInfo.InvariantCulture, $"HV40-{dice.Next(10000, 99999)}");
                    var since = DateOnly.FromDateTime(now.AddDays(-dice.Next(120, 1500)));
                    var customer = await Customers.Make(db, $"{first} {last}", [address, phone], land.Language);
                    (customer.Zone, customer.Prefers, customer.MadeAt) = (land.Zone, dice.Next(5) == 0 ? "phone" : null, since.ToDateTime(new TimeOnly(9, dice.Next(60)), DateTimeKind.Utc));
                    if (dice.Next(25) == 0) (customer.Needs, customer.Prefers) = (land.Language is "de" ? "Schwerhörig: bitte schreiben." : "Hard of hearing: please write.", WritingOnly.Value);
                    var place = at.Place ?? Of(dice, land.Places);
                    people.Add(new Person(customer.Id, customer.Name, address, phone, land.Language, place, at.Id == 0 ? null : at.Id, serial, TimeZoneInfo.FindSystemTimeZoneById(land.Zone), customer.Prefers == WritingOnly.Value));
                    // A company has its pumps once, whoever of it writes; the site tells which.
                    var (holder, house) = at.Id == 0 ? (customer.Id, 0L) : (0L, at.Id);
                    var site = at.Id == 0 ? place : Of(dice, land.Streets) + " " + dice.Next(1, 90).ToString(CultureInfo.InvariantCulture) + ", " + place;
                    Hold(db, new Holding { Product = "Heat pump P40", Variant = Of(dice, ["3.1", "3.2", "3.2"]), Batch = Of(dice, ["B-2209", "B-2214", "B-2231"]), Serial = serial, Site = site, Since = since }, holder, house);
                    if (at.Id == 0 && dice.Next(3) == 0) Hold(db, new Holding { Product = "Kitchen Lina", Variant = Of(dice, ["linen", "white", "oak"]), Contract = string.Create(CultureInfo.InvariantCulture, $"K-{dice.Next(20000, 29999)}"), Site = place, Since = since.AddDays(40) }, holder, house);
                    if (at.Id == 0 ? dice.Next(4) == 0 : i < organisations.Count) Hold(db, new Holding { Product = "Service plan", Contract = string.Create(CultureInfo.InvariantCulture, $"S-{dice.Next(5000, 9999)}"), Since = since, Until = DateOnly.FromDateTime(now.AddDays(dice.Next(30, 900))) }, holder, house);
                }
            });
    }

    static void Hold(Database db, Holding holding, long customer, long organisation)
    {
        holding.Id = db.Ids!.Next();
        (holding.CustomerId, holding.OrganisationId) = (customer == 0 ? null : customer, organisation == 0 ? null : organisation);
        holding.Changed();
        db.Add(holding);
    }

    static T Of<T>(Random dice, IReadOnlyList<T> all) => all[dice.Next(all.Count)];

    // When what is heard: less at the weekend, more on Mondays, a wave in the last two days.
    List<Plan> Plans()
    {
        var plans = new List<Plan>();
        var bag = Stories.All.SelectMany(s => Enumerable.Repeat(s, s.Weight)).ToList();
        for (var day = Days; day >= 0; day--)
        {
            var date = now.Date.AddDays(-day);
            var count = date.DayOfWeek switch { DayOfWeek.Sunday => 1, DayOfWeek.Saturday => 2, DayOfWeek.Monday => 10, _ => 7 } + random.Next(4);
            for (var i = 0; i < count; i++) plans.Add(new Plan(date.AddHours(6).AddSeconds(random.Next(13 * 3600)), Of(random, bag), false));
        }
        for (var i = 0; i < 16; i++) plans.Add(new Plan(now.AddHours(-46 + i * 2.7).AddSeconds(random.Next(3000)), Stories.Wave, true));
        // The last hours have something new, whenever the demo is started.
        for (var i = 0; i < 5; i++) plans.Add(new Plan(now.AddMinutes(-8 - i * 97 - random.Next(40)), Of(random, bag), false));
        return [.. plans.Where(p => p.At < now.AddMinutes(-3)).OrderBy(p => p.At)];
    }

    const int InStock = 8;

    async Task Stock(List<Blob> pictures, string name)
    {
        await using var resource = typeof(DemoHouse).Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[resource.Length];
        await resource.ReadExactlyAsync(bytes);
        while (pictures.Count < InStock) pictures.Add(await blobs.Put(bytes));
    }

    // Answers how many of the pictures it used.
    async Task<(int Photos, int Screens)> Batch(Database db, Plan[] plans, Random dice)
    {
        Begin(db);
        (photosLeft, screensLeft) = (new(worktops), new(displays));
        var made = new List<Case>();
        foreach (var plan in plans) made.Add(await OneCase(db, plan, dice));
        Merge(db, made, dice);
        await db.SaveChangesAsync();
        await PlanAll(db, made);
        await db.SaveChangesAsync();
        // All is saved: what is tracked no longer would be looked through again for each case.
        db.ChangeTracker.Clear();
        foreach (var one in made) if (one.MergedInto is null) await search.Index(db, one);
        return (worktops.Count - photosLeft.Count, displays.Count - screensLeft.Count);
    }

    Queue<Blob> photosLeft = [], screensLeft = [];

    // Who says that a picture is attached has attached one; some show what the display says.
    void Attach(Database db, Contact contact, Random dice)
    {
        var isPhoto = Stories.SaysAttached.Any(word => contact.Text.Contains(word, StringComparison.Ordinal));
        if (!isPhoto && !(contact.Text.Contains("E14", StringComparison.Ordinal) && dice.Next(3) == 0)) return;
        if (!(isPhoto ? photosLeft : screensLeft).TryDequeue(out var blob)) return;
        blob.CaseId = contact.CaseId;
        db.Add(blob);
        db.Add(new CaseFile
        {
            Id = db.Ids!.Next(),
            CaseId = contact.CaseId,
            OfId = contact.Id,
            Of = FileOf.Contact,
            BlobId = blob.Id,
            Name = string.Create(CultureInfo.InvariantCulture, $"IMG_{dice.Next(1000, 9999)}.png"),
            ContentType = "image/png",
            Length = blob.Length
        });
    }

    async Task<Case> OneCase(Database db, Plan plan, Random dice)
    {
        var story = plan.Story;
        // A few write often, most once.
        var person = people[(int)(people.Count * Math.Pow(dice.NextDouble(), 1.7))];
        var channel = dice.Next(20) switch { < 10 => Channel.Mail, < 14 => Channel.Web, < 17 => Channel.Phone, 17 => Channel.Portal, 18 => Channel.Counter, _ => Channel.Desk };
        if (plan.Wave && channel is Channel.Counter or Channel.Desk) channel = Channel.Mail;
        // Nobody answers the telephone, and no door is open, at night or on a Sunday.
        if (channel is Channel.Phone or Channel.Counter or Channel.Desk && Working(plan.At, 0) != plan.At) channel = dice.Next(3) == 0 ? Channel.Web : Channel.Mail;
        var agents = workers.FindAll(w => w.Role is not "Reader" && w.Teams.Contains(story.Team) && (w.Role == "Agent" || dice.Next(4) == 0));
        // Ben is the one whom the sign-in page names first among the agents: there is something on his desk.
        var owner = dice.Next(3) == 0 && agents.Find(a => a.Name == "Ben Kim") is { } ben ? ben : agents.Count > 0 ? Of(dice, agents) : workers[2];
        var words = new Dictionary<string, string>
        {
            ["name"] = person.Name,
            ["agent"] = owner.Name,
            ["product"] = story.Product == "Pump P40" ? person.Language switch { "de" => "P40-Pumpe", "es" => "bomba P40", "fr" => "pompe P40", _ => "P40 pump" } : story.Product,
            ["serial"] = person.Serial,
            ["place"] = person.Place,
            ["order"] = dice.Next(40000, 49999).ToString(CultureInfo.InvariantCulture),
            ["sum"] = Money(dice.Next(19, 290), person.Language),
            ["time"] = Of(dice, ["9:30", "11:00", "14:15", "16:00"])
        };
        string Fill(Said said, DateTime day)
        {
            words["day"] = (person.Language is "fr" ? "le " : "") + day.ToString(person.Language is "en" ? "d MMMM" : "M", CultureInfo.GetCultureInfo(person.Language is "en" ? "en-GB" : person.Language));
            return words.Aggregate(said.In(person.Language), (text, word) => text.Replace("{" + word.Key + "}", word.Value, StringComparison.Ordinal)).Replace(" du le ", " du ", StringComparison.Ordinal);
        }

        // Ids never fall: each case has its own, so that they lie at its moments as they would have.
        db.Ids = new Ids(past) { Node = db.Ids!.Node };
        var customerActor = new Actor(ActorKind.Customer, person.Id, person.Name);
        var ownerActor = new Actor(ActorKind.Colleague, owner.Id, owner.Name);
        Go(db, plan.At, channel is Channel.Phone or Channel.Counter or Channel.Desk ? ownerActor : customerActor);
        var one = new Case
        {
            Id = db.Ids!.Next(),
            Number = await db.NextNumber("case", 1001),
            Subject = Titled(Fill(story.Subject, plan.At.AddDays(-3)), story, person, dice),
            Kind = CaseKind.Question,
            Severity = Severity.Normal,
            HeardBy = channel,
            HeardAt = db.At,
            CustomerId = person.Id,
            OrganisationId = person.Organisation,
            ReporterId = person.Organisation is { } same && dice.Next(4) == 0 ? people.Find(p => p.Organisation == same && p.Id != person.Id)?.Id : null,
            BrandId = brand,
            TeamId = teams[0],
            LastContactAt = db.At,
            CustomerWaitsSince = db.At
        };
        targets.First(one);
        one.Hear(db.At);
        db.Settle(one);
        db.Add(one);
        open.Clear();
        var greeting = Fill(Of(dice, Stories.Greetings), plan.At);
        var ask = Fill(Of(dice, story.Asks), plan.At.AddDays(-dice.Next(1, 6)));
        Speak(db, one, person, null, Direction.In, channel, channel is Channel.Phone or Channel.Counter or Channel.Desk ? Capital(ask) : $"{greeting}\n\n{ask}\n\n{Fill(Of(dice, Stories.Closings), plan.At)}", WhyHere.NewCase, dice);
        var facts = 0;

        bool Reach(DateTime at, Actor who)
        {
            if (at >= now.AddMinutes(-1)) return false;
            Go(db, at, who);
            facts++;
            return true;
        }
        Case Done()
        {
            Follow(db, one, now);
            Reckon(db, one);
            told.Add(new(one.Id, person, owner, story, Fill));
            db.Settle(one);
            if (one.OwnerId is { } reader && (one.CustomerWaitsSince is null || dice.Next(3) > 0)) db.Add(new CaseRead { CaseId = one.Id, ColleagueId = reader, UpTo = one.LastContactAt });
            return one;
        }
        // Where the story stops at an answer, the button that sent it has named the next step; a few were forgotten.
        Case Rest()
        {
            if (one.State == CaseState.Open && open.Count == 0 && dice.Next(7) > 0)
            {
                Go(db, db.At.AddSeconds(2), ownerActor);
                one.Wait(Working(now, dice.Next(150, 2400)), story.Waits ?? "the customer’s answer", db.At, forCustomer: story.Waits is null);
            }
            return Done();
        }

        // Spam comes as well.
        if (!plan.Wave && dice.Next(70) == 0)
        {
            if (Reach(Working(plan.At, 20), ownerActor)) one.Spam(true, db.At);
            return Done();
        }
        if (!Reach(Working(plan.At, dice.Next(4, 90)), ownerActor)) return Done();
        one.Sort(story.Kind, story.Severity, db.At);
        foreach (var tag in story.Tags) one.Mark(tags[tag], true, db.At);
        if (story.Team != 0) one.Assign(null, teams[story.Team], db.At);
        db.Settle(one);
        // Some of the newest have nobody yet.
        if (plan.At > now.AddHours(-20) && dice.Next(3) == 0) return Done();
        // Taken, or given by the lead.
        var lead = workers.Find(w => w.Role == "Lead")!;
        var leadActor = new Actor(ActorKind.Colleague, lead.Id, lead.Name);
        var given = dice.Next(4) == 0 && owner.Id != lead.Id;
        if (!Reach(Working(db.At, dice.Next(2, 60)), given ? leadActor : ownerActor)) return Done();
        one.Assign(owner.Id, teams[story.Team], db.At);
        db.Settle(one);
        if (given) Tell(db, one, owner, NotifyOf.Assigned, lead);
        if (dice.Next(14) == 0) { one.KeepConfidential(story.Team == 3, db.At); db.Settle(one); }
        if (dice.Next(3) == 0 && Reach(Working(db.At, dice.Next(3, 40)), ownerActor)) Note(db, one, owner, Of(dice, story.Notes), dice.Next(5) == 0 ? agents.Find(a => a.Id != owner.Id) : null);
        if (dice.Next(10) == 0 && agents.Find(a => a.Id != owner.Id) is { } curious) { one.Watch(curious.Id, Watching.Follows, true, db.At); db.Settle(one); }
        if (!Reach(Working(db.At, dice.Next(10, plan.Wave ? 120 : 420)), ownerActor)) return Done();
        var answerBy = channel == Channel.Phone && dice.Next(2) == 0 ? Channel.Phone : Channel.Mail;
        Answer(db, one, person, owner, answerBy, $"{Fill(Stories.Dear, db.At)}\n\n{Fill(Of(dice, story.Answers), Working(db.At, 3 * 600))}\n\n{Fill(Stories.Yours, db.At)}", dice);
        // The wave is not over.
        if (plan.Wave) return Rest();
        if (dice.Next(3) == 0)
        {
            if (story.Waits is { } what && dice.Next(2) == 0 && Reach(Working(db.At, 15), ownerActor))
            {
                one.Wait(Working(db.At, dice.Next(600, 3000)), what, db.At);
                db.Settle(one);
            }
            if (!Reach(db.At.AddMinutes(dice.Next(90, 2400)), customerActor)) return Rest();
            Hear(db, one, person, owner, Fill(story.Again, db.At), dice);
            if (dice.Next(6) == 0 && Reach(Working(db.At, 30), leadActor))
            {
                one.Watch(lead.Id, Watching.Follows, true, db.At);
                Note(db, one, lead, "Please call, do not write: this is the third message.", owner.Id == lead.Id ? null : owner);
            }
            if (dice.Next(8) == 0 && agents.Find(a => a.Id != owner.Id) is { } other && Reach(Working(db.At, 45), ownerActor))
            {
                one.Assign(other.Id, teams[story.Team], db.At);
                db.Settle(one);
                Tell(db, one, other, NotifyOf.Assigned, owner);
                (owner, ownerActor) = (other, new Actor(ActorKind.Colleague, other.Id, other.Name));
                words["agent"] = owner.Name;
            }
            if (!Reach(Working(db.At, dice.Next(20, 500)), ownerActor)) return Done();
            Decline(db, one, dice);
            Answer(db, one, person, owner, dice.Next(one.PhoneSince is null ? 4 : 2) == 0 ? Channel.Phone : Channel.Mail, $"{Fill(Stories.Dear, db.At)}\n\n{Fill(story.Answers[^1], Working(db.At, 600))}\n\n{Fill(Stories.Yours, db.At)}", dice);
        }
        // Open ends: a few wait for long, a few were forgotten.
        if (dice.Next(130) == 0 && plan.At < now.AddDays(-4)) return Done();
        if (!Ends(db, one, person, owner, dice)) return Done();
        if (dice.Next(30) == 0 && plan.At > now.AddDays(-30) && Reach(Working(db.At, 60), ownerActor))
        {
            one.Wait(Working(now.AddDays(dice.Next(1, 11)), dice.Next(300)), story.Waits ?? "the customer’s answer", db.At);
            return Done();
        }
        if (!Reach(Working(db.At, dice.Next(120, 1500)), ownerActor)) return Rest();
        one.Resolve(story.Summary, owner.Id, db.At);
        db.Settle(one);
        if (dice.Next(20) == 0 && Reach(db.At.AddMinutes(dice.Next(60, 2000)), customerActor))
        {
            Hear(db, one, person, owner, Fill(story.Again, db.At), dice, reopens: true);
            if (!Reach(Working(db.At, dice.Next(30, 400)), ownerActor)) return Done();
            Answer(db, one, person, owner, Channel.Phone, $"{Fill(Stories.Dear, db.At)}\n\n{Fill(story.Answers[0], Working(db.At, 600))}\n\n{Fill(Stories.Yours, db.At)}", dice);
            if (!Ends(db, one, person, owner, dice)) return Done();
            if (!Reach(Working(db.At, dice.Next(200, 1500)), ownerActor)) return Rest();
            one.Resolve(story.Summary, owner.Id, db.At);
            db.Settle(one);
        }
        if (dice.Next(5) < 2)
        {
            if (!Reach(db.At.AddMinutes(dice.Next(40, 3000)), customerActor)) return Done();
            if (dice.Next(2) == 0)
            {
                Speak(db, one, person, null, Direction.In, Channel.Mail, Fill(Stories.Thanks, db.At), WhyHere.ReplyToken, dice, thanks: true);
                one.HearAgain(db.At, isThanks: true);
                db.Settle(one);
            }
            one.Confirm(ConfirmedHow.ByCustomer, db.At);
        }
        else
        {
            if (!Reach(Working(db.At, 5 * 600), Actor.System("silence"))) return Done();
            one.Confirm(ConfirmedHow.Silent, db.At);
        }
        db.Settle(one);
        if (dice.Next(3) > 0 && Reach(Working(db.At, dice.Next(600, 2400)), ownerActor)) one.Close(db.At);
        return Done();
    }

    // How customers head their mails: mostly the matter, sometimes with more.
    static string Titled(string subject, Story story, Person person, Random dice) => dice.Next(9) switch
    {
        0 => $"{subject}, {person.Place}",
        1 when story.Team == 1 => $"{subject} ({person.Serial})",
        2 when story.Severity is Severity.Serious or Severity.Critical => (person.Language switch { "de" => "Dringend: ", "es" => "Urgente: ", "fr" => "Urgent : ", _ => "Urgent: " }) + subject,
        3 when story.Team != 1 => $"{subject} – {person.Name}",
        _ => subject
    };

    // What colleagues were told in the last days: the older of it was looked at.
    void Tell(Database db, Case one, Worker whom, NotifyOf of, Worker? by)
    {
        if (db.At < now.AddDays(-9)) return;
        db.Add(new Notification { Id = db.Ids!.Next(), ColleagueId = whom.Id, CaseId = one.Id, Of = of, ById = by?.Id, At = db.At, SeenAt = db.At < now.AddHours(-64) ? db.At.AddMinutes(25) : null });
    }

    void Hear(Database db, Case one, Person person, Worker owner, string text, Random dice, bool reopens = false)
    {
        var contact = Speak(db, one, person, null, Direction.In, Channel.Mail, text + "\n\n" + person.Name, WhyHere.ReplyToken, dice);
        one.HearAgain(db.At);
        if (one.HeardInWriting() && !person.Writes) one.ProposeCall(contact.Id, db.At);
        db.Settle(one);
        Tell(db, one, owner, reopens ? NotifyOf.Reopened : NotifyOf.Answered, null);
    }

    void Answer(Database db, Case one, Person person, Worker owner, Channel by, string text, Random dice)
    {
        var contact = Speak(db, one, person, owner, Direction.Out, by, text, WhyHere.ByHand, dice);
        one.Answered(db.At);
        if (by == Channel.Mail) one.AnsweredInWriting();
        else if (contact.Outcome == CallOutcome.Talked) one.EndCallAdvice(CallAdviceEnd.Talked, null, db.At);
        db.Settle(one);
        if (contact.Outcome is null or CallOutcome.Talked) Said(db, one, person, owner, contact);
    }

    Contact Speak(Database db, Case one, Person person, Worker? owner, Direction direction, Channel by, string text, WhyHere why, Random dice, bool thanks = false)
    {
        var mailed = by == Channel.Mail;
        var contact = new Contact
        {
            Id = db.Ids!.Next(),
            CaseId = one.Id,
            Direction = direction,
            Channel = by,
            At = db.At,
            CustomerId = person.Id,
            ColleagueId = owner?.Id ?? (by is Channel.Phone or Channel.Counter ? workers[2].Id : null),
            FromName = direction == Direction.In ? person.Name : owner?.Name,
            FromAddress = direction == Direction.In ? person.Address : Service,
            To = mailed ? direction == Direction.In ? Service : person.Address : null,
            Subject = mailed ? (why == WhyHere.NewCase ? "" : "Re: ") + one.Subject : null,
            Text = text,
            Why = why,
            MessageId = mailed ? string.Create(CultureInfo.InvariantCulture, $"{db.Ids.Next():x}@{(direction == Direction.In ? person.Address.Split('@')[1] : "hartmann-vale.example")}") : null,
            Trust = mailed && direction == Direction.In ? dice.Next(5) == 0 ? SenderTrust.NotVerified : SenderTrust.Verified : SenderTrust.NotVerified,
            Number = by == Channel.Phone ? person.Phone : null,
            Seconds = by == Channel.Phone ? dice.Next(70, 900) : null,
            Outcome = by == Channel.Phone ? direction == Direction.Out && dice.Next(6) == 0 ? CallOutcome.Voicemail : CallOutcome.Talked : null
        };
        contact.Arrived();
        if (thanks) contact.ThanksOnly();
        db.Settle(contact);
        db.Add(contact);
        if (why == WhyHere.NewCase && RuleOfThree.IsWritten(by))
        {
            one.HeardInWriting();
            Attach(db, contact, dice);
        }
        return contact;
    }

    void Note(Database db, Case one, Worker by, string text, Worker? mentioned = null)
    {
        var note = new Note { Id = db.Ids!.Next(), CaseId = one.Id, AuthorId = by.Id, Text = mentioned is null ? text : $"@{mentioned.Name} {text}", At = db.At };
        note.Did(NoteDeed.Written);
        if (mentioned is not null)
        {
            one.Watch(mentioned.Id, Watching.Mentioned, true, db.At);
            Tell(db, one, mentioned, NotifyOf.Mentioned, by);
        }
        one.Touch(db.At);
        db.Settle(note);
        db.Settle(one);
        db.Add(note);
    }

    // The same customer twice within a batch: the later one goes into the earlier.
    void Merge(Database db, List<Case> made, Random dice)
    {
        var twins = made.GroupBy(c => c.CustomerId).FirstOrDefault(g => g.Count() > 1 && g.All(c => c.MergedInto is null));
        if (twins is null || dice.Next(2) == 0) return;
        var (into, from) = (twins.First(), twins.Last());
        var at = Working(from.LastContactAt, 30);
        if (at >= now.AddMinutes(-1) || from.SpamAt is not null || into.SpamAt is not null) return;
        var lead = workers.Find(w => w.Role == "Lead")!;
        db.Ids = new Ids(past) { Node = db.Ids!.Node };
        Go(db, at, new Actor(ActorKind.Colleague, lead.Id, lead.Name));
        from.MergedInto = into.Id;
        from.Plan(db.At);
        into.Touch(db.At);
        var merge = new CaseMerge { Id = db.Ids!.Next(), FromId = from.Id, IntoId = into.Id, At = db.At, By = lead.Id };
        merge.Did(undone: false);
        db.Settle(merge);
        db.Add(merge);
    }

    // One message that nobody could read: it waits in the quarantine with its raw form.
    async Task Unreadable()
    {
        var raw = Encoding.Latin1.GetBytes("Received: from mx.example by hartmann-vale.example\r\nFrom: \"Lotte Anders\nSubject: =?utf-8?B?w\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n\0\0\0\x01PUMP");
        var blob = await blobs.Put(raw);
        await write.Run(Actor.System("demo"), null, db =>
        {
            Begin(db);
            Go(db, now.AddHours(-5), Actor.System("intake"));
            db.Add(blob);
            var delivery = new Delivery { Id = db.Ids!.Next(), MailboxId = mailbox, Sha256 = blob.Sha256, BlobId = blob.Id, ReceivedAt = db.At, EnvelopeFrom = "lotte.anders@post.example", EnvelopeTo = Service, Way = "intake" };
            delivery.Stored();
            delivery.Quarantine("The parts refer to each other in a circle, and the sender’s name does not end.");
            db.Add(delivery);
            return Task.CompletedTask;
        });
    }

    // The newest answers lie in the outbox, as their customers would see them.
    async Task InTheOutbox()
    {
        List<(Contact Contact, string Person)> newest;
        using (var db = services.GetRequiredService<Databases>().Open())
            newest = [.. db.Set<Contact>().Where(c => c.Direction == Direction.Out && c.Channel == Channel.Mail).OrderByDescending(c => c.At).Take(30).ToList().Select(c => (c, people.Find(p => p.Id == c.CustomerId)!.Name))];
        var rows = new List<(Blob Blob, Contact Contact)>();
        foreach (var (contact, person) in newest)
        {
            var draft = new MailDraft { From = new Amends.Mail.Mailbox(Service, "Hartmann & Vale"), Subject = contact.Subject!, MessageId = contact.MessageId!, Date = new DateTimeOffset(contact.At, TimeSpan.Zero), Text = contact.Text };
            draft.To.Add(new Amends.Mail.Mailbox(contact.To!, person));
            rows.Add((await blobs.Put(draft.Write()), contact));
        }
        await write.Run(Actor.System("demo"), null, db =>
        {
            Begin(db);
            foreach (var (blob, contact) in rows.AsEnumerable().Reverse())
            {
                Go(db, contact.At.AddSeconds(11), Actor.System("jobs"));
                blob.CaseId = contact.CaseId;
                db.Add(blob);
                var mail = new OutgoingMail
                {
                    Id = db.Ids!.Next(),
                    MessageId = contact.MessageId!,
                    From = Service,
                    Subject = contact.Subject!,
                    BlobId = blob.Id,
                    QueuedAt = contact.At,
                    SendAt = contact.At,
                    CaseId = contact.CaseId,
                    ContactId = contact.Id
                };
                var to = new OutgoingRecipient { Id = db.Ids.Next(), MailId = mail.Id, Address = contact.To! };
                to.Accept(null, null);
                mail.Recipients.Add(to);
                mail.Queued();
                mail.Tried(db.At, null);
                db.Settle(mail);
                db.Add(mail);
            }
            return Task.CompletedTask;
        });
    }

    // What colleagues keep for themselves and for each other: views, and an answer that somebody has begun.
    async Task OnTheDesk()
    {
        var ben = workers.Find(w => w.Name == "Ben Kim")!;
        await write.Run(Actor.System("demo"), null, async db =>
        {
            Begin(db);
            Go(db, now.AddHours(-30), new Actor(ActorKind.Colleague, workers[1].Id, workers[1].Name));
            foreach (var view in new SavedView[]
            {
                new() { Id = db.Ids!.Next(), Name = "Update 3.2", TagId = tags["update"] },
                new() { Id = db.Ids.Next(), Name = "Serious failures", Kind = CaseKind.Failure, Severity = Severity.Serious },
                new() { Id = db.Ids.Next(), Name = "My kitchens", OwnerId = ben.Id, CaseOwnerId = ben.Id, TagId = tags["kitchen"] },
            })
            {
                view.Changed();
                db.Add(view);
            }
            var mine = await db.CasesVisibleTo(Who.House("demo")).Where(c => c.OwnerId == ben.Id && c.State == CaseState.Open && c.CustomerWaitsSince != null).OrderByDescending(c => c.LastContactAt).Select(c => new { c.Id, c.CustomerId, c.Version }).FirstOrDefaultAsync();
            if (mine is null) return;
            var person = people.Find(p => p.Id == mine.CustomerId)!;
            var begun = new Said("Dear {name},\n\nI have just spoken with the workshop: ", "Guten Tag {name},\n\nich habe gerade mit der Werkstatt gesprochen: ", "Estimado/a {name}:\n\nacabo de hablar con el taller: ", "Bonjour {name},\n\nje viens de parler avec l’atelier : ");
            db.Add(new Draft { Id = db.Ids.Next(), CaseId = mine.Id, ColleagueId = ben.Id, Text = begun.In(person.Language).Replace("{name}", person.Name, StringComparison.Ordinal), To = person.Address, SeenVersion = mine.Version, At = now.AddMinutes(-40) });
        });
    }

    // So many working minutes later: Monday to Friday, eight to six in Berlin.
    static DateTime Working(DateTime from, int minutes)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var local = TimeZoneInfo.ConvertTimeFromUtc(from, zone);
        while (true)
        {
            if (local.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || local.Hour >= 18) { local = local.Date.AddDays(1).AddHours(8).AddMinutes(local.Minute % 17); continue; }
            if (local.Hour < 8) local = local.Date.AddHours(8).AddMinutes(local.Minute % 23);
            var left = (int)(local.Date.AddHours(18) - local).TotalMinutes;
            if (minutes <= left) return DateTime.SpecifyKind(TimeZoneInfo.ConvertTimeToUtc(DateTime.SpecifyKind(local.AddMinutes(minutes), DateTimeKind.Unspecified), zone), DateTimeKind.Utc);
            minutes -= Math.Max(left, 0);
            local = local.Date.AddDays(1).AddHours(8);
        }
    }

    static string Capital(string text) => char.ToUpper(text[0], CultureInfo.InvariantCulture) + text[1..];

    static string Money(int euros, string language) => language switch { "en" => $"€{euros}.00", "fr" => $"{euros},00 €", _ => $"{euros},00 €" };
}
