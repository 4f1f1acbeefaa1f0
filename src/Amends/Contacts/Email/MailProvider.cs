using System.Globalization;
using Amends.Foundation.Outbox;
using Amends.Foundation.Settings;

namespace Amends.Contacts;

/// <summary>How we sign in to the server of a mailbox.</summary>
public enum MailLogin : byte
{
    Password = 0,

    /// <summary>By tokens of Microsoft 365 (OAuth 2.0, RFC 6749, with PKCE, RFC 7636).</summary>
    Microsoft = 1,

    /// <summary>By tokens of Google.</summary>
    Google = 2
}

/// <summary>A provider whose mailboxes are signed in to in the browser, and what of it is set by the house.</summary>
/// <param name="Key">In addresses and names of settings.</param>
/// <param name="Name">A name everywhere.</param>
/// <param name="Scopes">What we ask for: who signs in, mail, and lasting access; nothing else.</param>
/// <param name="Mail">Those of them without which mail cannot be read.</param>
/// <param name="Extra">Further words of the question.</param>
public sealed record MailProvider(MailLogin Login, string Key, string Name, string Scopes, IReadOnlyList<string> Mail, IReadOnlyList<(string Name, string Value)> Extra, string DefaultAuthorize, string DefaultTokens, string DefaultHosts)
{
    /// <summary>All.</summary>
    public static IReadOnlyList<MailProvider> All { get; } =
    [
        new(MailLogin.Microsoft, "microsoft", "Microsoft", "openid profile offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send", ["https://outlook.office.com/IMAP.AccessAsUser.All"], [("prompt", "select_account")],
            "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize", "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token", "outlook.office365.com smtp.office365.com"),
        // Google gives lasting access only to who asks for it, and again only where consent is asked for again.
        new(MailLogin.Google, "google", "Google", "openid email https://mail.google.com/", ["https://mail.google.com/"], [("access_type", "offline"), ("prompt", "consent")],
            "https://accounts.google.com/o/oauth2/v2/auth", "https://oauth2.googleapis.com/token", "imap.gmail.com smtp.gmail.com")
    ];

    /// <summary>The provider of a way to sign in; null for passwords.</summary>
    public static MailProvider? Of(MailLogin login) => All.FirstOrDefault(p => p.Login == login);

    /// <summary>Where directories (tenants) are told apart.</summary>
    public bool HasTenants => Login == MailLogin.Microsoft;

    /// <summary>Where the provider sends the browser back to, on our side.</summary>
    public string BackPath => $"/settings/mail-sign-in/{Key}/back";

    /// <summary>The settings.</summary>
    public SettingName<string> Client => new($"mail.{Key}.client", "");
    public SettingName<string> Secret => new($"mail.{Key}.secret", "", IsSecret: true);
    public SettingName<string> Tenants => new($"mail.{Key}.tenants", "");
    public SettingName<string> Authorize => new($"mail.{Key}.authorize", DefaultAuthorize);
    public SettingName<string> Tokens => new($"mail.{Key}.tokens", DefaultTokens);
    public SettingName<string> Hosts => new($"mail.{Key}.hosts", DefaultHosts);

    /// <summary>What stands in the settings, or null where the house has no app there yet.</summary>
    public SignInServer? Server(House house)
    {
        var (client, secret, tenants) = (house.Get(Client), house.Get(Secret), Split(house.Get(Tenants)));
        if (client.Length == 0 || secret.Length == 0 || HasTenants && tenants.Length == 0) return null;
        // One directory is asked by its name; of several the answer says which it was, and that is looked at.
        string In(string url) => url.Replace("{tenant}", tenants is [var only] ? only : "organizations", StringComparison.Ordinal);
        return Address(In(house.Get(Authorize))) is { } authorize && Address(In(house.Get(Tokens))) is { } tokens ? new(this, authorize, tokens, client, secret, tenants, Split(house.Get(Hosts))) : null;
    }

    /// <summary>An address that secrets may be sent to: https, or this machine. Null where the text is none.</summary>
    public static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == "https" || url.Scheme == "http" && Reach.IsHere(url.Host.Trim('[', ']'))) && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && text.All(c => c is > ' ' and <= '~') ? url : null;

    internal static string[] Split(string text) => text.Split([' ', ',', ';', '\r', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The app of the house at a provider.</summary>
/// <param name="Tenants">Directories whose accounts are let in; empty where the provider has none.</param>
/// <param name="Hosts">Mail servers that tokens may be sent to.</param>
public sealed record SignInServer(MailProvider Provider, Uri Authorize, Uri Tokens, string ClientId, string Secret, IReadOnlyList<string> Tenants, IReadOnlyList<string> Hosts)
{
    /// <summary>Says nothing of the secret.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Provider.Name} {Tokens}");
}
