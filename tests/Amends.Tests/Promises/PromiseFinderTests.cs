using System.Diagnostics;
using System.Text;
using Amends.Foundation;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using NodaTime;
using Shouldly;
using Xunit;

namespace Amends.Tests.Promises;

public class PromiseFinderTests
{
    static readonly string[] Files = ["promises.jsonl", "promises-kept-aside.jsonl", "promises-of-a-stranger.jsonl", "promises-third-romance.jsonl", "promises-third-germanic.jsonl"];

    static readonly LocalDateTime Monday = new(2026, 11, 23, 10, 0);

    static IOfficeHours Hours(string zone = "Europe/Berlin", params LocalDate[] holidays) => HousesHours.Read("Mon-Fri 09:00-17:00", DateTimeZoneProviders.Tzdb[zone], holidays);

    static IReadOnlyList<FoundPromise> Find(string text, string? language = null, LocalDateTime? sent = null, IOfficeHours? hours = null) => PromiseFinder.Find(text, language, sent ?? Monday, hours ?? Hours());

    static LocalDateTime? DueOf(string text, string? language = null, LocalDateTime? sent = null, IOfficeHours? hours = null) => Find(text, language, sent, hours).ShouldHaveSingleItem().Due;

    [Theory, InlineData("en"), InlineData("de"), InlineData("es"), InlineData("fr")]
    public void The_labelled_texts_are_read_within_their_bars(string language)
    {
        int found = 0, labelled = 0, matched = 0, dated = 0, texts = 0;
        foreach (var text in Files.SelectMany(LabelledText.Read).Where(t => t.Language == language))
        {
            texts++;
            var open = text.Promises.ToList();
            labelled += open.Count;
            foreach (var one in text.Find())
            {
                found++;
                // As bench promises does: the kind, and the moment or the words.
                var at = open.FindIndex(p => p.Kind == one.Kind && p.Due == one.Due);
                if (at < 0)
                    at = open.FindIndex(p => p.Kind == one.Kind && text.Text.IndexOf(p.Quote, StringComparison.Ordinal) is var start && start < one.Start + one.Length && start + p.Quote.Length > one.Start);
                if (at < 0)
                    continue;
                matched++;
                if (open[at].Due == one.Due) dated++;
                open.RemoveAt(at);
            }
        }
        texts.ShouldBeGreaterThanOrEqualTo(100);
        ((double)matched / found).ShouldBeGreaterThanOrEqualTo(0.95, "precision");
        ((double)matched / labelled).ShouldBeGreaterThanOrEqualTo(0.85, "recall");
        ((double)dated / matched).ShouldBeGreaterThanOrEqualTo(0.95, "date exact");
    }

    // "en|call|I'll give you a ring": a sentence by itself with the kind that it promises, or none.
    [Theory, InlineData("en"), InlineData("de"), InlineData("es"), InlineData("fr")]
    public void Everyday_turns_of_phrase_are_read_for_what_they_promise_and_others_for_nothing(string language)
    {
        var turns = File.ReadLines(RepoRoot.Under("tests", "Amends.Tests", "Promises", "Labelled", "turns.txt")).Select(line => line.Split('|', 3)).Where(turn => turn[0] == language).ToList();
        turns.Count.ShouldBeGreaterThan(80);
        var sent = new LocalDateTime(2026, 11, 24, 9, 30);
        turns.Where(turn => !PromiseFinder.Find(turn[2], language, sent, Hours()).Select(f => f.Kind.ToString().ToLowerInvariant()).SequenceEqual(turn[1] == "none" ? [] : [turn[1]])).Select(turn => turn[2]).ShouldBeEmpty();
    }

    [Fact]
    public void The_language_of_a_sentence_need_not_be_known()
    {
        foreach (var text in Files.SelectMany(LabelledText.Read).Where(t => t.Promises.Count > 0).GroupBy(t => t.Language).SelectMany(g => g.Take(12)))
            PromiseFinder.Find(text.Text, null, text.Sent, text.Hours).ShouldBe(text.Find(), text.Id);
        Find("We will call you tomorrow. Wir rufen Sie morgen an. Le enviaremos la factura mañana. Nous vous livrerons demain.").Select(f => f.Language).ShouldBe(["en", "es", "fr"]);
        Find("Ti chiameremo domani.", "it").ShouldBeEmpty();
    }

