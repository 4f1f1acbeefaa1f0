using System.Globalization;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Amends.Foundation.Web;

/// <summary>What a person sees when something does not go: one sentence, and the way on. What was typed is shown again.</summary>
public sealed record ProblemModel(int Status, string Title, string Sentence, IReadOnlyList<TypedValue> Typed);

/// <summary>What was typed into a field and, where somebody else changed the same thing meanwhile, how it stands now.</summary>
public sealed record TypedValue(string Name, string Value, string? Now);

/// <summary>Turns what was thrown into answers, in one place.</summary>
public static class Problems
{
    /// <summary>Catches at the outside of all routes.</summary>
    public static void UseProblems(this WebApplication app) => app.Use(async (http, next) =>
    {
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.Response.StatusCode is 404 or 405 && http.Response.ContentLength is null or 0 && http.GetEndpoint() is not RouteEndpoint)
            {
                Speech.Again(http);
                await Answer(http, http.Response.StatusCode, Words.NotFound);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested) { }
        catch (Exception why) when (!http.Response.HasStarted)
        {
            Speech.Again(http);
            var (status, sentence) = why switch
            {
                NotThere => (404, Words.NotFound),
                Refused refused => (422, refused.Message),
                VersionConflict => (409, Words.ChangedMeanwhile),
                KeyReused => (422, Words.KeyReused),
                TooLarge large => (413, string.Format(CultureInfo.CurrentCulture, Words.FileTooLarge, large.Most / (1024 * 1024))),
                // What lies behind it is said again: the loop that met it speaks for nobody.
                StoreAway away => (503, StoreTrouble.Of(away.InnerException!) ?? StoreTrouble.OfFiles(away.InnerException!) ?? away.Message),
                _ when StoreTrouble.Of(why) is { } trouble => (503, trouble),
                BadHttpRequestException bad => (bad.StatusCode, bad.StatusCode == 413 ? string.Format(CultureInfo.CurrentCulture, Words.FileTooLarge, 50) : Words.BadRequest),
                AntiforgeryMissing => (400, Words.TokenMissing),
                _ => (500, Words.WentWrong)
            };
            if (status == 500)
                http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Amends.Web").LogError(why, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
            if (status == 503) http.Response.Headers.RetryAfter = "30";
            await Answer(http, status, sentence, (why as VersionConflict)?.Noun);
        }
    });

    sealed class AntiforgeryMissing : Exception;

    // Fields are named as what they set. Only what the form itself holds is shown, and only where it differs.
    static string? NowOf(Noun? changed, string field, string typed)
    {
        var now = changed?.GetType().GetProperties().FirstOrDefault(p => p.Name.Equals(field, StringComparison.OrdinalIgnoreCase) && (p.PropertyType == typeof(string) || p.PropertyType.IsValueType))?.GetValue(changed);
        var shown = Convert.ToString(now, CultureInfo.InvariantCulture);
        return changed is null || now is null || string.Equals(shown, typed, StringComparison.Ordinal) ? null : shown;
    }

    /// <summary>Bytes of a form that is read only to show it again.</summary>
    const long MostTyped = Safety.MostWords;

    // Read before, or small enough to be read for that alone. A stranger's forty megabytes are neither.
    static bool MayRead(HttpContext http) => http.Features.Get<IFormFeature>()?.Form is not null || http.Request.ContentLength is > 0 and <= MostTyped;

    /// <summary>Writes a problem as a page, as a fragment for htmx, or as JSON for programs.</summary>
    public static async Task Answer(HttpContext http, int status, string sentence, Noun? changed = null)
    {
        http.Response.StatusCode = status;
        // What was not read is not waited for: who may not send it need not send it to its end.
        if (http.Request.ContentLength > MostTyped && http.Features.Get<IFormFeature>()?.Form is null) http.Response.Headers.Connection = "close";
        if (http.GetEndpoint()?.Metadata.GetMetadata<WithoutToken>() is not null || http.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
        {
            await http.Response.WriteAsJsonAsync(new { error = sentence }, http.RequestAborted);
            return;
        }
        var typed = new List<TypedValue>();
        if (http.Request.HasFormContentType && status is 400 or 401 or 409 or 422 or 429 or 503 && MayRead(http))
        {
            try
            {
                // Only what a person typed: no tokens, no secrets.
                foreach (var (name, value) in await http.Request.ReadFormAsync(http.RequestAborted))
                    if (name is not ("__RequestVerificationToken" or "version" or "once" or "challenge" or "code" or "return") && !name.Contains("password", StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(value))
                        typed.Add(new(name, value.ToString(), NowOf(changed, name, value.ToString())));
            }
            catch (Exception why) when (why is IOException or InvalidDataException or BadHttpRequestException) { }
        }
        var title = status switch { 404 => Words.NotFoundTitle, 409 => Words.ChangedMeanwhileTitle, 401 => Words.SignedOutTitle, 403 => Words.NotAllowedTitle, 503 => Words.AwayTitle, _ => Words.WentWrongTitle };
        await View.Page<ProblemPage>(new ProblemModel(status, title, sentence, typed), status).ExecuteAsync(http);
    }
}
