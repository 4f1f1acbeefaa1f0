using System.Globalization;
using Amends.Cases;
using Amends.Cases.Phrases;
using Amends.Cases.Targets;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Promises;
using Amends.Promises.Calls;
using Amends.Promises.Finding;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using NodaTime;
using Channel = Amends.Cases.Channel;

namespace Amends.Commands.Demo;

// What the company said it would do, and what came of it.
sealed partial class DemoHouse
{
    // A case with the words it was told in.
    sealed record Telling(long Case, Person Person, Worker Owner, Story Story, Func<Said, DateTime, string> Fill);

    readonly List<Telling> told = [];
    // The promises of the case that is being told.
    readonly List<Promise> open = [];

    static readonly string[] kept = ["Report of who was there, signed", "Seen in the records", "Ticked off by the works", "Said so on the phone"];
    static readonly string[] broken = ["The lorry broke down on the way", "The part did not arrive in time", "Forgotten over the weekend", "Nobody was free that day"];
    static readonly string[] agreed = ["Agreed on the phone: another day suits better", "Asked for a later day, and said yes to this one", "The customer is away until then"];
    static readonly string[] released = ["Runs again: the customer needs it no more", "The customer took care of it himself"];
    static readonly string[] declined = ["Is in meetings all week, answers mail at once", "Asked for everything in one mail, for the landlord"];

    // Hours of the house have days off, another office has hours of its own, and what is urgent is answered sooner.
    async Task Calendars(Database db)
    {
        List<Holiday> holidays =
        [
            .. new[] { ("New Year’s Day", "01-01"), ("Good Friday", "easter-2"), ("Easter Monday", "easter+1"), ("Labour Day", "05-01"), ("Ascension Day", "easter+39"), ("Whit Monday", "easter+50"), ("German Unity Day", "10-03"), ("Christmas Day", "12-25"), ("Boxing Day", "12-26") }.Select(h => Holiday.Whole(h.Item1, HolidayDay.Read(h.Item2))),
            Holiday.Half("Christmas Eve", HolidayDay.Read("12-24")),
            Holiday.Half("Stocktaking", HolidayDay.On(DateOnly.FromDateTime(Working(now.AddDays(9), 0)))),
        ];
        await house.Set(db, TargetSettings.Holidays, HolidayLines.Write(holidays));
        foreach (var calendar in new NamedCalendar[]
        {
            new() { Id = db.Ids!.Next(), Name = "London showroom", Zone = "Europe/London", Hours = "Mon-Fri 09:00-12:30, 13:30-17:30; Sat 10:00-16:00", Holidays = HolidayLines.Write([Holiday.Whole("New Year’s Day", HolidayDay.Read("01-01 monday")), Holiday.Whole("Spring bank holiday", HolidayDay.Read("mon last 05")), Holiday.Whole("Christmas Day", HolidayDay.Read("12-25 monday"))]) },
            new() { Id = db.Ids.Next(), Name = "Emergency line", Zone = "Europe/Berlin", Hours = "" },
        })
        {
            calendar.Changed();
            db.Add(calendar);
        }
        foreach (var target in new ServiceTarget[]
        {
            new() { Id = db.Ids.Next(), FirstMinutes = 4 * 60, NextMinutes = 12 * 60, SolutionMinutes = 140 * 60 },
            new() { Id = db.Ids.Next(), Severity = Severity.Critical, FirstMinutes = 60, NextMinutes = 3 * 60, SolutionMinutes = 40 * 60 },
            new() { Id = db.Ids.Next(), Severity = Severity.Serious, FirstMinutes = 2 * 60, NextMinutes = 5 * 60, SolutionMinutes = 80 * 60 },
            new() { Id = db.Ids.Next(), Kind = CaseKind.Complaint, FirstMinutes = 3 * 60 },
        })
        {
            target.Changed();
            db.Add(target);
        }
    }

    // Who can be asked for, and customers may.
    async Task Authority(Database db)
    {
        await house.Set(db, Officers.Ask, true);
        foreach (var (worker, rank) in new[] { (workers.Find(w => w.Role == "Lead")!, 1), (workers.Find(w => w.Role == "Administrator")!, 2) })
        {
            var officer = new Officer { Id = db.Ids!.Next(), ColleagueId = worker.Id, Rank = rank };
            officer.Did(removed: false);
            db.Add(officer);
        }
    }

    Actor By(Worker one) => new(ActorKind.Colleague, one.Id, one.Name);

