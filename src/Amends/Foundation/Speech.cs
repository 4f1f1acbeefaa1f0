using System.Globalization;

namespace Amends.Foundation;

/// <summary>The languages in which the product speaks. What is spoken is the current culture: it holds for the rest of an asynchronous call and for what that calls, not for who called it.</summary>
public static class Speech
{
    /// <summary>Languages that all words exist in, two letters each; the first where nothing else is known.</summary>
    public static IReadOnlyList<string> All { get; } = ["en", "de"];

    /// <summary>Languages that words to customers exist in.</summary>
    public static IReadOnlyList<string> ToCustomers { get; } = ["en", "de", "es", "fr"];

    /// <summary>The language that is spoken now, two letters: for <c>lang</c> of a page or a mail.</summary>
    public static string Now => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName is { Length: 2 } language and not "iv" ? language : "en";

    /// <summary>The languages of <see cref="All"/> to choose from: two letters, and the name that each has for itself.</summary>
    public static IReadOnlyList<(string Value, string Shown)> Choices { get; } = [.. All.Select(l => (l, CultureInfo.GetCultureInfo(l).NativeName))];

    /// <summary>Speaks a language from here on; what has no words, or is none, is left.</summary>
    public static void Speak(string? language)
    {
        // Day before month and 24 hours, as in the other languages.
        if (language is not null && ToCustomers.Contains(language)) CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language == "en" ? "en-GB" : language);
    }

    /// <summary>Speaks a language for a request: from here on, and where what goes wrong is answered.</summary>
    public static void Speak(HttpContext http, string? language)
    {
        http.Items[typeof(Speech)] = language;
        Speak(language);
    }

    /// <summary>Speaks as was chosen for the request.</summary>
    public static void Again(HttpContext http) => Speak(http.Items[typeof(Speech)] as string);

    /// <summary>Words with what belongs into them, as the language that is spoken writes numbers.</summary>
    public static string Say(string words, params object?[] with) => string.Format(CultureInfo.CurrentCulture, words, with);

    /// <summary>What is said in a language; what was spoken before is spoken again afterwards.</summary>
    public static T In<T>(string? language, Func<T> say)
    {
        var (culture, words) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            Speak(language);
            return say();
        }
        finally { (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, words); }
    }

    /// <summary>The language for a customer: his own where there are words in it, else the house's.</summary>
    public static string ForCustomer(string? his, string house) => his is not null && ToCustomers.Contains(his) ? his : house;

    /// <summary>The language that a browser asks for (Accept-Language, RFC 9110 section 12.5.4), among some; null where it names none of them.</summary>
    public static string? Wanted(HttpRequest request, IReadOnlyList<string> among) =>
        request.GetTypedHeaders().AcceptLanguage.Where(l => l.Quality is not 0).OrderByDescending(l => l.Quality ?? 1)
            .Select(l => l.Value.Value!.Split('-')[0].ToLowerInvariant()).FirstOrDefault(among.Contains);
}
