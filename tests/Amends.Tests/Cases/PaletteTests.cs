using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.People;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases;

/// <summary>The palette and the picker of another customer find people as people are found everywhere, and cases by number and words.</summary>
public class PaletteTests
{
    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task People_are_found_without_case_and_accents_and_cases_by_number_and_words(On on)
    {
        await using var cast = await DeskCast.Open(on);
        var ayse = await Some.Customer(cast.House, "Ayşe Öztürk", "ayse@ozturk.example");
        var works = await cast.House.Write.Run(Actor.System("test"), null, db =>
        {
            var made = new Organisation { Id = db.Ids!.Next(), Name = "Öztürk Söhne", Place = "Bremen" };
            made.Changed();
            db.Add(made);
            return Task.FromResult(made.Id);
        });
        var (one, other) = (await cast.Case("Pump hums at night"), await cast.Case("Invoice twice"));
        await cast.Index(one);
        await cast.Index(other);
        async Task<string> Found(string typed) => (await cast.Get("/palette?q=" + Uri.EscapeDataString(typed))).Text;
        foreach (var typed in (string[])["öz", "ÖZ", "oz", "ayşe öz", "ÖZTÜRK", "ayse@ozturk"])
        {
            (await Found(typed)).ShouldContain($"\"/people/{ayse}\"", Case.Sensitive, typed);
            (await cast.Get($"/cases/{one.Number}/customer?q={Uri.EscapeDataString(typed)}")).Text.ShouldContain($"value=\"{ayse}\"", Case.Sensitive, typed);
        }
        (await Found("öz")).ShouldContain($"\"/people/organisations/{works}\"");
        (await Found("türk")).ShouldNotContain($"\"/people/{ayse}\"", Case.Sensitive, "beginnings of words, as everywhere");
        // An organisation is no customer: no case belongs to it.
        (await cast.Get($"/cases/{one.Number}/customer?q=s%C3%B6hne")).Text.ShouldNotContain($"value=\"{works}\"");

        foreach (var typed in (string[])[one.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), $"#{one.Number}", "hums pump", "HUM"])
        {
            var found = await Found(typed);
            found.ShouldContain($"\"/cases/{one.Number}\"", Case.Sensitive, typed);
            found.ShouldNotContain($"\"/cases/{other.Number}\"", Case.Sensitive, typed);
        }
        // Only what the asker may see.
        using var olga = await cast.House.ClientOf(cast.Olga);
        (await cast.Get("/palette?q=hums", olga)).Text.ShouldNotContain($"\"/cases/{one.Number}\"");
        (await cast.Get("/palette?q=oz", olga)).Text.ShouldNotContain($"/people/{ayse}", Case.Sensitive, "she may not look at people");
    }
}