    Promise Promised(Database db, Case one, Person person, Worker keeper, PromiseKind kind, string? what, DateTime dueLocal, long? saidIn, string? quote)
    {
        var due = Promising.Instant(dueLocal, person.Zone.Id);
        var left = due - db.At;
        var promise = new Promise
        {
            Id = db.Ids!.Next(),
            CaseId = one.Id,
            CustomerId = person.Id,
            Kind = kind,
            Named = what ?? "",
            Quote = quote,
            SaidIn = saidIn,
            MadeAt = db.At,
            MadeBy = keeper.Id,
            DueAt = due,
            DueLocal = dueLocal,
            Zone = person.Zone.Id,
            HalfAt = db.At + left / 2,
            AskAt = db.At + left * 4 / 5
        };
        promise.Make(keeper.Id, db.At);
        db.Settle(promise);
        db.Add(promise);
        open.Add(promise);
        return promise;
    }

    // An answer went: what it promises, as the composer finds it. A new time for what was promised before stands in its place.
    void Said(Database db, Case one, Person person, Worker owner, Contact contact)
    {
        var zone = DateTimeZoneProviders.Tzdb[person.Zone.Id];
        var sent = Instant.FromDateTimeUtc(db.At).InZone(zone).LocalDateTime;
        foreach (var found in PromiseFinder.Find(contact.Text, person.Language, sent, new HousesHours(HouseCalendar.Of(house), zone)))
        {
            if (found.Due is not { } due || due <= sent.PlusMinutes(30) || due > sent.PlusDays(21)) continue;
            var before = open.Find(p => p.Kind == found.Kind && p.IsOpen);
            var next = Promised(db, one, person, owner, found.Kind, null, due.ToDateTimeUnspecified(), contact.Id, contact.Text.Substring(found.Start, found.Length).Trim());
            if (before is null) continue;
            before.Tell(next.Id, contact.Id, db.At);
            db.Settle(before);
            open.Remove(before);
        }
    }

    // Every promise comes to its end, unless that lies ahead.
    bool Ends(Database db, Case one, Person person, Worker owner, Random dice)
    {
        // What stands in the place of another one comes to its end as well.
        for (var left = 0; left < open.Count;)
        {
            var promise = open[left];
            var (roll, made) = (dice.Next(100), db.At > promise.MadeAt ? db.At : promise.MadeAt);
            var early = Working(made, dice.Next(30, 300));
            if (early >= promise.DueAt) early = made + (promise.DueAt - made) * 0.4;
            var done = roll switch { < 76 => promise.Kind is PromiseKind.Visit or PromiseKind.Delivery ? promise.DueAt.AddMinutes(-dice.Next(2, 25)) : made + (promise.DueAt - made) * (0.3 + dice.NextDouble() * 0.65), < 85 => Working(promise.DueAt, dice.Next(60, 900)), < 91 => Working(promise.DueAt, dice.Next(30, 300)), _ => early };
            var at = roll < 85 ? Working(done, dice.Next(15, 90)) : done;
            Follow(db, one, at < now ? at : now, promise);
            if (at >= now.AddMinutes(-2)) { left++; continue; }
            Go(db, at > db.At ? at : db.At.AddSeconds(40), By(owner));
            switch (roll)
            {
                case < 85: promise.Keep(done, null, Of(dice, kept), db.At); break;
                case < 91: promise.Break(Of(dice, broken), db.At); break;
                case < 97:
                    var later = promise.DueLocal;
                    do later = later.AddDays(later.DayOfWeek is DayOfWeek.Thursday or DayOfWeek.Friday ? 4 : 2);
                    while (Promising.Instant(later, person.Zone.Id) <= db.At.AddHours(1));
                    var next = Promised(db, one, person, owner, promise.Kind, promise.Named, later, null, null);
                    promise.Change(next.Id, Of(dice, agreed), db.At);
                    break;
                default: promise.Release(Of(dice, released), db.At); break;
            }
            db.Settle(promise);
            open.Remove(promise);
        }
        return open.Count == 0;
    }

    // What the clock did about promises until then.
    void Follow(Database db, Case one, DateTime until, Promise? only = null)
    {
        foreach (var promise in only is null ? open : [only])
        {
            if (!promise.IsOpen) continue;
            Clock(promise.HalfAt, NotifyOf.PromiseReminded, () => promise.Remind(db.At));
            Clock(promise.AskAt, NotifyOf.PromiseAsked, () => promise.Ask(db.At));
            Clock(promise.DueAt, NotifyOf.PromisePassed, () => promise.Pass(db.At));
            void Clock(DateTime at, NotifyOf of, Action does)
            {
                // What was to be said before the last that is told was said in its time, and stands with nobody; that it passed is said in any case.
                if (at >= until || at < db.At && of != NotifyOf.PromisePassed) return;
                Go(db, at < db.At ? db.At : at, Actor.System("promises"));
                does();
                db.Settle(promise);
                Tell(db, one, workers.Find(w => w.Id == promise.KeeperId)!, of, null);
            }
        }
    }

