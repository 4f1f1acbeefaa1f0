#pragma warning disable EF1002 // SQL of the index itself; what is asked is a parameter.
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Search;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Contacts;

/// <summary>Mails that are taken in at once come to the same as one after the other.</summary>
public class ManyAtOnceTests
{
    static readonly Actor Me = Actor.System("test");

    // Those before are taken alone, so that the others find something.
    static readonly byte[][] Before =
    [
        Post.Mail("Maria Rossi <maria@casaverde.example>", "Pump stops", "It stops at night.", "first@casaverde.example"),
        Post.Mail("Info <info@shared.example>", "Old matter", "From a shared address.", "shared@shared.example")
    ];

    static readonly byte[][] Mails =
    [
        Post.Mail("Ana Lopez <ana@nueva.example>", "No llega el pedido", "Dónde está mi pedido 4711?", "n1@nueva.example"),
        Post.Mail("Maria Rossi <maria@casaverde.example>", "Re: Pump stops", "It stopped again.", "n2@casaverde.example", "service@amends.example", "In-Reply-To: <first@casaverde.example>"),
        Post.Mail("Maria Rossi <maria@casaverde.example>", "Another matter", "The invoice is wrong.", "n3@casaverde.example"),
        Post.Mail("Info <info@shared.example>", "New matter", "Again the shared one.", "n4@shared.example"),
        Post.Mail("stranger@other.example", "Re: Pump stops", "I want to read it too.", "n5@other.example", "service@amends.example", "In-Reply-To: <first@casaverde.example>"),
        Post.Mail("Maria Rossi <maria@casaverde.example>", "Pump stops", "It stops at night.", "first@casaverde.example", "service@amends.example", "X-Way: another"),
        Post.Mail("thief@other.example", "Squatted", "Another text under a known id.", "first@casaverde.example"),
        Post.Mail("Robot <robot@machine.example>", "Status", "All is well.", "n6@machine.example", "service@amends.example", "Auto-Submitted: auto-generated"),
        Post.Mail("Ben Org <ben@bigcorp.example>", "Ärger mit Zählern", "Der Zähler läuft rückwärts.", "n7@bigcorp.example"),
        Post.Mail("Cora Org <cora@bigcorp.example>", "[#1001] guess", "A guessed number.", "n8@bigcorp.example"),
        Attached("n9@files.example"),
        [0, 1, 2],
        Post.Mail("No Id <noid@plain.example>", "", "Without a subject line.", "n10@plain.example")
    ];

    static byte[] Attached(string id) => System.Text.Encoding.UTF8.GetBytes(string.Join("\r\n", ["From: Fay <fay@files.example>", "To: service@amends.example", "Subject: With a file", $"Message-ID: <{id}>", "Date: Sat, 21 Nov 2026 09:00:00 +0000",
        "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1", "", "--b1", "Content-Type: text/plain", "", "See the file.", "--b1", "Content-Type: text/plain", "Content-Disposition: attachment; filename=\"protocol-0815.txt\"", "", "Line by line.", "--b1--", ""]));

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task What_is_taken_in_at_once_is_what_is_taken_in_one_by_one(On on)
    {
        var (alone, apart) = await TakeIn(on, atOnce: false);
        var (many, together) = await TakeIn(on, atOnce: true);
        apart.ShouldBe(0);
        if (on == On.Postgres) together.ShouldBe(10);
        many.ShouldBe(alone);
        alone.Count(line => line.StartsWith("contact", StringComparison.Ordinal)).ShouldBe(Before.Length + Mails.Length - 2);
    }

    // Everything that came of the mails, as lines without ids and moments; and how many were done at once.
    static async Task<(List<string> Lines, int AtOnce)> TakeIn(On on, bool atOnce)
    {
        await using var post = await Post.Open(on, serve: false);
        var house = post.House;
        await house.Write.Run(Me, null, async db =>
        {
            var organisation = new Organisation { Name = "Big Corp", Domains = "bigcorp.example big.example" };
            organisation.Changed();
            db.Add(organisation);
            await Customers.Make(db, "Ina Shared", ["info@shared.example"]);
        });
        // Two who share an address.
        await house.Write.Run(Me, null, db => Customers.Make(db, "Tom Shared", ["info@shared.example"]));
        var read = house.App.Services.CreateScope().ServiceProvider.GetRequiredService<ReadMail>();
        async Task Store(byte[] raw) => await house.Get<MailboxImport>().Take(Me, post.Mailbox, new MemoryStream(raw), "x@customer.example", "service@amends.example", MailboxImport.Posted, CancellationToken.None);
        async Task<List<JobRun>> Waiting()
        {
            using var db = house.Databases.Open();
            var jobs = await db.Set<Job>().Where(j => j.Kind == "read mail").OrderBy(j => j.Id).ToListAsync();
            return jobs.ConvertAll(job => { job.Attempts = 1; return new JobRun(job); });
        }
        foreach (var raw in Before)
        {
            await Store(raw);
            foreach (var run in await Waiting()) await read.Run(run, CancellationToken.None);
        }
        foreach (var raw in Mails) await Store(raw);
        var atMost = 0;
        if (atOnce)
        {
            (await read.RunMany(await Waiting(), CancellationToken.None)).Count.ShouldBe(Mails.Length);
            // What one transaction has written, as PostgreSQL says it.
            using var db = house.Databases.Open();
            if (on == On.Postgres) atMost = (await db.Database.SqlQueryRaw<string>("SELECT CAST(xmin AS text) AS \"Value\" FROM \"Contact\"").ToListAsync()).CountBy(x => x).Max(x => x.Value);
        }
        // What is left is run alone: those that are done have no job any more.
        foreach (var run in await Waiting()) await read.Run(run, CancellationToken.None);
        (await Waiting()).ShouldBeEmpty();
        return (await Lines(house), atMost);
    }

