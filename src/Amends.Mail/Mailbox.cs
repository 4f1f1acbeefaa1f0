using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Amends.Mail;

/// <summary>An address with an optional display name (RFC 5322 section 3.4, RFC 6531). Neither ever holds CR, LF, NUL or another control character.
/// Two mailboxes are equal when their <see cref="Key"/> is, whatever their display names say.</summary>
public sealed class Mailbox : IEquatable<Mailbox>
{
    // RFC 5321 section 4.5.3.1.
    const int MaxLocal = 64, MaxDomain = 255;

    static readonly SearchValues<char> AtomSpecials = SearchValues.Create("()<>[]:;@\\,\" \t");

    static readonly IdnMapping Idn = new() { AllowUnassigned = true, UseStd3AsciiRules = false };

    string? _key;
    string? _ascii;

    /// <summary>A mailbox to write to.</summary>
    /// <param name="address">local@domain, at most 64 and 255 characters; the local part may be quoted, the domain international or a literal.</param>
    /// <param name="displayName">The name people see, or null.</param>
    /// <exception cref="ArgumentException">The address is none, or one of the two holds a control character.</exception>
    public Mailbox(string address, string? displayName = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        MailText.Refuse(address, nameof(address));
        MailText.Refuse(displayName, nameof(displayName));
        if (!TrySplit(address, out var local, out var domain))
            throw new ArgumentException("Not a mail address.", nameof(address));
        // The root that a name may end with ("a@b.c.") is the same place; a reader takes it away, too.
        (LocalPart, Domain, DisplayName, IsValid) = (local, domain.TrimEnd('.').ToLowerInvariant(), displayName?.Trim() ?? "", true);
    }

    Mailbox(string local, string domain, string displayName, bool valid) =>
        (LocalPart, Domain, DisplayName, IsValid) = (local, domain.ToLowerInvariant(), displayName, valid);

    /// <summary>The name people see; empty when there is none.</summary>
    public string DisplayName { get; }

    /// <summary>What stands before the last @, as it was written (quotes included).</summary>
    public string LocalPart { get; }

    /// <summary>What stands behind the last @, in lower case; empty when the mail gave none.</summary>
    public string Domain { get; }

    /// <summary>False for what a mail called an address and cannot be one. A mailbox made by the constructor is always valid.</summary>
    public bool IsValid { get; }

    /// <summary>local@domain, the domain in lower case.</summary>
    public string Address => Domain.Length == 0 ? LocalPart : $"{LocalPart}@{Domain}";

    /// <summary>The address with an ASCII domain (punycode), as servers want it. The local part stays as it is.</summary>
    public string AsciiAddress => _ascii ??= Domain.Length == 0 ? LocalPart : $"{LocalPart}@{ToAscii(Domain)}";

    /// <summary>What addresses are compared by: the whole in lower case, the domain in ASCII, needless quotes removed; a plus part is kept.</summary>
    public string Key => _key ??= MakeKey();

    /// <summary>True when the address can only be sent by servers that offer SMTPUTF8.</summary>
    public bool NeedsUtf8 => !Ascii.IsValid(LocalPart);

    string MakeKey()
    {
        var local = LocalPart;
        if (local.Length > 2 && local[0] == '"' && local[^1] == '"')
        {
            // "a\b" and "ab" are one address (RFC 5322 section 3.2.4); quotes are needed around some characters only.
            var inner = new StringBuilder(local.Length);
            for (var i = 1; i < local.Length - 1; i++)
                inner.Append(local[i] == '\\' && i < local.Length - 2 ? local[++i] : local[i]);
            local = inner.ToString();
            if (local.AsSpan().IndexOfAny(AtomSpecials) >= 0)
                local = $"\"{local.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        }
        return (Domain.Length == 0 ? local : $"{local}@{ToAscii(Domain)}").ToLowerInvariant();
    }

    /// <summary>Reads one address, strictly: "a@b" or "Name &lt;a@b&gt;". False for anything else; never throws.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (string.IsNullOrWhiteSpace(text) || text.Length > 2_000 || MailText.HasControl(text))
            return false;
        var trimmed = text.Trim();
        if (trimmed[^1] != '>')
        {
            if (!TrySplit(trimmed, out var local, out var domain))
                return false;
            mailbox = new(local, domain, "", true);
            return true;
        }
        var list = AddressList.Parse(trimmed, 2);
        if (list.Mailboxes is not [{ IsValid: true } one] || list.Groups.Count > 0)
            return false;
        mailbox = one;
        return true;
    }

