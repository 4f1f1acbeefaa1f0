using System.Globalization;
using Amends.Cases;
using Amends.Contacts;
using Amends.Foundation;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.People;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>
/// Every door that changes something leaves a fact of who did it (A51). Each is gone through once with what it takes; those that change plain rows
/// alone are named here with their reason. A door that is added tomorrow and leaves nothing fails here until somebody writes down why.
/// </summary>
public class FactsTests
{
    // No fact is written for these.
    static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        ["/cases/{number:long}/typing"] = "who types just now is kept in memory",
        ["/cases/{number:long}/draft"] = "half a letter, until it is sent",
        ["/cases/{number:long}/resolve/entry"] = "judges half a sentence and keeps nothing of it",
        ["/cases/{number:long}/promises/find"] = "reads half a letter and keeps nothing of it",
        ["/promises/{id:long}/new-time"] = "a draft; the promise is another when it is sent",
        ["/cases/{number:long}/apology/find"] = "the same",
        ["/cases/{number:long}/drafts/{kind}"] = "the same, as scripts keep it",
        ["/contacts/{id:long}/html"] = "how one looks at a mail, as with the theme",
        ["/contacts/{id:long}/pictures"] = "says what came of looking at it so",
        ["/notices/read"] = "what one has looked at",
        ["/people/import/{id:long}"] = "what columns mean, before anything is read in",
        ["/people/import"] = "a file that waits to be read in",
        ["/settings/mailboxes/{id:long}/sign-in"] = "leads to the provider; what comes back is the change",
        ["/contacts/{id:long}/correct-address"] = "a draft; its words are nobody's but the writer's",
        ["/settings/mail-health/{id:long}/try"] = "asks for another try; nothing is changed",
        ["/cases/{number:long}/uploads"] = "a file that waits for its letter",
        ["/cases/{number:long}/uploads/{id:long}"] = "the same, taken away again",
        ["/sign-in/forgotten"] = "the same for every address; that a letter went out is the fact of a job",
    };

    // These cannot be gone through here; the tests that do so are named.
    static readonly Dictionary<string, string> Elsewhere = new(StringComparer.Ordinal)
    {
        ["/first-run"] = "shut in a house that is set up: AccountTests",
        ["/first-run/open"] = "the same",
        ["/first-run/try"] = "a sample mail, taken as every mail: MainJob",
        ["/sign-in/code"] = "the second half of a sign-in: SignInTests",
        ["/c/{token}/open"] = "takes a code that only its mail holds: PublicTests",
        ["/c/{token}/followers/{id:long}"] = "the same: FollowerTests",
        ["/me/second-factor"] = "takes the code of a phone: AccountTests",
        ["/settings/colleagues/{id:long}/code-off"] = "the factor has to be on: RankTests",
        ["/me/second-factor/off"] = "the factor has to be on: AccountTests",
        ["/me/recovery-codes"] = "the same",
        ["/settings/calendars/{id:long}/file"] = "shows what a calendar file would add: ServiceTargetTests",
    };

    // One after the other where one needs what another did; what ends things comes last.
    static readonly string[] InTurn =
    [
        "/contacts/{id:long}/more-than-thanks", "/promises/{id:long}/officer", "/cases/{number:long}/call-declined", "/cases/{number:long}/resolve", "/cases/{number:long}/confirm", "/cases/{number:long}/close", "/cases/{number:long}/reopen", "/quarantine/{id:long}/put-away", "/quarantine/{id:long}/retry", "/quarantine/{id:long}/release",
        "/promises/{id:long}/new-time", "/cases/{number:long}/reply", "/contacts/{id:long}/send-at", "/contacts/{id:long}/take-back", "/people/import/{id:long}", "/people/import/{id:long}/start", "/people/import", "/people/import/{id:long}/stop", "/new-password/{token}", "/invitation/{token}", "/sign-in",
        "/stuck/jobs/{id:long}/drop", "/stuck/jobs/{id:long}/retry", "/cases/{number:long}/assign", "/cases/{number:long}/take", "/desk/bulk", "/desk/undo", "/settings/colleagues/{id:long}/disable", "/settings/colleagues/{id:long}/enable",
    ];
    static readonly string[] AtLast = ["/settings/calendars/{id:long}/holidays/remove", "/settings/calendars/{id:long}/remove", "/settings/targets/{id:long}/remove", "/cases/{number:long}/links/revoke", "/cases/{number:long}/customer", "/people/{id:long}/merge", "/people/{id:long}/unmerge", "/settings/roles/{id:long}/delete", "/cases/{number:long}/merge", "/cases/{number:long}/spam", "/cases/{number:long}/delete", "/me/sessions/{id:long}/end", "/me/sessions/end-others", "/me/password", "/sign-out"];

    const string Password = "three pumps and one kitchen";

    [Fact]
    public async Task A51_every_change_leaves_a_fact_of_who_did_it()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        string N(long id) => id.ToString(CultureInfo.InvariantCulture);
        long pavel, spare = await Some.Role(full.House, "Spare");
        using (var db = full.House.Databases.Open()) pavel = await db.Set<Customer>().Where(c => c.Name == "Pavel Novak").Select(c => c.Id).SingleAsync();
        using var second = await full.House.ClientOf(full.Ada);
        await full.House.Write.Run(Actor.System("test"), null, async db =>
        {
            var ada = await db.Load<Colleague>(full.Ada);
            ada.PasswordHash = Passwords.Hash(Password);
            ada.Did(ColleagueDeed.PasswordSet);
        });
        var forms = await Forms.Of(full);

        // What a door needs that its form does not say by itself.
        async Task<(string, string)[]> Needed(string path, string address)
        {
            // Only what is resolved is asked about.
            if (path == "/c/{token}/solved") await full.Post(full.Admin, $"/cases/{N(full.Ordinary.Number)}/resolve", ("summary", "Done."));
            using var db = full.House.Databases.Open();
            async Task<string> Picked(long number) { var one = await db.FindCase(Who.House("test"), number); return $"{N(number)}-{one.Version}"; }
            return path switch
            {
                "/sign-in" => [("address", "nora.none@amends.example"), ("password", Password)],
                "/sign-in/forgotten" => [("address", "ben.kim@amends.example")],
                "/invitation/{token}" or "/new-password/{token}" => [("password", Password)],
                "/me/password" => [("current-password", Password), ("new-password", Password + " and a lid"), ("again-password", Password + " and a lid")],
                "/settings/colleagues/invite" => [("name", "Otto Other"), ("address", "otto@amends.example"), ("role", N(full.AgentRole))],
                "/people/organisations/new" => [("name", "Other bakery"), ("domains", "other.example")],
                "/people/{id:long}/merge" => [("into", N(pavel))],
                "/cases/{number:long}/link" or "/cases/{number:long}/merge" => [("target", address.Contains(N(full.Open.Number), StringComparison.Ordinal) ? N(full.Ordinary.Number) : N(full.Open.Number))],
                "/cases/{number:long}/unlink" => [("other", N(full.Open.Number))],
                "/cases/{number:long}/customer" => [("customer", N(pavel))],
                "/cases/{number:long}/assign" => [("owner", N(full.Ben)), ("team", N(full.TeamA))],
                "/cases/{number:long}/watchers" => [("follow", N(full.Ben))],
                "/cases/{number:long}/notes/{id:long}" => [("text", "Written anew")],
                "/cases/{number:long}/sort" => [("kind", "Complaint"), ("severity", "Critical")],
                "/cases/{number:long}/rename" => [("subject", "Another name")],
                "/cases/{number:long}/confidential" => [("on", "true")],
                "/cases/{number:long}/reply" => [("next", "open"), ("anyway", "true"), ("later", "")],
                "/contacts/{id:long}/send-at" => [("do", "change"), ("at", full.House.Now.AddDays(2).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture))],
                "/desk/bulk" => [("do", "take"), ("pick", await Picked(full.Open.Number)), ("view", "open")],
                "/desk/undo" => [("step", N(await db.Set<BulkStep>().MaxAsync(b => b.Id)))],
                "/people/import/{id:long}/start" => [("column0", "Name"), ("column1", "Mail"), ("headings", "yes")],
                "/settings/tags/{id:long}" => [("name", "pumps")],
                "/settings/calendars/new" or "/settings/calendars/{id:long}" => [("name", path), ("Sat", "10:00-12:00"), ("Sun", "10:00-12:00")],
                "/settings/calendars/{id:long}/holidays" => [("day", "12-31"), ("hours", "00:00-12:00"), ("does", "Within")],
                "/settings/calendars/{id:long}/holidays/remove" => [("pick", "12-25")],
                "/settings/calendars/{id:long}/file/take" => [("lines", "01-06\tClosed\t\tEpiphany")],
                "/settings/targets/new" or "/settings/targets/{id:long}" => [("kind", path.EndsWith("new", StringComparison.Ordinal) ? "Failure" : "Question"), ("customer", await db.Set<Customer>().Where(c => c.Id == pavel).Select(c => c.Name).SingleAsync()), ("organisation", await db.Set<Organisation>().Where(o => o.Id == full.Organisation).Select(o => o.Name).SingleAsync()), ("first", "1:00"), ("next", "2:00"), ("solution", "40:00")],
                "/settings/company" => [("calling-code", "49")],
                "/settings/mail-sign-in/google" => [("client", "app.of.the.house"), ("secret", "canary")],
                "/settings/mail-out" => [("host", "smtp.amends.example")],
                "/settings/brands/new" or "/settings/brands/{id:long}" => [("colour", "#336699")],
                "/settings/mail-health/go-again" => [("kind", "answers")],
                "/settings/mail-limits" => [("most", "700")],
                "/cases/{number:long}/followers" => [("answer", "yes"), ("asked", N(await db.Set<MailFollower>().Select(f => f.Id).FirstOrDefaultAsync()))],
                "/cases/{number:long}/followers/{id:long}" => [("answer", "no")],
                "/promises/{id:long}/new-time" => [("new-due", full.House.Now.AddDays(12).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture))],
                "/promises/{id:long}" => [("do", "keep"), ("said", "The part was brought.")],
                "/promises/{id:long}/not-reached" => [("next", full.House.Now.AddDays(2).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture)), ("outcome", "voicemail")],
                "/promises/{id:long}/officer" => [("officer", N(full.Ben)), ("why", "She is on a plane.")],
                "/cases/{number:long}/call-back" => [("number", "+49 30 1234567"), ("from", "09:00"), ("until", "12:00"), ("due", full.House.Now.Date.AddDays(2).ToString("yyyy-MM-dd'T'10:00", CultureInfo.InvariantCulture))],
                "/cases/{number:long}/call-declined" => [("why", "other"), ("text", "She is away.")],
                "/settings/officers" => [("hours", "3"), ("ask", "true")],
                "/settings/officers/new" => [("colleague", N(full.Olga)), ("brand", "")],
                "/settings/officers/{id:long}" => [("do", "up")],
                "/me/absence" or "/settings/colleagues/{id:long}/absence" => [("from", "2026-12-24"), ("from-hour", "12:00"), ("until", "2026-12-28"), ("until-hour", "12:00"), ("stand-in", "")],
                "/settings/escalation" => [("promisepassed-own", "1:00"), ("named", N(full.Ada))],
                "/c/{token}/call" => [("number", "+49 30 1234567"), ("from", "09:00"), ("until", "12:00")],
                "/c/{token}/solved" => [("answer", "yes")],
                "/ask" => [("name", "Jonas"), ("address", "jonas@customer.example"), ("subject", "Invoice"), ("text", "We moved.")],
                _ => []
            };
        }

        async Task<IReadOnlyList<string>> Addresses(Door door)
        {
            using var db = full.House.Databases.Open();
            return door.Path switch
            {
                "/cases/{number:long}/draft" => [$"/cases/{N(full.Ordinary.Number)}/draft?kind=note"],
                "/settings/roles/{id:long}/delete" => [$"/settings/roles/{N(spare)}/delete"],
                "/people/import/{id:long}/start" => [$"/people/import/{N(full.Mapping)}/start"],
                "/people/import/{id:long}/stop" => [$"/people/import/{N(await db.Set<PeopleImport>().MaxAsync(i => i.Id))}/stop"],
                "/me/sessions/{id:long}/end" => [.. (await db.Set<Session>().Where(s => s.ColleagueId == full.Ada).OrderByDescending(s => s.Id).Select(s => s.Id).ToListAsync()).Select(id => $"/me/sessions/{N(id)}/end").Take(1)],
                "/cases/{number:long}/uploads/{id:long}" => [.. (await db.Set<CaseFile>().OrderByDescending(f => f.Id).Select(f => f.Id).Take(1).ToListAsync()).Select(id => $"/cases/{N(full.Ordinary.Number)}/uploads/{N(id)}")],
                "/contacts/{id:long}/more-than-thanks" => [.. (await db.Set<Contact>().Where(c => c.OnlyThanks).Select(c => c.Id).ToListAsync()).Select(id => $"/contacts/{N(id)}/more-than-thanks")],
                "/contacts/{id:long}/take-back" or "/contacts/{id:long}/send-at" => [.. (await full.Addresses(door)).Reverse()],
                _ => await full.Addresses(door)
            };
        }

        int Turn(string path) => Array.IndexOf(AtLast, path) is >= 0 and var last ? 1000 + last : Array.IndexOf(InTurn, path) is >= 0 and var turn ? turn : 500;
        var (without, untaken, gone) = (new List<string>(), new List<string>(), 0);
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false } && !Elsewhere.ContainsKey(d.Path)).OrderBy(d => Turn(d.Path)))
        {
            var (taken, left) = (false, 0);
            var said = new List<string>();
            foreach (var address in await Addresses(door))
            {
                await full.Rest();
                var needed = await Needed(door.Path, address);
                var before = await Facts(full);
                using var outside = full.House.Client();
                var (status, words) = await forms.Send(door.IsPublic && door.Path != "/sign-out" ? outside : full.Admin, address, new HttpMethod(door.Method), needed, door.Path is "/people/import" or "/cases/{number:long}/uploads");
                said.Add($"{address} {status} {words}");
                if (status >= 400) continue;
                taken = true;
                gone++;
                // Made beside the answer: its facts come when it is done.
                if (door.Path == "/settings/backup/now") while (full.House.Get<BackupWork>().Running is not null) await Task.Delay(30);
                left = await Facts(full) - before;
                break;
            }
            if (!taken) untaken.Add($"{door}: {string.Join(" | ", said)}");
            else if (left == 0 != Plain.ContainsKey(door.Path)) without.Add($"{door}: {left} facts");
        }
        without.ShouldBeEmpty();
        untaken.ShouldBeEmpty();
        gone.ShouldBeGreaterThan(80);
    }

    static async Task<int> Facts(FullHouse full)
    {
        using var db = full.House.Databases.Open();
        return await db.Set<Fact>().CountAsync(f => f.ActorKind != ActorKind.System);
    }
}