    static async Task<List<string>> Lines(TestHouse house)
    {
        using var db = house.Databases.Open();
        var cases = await db.CasesVisibleToWithDeleted(Who.House("test")).ToListAsync();
        var people = await db.Set<Customer>().Include(c => c.Addresses).Include(c => c.Memberships).ToListAsync();
        var lines = new List<string>();
        var contacts = await db.Set<Contact>().ToListAsync();
        string Person(long? id) => people.Find(p => p.Id == id)?.Name ?? "-";
        foreach (var c in contacts)
        {
            var one = cases.Single(x => x.Id == c.CaseId);
            lines.Add($"contact {c.FromAddress} | {c.Subject} | {c.Text} | {c.Why} | {c.Signals} | {c.Automatic} | {c.Defects} | {c.Trust} | {Person(c.CustomerId)} | v{c.Version} | case {one.Subject}, {Person(one.CustomerId)}, {one.State}, {contacts.Count(o => o.CaseId == one.Id)} contacts, v{one.Version}, org {one.OrganisationId is not null}, waits {one.CustomerWaitsSince is not null}");
            foreach (var word in new[] { one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), c.FromAddress!, c.Text.Split(' ')[0], people.Find(p => p.Id == one.CustomerId)!.Name })
            {
                var (sql, asked) = CaseIndex.Matching(db, Question.Read(word + " "));
                (await db.Database.SqlQueryRaw<long>($"SELECT f.\"CaseId\" AS \"Value\" FROM ({sql}) AS f", asked).ToListAsync()).ShouldContain(one.Id, $"{word} of {one.Subject}");
            }
            var raw = await db.Set<Blob>().SingleAsync(b => b.Id == c.RawBlobId);
            (raw.CaseId, raw.PersonId).ShouldBe((c.CaseId, c.CustomerId));
        }
        foreach (var file in await db.Set<CaseFile>().ToListAsync())
        {
            lines.Add($"file {file.Name} {file.Length}");
            var (sql, asked) = CaseIndex.Matching(db, Question.Read("0815 "));
            (await db.Database.SqlQueryRaw<long>($"SELECT f.\"CaseId\" AS \"Value\" FROM ({sql}) AS f", asked).ToListAsync()).ShouldBe([file.CaseId]);
        }
        // (An organisation's name is found too, of those whose customer joined it.)
        var (corp, big) = CaseIndex.Matching(db, Question.Read("corp "));
        lines.Add($"corp {await db.Database.SqlQueryRaw<long>($"SELECT f.\"CaseId\" AS \"Value\" FROM ({corp}) AS f", big).CountAsync()}");
        foreach (var p in people) lines.Add($"person {p.Name} | {string.Join(",", p.Addresses.Select(a => $"{a.Value}{(a.Claim is null ? "" : "!")}"))} | {p.Memberships.Count} | v{p.Version} | words {await db.Set<PersonWord>().CountAsync(w => w.PersonId == p.Id)}");
        foreach (var d in await db.Set<Delivery>().ToListAsync()) lines.Add($"delivery {Convert.ToHexString(d.Sha256)} {d.State} {d.Trouble} v{d.Version}");
        foreach (var kind in (await db.Set<Fact>().Select(f => f.Kind).ToListAsync()).CountBy(k => k)) lines.Add($"fact {kind.Key} {kind.Value}");
        lines.Add($"numbers {cases.Select(c => c.Number).Distinct().Count() == cases.Count}");
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task Where_one_lease_is_lost_that_one_alone_is_left_and_each_is_in_once(On on)
    {
        await using var post = await Post.Open(on, serve: false);
        var house = post.House;
        foreach (var raw in Mails.Take(3).Append(Mails[8])) await house.Get<MailboxImport>().Take(Me, post.Mailbox, new MemoryStream(raw), null, "service@amends.example", MailboxImport.Posted, CancellationToken.None);
        List<Job> jobs;
        using (var db = house.Databases.Open()) jobs = await db.Set<Job>().OrderBy(j => j.Id).ToListAsync();
        await house.Write.Run(Me, null, async db => await db.Set<Job>().Where(j => j.Id == jobs[0].Id).ExecuteUpdateAsync(set => set.SetProperty(j => j.Fence, j => j.Fence + 1)));
        var read = house.App.Services.CreateScope().ServiceProvider.GetRequiredService<ReadMail>();
        var done = await read.RunMany(jobs.ConvertAll(job => { job.Attempts = 1; return new JobRun(job); }), CancellationToken.None);
        done.Select(run => run.Job.Id).ShouldBe(jobs.Skip(1).Select(job => job.Id), ignoreOrder: true);
        using var look = house.Databases.Open();
        (await look.Set<Contact>().CountAsync()).ShouldBe(3);
        (await look.Set<Job>().Where(j => j.Kind == "read mail").Select(j => j.Id).ToListAsync()).ShouldBe([jobs[0].Id]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task F08_what_cannot_be_read_among_many_leaves_the_others_in(On on)
    {
        await using var post = await Post.Open(on);
        await Task.WhenAll(Enumerable.Range(0, 48).Select(n => post.Send(n % 12 == 5 ? [0, 0, (byte)n] : Post.Mail($"c{n}@many.example", $"Matter {n}", "It stops."), from: "")));
        await post.Quiet();
        using var db = post.House.Databases.Open();
        (await db.Set<Contact>().Select(c => c.Subject).Distinct().CountAsync()).ShouldBe(44);
        (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Quarantined)).ShouldBe(4);
        (await db.Set<Delivery>().CountAsync(d => d.State == DeliveryState.Received)).ShouldBe(0);
    }
}
