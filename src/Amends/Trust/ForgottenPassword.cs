using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Jobs;
using Amends.Foundation.Web;
using Microsoft.EntityFrameworkCore;

namespace Amends.Trust;

/// <summary>The page that asks for the address, and afterwards says that a link may be on its way.</summary>
public sealed record ForgottenModel(FormState Form, bool Asked);

/// <summary>Somebody asked for a new password: the work of the job.</summary>
public sealed record ResetWanted(string Address);

/// <summary>Asks for a new password. Known and unknown addresses do the same work and read the same words (A33); the letter is written by a job.</summary>
static class ForgottenPassword
{
    public const string Job = "trust.reset";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/sign-in/forgotten", () => View.Page<ForgottenPage>(new ForgottenModel(FormState.With(), false))).Public("for those who cannot sign in");
        app.MapPost("/sign-in/forgotten", Ask).Public("for those who cannot sign in");
    }

    static async Task<IResult> Ask(HttpContext http, Writer write, Guesses guesses)
    {
        var form = FormState.Of(await http.Request.ReadFormAsync());
        var address = form.Need("address", 320);
        if (form.IsValid && Addresses.Clean(address) is null) form.Wrong("address", Words.NoAddress);
        if (form.IsValid && guesses.Ask("reset " + Addresses.Clean(address), http.Connection.RemoteIpAddress) is { } wait) form.Wrong("address", SignIn.SlowWords(wait));
        if (!form.IsValid) return View.Invalid<ForgottenPage>(new ForgottenModel(form, false));
        var clean = Addresses.Clean(address)!;
        // The key holds the digest, not the address: one letter at a time for each.
        await write.Run(Actor.System("forgotten password"), null, db => db.Enqueue(Lane.Mail, Job, $"reset:{Convert.ToHexStringLower(Gate.Digest(clean))}", new ResetWanted(clean)));
        return View.Page<ForgottenPage>(new ForgottenModel(form, true));
    }
}

/// <summary>Writes the letter with the link, where the address is an account's.</summary>
public sealed class SendReset(Databases databases, Writer write, HouseAddress house, IServiceProvider services) : IJobHandler
{
    public async Task Run(JobRun run, CancellationToken stop)
    {
        var wanted = run.Body<ResetWanted>();
        Colleague? one;
        using (var db = databases.Open()) one = await db.Set<Colleague>().FirstOrDefaultAsync(c => c.Address == wanted.Address && c.State == ColleagueState.Active, stop);
        if (one is null)
        {
            await write.Run(Actor.System("forgotten password"), null, run.Finish, stop);
            return;
        }
        var token = Sessions.Token();
        var letter = await Letters.Prepare(services, LinkPurpose.Reset, one.Name, one.Address, one.Language, house.Link(MailLinks.Path(LinkPurpose.Reset, token)));
        await write.Run(Actor.System("forgotten password"), null, async db =>
        {
            await MailLinks.Keep(db, token, LinkPurpose.Reset, one.Id);
            db.Record(new ColleagueChanged(one.Id, ColleagueDeed.ResetAsked));
            Letters.Queue(db, letter);
            await run.Finish(db);
        }, stop);
    }
}
