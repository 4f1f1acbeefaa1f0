using NodaTime;

namespace Amends.Promises.Finding;

/// <summary>What has to be known of working time to say when a promise is due.</summary>
public interface IOfficeHours
{
    /// <summary>The zone in which hours and promises are said.</summary>
    DateTimeZone Zone { get; }

    /// <summary>True where anybody works on that day.</summary>
    bool IsWorkingDay(LocalDate day);

    /// <summary>When work begins; on a day without work, when it usually does.</summary>
    LocalTime Opens(LocalDate day);

    /// <summary>When work ends; on a day without work, when it usually does.</summary>
    LocalTime Closes(LocalDate day);
}
