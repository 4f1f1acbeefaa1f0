namespace Amends.People;

/// <summary>Whether a customer is to be written to and never called: by the preferred channel, or by what stands under needs.</summary>
static class WritingOnly
{
    /// <summary>The value of <see cref="Customer.Prefers"/>.</summary>
    public const string Value = "writing";

    // Whole phrases only: “please confirm in writing” is no wish not to be called.
    static readonly string[] phrases =
    [
        "writing only", "only in writing", "written only", "deaf", "nur schriftlich", "ausschließlich schriftlich", "gehörlos", "solo por escrito", "sólo por escrito", "únicamente por escrito", "sordo", "sorda",
        "uniquement par écrit", "seulement par écrit", "sourd"
    ];

    /// <summary>True where a call must not be proposed.</summary>
    public static bool Of(string? prefers, string? needs) =>
        prefers == Value || needs is not null && Array.Exists(phrases, p => needs.Contains(p, StringComparison.OrdinalIgnoreCase));
}
