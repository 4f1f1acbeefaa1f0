using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Amends.Foundation.Web;

/// <summary>What was typed into a form and what is wrong with it. An empty one for a form that is shown first.</summary>
public sealed class FormState
{
    readonly Dictionary<string, string> values = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> errors = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> labels = new(StringComparer.Ordinal);
    string? digest;

    /// <summary>A form with what was posted. NUL is left out: PostgreSQL cannot hold it, and nobody types it.</summary>
    public static FormState Of(IFormCollection posted)
    {
        var form = new FormState { digest = DigestOf(posted) };
        foreach (var (name, value) in posted) form.values[name] = value.ToString().Replace("\0", "", StringComparison.Ordinal);
        return form;
    }

    /// <summary>A form filled from what stands.</summary>
    public static FormState With(params (string Name, object? Value)[] fields)
    {
        var form = new FormState();
        foreach (var (name, value) in fields) form.values[name] = Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "";
        return form;
    }

    /// <summary>Sets a field to what follows from others.</summary>
    public void Set(string name, string value) => values[name] = value;

    /// <summary>The fields that were sent.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>What stands in a field; empty when nothing.</summary>
    public string this[string name] => values.GetValueOrDefault(name, "");

    /// <summary>True for a ticked box.</summary>
    public bool On(string name) => this[name] is "true" or "on" or "1";

    /// <summary>What is wrong with a field, or null.</summary>
    public string? Error(string name) => errors.GetValueOrDefault(name);

    /// <summary>What is wrong with the form as a whole, or null.</summary>
    public string? Whole => errors.GetValueOrDefault("");

    /// <summary>All that is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors => errors;

    /// <summary>What a field is called on the page that shows it.</summary>
    public void Called(string field, string label) => labels[field] = label;

    /// <summary>What a field is called, or null where the page did not say.</summary>
    public string? LabelOf(string field) => labels.GetValueOrDefault(field);

    /// <summary>True while nothing is wrong.</summary>
    public bool IsValid => errors.Count == 0;

    /// <summary>Notes what is wrong; the first word about a field stands.</summary>
    public FormState Wrong(string field, string why)
    {
        errors.TryAdd(field, why);
        return this;
    }

    /// <summary>Notes what a rule refused.</summary>
    public FormState Wrong(Refused refused) => Wrong(refused.Field, refused.Message);

    /// <summary>A text that must be there, trimmed, at most so many characters.</summary>
    public string Need(string field, int most, Func<string>? missing = null)
    {
        var value = this[field].Trim();
        if (value.Length == 0) Wrong(field, missing?.Invoke() ?? Words.Needed);
        else if (value.Length > most) Wrong(field, string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.TooLong, most));
        return value;
    }

    /// <summary>A text that may be empty (then null), trimmed, at most so many characters.</summary>
    public string? May(string field, int most)
    {
        var value = this[field].Trim();
        if (value.Length > most) Wrong(field, string.Format(System.Globalization.CultureInfo.CurrentCulture, Words.TooLong, most));
        return value.Length == 0 ? null : value;
    }

    /// <summary>An id that was chosen, or null.</summary>
    public long? Id(string field) => long.TryParse(this[field], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>An id that may be chosen: null where nothing was, and what is typed there but is no id is wrong.</summary>
    public long? MayId(string field, Func<string> wrong)
    {
        var id = Id(field);
        if (id is null && this[field].Length > 0) Wrong(field, wrong());
        return id;
    }

    /// <summary>The version that the form carried, or null.</summary>
    public int? Version => int.TryParse(this["version"], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var v) ? v : null;

    /// <summary>The key that makes sending it twice one thing.</summary>
    public Data.Once? Once => this["once"] is { Length: > 0 } key ? new Data.Once(key.Length > 100 ? key[..100] : key, digest) : null;

    static readonly AsyncLocal<string?> door = new();

    /// <summary>Says to which route the forms of this request are sent: a key answers only for what it was made for.</summary>
    internal static void SentTo(HttpContext http) => door.Value = $"{http.Request.Method} {http.Request.Path}";

    // Where it went and all that it held, so that the same key with anything else is refused and never answered with another form's answer.
    static string DigestOf(IFormCollection posted)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Add(string part)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            sha.AppendData(BitConverter.GetBytes(bytes.Length));
            sha.AppendData(bytes);
        }
        Add(door.Value ?? "");
        foreach (var (name, value) in posted.Where(f => f.Key != "__RequestVerificationToken").OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            Add(name);
            Add(value.ToString());
        }
        foreach (var file in posted.Files) Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Name}:{file.FileName}:{file.Length}"));
        return Convert.ToHexStringLower(sha.GetHashAndReset());
    }
}
