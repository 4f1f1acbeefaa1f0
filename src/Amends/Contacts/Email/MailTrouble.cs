using System.Globalization;
using System.Net.Sockets;
using Amends.Foundation.Outbox;
using Amends.Mail;

namespace Amends.Contacts;

/// <summary>Why a mailbox cannot be read, or not wholly. One sentence each, and one that says what to do.</summary>
public enum MailTrouble : byte
{
    NoSuchHost = 1, NobodyAnswers = 2, Expired = 3, OtherName = 4, NotTrusted = 5, NoTls = 6, NotSecure = 7, WrongPassword = 8, NoSuchFolder = 9, ReadOnly = 10, Full = 11, Throttled = 12, Closed = 13, TimedOut = 14,
    NotUnderstood = 15, TooLarge = 16, Refused = 17,

    /// <summary>Single messages could not be fetched; all others were.</summary>
    SomeNotTaken = 18,

    /// <summary>Stored here, and not yet marked, moved or deleted there.</summary>
    NotPutAway = 19,

    /// <summary>Our own disk or database cannot take it now: the messages stay on the server as they are.</summary>
    NoRoomHere = 20,

    /// <summary>The kept password cannot be opened: another house key.</summary>
    NoSecret = 21,

    /// <summary>A fault of ours.</summary>
    Fault = 22,

    /// <summary>The provider takes our lasting token no more: a person has to sign in again.</summary>
    SignInAgain = 23,

    /// <summary>Tokens are wanted, and nobody has signed in yet.</summary>
    NotSignedIn = 24,

    /// <summary>The provider does not answer, or says that it cannot now.</summary>
    TokenServerAway = 25,

    /// <summary>The provider does not take our app: its id, its secret, its rights.</summary>
    TokenServerRefuses = 26,

    /// <summary>What came from the provider is no token.</summary>
    TokenServerOdd = 27,

    /// <summary>The mail server does not take the token.</summary>
    TokenRefused = 28,

    /// <summary>The mail server is none of the provider's: no token goes there.</summary>
    TokenOtherHost = 29,

    /// <summary>The house does not connect to such addresses or ports.</summary>
    OutOfReach = 30
}

