using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Amends.Cases.Phrases;
using Amends.Foundation.Phrases;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Cases.Phrases;

public class PhrasesTests
{
    static readonly string[] sets = ["apologies", "apologies-aside", "apologies-second", "apologies-strangers", "thanks", "thanks-aside", "thanks-second", "thanks-third", "thanks-strangers", "thanks-trades", "thanks-fourth-romance"];

    sealed record Row(string Set, string Language, string Text, bool Is)
    {
        public bool Found(string? text = null) => Set.StartsWith('a') ? Apologies.Read(text ?? Text, Language).IsEmpty : Thanks.Only(text ?? Text, Language);
    }

    static List<Row> Rows(params string[] names) =>
        [.. names.SelectMany(name => File.ReadLines(RepoRoot.Under("tests", "Amends.Tests", "Cases", "Phrases", name + ".jsonl")).Select(line =>
        {
            using var row = JsonDocument.Parse(line);
            return new Row(name, row.RootElement.GetProperty("lang").GetString()!, row.RootElement.GetProperty("text").GetString()!, row.RootElement.GetProperty(name[0] == 'a' ? "empty" : "thanks_only").GetBoolean());
        }))];

    [Theory, InlineData("apologies", 0.9), InlineData("thanks", 0.97)]
    public void What_is_labelled_is_found(string set, double precise)
    {
        var rows = Rows([.. sets.Where(one => one.Split('-')[0] == set)]);
        rows.Count.ShouldBeGreaterThanOrEqualTo(300);
        rows.GroupBy(row => row.Language).ShouldAllBe(group => group.Count() >= 70);
        double both = rows.Count(row => row.Is && row.Found());
        (both / rows.Count(row => row.Found())).ShouldBeGreaterThanOrEqualTo(precise);
        (both / rows.Count(row => row.Is)).ShouldBeGreaterThanOrEqualTo(0.85);
    }

    [Fact]
    public void An_act_behind_an_apology_is_named()
    {
        var with = Apologies.Read("We are sorry for the leak. A technician will call you tomorrow.", "en");
        with.IsEmpty.ShouldBeFalse();
        with.Phrases.ShouldContain(phrase => phrase.Text == "sorry" && phrase.Start == 7 && phrase.Length == 5);
        with.Act!.Text.ShouldContain("call");
        Apologies.Read("We are sorry for the leak. We cannot call you tomorrow.", "en").IsEmpty.ShouldBeTrue();
        Apologies.Read("A technician will call you tomorrow.", "en").Phrases.ShouldBeEmpty();
    }

    [Fact]
    public void What_the_house_unmarked_is_left_out()
    {
        const string text = "Your satisfaction is our priority. The manual is on our page.";
        Apologies.Read(text, "en").IsEmpty.ShouldBeTrue();
        Apologies.Read(text, "en", ["your Satisfaction is our PRIORITY"]).Phrases.ShouldBeEmpty();
        Apologies.Read("We apologise. " + text, "en", ["your satisfaction is our priority"]).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_signature_a_footer_and_a_quoted_line_do_not_hinder_thanks()
    {
        foreach (var end in new[] { "", "\n--\nBob Miller\n+44 20 7946 0000", "\n\nKind regards\nBob Miller\nHead of Sales", "\n\nSent from my iPhone", "\n\n> It still drips.\n> When do you come?", " 😊", "\nOn Monday Tom wrote:\n> Will you be home?" })
            Thanks.Only("Thank you very much!" + end, "en").ShouldBeTrue(end);
        Thanks.Only("Thank you very much!\n\nKind regards\nBob\nPS: it still drips", "en").ShouldBeFalse();
        Thanks.Only("Thank you very much 🙄", "en").ShouldBeFalse();
    }

    [Fact]
    public void Case_accents_typographic_signs_and_blanks_change_nothing()
    {
        foreach (var row in Rows(sets))
        {
            var found = row.Found();
            row.Found(row.Text.Replace(" ", "  ", StringComparison.Ordinal)).ShouldBe(found, row.Text);
            row.Found(row.Text.Replace('\'', '’')).ShouldBe(found, row.Text);
            row.Found(WithoutAccents(row.Text)).ShouldBe(found, row.Text);
            row.Found(row.Text.Replace("ü", "ue", StringComparison.Ordinal).Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal)).ShouldBe(found, row.Text);
            row.Found(row.Text.Replace("\n", "\r\n", StringComparison.Ordinal)).ShouldBe(found, row.Text);
            // A name is known by its capital: without it thanks may be missed, never found.
            foreach (var changed in new[] { row.Text.ToUpperInvariant(), row.Text.ToLowerInvariant() })
                if (row.Set[0] == 'a' || !found) row.Found(changed).ShouldBe(found, row.Text);
        }
    }

