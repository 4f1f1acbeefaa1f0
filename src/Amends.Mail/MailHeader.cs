using System.Collections;
using System.Text;

namespace Amends.Mail;

/// <summary>One header field as it came.</summary>
public sealed class MailHeader
{
    string? _text;
    string? _value;

    internal MailHeader(string name, ReadOnlyMemory<byte> raw, int offset, string? charset = null)
    {
        (Name, Raw, Offset, Charset) = (name, raw, offset, charset);
    }

    /// <summary>The name as it was written. Compare without case.</summary>
    public string Name { get; }

    /// <summary>The bytes between the colon and the end of the field, folds included.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The byte of the message at which the field begins.</summary>
    public int Offset { get; }

    internal string? Charset { get; set; }

    internal KnownHeader Known { get; init; }

    /// <summary>Unfolded text, encoded words still encoded: what structured fields are parsed from. No CR, LF or NUL in it.</summary>
    public string Text => _text ??= HeaderReader.Unfold(Raw.Span, Charset);

    /// <summary>Unfolded text with encoded words (RFC 2047) decoded, for people. No CR, LF or NUL in it.</summary>
    public string Value => _value ??= EncodedWords.Decode(Text);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Value}";
}

/// <summary>Headers the reader itself looks for: found by number instead of by name.</summary>
enum KnownHeader : byte
{
    Other, From, Sender, Date, Subject, MessageId, To, Cc, ReplyTo, InReplyTo, References, ContentType, ContentTransferEncoding, Bcc, ContentDisposition, ContentId, ContentLocation,
}

/// <summary>The header fields of a message or part, in their order. Names are compared without case.</summary>
public sealed class MailHeaders : IReadOnlyList<MailHeader>
{
    readonly List<MailHeader> _fields;

    internal MailHeaders(List<MailHeader> fields) => _fields = fields;

    internal static MailHeaders None { get; } = new([]);

    /// <summary>How many fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The field at a place.</summary>
    public MailHeader this[int index] => _fields[index];

    /// <summary>The decoded value of the first field of that name, or null.</summary>
    public string? this[string name] => First(name)?.Value;

    /// <summary>The first field of that name, or null.</summary>
    public MailHeader? First(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Name.Length == name.Length && field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return field;
        }
        return null;
    }

    internal MailHeader? First(KnownHeader known)
    {
        foreach (var field in _fields)
        {
            if (field.Known == known)
                return field;
        }
        return null;
    }

    /// <summary>All fields of that name, in order.</summary>
    public IEnumerable<MailHeader> All(string name)
    {
        foreach (var field in _fields)
        {
            if (field.Name.Length == name.Length && field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                yield return field;
        }
    }

    /// <summary>True when a field of that name exists.</summary>
    public bool Has(string name) => First(name) is not null;

    /// <summary>The fields in order, without an allocation.</summary>
    public List<MailHeader>.Enumerator GetEnumerator() => _fields.GetEnumerator();

    IEnumerator<MailHeader> IEnumerable<MailHeader>.GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _fields.GetEnumerator();
}