/// <summary>Troubles in words.</summary>
static class MailTroubles
{
    /// <summary>Which it is. Most servers have no code for it, and words of their own.</summary>
    public static MailTrouble Of(ImapException why)
    {
        bool Says(string part) => why.Message.Contains(part, StringComparison.OrdinalIgnoreCase);
        return why.Fault switch
        {
            ImapFault.NoConnection when why.InnerException is OutOfReach => MailTrouble.OutOfReach,
            ImapFault.NoConnection => why.InnerException is SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery } ? MailTrouble.NoSuchHost : MailTrouble.NobodyAnswers,
            ImapFault.NotTrusted when Says("NotTimeValid") => MailTrouble.Expired,
            ImapFault.NotTrusted when Says("NameMismatch") => MailTrouble.OtherName,
            ImapFault.NotTrusted when Says("frame") || Says("packet") => MailTrouble.NoTls,
            ImapFault.NotTrusted => MailTrouble.NotTrusted,
            ImapFault.NotSecure => MailTrouble.NotSecure,
            ImapFault.WrongPassword => MailTrouble.WrongPassword,
            ImapFault.NoSuchFolder => MailTrouble.NoSuchFolder,
            ImapFault.Throttled or ImapFault.Refused when Says("quota") || Says("mailbox full") || Says("mailbox is full") || Says("disk full") => MailTrouble.Full,
            ImapFault.Refused when Says("read-only") || Says("read only") => MailTrouble.ReadOnly,
            ImapFault.Throttled => MailTrouble.Throttled,
            ImapFault.Closed => MailTrouble.Closed,
            ImapFault.TimedOut => MailTrouble.TimedOut,
            ImapFault.NotUnderstood => MailTrouble.NotUnderstood,
            ImapFault.TooLarge => MailTrouble.TooLarge,
            _ => MailTrouble.Refused
        };
    }

    /// <summary>The same of what ended the whole reading: who is full and lets nobody in takes nothing.</summary>
    public static MailTrouble OfAll(ImapException why) => Of(why) is var kind and not MailTrouble.Full ? kind : MailTrouble.Refused;

    /// <summary>What is wrong, in one sentence.</summary>
    /// <param name="said">What the server said; shown with those troubles that only its words explain.</param>
    public static string Says(MailTrouble trouble, Mailbox box, string? said)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"{box.ImapHost}:{box.ImapPort}");
        var pattern = trouble switch
        {
            MailTrouble.NoSuchHost => Words.TroubleNoSuchHost,
            MailTrouble.NobodyAnswers => Words.TroubleNobodyAnswers,
            MailTrouble.Expired => Words.TroubleExpired,
            MailTrouble.OtherName => Words.TroubleOtherName,
            MailTrouble.NotTrusted => Words.TroubleNotTrusted,
            MailTrouble.NoTls => Words.TroubleNoTls,
            MailTrouble.NotSecure => Words.TroubleNotSecure,
            MailTrouble.WrongPassword => Words.TroubleWrongPassword,
            MailTrouble.NoSuchFolder => Words.TroubleNoSuchFolder,
            MailTrouble.ReadOnly => Words.TroubleReadOnly,
            MailTrouble.Full => Words.TroubleFull,
            MailTrouble.Throttled => Words.TroubleThrottled,
            MailTrouble.Closed => Words.TroubleClosed,
            MailTrouble.TimedOut => Words.TroubleTimedOut,
            MailTrouble.NotUnderstood => Words.TroubleNotUnderstood,
            MailTrouble.TooLarge => Words.TroubleTooLarge,
            MailTrouble.SomeNotTaken => Words.TroubleSomeNotTaken,
            MailTrouble.NotPutAway => Words.TroubleNotPutAway,
            MailTrouble.NoRoomHere => Words.TroubleNoRoomHere,
            MailTrouble.NoSecret => Words.TroubleNoSecret,
            MailTrouble.Fault => Words.TroubleFault,
            MailTrouble.SignInAgain => Words.TroubleSignInAgain,
            MailTrouble.NotSignedIn => Words.TroubleNotSignedIn,
            MailTrouble.TokenServerAway => Words.TroubleTokenAway,
            MailTrouble.TokenServerRefuses => Words.TroubleTokenApp,
            MailTrouble.TokenServerOdd => Words.TroubleTokenOdd,
            MailTrouble.TokenRefused => Words.TroubleTokenRefused,
            MailTrouble.TokenOtherHost => Words.TroubleTokenHost,
            MailTrouble.OutOfReach => Words.TroubleOutOfReach,
            _ => Words.TroubleRefused
        };
        return string.Format(CultureInfo.CurrentCulture, pattern, where, box.ImapUser, trouble == MailTrouble.NotPutAway ? box.ImapMoveTo ?? box.ImapFolder : box.ImapFolder, string.IsNullOrWhiteSpace(said) ? Words.TroubleNothingSaid : said, MailProvider.Of(box.ImapLogin)?.Name);
    }

    /// <summary>What to do about it.</summary>
    public static string Remedy(MailTrouble trouble) => trouble switch
    {
        MailTrouble.NoSuchHost or MailTrouble.NobodyAnswers => Words.RemedyHost,
        MailTrouble.Expired => Words.RemedyExpired,
        MailTrouble.OtherName => Words.RemedyOtherName,
        MailTrouble.NotTrusted => Words.RemedyNotTrusted,
        MailTrouble.NoTls or MailTrouble.NotSecure => Words.RemedySecurity,
        MailTrouble.WrongPassword => Words.RemedyPassword,
        MailTrouble.NoSuchFolder => Words.RemedyFolder,
        MailTrouble.ReadOnly => Words.RemedyReadOnly,
        MailTrouble.Full => Words.RemedyFull,
        MailTrouble.Throttled or MailTrouble.Closed or MailTrouble.TimedOut => Words.RemedyWait,
        MailTrouble.SomeNotTaken => Words.RemedySomeNotTaken,
        MailTrouble.NotPutAway => Words.RemedyNotPutAway,
        MailTrouble.NoRoomHere => Words.RemedyNoRoomHere,
        MailTrouble.NoSecret => Words.RemedyNoSecret,
        MailTrouble.Fault => Words.RemedyFault,
        MailTrouble.SignInAgain or MailTrouble.NotSignedIn => Words.RemedySignIn,
        MailTrouble.TokenServerAway => Words.RemedyWait,
        MailTrouble.TokenServerRefuses => Words.RemedyTokenApp,
        MailTrouble.TokenServerOdd => Words.RemedyTokenOdd,
        MailTrouble.TokenRefused => Words.RemedyTokenRefused,
        MailTrouble.TokenOtherHost => Words.RemedyTokenHost,
        MailTrouble.OutOfReach => Words.RemedyOutOfReach,
        _ => Words.RemedyAsk
    };
}
