using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;

namespace Amends.Foundation.Web;

/// <summary>The nonce of this answer's scripts.</summary>
public sealed class Nonce
{
    /// <summary>128 random bits.</summary>
    public string Value { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
}

/// <summary>This route takes posts without an antiforgery token, because it does not go by a cookie (keys, signed calls).</summary>
public sealed class WithoutToken(string why)
{
    /// <summary>Why that is safe.</summary>
    public string Why { get; } = why;
}

/// <summary>This route takes files: its body may be as large as the house takes at all. All others are words.</summary>
public sealed class TakesFiles;

/// <summary>Headers on every answer, and the checks that hold for every changing request.</summary>
public static class Safety
{
    const string Policy = "default-src 'none'; script-src 'nonce-{0}' 'strict-dynamic'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-src 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'";

    /// <summary>Bytes of a form without files: the longest text that a form takes, three times over for its escapes, and room.</summary>
    public const long MostWords = 3L * 1024 * 1024;

    /// <summary>Sets the headers before the answer begins; a route may set its own policy first.</summary>
    public static void UseSafetyHeaders(this WebApplication app) => app.Use((http, next) =>
    {
        http.Response.OnStarting(() =>
        {
            var headers = http.Response.Headers;
            if (headers.ContentSecurityPolicy.Count == 0)
                headers.ContentSecurityPolicy = string.Format(System.Globalization.CultureInfo.InvariantCulture, Policy, http.RequestServices.GetRequiredService<Nonce>().Value);
            headers.XContentTypeOptions = "nosniff";
            if (headers["Referrer-Policy"].Count == 0) headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            if (headers["Cross-Origin-Resource-Policy"].Count == 0) headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
            if (headers.XFrameOptions.Count == 0) headers.XFrameOptions = "DENY";
            if (http.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            if (http.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true) headers.Append("Vary", "HX-Request");
            return Task.CompletedTask;
        });
        return next(http);
    });

    /// <summary>Refuses changing requests from other sites, and those by cookie without a token (A27).</summary>
    public static void UseSafeWrites(this WebApplication app) => app.Use(async (http, next) =>
    {
        FormState.SentTo(http);
        if (http.GetEndpoint()?.Metadata.GetMetadata<TakesFiles>() is null)
        {
            // Looked at before a byte is read: reading the token reads the form.
            if (http.Request.ContentLength > MostWords)
            {
                await Problems.Answer(http, StatusCodes.Status413PayloadTooLarge, string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.FileTooLarge, MostWords / (1024 * 1024)));
                return;
            }
            if (http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = MostWords;
        }
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method)
            || http.GetEndpoint()?.Metadata.GetMetadata<WithoutToken>() is not null)
        {
            await next(http);
            return;
        }
        if (http.Request.Headers.TryGetValue("Sec-Fetch-Site", out var site) && site.ToString() is not ("same-origin" or "none"))
        {
            await Problems.Answer(http, StatusCodes.Status403Forbidden, Words.FromElsewhere);
            return;
        }
        // Forms are all that is taken; a call without any words is an empty one. What is sent as something else has members that no form has (A25).
        if (!http.Request.HasFormContentType)
        {
            if (!string.IsNullOrEmpty(http.Request.ContentType) || http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
            {
                await Problems.Answer(http, StatusCodes.Status415UnsupportedMediaType, Words.OnlyForms);
                return;
            }
            http.Request.ContentType = "application/x-www-form-urlencoded";
        }
        try { await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http); }
        catch (AntiforgeryValidationException)
        {
            await Problems.Answer(http, StatusCodes.Status400BadRequest, Words.TokenMissing);
            return;
        }
        await next(http);
    });
}