    // The deadlines of a case, and that they passed.
    void Reckon(Database db, Case one)
    {
        one.SetTargets((target, from, pauses) => targets.Due(target, one.Basis, from, pauses));
        while (one.TargetWatchAt is { } at && at < now)
        {
            Go(db, at > db.At ? at : db.At.AddSeconds(1), Actor.System("targets"));
            one.MissTargets(db.At);
            db.Settle(one);
        }
    }

    // As of today, so that no step of the past lies before them.
    async Task PlanAll(Database db, List<Case> cases)
    {
        var hooks = services.GetRequiredService<CaseHooks>();
        var ids = cases.ConvertAll(c => c.Id);
        var steps = new List<CaseStep>();
        foreach (var hook in hooks.NextSteps) steps.AddRange(await hook(db, ids));
        var parts = new Dictionary<long, RingPart>();
        foreach (var hook in hooks.Promised) foreach (var part in await hook(db, ids)) parts[part.CaseId] = part;
        foreach (var one in cases) one.PlanAnew(now, steps.Where(s => s.CaseId == one.Id), parts.GetValueOrDefault(one.Id));
    }

    // Pick up the phone, said the desk; some had a reason not to.
    void Decline(Database db, Case one, Random dice)
    {
        if (one.PhoneSince is null || dice.Next(5) > 0) return;
        Go(db, db.At.AddSeconds(20), db.Who);
        var how = dice.Next(3) switch { 0 => CallAdviceEnd.WritingOnly, 1 => CallAdviceEnd.NoNumber, _ => CallAdviceEnd.Other };
        one.EndCallAdvice(how, how == CallAdviceEnd.Other ? Of(dice, declined) : null, db.At);
        db.Settle(one);
    }

