namespace Amends.Foundation;

/// <summary>What kind of being acts.</summary>
public enum ActorKind : byte { System = 0, Colleague = 1, Customer = 2, AccessKey = 3 }

/// <summary>Who does something: stands on every fact. Trust adds what a colleague may do.</summary>
public record Actor(ActorKind Kind, long Id, string Name)
{
    /// <summary>The program itself, when a job or the timetable acts; <paramref name="job"/> says which.</summary>
    public static Actor System(string job) => new(ActorKind.System, 0, job);
}

/// <summary>A rule of the product says no. The text is for people and names the way to mend it; nothing was changed.</summary>
/// <param name="field">The form field it stands beside, or empty for the form as a whole.</param>
/// <param name="why">One sentence for the person who asked.</param>
public sealed class Refused(string field, string why) : Exception(why)
{
    /// <summary>The form field it stands beside, or empty.</summary>
    public string Field { get; } = field;
}

/// <summary>The asked row is not there, or not for this person: both look the same from outside.</summary>
public sealed class NotThere() : Exception("Not found");
