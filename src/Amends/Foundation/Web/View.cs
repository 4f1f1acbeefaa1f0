using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Amends.Foundation.Web;

/// <summary>The answers of a slice: Page or fragment, Invalid (422, with what was typed), and where to go next.</summary>
public static class View
{
    /// <summary>A page; asked by htmx, the same without its layout. One component, one model.</summary>
    public static RazorComponentResult Page<TComponent>(object model, int status = 200) where TComponent : IComponent =>
        new(typeof(TComponent), new Dictionary<string, object?> { ["Model"] = model }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>A part of a page.</summary>
    public static RazorComponentResult Fragment<TComponent>(object model, int status = 200) where TComponent : IComponent => Page<TComponent>(model, status);

    /// <summary>422: the form again, with what was typed and what is wrong beside each field.</summary>
    public static RazorComponentResult Invalid<TComponent>(object model) where TComponent : IComponent => Page<TComponent>(model, StatusCodes.Status422UnprocessableEntity);

    /// <summary>Go there: a redirect (303) for a plain form, <c>HX-Redirect</c> for htmx. Only paths of ours.</summary>
    public static IResult Go(HttpContext http, string path)
    {
        if (!LocalPath.Is(path)) path = "/";
        if (!http.IsHtmx()) return new SeeOther(path);
        http.Response.Headers["HX-Redirect"] = LocalPath.Ascii(path);
        // Where only the place on the page differs the browser would stay on the page as it is, with what was just sent still in the form.
        if (path.IndexOf('#', StringComparison.Ordinal) is var at && at >= 0 && Uri.TryCreate(http.Request.Headers["HX-Current-URL"], UriKind.Absolute, out var here) && here.PathAndQuery == path[..at])
            http.Response.Headers["HX-Refresh"] = "true";
        return TypedResults.NoContent();
    }

    /// <summary>True when htmx asks.</summary>
    public static bool IsHtmx(this HttpContext http) => http.Request.Headers.ContainsKey("HX-Request");

    sealed class SeeOther(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = LocalPath.Ascii(path);
            return Task.CompletedTask;
        }
    }
}

/// <summary>Tells paths of this house from ways to lead people elsewhere (A45).</summary>
public static class LocalPath
{
    /// <summary>True for an absolute path on this host: one slash, no second slash or backslash after it, no control characters.</summary>
    public static bool Is(string? path)
    {
        if (string.IsNullOrEmpty(path) || path[0] != '/' || path.Length > 2000) return false;
        if (path.Length > 1 && path[1] is '/' or '\\') return false;
        foreach (var c in path) if (char.IsControl(c) || c == '\\') return false;
        return true;
    }

    /// <summary>The path as a header takes it: what is not ASCII is escaped.</summary>
    public static string Ascii(string path) => path.All(char.IsAscii) ? path : string.Concat(path.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    /// <summary>The path, or <paramref name="otherwise"/>.</summary>
    public static string Or(string? path, string otherwise) => Is(path) ? path! : otherwise;
}