    static string WithoutAccents(string text) =>
        string.Concat(text.Normalize(NormalizationForm.FormD).Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)).Normalize(NormalizationForm.FormC);

    [Fact]
    public void The_language_of_a_short_text_is_guessed()
    {
        var rows = Rows(sets).Where(row => row.Text.Split(' ').Length >= 5).ToList();
        double right = rows.Count(row => TextLanguage.Guess(row.Text) == row.Language);
        (right / rows.Count).ShouldBeGreaterThanOrEqualTo(0.97);
        rows.Count(row => TextLanguage.Guess(row.Text) is { } other && other != row.Language).ShouldBeLessThanOrEqualTo(rows.Count / 100);
        foreach (var other in new[] { "", "12345 !!", "Buongiorno, grazie mille per la vostra risposta, ma non funziona ancora.", "Bedankt voor uw antwoord, het werkt nu weer.", "Спасибо большое", "xqzt brrf" })
            TextLanguage.Guess(other).ShouldBeNull(other);
    }

    [Fact]
    public void Where_no_language_is_named_the_answer_is_nearly_always_the_same()
    {
        var rows = Rows(sets);
        double same = rows.Count(row => row.Found() == (row.Set[0] == 'a' ? Apologies.Read(row.Text).IsEmpty : Thanks.Only(row.Text)));
        (same / rows.Count).ShouldBeGreaterThanOrEqualTo(0.97);
    }

    [Fact]
    public void Any_text_is_read()
    {
        var random = new Random(4);
        var rows = Rows(sets);
        for (var i = 0; i < 3000; i++)
        {
            var text = new StringBuilder(rows[random.Next(rows.Count)].Text);
            for (var change = random.Next(6); change >= 0; change--)
                switch (random.Next(3))
                {
                    case 0: text.Insert(random.Next(text.Length + 1), (char)random.Next(0x10000)); break;
                    case 1 when text.Length > 0: text.Remove(random.Next(text.Length), 1); break;
                    default: text.Append(rows[random.Next(rows.Count)].Text); break;
                }
            var read = text.ToString();
            foreach (var phrase in Apologies.Read(read, i % 2 == 0 ? null : "de").Phrases)
                read.Substring(phrase.Start, phrase.Length).ShouldBe(phrase.Text);
            Thanks.Only(read, i % 2 == 0 ? null : "fr");
        }
    }

    [Fact]
    public void Hostile_texts_are_read_in_time()
    {
        const int size = 100_000;
        string Many(string part) => string.Concat(Enumerable.Repeat(part, size / part.Length));
        foreach (var text in new[] { Many("sorry "), Many("sorry that we "), Many("we have been "), Many("thanks for "), Many("„"), Many("“ "), Many("> "), Many(">\n"), Many("a:\n"), Many("1.1"), Many("..."), Many("?\n"), new string('a', size), Many("a\u0301"), Many("wir haben Ihnen "), Many("\"'"), Many("merci de "), Many("no lo siento, que ") })
            foreach (var language in new[] { null, "en", "de", "es", "fr" })
            {
                var clock = Stopwatch.StartNew();
                Apologies.Read(text, language);
                Thanks.Only(text, language);
                clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10), text[..20] + language);
            }
    }
}