    [Fact]
    public void What_the_words_say_is_where_the_span_is()
    {
        var text = "I am sorry. We will call you tomorrow before five. Thank you.";
        var one = Find(text).ShouldHaveSingleItem();
        text.Substring(one.Start, one.Length).ShouldBe("We will call you tomorrow before five");
    }

    [Theory]
    [InlineData("en", "We will call you on Monday.", "2026-11-30T17:00")]
    [InlineData("en", "We will call you next Tuesday.", "2026-12-01T17:00")]
    [InlineData("en", "We will call you this coming Tuesday.", "2026-11-24T17:00")]
    [InlineData("en", "We will call you on Tuesday of next week at 4.", "2026-12-01T16:00")]
    [InlineData("en", "We will call you before Friday.", "2026-11-26T17:00")]
    [InlineData("en", "We will call you before Friday noon.", "2026-11-27T12:00")]
    [InlineData("en", "We will call you by the end of the week.", "2026-11-27T17:00")]
    [InlineData("en", "We will call you Tuesday or Wednesday.", "2026-11-25T17:00")]
    [InlineData("en", "We will call you tomorrow between 2 and 4.", "2026-11-24T16:00")]
    [InlineData("en", "We will call you at half past three.", "2026-11-23T15:30")]
    [InlineData("en", "We will call you at 9.", "2026-11-24T09:00")]
    [InlineData("en", "We will call you within two to three working days.", "2026-11-26T17:00")]
    [InlineData("en", "We will call you in two weeks' time.", "2026-12-07T17:00")]
    [InlineData("en", "We will call you on the 2nd of December.", "2026-12-02T17:00")]
    [InlineData("en", "We will call you on 2026-12-02 at 11:15.", "2026-12-02T11:15")]
    [InlineData("en", "We will call you within an hour and a half.", "2026-11-23T11:30")]
    [InlineData("en", "We will call you tomorrow at 5.", "2026-11-24T17:00")]
    [InlineData("en", "We will call you on Wednesday from 8 to 10 a.m.", "2026-11-25T10:00")]
    [InlineData("en", "We will call you tomorrow after the repair.", "2026-11-24T17:00")]
    [InlineData("en", "We will call you at ten to five.", "2026-11-23T16:50")]
    [InlineData("en", "We will call you this evening at 7.", "2026-11-23T19:00")]
    [InlineData("en", "We will call you in the next hour.", "2026-11-23T11:00")]
    [InlineData("en", "We will call you two weeks from today.", "2026-12-07T17:00")]
    [InlineData("en", "We will call you the week after next.", "2026-12-11T17:00")]
    [InlineData("en", "We will be in touch by the 30th.", "2026-11-30T17:00")]
    [InlineData("en", "We will call you by Friday about a new part.", "2026-11-27T17:00")]
    [InlineData("de", "Wir rufen Sie noch vor Freitag in einer Sache an.", "2026-11-26T17:00")]
    [InlineData("de", "Wir schicken Ihnen bis Freitagmittag eine Antwort.", "2026-11-27T12:00")]
    [InlineData("de", "Wir holen das Paket am Donnerstag zwischen 16 und 18 Uhr ab.", "2026-11-26T18:00")]
    [InlineData("de", "Wir holen das Paket am Donnerstag ab.", "2026-11-26T17:00")]
    [InlineData("de", "Wir holen das Paket übermorgen ab 9 Uhr ab.", "2026-11-25T17:00")]
    [InlineData("de", "Wir schicken Ihnen bis 12 Uhr eine Antwort.", "2026-11-23T12:00")]
    [InlineData("de", "Wir rufen Sie im Laufe des morgigen Tages an.", "2026-11-24T17:00")]
    [InlineData("es", "En una hora le llamaremos.", "2026-11-23T11:00")]
    [InlineData("es", "Le llamaremos a lo largo de la semana.", "2026-11-27T17:00")]
    [InlineData("de", "Wir rufen Sie am 27. an.", "2026-11-27T17:00")]
    [InlineData("de", "Wir schicken Ihnen morgen die Version 3.2.1.", "2026-11-24T17:00")]
    [InlineData("de", "Wir schicken Ihnen die Version 3.2.1 bis zum 3.12. zu.", "2026-12-03T17:00")]
    [InlineData("en", "We will send you v3.2 tomorrow.", "2026-11-24T17:00")]
    [InlineData("de", "Ihr Paket kommt am 27.", "2026-11-27T17:00")]
    [InlineData("fr", "Nous réinitialiserons votre mot de passe mercredi.", "2026-11-25T17:00")]
    [InlineData("de", "Wir rufen Sie am 2.12. um halb vier an.", "2026-12-02T15:30")]
    [InlineData("de", "Wir rufen Sie nächste Woche Mittwoch an.", "2026-12-02T17:00")]
    [InlineData("de", "Wir rufen Sie kommenden Dienstag an.", "2026-11-24T17:00")]
    [InlineData("de", "Wir rufen Sie in den nächsten 24 Stunden an.", "2026-11-24T10:00")]
    [InlineData("de", "Wir rufen Sie bis zum 15. Dezember an.", "2026-12-15T17:00")]
    [InlineData("de", "Wir rufen Sie Ende nächster Woche an.", "2026-12-04T17:00")]
    [InlineData("es", "Le llamaremos la próxima semana.", "2026-12-04T17:00")]
    [InlineData("es", "Le llamaremos el martes que viene a las tres y cuarto.", "2026-11-24T15:15")]
    [InlineData("es", "Le llamaremos el 2 de diciembre.", "2026-12-02T17:00")]
    [InlineData("es", "Le llamaremos en las próximas 24 horas.", "2026-11-24T10:00")]
    [InlineData("fr", "Nous vous rappellerons d'ici 48 heures.", "2026-11-25T10:00")]
    [InlineData("fr", "Nous vous rappellerons le 2 décembre à 14h30.", "2026-12-02T14:30")]
    [InlineData("fr", "Nous vous rappellerons dans les prochaines 24 heures.", "2026-11-24T10:00")]
    [InlineData("fr", "Nous vous rappellerons mardi prochain en fin de journée.", "2026-12-01T17:00")]
    public void A_time_ends_where_it_was_said_to_end(string language, string text, string due) =>
        DueOf(text, language).ShouldBe(LocalDateTime.FromDateTime(DateTime.Parse(due, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Hours_are_elapsed_time_over_both_changes_of_the_clock()
    {
        DueOf("We will call you in 48 hours.", "en", new(2026, 3, 27, 16, 0)).ShouldBe(new LocalDateTime(2026, 3, 29, 17, 0));
        DueOf("We will call you in 48 hours.", "en", new(2026, 10, 23, 16, 0)).ShouldBe(new LocalDateTime(2026, 10, 25, 15, 0));
        DueOf("We will call you on 29 February.", "en").ShouldBe(new LocalDateTime(2028, 2, 29, 17, 0));
    }

    [Fact]
    public void Working_days_leave_out_holidays()
    {
        DueOf("We will call you within two working days.", "en", hours: Hours(holidays: new LocalDate(2026, 11, 24))).ShouldBe(new LocalDateTime(2026, 11, 26, 17, 0));
        DueOf("We will call you within two days.", "en", hours: Hours(holidays: new LocalDate(2026, 11, 24))).ShouldBe(new LocalDateTime(2026, 11, 25, 17, 0));
    }

    [Fact]
    public void Days_and_months_stand_as_they_are_written_there()
    {
        DueOf("We will call you on 12/04.", "en", hours: Hours("America/Chicago")).ShouldBe(new LocalDateTime(2026, 12, 4, 17, 0));
        DueOf("We will call you on 12/04.", "en").ShouldBe(new LocalDateTime(2027, 4, 12, 17, 0));
        DueOf("We will call you on 24/12.", "en", hours: Hours("America/Chicago")).ShouldBe(new LocalDateTime(2026, 12, 24, 17, 0));
    }

    [Theory]
    [InlineData("en", "If you are at home, ")]
    [InlineData("de", "Wenn Sie zu Hause sind, ")]
    [InlineData("es", "Si está en casa, ")]
    [InlineData("fr", "Si vous êtes chez vous, ")]
    public void A_question_mark_or_a_condition_takes_every_promise_away(string language, string condition)
    {
        var all = Files.SelectMany(LabelledText.Read).Where(t => t.Language == language && t.Promises.Count == 1 && !t.Text.Contains('\n', StringComparison.Ordinal) && t.Text.Trim().IndexOfAny(['.', '!', '?', ';', ':']) == t.Text.Trim().Length - 1 && t.Find().Count == 1).ToList();
        all.Count.ShouldBeGreaterThan(20);
        foreach (var text in all)
        {
            PromiseFinder.Find(text.Text.TrimEnd('.') + "?", language, text.Sent, text.Hours).ShouldBeEmpty(text.Text);
            PromiseFinder.Find(condition + char.ToLowerInvariant(text.Text[0]) + text.Text[1..], language, text.Sent, text.Hours).ShouldBeEmpty(text.Text);
            PromiseFinder.Find("> " + text.Text, language, text.Sent, text.Hours).ShouldBeEmpty(text.Text);
            PromiseFinder.Find("“" + text.Text + "”", language, text.Sent, text.Hours).ShouldBeEmpty(text.Text);
        }
    }

    [Fact]
    public void Nothing_throws_and_every_span_lies_within_the_text()
    {
        var random = new Random(20261122);
        var texts = Files.SelectMany(LabelledText.Read).ToList();
        var words = texts.SelectMany(t => t.Text.Split(' ')).Concat(["99", "31.02.", "24:61", "0", "999999999999", "\0", "\ud800", "é", "12/31/2026", "2026-02-30", "…", "“", "»", "1e9", "29.2."]).ToArray();
        for (var round = 0; round < 6000; round++)
        {
            var text = texts[random.Next(texts.Count)];
            var said = round % 3 == 0
                ? string.Join(' ', Enumerable.Range(0, random.Next(1, 40)).Select(_ => words[random.Next(words.Length)]))
                : Mutated(text.Text, words, random);
            foreach (var one in PromiseFinder.Find(said, round % 2 == 0 ? text.Language : null, text.Sent, text.Hours))
            {
                one.Start.ShouldBeGreaterThanOrEqualTo(0);
                one.Length.ShouldBeGreaterThan(0);
                (one.Start + one.Length).ShouldBeLessThanOrEqualTo(said.Length);
            }
        }
    }

    static string Mutated(string text, string[] words, Random random)
    {
        var said = new StringBuilder(text);
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(said.Length);
            switch (random.Next(4))
            {
                case 0: said.Remove(at, Math.Min(random.Next(1, 12), said.Length - at)); break;
                case 1: said.Insert(at, " " + words[random.Next(words.Length)] + " "); break;
                case 2: said[at] = (char)random.Next(1, 0x2100); break;
                default: said.Insert(at, said.ToString(at, Math.Min(random.Next(1, 30), said.Length - at))); break;
            }
            if (said.Length == 0)
                said.Append('x');
        }
        return said.ToString();
    }

    [Fact]
    public void A39_hostile_texts_take_time_in_proportion_to_their_length()
    {
        string[] seeds = ["will ", "we will call you and ", "1", "1.", "if ", "before ", "\"", "“", "in the next ", "wir rufen Sie an und ", "twenty ", "> ", "a", "á", ",", "(", "de la semana que viene ", "\n", "h ", "to ", "zwischen 1 und ", "nous allons vous ", "'", "-", " ", ". ", "\n> ", "a. ", "5:", "2.", "/", "am 5. ", "\u0301", "“we will call you” ", "mañana a las 5 y ", "We will call you tomorrow at 5. "];
        Find("warm");
        foreach (var seed in seeds)
            foreach (var language in (string?[])["en", "de", "es", "fr", null])
            {
                var text = new StringBuilder().Insert(0, seed, 100_000 / seed.Length).ToString();
                var watch = Stopwatch.StartNew();
                Find(text, language);
                watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), $"{language} {seed}");
            }
    }

    [Fact]
    public void Hours_that_say_nothing_are_refused()
    {
        foreach (var line in (string[])["Mon-Fri", "Mon-Fri 17:00-09:00", "Someday 09:00-17:00", "Mon-Fri nine to five"])
            Should.Throw<Refused>(() => HousesHours.Read(line, DateTimeZone.Utc), line);
        HousesHours.Read("Mon-Thu 08:00-18:00, Fri 08:00-15:00", DateTimeZone.Utc).Closes(new(2026, 11, 27)).ShouldBe(new LocalTime(15, 0));
        HousesHours.Read("24/7", DateTimeZone.Utc).IsWorkingDay(new(2026, 11, 29)).ShouldBeTrue();
    }
}
