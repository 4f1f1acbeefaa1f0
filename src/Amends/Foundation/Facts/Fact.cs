using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Amends.Foundation.Facts;

/// <summary>
/// Something that happened. A record of ids, kinds, numbers and times, never of text that people wrote (that goes to
/// <see cref="FactText"/>, where it can be erased). Marked with <see cref="FactKindAttribute"/>.
/// </summary>
public interface IFact
{
    /// <summary>What it happened to: the case where there is one, else the noun itself. Histories are read by it.</summary>
    long Subject { get; }
}

/// <summary>The name under which a kind of fact is stored for ever, and its version. Written kinds stay readable: a golden file for each.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class FactKindAttribute(string kind, int version = 1) : Attribute
{
    /// <summary>For example <c>case.resolved</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>Rises when members change their meaning; adding an optional member does not need it.</summary>
    public int Version { get; } = version;
}

/// <summary>One stored fact. Never updated and never deleted: triggers refuse it.</summary>
public sealed class Fact
{
    public long Id { get; set; }
    public DateTime At { get; set; }
    public ActorKind ActorKind { get; set; }
    public long ActorId { get; set; }
    public required string Kind { get; set; }
    public int KindVersion { get; set; }
    public long Subject { get; set; }

    /// <summary>The fact's members as JSON.</summary>
    public required string Body { get; set; }

    /// <summary>Salted SHA-256 over the before and after texts, or null where there are none. The salt stands in <see cref="FactText"/>.</summary>
    public byte[]? TextDigest { get; set; }

    /// <summary>The fact as its record.</summary>
    public IFact Read() => FactKinds.Read(Kind, KindVersion, Body);
}

/// <summary>What people wrote, before and after, beside a fact: erasable.</summary>
public sealed class FactText
{
    public long Id { get; set; }
    public long FactId { get; set; }

    /// <summary>The customer or colleague whose words or data these are; erasing the person removes the row.</summary>
    public long? PersonId { get; set; }
    public required string Field { get; set; }
    public string? Before { get; set; }
    public string? After { get; set; }
    public required byte[] Salt { get; set; }
}

/// <summary>A text that goes with a fact that is being recorded.</summary>
public sealed record FactTextDraft(string Field, string? Before, string? After, long? PersonId = null);

sealed record FactDraft(IFact Fact, IReadOnlyList<FactTextDraft> Texts);

/// <summary>All kinds of facts that this program can write and read.</summary>
public static class FactKinds
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver { Modifiers = { WithoutSubject } }
    };
    static readonly Dictionary<Type, FactKindAttribute> ByType = typeof(FactKinds).Assembly.GetTypes()
        .Where(type => type.IsAssignableTo(typeof(IFact)) && type is { IsInterface: false, IsAbstract: false })
        .ToDictionary(type => type, type => type.GetCustomAttribute<FactKindAttribute>()
            ?? throw new InvalidOperationException($"{type.Name} is a fact without [FactKind]."));
    static readonly Dictionary<(string, int), Type> ByKind = ByType.ToDictionary(pair => (pair.Value.Kind, pair.Value.Version), pair => pair.Key);

    // The subject has a column of its own.
    static void WithoutSubject(System.Text.Json.Serialization.Metadata.JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(IFact))) return;
        foreach (var own in type.Properties.Where(p => p.Name == "subject").ToList()) type.Properties.Remove(own);
    }

    /// <summary>Every record type of a fact.</summary>
    public static IReadOnlyCollection<Type> All => ByType.Keys;

    /// <summary>Name and version of a kind.</summary>
    public static FactKindAttribute Of(Type fact) => ByType[fact];

    /// <summary>The fact's members as JSON.</summary>
    public static string Write(IFact fact) => JsonSerializer.Serialize(fact, fact.GetType(), Json);

    /// <summary>Reads a stored body back.</summary>
    /// <exception cref="InvalidOperationException">The kind is not known to this version of the program.</exception>
    public static IFact Read(string kind, int version, string body) => ByKind.TryGetValue((kind, version), out var type)
        ? (IFact)JsonSerializer.Deserialize(body, type, Json)!
        : throw new InvalidOperationException($"Facts of kind {kind} version {version} are not known to this version of the program.");
}
