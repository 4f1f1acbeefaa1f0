using Amends.Foundation.Data;
using Amends.Foundation.Facts;

namespace Amends.Foundation.Settings;

/// <summary>Name, colour, addresses and portal under which the house speaks.</summary>
public sealed class Brand : Noun
{
    /// <summary>Up to 200 characters.</summary>
    public required string Name { get; set; }

    /// <summary>The accent as <c>#rrggbb</c>, or null for ours.</summary>
    public string? Colour { get; set; }

    /// <summary>The address that mail of this brand is sent from.</summary>
    public string? Address { get; set; }

    /// <summary>A picture that stands above mail of this brand: PNG, JPEG, GIF or WebP; null for its name in letters.</summary>
    public long? LogoBlobId { get; set; }

    /// <summary>Set under each reply where neither its mailbox nor its writer has one; plain text with named fields.</summary>
    public string? Signature { get; set; }

    /// <summary>How a receipt begins, plain text up to 1,000 characters; null for our own words. Number, day and link follow.</summary>
    public string? ReceiptText { get; set; }
    /// <summary>The working calendar by which its service targets are reckoned; null for that of the house.</summary>
    public long? CalendarId { get; set; }
    public bool IsDefault { get; set; }

    /// <summary>Says that the brand was made or changed.</summary>
    public void Changed() => Record(new BrandChanged(Id));
}

/// <summary>A brand was made or changed.</summary>
[FactKind("brand.changed")]
public sealed record BrandChanged(long Brand) : IFact
{
    public long Subject => Brand;
}

/// <summary>The settings that every part may read.</summary>
public static class HouseSettings
{
    public static readonly SettingName<string> Company = new("company.name", "");
    public static readonly SettingName<string> Address = new("company.address", "");
    public static readonly SettingName<string> Zone = new("company.zone", "Europe/Berlin");
    public static readonly SettingName<string> Language = new("company.language", "en");

    /// <summary>Business hours as <c>Mon-Fri 09:00-17:00</c>; several spans are separated by semicolons.</summary>
    public static readonly SettingName<string> Hours = new("company.hours", "Mon-Fri 09:00-17:00");

    /// <summary>The address under which the house is reached from outside; links are made from it and from nothing else.</summary>
    public static readonly SettingName<string> PublicUrl = new("house.public-url", "");

    /// <summary>True once the first administrator was made: set-up is closed for ever.</summary>
    public static readonly SettingName<bool> SetUp = new("house.set-up", false);
    public static readonly SettingName<bool> IsDemo = new("house.demo", false);
    public static readonly SettingName<string> LastBackup = new("house.last-backup", "");

    /// <summary>Mail goes out by SMTP; else it stays on the Outbox page.</summary>
    public static readonly SettingName<bool> SmtpOn = new("mail.smtp.on", false);
    public static readonly SettingName<string> SmtpHost = new("mail.smtp.host", "");
    public static readonly SettingName<int> SmtpPort = new("mail.smtp.port", 465);

    /// <summary><c>tls</c>, <c>starttls</c> or <c>none</c>.</summary>
    public static readonly SettingName<string> SmtpSecurity = new("mail.smtp.security", "tls");
    public static readonly SettingName<string> SmtpUser = new("mail.smtp.user", "");
    public static readonly SettingName<string> SmtpPassword = new("mail.smtp.password", "", IsSecret: true);

    /// <summary>The mailbox as whose account we sign in to send, by its provider's token; 0 for user and password.</summary>
    public static readonly SettingName<long> SmtpAs = new("mail.smtp.as", 0);

    /// <summary>What lies inside of the house's own network, or at unusual ports, and may be connected to all the same: see <see cref="Outbox.Reach"/>.</summary>
    public static readonly SettingName<string> Inner = new("mail.inner", "localhost");

    /// <summary>Seconds in which a sent reply can be taken back.</summary>
    public static readonly SettingName<int> UndoSend = new("mail.undo-seconds", 10);
}
