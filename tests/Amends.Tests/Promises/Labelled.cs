using System.Text.Json;
using Amends.Promises;
using Amends.Promises.Finding;
using Amends.Tests.Cast;
using NodaTime;
using NodaTime.Text;

namespace Amends.Tests.Promises;

/// <summary>A text with the promises that a person sees in it.</summary>
sealed record LabelledText(string Id, string Language, string Text, LocalDateTime Sent, IOfficeHours Hours, IReadOnlyList<(PromiseKind Kind, LocalDateTime? Due, string Quote)> Promises)
{
    static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>One of the files of labelled texts.</summary>
    public static List<LabelledText> Read(string file) =>
        [.. File.ReadLines(RepoRoot.Under("tests", "Amends.Tests", "Promises", "Labelled", file)).Where(line => line.Length > 0).Select(line =>
        {
            var row = JsonDocument.Parse(line).RootElement;
            string Of(string name) => row.GetProperty(name).GetString()!;
            var zone = DateTimeZoneProviders.Tzdb[Of("zone")];
            return new LabelledText(Of("id"), Of("lang"), Of("text"), Local.Parse(Of("sent")).Value,
                HousesHours.Read(Of("hours"), zone, row.GetProperty("holidays").EnumerateArray().Select(d => LocalDatePattern.Iso.Parse(d.GetString()!).Value)),
                [.. row.GetProperty("promises").EnumerateArray().Select(p => (Enum.Parse<PromiseKind>(p.GetProperty("kind").GetString()!, true),
                    p.GetProperty("due").GetString() is { } due ? Local.Parse(due).Value : (LocalDateTime?)null, p.GetProperty("quote").GetString()!))]);
        })];

    public IReadOnlyList<FoundPromise> Find() => PromiseFinder.Find(Text, Language, Sent, Hours);
}
