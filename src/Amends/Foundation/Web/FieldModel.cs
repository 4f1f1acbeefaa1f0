namespace Amends.Foundation.Web;

/// <summary>One field of a form, for <c>Field.razor</c>: label, control, what is wrong, help.</summary>
/// <param name="Form">What was typed and what is wrong.</param>
/// <param name="Name">Name and id of the control.</param>
/// <param name="Label">In the language of who looks.</param>
/// <param name="Help">One or two sentences, or null.</param>
/// <param name="Type"><c>text</c>, <c>email</c>, <c>password</c>, <c>tel</c>, <c>area</c>, <c>check</c> …</param>
/// <param name="Autocomplete">As HTML names it.</param>
/// <param name="Optional">Says so beside the label.</param>
/// <param name="Rows">Height of an area.</param>
/// <param name="Class">Further classes of the control: <c>short</c>, <c>medium</c>, <c>code</c>.</param>
/// <param name="Options">Makes it a select: value and what is shown.</param>
/// <param name="Focus">Has the focus when the page opens.</param>
public sealed record FieldModel(FormState Form, string Name, string Label, string? Help = null, string Type = "text", string? Autocomplete = null, bool Optional = false, int Rows = 4,
    string? Class = null, IReadOnlyList<(string Value, string Shown)>? Options = null, bool Focus = false)
{
    /// <summary>Which keys a phone shows: <c>numeric</c>, <c>email</c>, <c>tel</c>; null for those of the type.</summary>
    public string? InputMode { get; init; }

    /// <summary>What is wrong, or null.</summary>
    public string? Error => Form.Error(Name);

    /// <summary>What stands in it; passwords are never sent back.</summary>
    public string? Value => Type == "password" ? null : Form[Name];

    /// <summary>The ids of what describes it.</summary>
    public string? DescribedBy => (Error, Help) switch { (null, null) => null, (null, _) => $"{Name}-help", (_, null) => $"{Name}-error", _ => $"{Name}-error {Name}-help" };
}
