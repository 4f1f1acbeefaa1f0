using System.Globalization;
using Amends.Cases;
using Amends.Cases.Targets;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Amends.Trust;

namespace Amends.Contacts;

/// <summary>With what a contact of ours leaves the case: waiting until a moment, resolved, or open.</summary>
/// <param name="ForCustomer">It is the customer who is waited for.</param>
sealed record NextStep(bool Resolve, DateTime? Until, string? For, bool ForCustomer = false)
{
    static readonly TimeSpan Day = TimeSpan.FromHours(8);

    /// <summary>Named moments, in the zone of who writes: the button says what will be. The first is the usual one.</summary>
    /// <param name="promised">What the text promises: then that comes next, and the case stays open for it.</param>
    public static List<NextChoice> Choices(House house, TimeProvider clock, Who who, string? promised = null)
    {
        var hours = HouseCalendar.Of(house);
        var now = clock.GetUtcNow().UtcDateTime;
        NextChoice Wait(DateTime until) => new("wait " + Times.Iso(until), string.Format(CultureInfo.CurrentCulture, Words.NextWait, Times.Short(until, who.Zone)));
        List<NextChoice> all = [Wait(hours.After(now, 2 * Day)), Wait(hours.After(now, Day)), Wait(hours.After(now, 5 * Day)), new("resolve", Words.NextResolve)];
        all.Insert(promised is null ? all.Count : 0, new("open", promised ?? Words.NextOpen));
        return all;
    }

    /// <summary>The button that sends, for a piece of the page that changes what comes next: it takes the place of the one that stands there.</summary>
    /// <param name="anyway">Something came meanwhile, and was seen.</param>
    public static Piece Button(House house, TimeProvider clock, Who who, string? promised, bool anyway) => new(typeof(NextButton), new NextButtonModel(Choices(house, clock, who, promised), anyway, Beside: true));

    const string Later = "later ";

    /// <summary>It was sent by the button beside the moment for sending.</summary>
    public static bool IsLater(FormState form) => form["next"].StartsWith(Later, StringComparison.Ordinal);

    /// <summary>What the pressed button says; notes in the form what is wrong.</summary>
    public static NextStep Read(FormState form, House house, TimeProvider clock, Who who)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var what = form.May("for", 300) ?? Words.WaitForAnswer;
        // Nothing else was said: then we wait for the answer.
        var theirs = what == Words.WaitForAnswer;
        switch (IsLater(form) ? form["next"][Later.Length..] : form["next"])
        {
            case "resolve": return new(true, null, null);
            case "open": return new(false, null, null);
            case "own":
                if (Times.Local(form["until"], who.Zone) is not { } until) form.Wrong("until", Words.ChooseMoment);
                else if (until <= now) form.Wrong("until", Words.MomentPast);
                else return new(false, until, what, theirs);
                break;
            case { Length: > 5 } chosen when chosen.StartsWith("wait ", StringComparison.Ordinal)
                && DateTime.TryParse(chosen[5..], CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at):
                // Where the page stood open past the moment: the usual pause, from now.
                return new(false, at > now ? at : HouseCalendar.Of(house).After(now, 2 * Day), what, theirs);
            default:
                form.Wrong("next", Words.ChooseNext);
                break;
        }
        return new(false, null, null);
    }

    /// <summary>Takes the step, inside of the write.</summary>
    /// <exception cref="Refused">Something stands against resolving, or the wait is not allowed.</exception>
    public async Task Take(Database db, Case one, CaseHooks hooks, Who who, string? summary)
    {
        if (Resolve)
        {
            foreach (var hook in hooks.Obstacles)
                if (await hook(db, one) is { } obstacle) throw new Refused("", obstacle.Why);
            one.Resolve(summary, who.Id, db.At);
        }
        else if (Until is { } until)
        {
            // An answer to what was resolved takes it up again.
            if (!one.IsOpen) one.Reopen(ReopenWhy.ByHand, db.At);
            one.Wait(until, For, db.At, ForCustomer);
        }
        else if (one.State == CaseState.Waiting) one.EndWait(WaitEnd.ByHand, db.At);
    }
}
