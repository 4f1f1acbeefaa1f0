using System.Globalization;
using Amends.Trust;

namespace Amends.Cases;

/// <summary>The owner of an open case is absent, and who could take it.</summary>
/// <param name="To">The stand-in, or who leads the team; null where there is nobody, or it is the one who looks.</param>
public sealed record OwnerAwayModel(string Path, int Version, string Says, long? To, string? ToName, long Team, bool May);

/// <summary>The bar above the composer that says so. From memory: no statement is asked.</summary>
static class OwnerAway
{
    /// <summary>The bar; null where the owner is here.</summary>
    public static Task<Piece?> Bar(CaseAsked asked)
    {
        var (one, here, now) = (asked.Case, asked.Services.GetRequiredService<WhoIsHere>(), asked.Services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime);
        if (one.OwnerId is not { } owner || !one.IsOpen || one.DeletedAt is not null || here.Says(owner, now, asked.Who.Zone) is not { } until) return Task.FromResult<Piece?>(null);
        var name = asked.Names.Colleagues.GetValueOrDefault(owner, Words.SomeoneGone);
        // Whoever takes a confidential case sees it: nobody is proposed for it by a click.
        if (one.Confidential) return Task.FromResult<Piece?>(new Piece(typeof(OwnerAwayBar), new OwnerAwayModel("", 0, string.Format(CultureInfo.CurrentCulture, Words.OwnerAwayOnly, name, until), null, null, one.TeamId, false)));
        var to = here.AskedFor(owner, one.TeamId, now).Select(id => (long?)id).FirstOrDefault();
        var toName = to is { } id ? here.NameOf(id) : null;
        var says = toName is null ? string.Format(CultureInfo.CurrentCulture, Words.OwnerAwayNobody, name, until) : string.Format(CultureInfo.CurrentCulture, Words.OwnerAway, name, until, toName);
        return Task.FromResult<Piece?>(new Piece(typeof(OwnerAwayBar), new OwnerAwayModel(string.Create(CultureInfo.InvariantCulture, $"/cases/{one.Number}"), one.Version, says, to, toName, one.TeamId, Visibility.MayDo(asked.Who, Verb.WorkCases, one))));
    }
}
