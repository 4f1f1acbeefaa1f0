using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Amends.Foundation.Facts;
using Amends.Tests.Cast;
using Shouldly;

namespace Amends.Tests.Foundation;

/// <summary>What was written stays readable: one file under Facts/ for each kind and version of fact ever written, named <c>kind.version.json</c>.</summary>
public class FactKindTests
{
    static string Folder => RepoRoot.Under("tests/Amends.Tests/Foundation/Facts");

    [Xunit.Fact]
    public void Every_kind_of_fact_has_a_file_with_one_as_it_was_first_written()
    {
        var missing = FactKinds.All.Select(type => (Type: type, Kind: FactKinds.Of(type)))
            .Where(one => !File.Exists(Path.Combine(Folder, Name(one.Kind.Kind, one.Kind.Version))))
            .Select(one => $"{Name(one.Kind.Kind, one.Kind.Version)}\t{FactKinds.Write(Sample(one.Type))}").Order(StringComparer.Ordinal).ToList();
        missing.ShouldBeEmpty("Facts without their file; its content stands behind each name:\n" + string.Join('\n', missing));
    }

    [Xunit.Fact]
    public void Each_fact_ever_written_still_reads_with_all_that_it_said()
    {
        var files = Directory.GetFiles(Folder, "*.json");
        files.Length.ShouldBeGreaterThanOrEqualTo(FactKinds.All.Count);
        foreach (var file in files)
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var dot = name.LastIndexOf('.');
            var written = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            var read = FactKinds.Read(name[..dot], int.Parse(name[(dot + 1)..], CultureInfo.InvariantCulture), written.ToJsonString());
            var again = JsonNode.Parse(FactKinds.Write(read))!.AsObject();
            foreach (var (member, value) in written)
                JsonNode.DeepEquals(again[member], value).ShouldBeTrue($"{name}: {member} was {value?.ToJsonString()} and reads as {again[member]?.ToJsonString() ?? "nothing"}");
        }
    }

    [Xunit.Fact]
    public void A_kind_that_this_version_does_not_know_says_so() =>
        Should.Throw<InvalidOperationException>(() => FactKinds.Read("case.levitated", 1, "{}")).Message.ShouldContain("case.levitated version 1");

    static string Name(string kind, int version) => string.Create(CultureInfo.InvariantCulture, $"{kind}.{version}.json");

    /// <summary>One with every member filled.</summary>
    static IFact Sample(Type type)
    {
        var maker = type.GetConstructors().OrderByDescending(c => c.GetParameters().Length).First();
        return (IFact)maker.Invoke([.. maker.GetParameters().Select((p, i) => Value(p, i + 1))]);
    }

    static object Value(ParameterInfo parameter, int place)
    {
        var type = Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
        if (type.IsEnum) return Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!;
        if (type == typeof(long)) return 7000000000000000L + place;
        if (type == typeof(DateTime)) return new DateTime(2026, 3, 29, 1, 30, place, DateTimeKind.Utc);
        if (type == typeof(bool)) return true;
        if (type == typeof(string)) return parameter.Name + " ü";
        if (type == typeof(Guid)) return new Guid(place, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        if (type.IsArray) return Filled(Array.CreateInstance(type.GetElementType()!, 1), type.GetElementType()!);
        if (type.IsGenericType && type.GetGenericArguments() is [var of] && Array.CreateInstance(of, 1) is var list && type.IsInstanceOfType(list)) return Filled(list, of);
        return Convert.ChangeType(place, type, CultureInfo.InvariantCulture);

        Array Filled(Array array, Type element)
        {
            array.SetValue(element == typeof(string) ? "one" : Convert.ChangeType(place, element, CultureInfo.InvariantCulture), 0);
            return array;
        }
    }
}