    // The last hours: what lies on the desk today, whenever the demo is started.
    async Task Living()
    {
        var seed = random.Next();
        await write.Run(Actor.System("demo"), null, async db =>
        {
            Begin(db);
            var dice = new Random(seed);
            var (ids, byId) = (told.ConvertAll(t => t.Case), told.ToDictionary(t => t.Case));
            var since = now.AddDays(-25);
            var all = await db.CasesVisibleTo(Who.House("demo")).AsTracking().Include(c => c.Watchers).Where(c => c.MergedInto == null && c.SpamAt == null && c.HeardAt > since).OrderBy(c => c.Id).ToListAsync();
            var busy = await db.Set<Promise>().Where(p => p.State == PromiseState.Open).Select(p => p.CaseId).Distinct().ToListAsync();
            List<Case> Free(Func<Case, bool> such) => all.FindAll(c => c.IsOpen && !c.Confidential && c.OwnerId is not null && c.PhoneSince is null && byId.ContainsKey(c.Id) && !busy.Contains(c.Id) && such(c));
            Case? Take(Func<Case, bool> such)
            {
                if (Free(such) is not [.., var last]) return null;
                busy.Add(last.Id);
                open.Clear();
                db.Ids = new Ids(past) { Node = db.Ids!.Node };
                return last;
            }
            Worker Owner(Case one) => workers.Find(w => w.Id == one.OwnerId)!;
            var ben = workers.Find(w => w.Name == "Ben Kim")!;
            bool Answered(Case c) => c.FirstAnsweredAt is not null;

            // Calls that were promised: two of Ben's, some in an hour that the customer named, one that reached nobody yet.
            foreach (var (minutes, mine, from, until) in new (int, bool, int?, int?)[] { (75, true, null, null), (260, true, 13 * 60, 19 * 60), (700, false, null, null), (1150, true, 9 * 60, 12 * 60), (1900, false, 15 * 60, 20 * 60), (3300, true, null, null) })
            {
                if (Take(c => Answered(c) && c.OwnerId == ben.Id == mine) is not { } one) continue;
                var (person, owner) = (byId[one.Id].Person, Owner(one));
                var due = Quarter(Local(Working(now, minutes), person));
                if (until is { } u && due.TimeOfDay.TotalMinutes > u) due = due.Date.AddMinutes(u);
                if (from is { } f && due.TimeOfDay.TotalMinutes < f) due = due.Date.AddMinutes(f + 30);
                var left = Promising.Instant(due, person.Zone.Id) - now;
                // The first has little time left, and its keeper was asked.
                Go(db, now - (minutes < 100 ? left * 6 : TimeSpan.FromMinutes(45 + minutes / 10)), By(owner));
                var promise = Promised(db, one, person, owner, PromiseKind.Call, "Call back with the result", due, null, null);
                var script = $"They said: “{byId[one.Id].Fill(byId[one.Id].Story.Again, db.At)}”\nMay be offered: a firm date for what is open";
                var row = new CallBack { PromiseId = promise.Id, CaseId = one.Id, Number = person.Phone, FromMinute = from, UntilMinute = until, Language = person.Language, Script = script, MadeAt = db.At };
                CallBacks.Plan(db, one, promise, row);
                db.Settle(one);
                if (minutes is 260 or 700)
                {
                    Go(db, now.AddMinutes(-25), By(owner));
                    var call = new Contact { Id = db.Ids!.Next(), CaseId = one.Id, Direction = Direction.Out, Channel = Channel.Phone, At = db.At, CustomerId = person.Id, ColleagueId = owner.Id, FromName = owner.Name, Text = "Nobody answered. Tried the number of the case.", Why = WhyHere.ByHand, Number = person.Phone, Outcome = CallOutcome.NoAnswer };
                    call.Arrived();
                    db.Settle(call);
                    db.Add(call);
                    (row.Attempts, row.TriedAt, row.NextTryAt) = (1, db.At, Working(now, 120));
                    db.Record(new CallNotReached(one.Id, promise.Id, call.Id));
                    one.Touch(db.At);
                    db.Settle(one);
                }
                Follow(db, one, now);
            }

            // Promised by hand: of the next week, one that is nearly due, one past due that was asked of.
            var hand = new (int Minutes, PromiseKind Kind, string What)[]
            {
                (120, PromiseKind.Answer, "Send the workshop’s report"), (-190, PromiseKind.Refund, "Pay the inspection back"), (430, PromiseKind.Delivery, "Flow sensor by courier"),
                (1500, PromiseKind.Visit, "Second visit, with the workshop’s part"), (2600, PromiseKind.Other, "Correct the service plan in the books"), (3200, PromiseKind.Visit, "Acceptance of the kitchen"), (4100, PromiseKind.Delivery, "Front of the widest drawer")
            };
            foreach (var (minutes, kind, what) in hand)
            {
                if (Take(Answered) is not { } one) continue;
                var (person, owner) = (byId[one.Id].Person, Owner(one));
                var due = Quarter(Local(minutes > 0 ? Working(now, minutes) : Back(now, -minutes), person));
                var at = Promising.Instant(due, person.Zone.Id);
                Go(db, minutes is > 0 and < 200 ? now - (at - now) * 7 : minutes < 0 ? at.AddDays(-2) : now.AddHours(-5), By(owner));
                Promised(db, one, person, owner, kind, what, due, null, null);
                Follow(db, one, now);
                one.Touch(now);
                db.Settle(one);
            }

            // Customers who wrote a third time: pick up the phone.
            for (var i = 0; i < 4; i++)
            {
                if (Take(c => Answered(c) && c.Exchange == 2 && !byId[c.Id].Person.Writes) is not { } one) break;
                var t = byId[one.Id];
                Go(db, now.AddMinutes(-35 - i * 130), new Actor(ActorKind.Customer, t.Person.Id, t.Person.Name));
                Hear(db, one, t.Person, Owner(one), t.Fill(t.Story.Again, db.At), dice);
            }

            // Sorry, and nothing else.
            for (var i = 0; i < 4; i++)
            {
                if (Take(c => c.CustomerWaitsSince is not null || i > 1 && Answered(c)) is not { } one) break;
                var (t, owner) = (byId[one.Id], Owner(one));
                Go(db, i == 0 ? Back(now, 40) : Back(now, 400 + i * 190), By(owner));
                var text = $"{t.Fill(Stories.Dear, db.At)}\n\n{t.Fill(Stories.Sorry[i % Stories.Sorry.Length], db.At)}\n\n{t.Fill(Stories.Yours, db.At)}";
                var contact = Speak(db, one, t.Person, owner, Direction.Out, Channel.Mail, text, WhyHere.ByHand, dice);
                one.Answered(db.At);
                one.AnsweredInWriting();
                if (Apologies.Read(text, t.Person.Language) is { IsEmpty: true } read)
                {
                    contact.Apology = read.Phrases[0].Text;
                    var due = HouseCalendar.Of(house).After(db.At, TimeSpan.FromHours(4));
                    one.Apologise(contact.Id, due);
                    if (due < now) { db.Settle(one); Go(db, due, Actor.System("apologies")); one.FindApologyEmpty(db.At); }
                }
                db.Settle(one);
            }

            // Passed on from one to the next.
            for (var i = 0; i < 3; i++)
            {
                if (all.FindLast(c => c.IsOpen && !c.Confidential && c.OwnerId is not null && byId.ContainsKey(c.Id) && Answered(c) && c.Handovers < 2 && c.HeardAt < now.AddDays(-4)) is not { } one) break;
                db.Ids = new Ids(past) { Node = db.Ids!.Node };
                var others = workers.FindAll(w => w.Role == "Agent" && w.Id != one.OwnerId);
                for (var n = 0; n < 4 + i % 2; n++)
                {
                    Go(db, Back(now, 1900 - n * 330 - i * 40), By(Owner(one)));
                    var next = others[n % others.Count];
                    if (next.Id == one.OwnerId) next = others[(n + 1) % others.Count];
                    one.Assign(next.Id, one.TeamId, db.At);
                    db.Settle(one);
                    Tell(db, one, next, NotifyOf.Assigned, null);
                }
            }

            // It is not solved, said three of those who were asked; one of them was promised something that was broken.
            var broke = await db.Set<Promise>().Where(p => p.State == PromiseState.Broken || p.State == PromiseState.Late).Select(p => p.CaseId).ToListAsync();
            var back = all.FindAll(c => c.State is CaseState.Resolved or CaseState.Confirmed && !c.Confidential && c.OwnerId is not null && byId.ContainsKey(c.Id)).OrderByDescending(c => broke.Contains(c.Id)).ThenByDescending(c => c.Id).Take(3).ToList();
            foreach (var (one, i) in back.Select((c, i) => (c, i)))
            {
                var t = byId[one.Id];
                db.Ids = new Ids(past) { Node = db.Ids!.Node };
                Go(db, now.AddMinutes(-55 - i * 210), new Actor(ActorKind.Customer, t.Person.Id, t.Person.Name));
                Speak(db, one, t.Person, null, Direction.In, Channel.Portal, t.Fill(t.Story.Again, db.At), WhyHere.Link, dice);
                one.LastContactAt = db.At;
                one.Reopen(ReopenWhy.CustomerSaidNo, db.At);
                db.Settle(one);
                Tell(db, one, Owner(one), NotifyOf.Reopened, null);
            }

            // One customer asked for a call by a person with authority.
            if (Take(c => Answered(c) && c.Kind is CaseKind.Complaint or CaseKind.Failure) is { } asked)
            {
                var t = byId[asked.Id];
                Go(db, now.AddMinutes(-48), new Actor(ActorKind.Customer, t.Person.Id, t.Person.Name));
                Speak(db, asked, t.Person, null, Direction.In, Channel.Portal, t.Fill(Stories.AsksForCall, db.At), WhyHere.Link, dice);
                asked.HearAgain(db.At);
                var promise = await Officers.AskFor(db, asked, Who.House("case link"), house, services.GetRequiredService<TargetBook>(), byCustomer: true, id => new CallBack { PromiseId = id, CaseId = asked.Id, Number = t.Person.Phone, FromMinute = 9 * 60, UntilMinute = 20 * 60, Language = t.Person.Language, Script = t.Fill(Stories.AsksForCall, db.At), ByOfficer = true, ByCustomer = true, MadeAt = db.At });
                db.Settle(promise);
                db.Settle(asked);
                Tell(db, asked, workers.Find(w => w.Id == promise.KeeperId)!, NotifyOf.OfficerAsked, null);
            }
            Go(db, now.AddSeconds(-20), Actor.System("demo"));
            foreach (var one in all.Where(c => c.HasRecorded || busy.Contains(c.Id))) Reckon(db, one);
            await db.SaveChangesAsync();
        });
    }

    static DateTime Local(DateTime at, Person person) => TimeZoneInfo.ConvertTimeFromUtc(at, person.Zone);

    static DateTime Quarter(DateTime local) => DateTime.SpecifyKind(local.Date.AddMinutes(Math.Ceiling(local.TimeOfDay.TotalMinutes / 15) * 15), DateTimeKind.Unspecified);

    // So many minutes back, at an hour of work.
    static DateTime Back(DateTime from, int minutes)
    {
        var at = from.AddMinutes(-1);
        for (var left = minutes; left > 0 || Working(at, 0) != at;)
        {
            at = at.AddMinutes(-10);
            if (Working(at, 0) == at) left -= 10;
        }
        return at;
    }
}