    /// <summary>A mailbox as a mail names it: kept even when it is not valid. Control characters are removed.</summary>
    internal static Mailbox Read(string local, string domain, string displayName)
    {
        (local, domain, displayName) = (MailText.WithoutControl(local), MailText.WithoutControl(domain), MailText.WithoutControl(displayName).Trim());
        return new(local, domain, displayName, local.Length is > 0 and <= MaxLocal && domain.Length is > 0 and <= MaxDomain && IsLocal(local) && !domain.Contains('@', StringComparison.Ordinal) && IsDomain(domain));
    }

    internal static bool TrySplit(string address, out string local, out string domain)
    {
        (local, domain) = ("", "");
        var at = address.LastIndexOf('@');
        // Half a pair of surrogates is no character, and would be another one on the wire.
        if (at <= 0 || at == address.Length - 1 || MailText.HasControl(address) || MailText.HasHalfPair(address))
            return false;
        (local, domain) = (address[..at], address[(at + 1)..]);
        if (local.Length > MaxLocal || domain.Length > MaxDomain)
            return false;
        return IsLocal(local) && IsDomain(domain);
    }

    static bool IsLocal(string local)
    {
        if (local.Length >= 2 && local[0] == '"' && local[^1] == '"')
        {
            for (var i = 1; i < local.Length - 1; i++)
            {
                if (local[i] == '\\')
                {
                    if (++i >= local.Length - 1)
                        return false;
                }
                else if (local[i] == '"')
                    return false;
            }
            return true;
        }
        // Dots at the ends or doubled are not allowed, but Japanese telephone companies gave them out.
        return local.AsSpan().IndexOfAny(AtomSpecials) < 0;
    }

    static bool IsDomain(string domain)
    {
        if (domain[0] == '[')
            return domain[^1] == ']' && domain.Length > 3 && domain.AsSpan(1, domain.Length - 2).IndexOfAnyExcept(LiteralChars) < 0;
        var start = 0;
        for (var i = 0; i <= domain.Length; i++)
        {
            if (i < domain.Length && domain[i] != '.')
            {
                var c = domain[i];
                if (!(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' || c > 0x7F && (char.IsLetterOrDigit(c) || char.IsSurrogate(c) || IsMark(c))))
                    return false;
                continue;
            }
            // One dot at the very end is the root.
            if (i == start && !(i == domain.Length && start > 1) || i - start > 63 || i > start && (domain[start] == '-' || domain[i - 1] == '-'))
                return false;
            start = i + 1;
        }
        return true;

        static bool IsMark(char c) => char.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark || c is '\u00B7' or '\u30FB' or '\u200C' or '\u200D';
    }

    static readonly SearchValues<char> LiteralChars = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.:-");

    static string ToAscii(string domain)
    {
        if (Ascii.IsValid(domain))
            return domain;
        try
        {
            return Idn.GetAscii(domain.Normalize(NormalizationForm.FormC)).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    /// <inheritdoc/>
    public bool Equals(Mailbox? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Mailbox);

    /// <inheritdoc/>
    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    /// <summary>"Name &lt;address&gt;" for people; the name is quoted where it must be.</summary>
    public override string ToString() =>
        DisplayName.Length == 0 ? Address
        : DisplayName.AsSpan().IndexOfAny(AtomSpecialsButBlank) >= 0 ? $"\"{DisplayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\" <{Address}>"
        : $"{DisplayName} <{Address}>";

    static readonly SearchValues<char> AtomSpecialsButBlank = SearchValues.Create("()<>[]:;@\\,\"");
}
