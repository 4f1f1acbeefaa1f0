namespace Amends.Cases;

/// <summary>Names of states, kinds and severities in the language of who looks.</summary>
public static class CaseWords
{
    public static string Of(CaseState state) => state switch
    {
        CaseState.Open => Words.StateOpen,
        CaseState.Waiting => Words.StateWaiting,
        CaseState.Resolved => Words.StateResolved,
        CaseState.Confirmed => Words.StateConfirmed,
        _ => Words.StateClosed
    };

    public static string Of(CaseKind kind) => kind switch
    {
        CaseKind.Failure => Words.KindFailure,
        CaseKind.Complaint => Words.KindComplaint,
        CaseKind.Request => Words.KindRequest,
        _ => Words.KindQuestion
    };

    public static string Of(Severity severity) => severity switch
    {
        Severity.Minor => Words.SeverityMinor,
        Severity.Serious => Words.SeveritySerious,
        Severity.Critical => Words.SeverityCritical,
        _ => Words.SeverityNormal
    };

    public static string Of(Channel channel) => channel switch
    {
        Channel.Mail => Words.ChannelMail,
        Channel.Web => Words.ChannelWeb,
        Channel.Phone => Words.ChannelPhone,
        Channel.Portal => Words.ChannelPortal,
        Channel.Counter => Words.ChannelCounter,
        _ => Words.ChannelDesk
    };

    /// <summary>The number as people say it: 20 418.</summary>
    public static string Number(long number) => "#" + number.ToString("N0", System.Globalization.CultureInfo.InvariantCulture).Replace(',', '\u202F');
}
