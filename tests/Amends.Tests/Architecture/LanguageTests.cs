using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Resources;
using System.Text.RegularExpressions;
using Amends.Contacts;
using Amends.Foundation;
using Shouldly;
using Xunit;

namespace Amends.Tests.Architecture;

/// <summary>Words exist in each language that is promised, hold what the English ones hold, and are not left in English.</summary>
public class LanguageTests
{
    // The same word in both languages.
    static readonly HashSet<string> Alike = new(StringComparer.Ordinal)
    {
        "Team", "Teams", "Spam", "Normal", "Text", "Name", "Organisation", "Version", "Port", "Logo", "Code", "Server", "STARTTLS", "Amends", "Administrator", "Service", "in {0}", "{0} min"
    };

    static readonly Regex Placeholder = new(@"\{\d+[^}]*\}", RegexOptions.NonBacktracking);

    static IReadOnlyList<(string Module, ResourceManager Words)> Modules { get; } =
        [.. typeof(Speech).Assembly.GetTypes().Where(t => t.Name == "Words").Select(t => (t.Namespace!["Amends.".Length..], (ResourceManager)t.GetProperty("ResourceManager", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!))];

    /// <summary>What a language itself has, without what it takes from English; empty where it has no file.</summary>
    static Dictionary<string, string> Of(ResourceManager words, string language) =>
        words.GetResourceSet(language == "en" ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language), createIfNotExists: true, tryParents: false)?
            .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!, StringComparer.Ordinal) ?? [];

    static string Fields(string text) => string.Join(' ', Placeholder.Matches(text).Select(m => m.Value).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_word_has_its_German()
    {
        Modules.Count.ShouldBeGreaterThan(5);
        Modules.Sum(m => Of(m.Words, "de").Count).ShouldBeGreaterThan(1800);
        (from module in Modules from key in Of(module.Words, "en").Keys.Except(Of(module.Words, "de").Keys) select $"{module.Module}: {key}").ShouldBeEmpty();
    }

    [Theory, InlineData("de"), InlineData("es"), InlineData("fr")]
    public void A_translation_holds_what_the_English_holds(string language)
    {
        var wrong = new List<string>();
        foreach (var (module, words) in Modules)
        {
            var english = Of(words, "en");
            foreach (var (key, text) in Of(words, language))
            {
                if (!english.TryGetValue(key, out var said)) wrong.Add($"{module}: {key} is no word of ours");
                else if (string.IsNullOrWhiteSpace(text)) wrong.Add($"{module}: {key} is empty");
                else if (Fields(said) != Fields(text)) wrong.Add($"{module}: {key} holds {Fields(text)} and not {Fields(said)}");
                else if (said.EndsWith('\n') != text.EndsWith('\n')) wrong.Add($"{module}: {key} ends otherwise");
            }
        }
        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_left_in_English()
    {
        // Signs, keys of the keyboard and commands have no language.
        static bool HasWords(string text) => Placeholder.Replace(text, "").Count(char.IsLetter) > 1 && !text.StartsWith("chmod", StringComparison.Ordinal);
        (from module in Modules
         let english = Of(module.Words, "en")
         from german in Of(module.Words, "de")
         where english.GetValueOrDefault(german.Key) == german.Value && HasWords(german.Value) && !Alike.Contains(german.Value)
         select $"{module.Module}: {german.Key} says {german.Value}").ShouldBeEmpty();
    }

    [Fact]
    public void What_customers_read_is_there_in_each_of_their_languages()
    {
        // The pages and mails for customers, with all that the compiler made of them.
        Type[] theirs = [typeof(PublicFrame), typeof(PublicLayout), typeof(AskForm), typeof(AskPage), typeof(ThanksPage), typeof(CaseByLink), typeof(CustomerLink), typeof(LetterPage), typeof(AnswerPage), typeof(GiveReceipt), typeof(ReplyBodies), typeof(Amends.Promises.Calls.AskForCall), typeof(Amends.Promises.Calls.AskForCallPage), typeof(Amends.Promises.Calls.AskForCallLink), typeof(Amends.Promises.NewTimeText)];
        static IEnumerable<Type> Family(Type type) => [type, .. type.GetNestedTypes(BindingFlags.NonPublic | BindingFlags.Public).SelectMany(Family)];
        var used = (from type in theirs.SelectMany(Family)
                    from method in Code.Methods(type)
                    from step in Code.Read(method)
                    let getter = step.Operand as MethodBase
                    where getter is { DeclaringType.Name: "Words", IsSpecialName: true }
                    select (Module: getter.DeclaringType!.Namespace!["Amends.".Length..], Key: getter.Name["get_".Length..])).Distinct().ToList();
        used.Count.ShouldBeGreaterThan(60);
        (from one in used
         from language in Speech.ToCustomers
         where !Of(Modules.Single(m => m.Module == one.Module).Words, language).ContainsKey(one.Key)
         select $"{one.Module}: {one.Key} has no {language}").ShouldBeEmpty();
        // Forms and problems are shown to both.
        var web = Modules.Single(m => m.Module == "Foundation.Web").Words;
        Of(web, "es").Keys.Order().ShouldBe(Of(web, "fr").Keys.Order());
        foreach (var key in new[] { "Needed", "TooLong", "NotFound", "TokenMissing", "WentWrong", "DayLong" }) Of(web, "es").ShouldContainKey(key);
    }
}
