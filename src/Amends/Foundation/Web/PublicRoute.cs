namespace Amends.Foundation.Web;

/// <summary>This route is for everyone: one of the short, reviewed list.</summary>
public sealed class PublicRoute(string why, bool nameless = false)
{
    /// <summary>Why everyone may.</summary>
    public string Why { get; } = why;

    /// <summary>True where it is all one who asks: then nobody's session is looked for, and it answers also while the database is away.</summary>
    public bool Nameless { get; } = nameless;
}

/// <summary>Marks routes.</summary>
public static class RouteMarks
{
    /// <summary>Its body may hold files.</summary>
    public static T TakesFiles<T>(this T route) where T : IEndpointConventionBuilder => route.WithMetadata(new TakesFiles());

    /// <summary>For everyone, with the reason.</summary>
    public static T Public<T>(this T route, string why, bool nameless = false) where T : IEndpointConventionBuilder => route.WithMetadata(new PublicRoute(why, nameless));
}
