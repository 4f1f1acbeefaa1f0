using System.Reflection;
using Amends.Tests.Cast;
using Shouldly;
using Xunit;

namespace Amends.Tests.Architecture;

/// <summary>The rules of the house, held; and each rule tried on an offender that it must find.</summary>
public class ArchitectureTests
{
    const string Root = "Amends";
    const string Offending = "Amends.Tests.Architecture.Offenders";

    static readonly string Folder = RepoRoot.Under("src", "Amends");

    static readonly Type[] Product = Assembly.Load("amends").GetTypes();

    static readonly Type[] Offenders = [.. typeof(ArchitectureTests).Assembly.GetTypes().Where(type => (type.Namespace ?? "").StartsWith(Offending, StringComparison.Ordinal))];

    static void Finds(IEnumerable<string> faults, params string[] expected)
    {
        var found = faults.ToList();
        foreach (var one in expected)
            found.ShouldContain(fault => fault.Contains(one, StringComparison.Ordinal), $"the rule must find {one}; it found:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void A_module_uses_only_what_stands_before_it_and_Foundation_knows_none()
    {
        var faults = Rules.ModuleOrder(Offenders, Offending).ToList();
        Finds(faults, "Trust.LooksAhead uses", "People.CallsAhead", "Foundation.KnowsModule uses");
        faults.ShouldAllBe(fault => !fault.Contains("LooksBack", StringComparison.Ordinal));
        Product.Count(type => (type.Namespace ?? "").StartsWith("Amends.Cases", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
        Rules.ModuleOrder(Product, Root).ShouldBeEmpty();
    }

    [Fact]
    public void There_is_one_clock()
    {
        Finds(Rules.OneClock(Offenders), "DateTime.get_UtcNow", "TimeProvider.get_System", "DateTimeOffset.get_Now");
        Rules.OneClock(Product).ShouldBeEmpty();
    }

    [Fact]
    public void Every_module_has_a_folder_a_card_and_a_line()
    {
        using var bad = new Scratch();
        Directory.CreateDirectory(Path.Combine(bad.Path, "Cases"));
        Finds(Rules.Cards(bad.Path, "Trust is first."), "Cases has no card", "Cases has no line");
        var page = RepoRoot.Under("ARCHITECTURE.md");
        Assert.SkipUnless(File.Exists(page), "ARCHITECTURE.md is not written yet");
        Rules.Cards(Folder, File.ReadAllText(page)).ShouldBeEmpty();
    }

    [Fact]
    public void A02_raw_html_is_written_in_the_listed_places_only()
    {
        var faults = Rules.RawHtml(Offenders).ToList();
        Finds(faults, "ShowsRawHtml.BuildRenderTree uses MarkupString..ctor", "uses MarkupString.op_Explicit", "uses RenderTreeBuilder.AddMarkupContent");
        faults.ShouldAllBe(fault => fault.Contains("ShowsRawHtml", StringComparison.Ordinal));
        Rules.RawHtml(Offenders, Offending + ".Views.ShowsRawHtml").ShouldBeEmpty();
        Rules.RawHtml(Product, Rules.RawHtmlPlaces).ShouldBeEmpty();
    }

    [Fact]
    public void A35_raw_sql_stands_where_it_was_decided()
    {
        var faults = Rules.RawSql(Offenders, Offending).ToList();
        Finds(faults, "WritesSql.Do uses", "Dapper.SqlMapper");
        faults.ShouldAllBe(fault => !fault.Contains("Allowed", StringComparison.Ordinal) && !fault.Contains("MayWriteSql", StringComparison.Ordinal));
        faults.Count.ShouldBe(2);
        Rules.RawSql(Product, Root).ShouldBeEmpty();
    }

    [Fact]
    public void Views_are_given_a_model_and_ask_for_nothing()
    {
        Finds(Rules.Views(Offenders, Offending), "has a route", "asks for Store", "parameter Other", "takes Above", "uses the database");
        Rules.Views(Offenders, Offending).ShouldAllBe(fault => fault.Contains("AsksForThings", StringComparison.Ordinal));
        Rules.Views(Product, Root).ShouldBeEmpty();
    }

    [Fact]
    public void Views_have_no_letters_of_their_own()
    {
        var faults = Rules.Letters(Offenders).ToList();
        Finds(faults, "says \"Hello\"", "says placeholder=\"Search\"", "says \"there\"", "says alt=\"Logo\"");
        faults.Count.ShouldBe(4);
        Rules.Letters(Product).ShouldBeEmpty();
    }

    [Fact]
    public void A20_automatic_mail_is_marked_in_one_place()
    {
        Finds(Rules.AutomaticMailHasOnePlace(Offenders, Offending).ToList(), "Loud.Mark");
        Rules.AutomaticMailHasOnePlace(Product, "Amends.Foundation.Outbox.AutomaticMail").ShouldBeEmpty();
    }

    [Fact]
    public void A39_every_pattern_is_linear_or_limited()
    {
        var faults = Rules.RegexIsBounded(Offenders).ToList();
        Finds(faults, "Slow..cctor uses Regex..ctor", "Slow.Is uses Regex.IsMatch", "SlowToo.Two");
        faults.Count.ShouldBe(3);
        Rules.RegexIsBounded(Product.Concat(Assembly.Load("Amends.Mail").GetTypes())).ShouldBeEmpty();
    }

    [Fact]
    public void Slices_are_private_to_their_module()
    {
        var faults = Rules.SlicesArePrivate(Offenders, Offending).ToList();
        Finds(faults, "Contacts.ReachesIntoSlice uses the slice Amends.Tests.Architecture.Offenders.Cases.ResolveThing", "Contacts.BorrowsModel uses the slice Amends.Tests.Architecture.Offenders.Cases.ResolveThingModel");
        faults.ShouldAllBe(fault => !fault.Contains("Cases.Opens", StringComparison.Ordinal) && !fault.Contains("Cases.Thing", StringComparison.Ordinal));
        Rules.Slices(Product, Root).Count(part => part.Name.EndsWith("Model", StringComparison.Ordinal)).ShouldBeGreaterThan(40);
        Rules.Slices(Product, Root).Count(part => part.IsAbstract && part.IsSealed).ShouldBeGreaterThan(60);
        Rules.SlicesArePrivate(Product, Root).ShouldBeEmpty();
    }

    [Fact]
    public void A23_the_table_of_cases_is_opened_by_its_module_alone()
    {
        var faults = Rules.CasesAreAskedFor(Offenders, Offending, typeof(Offenders.Cases.Thing)).ToList();
        Finds(faults, "Contacts.ReadsCases.All opens", "Contacts.ReadsCases.Inside opens");
        faults.ShouldAllBe(fault => fault.Contains("Contacts.ReadsCases", StringComparison.Ordinal));
        Rules.CasesAreAskedFor(Product, Root, typeof(Amends.Cases.Case)).ShouldBeEmpty();
    }

    [Fact]
    public void The_ten_longest_files_are_shown()
    {
        var files = Directory.EnumerateFiles(RepoRoot.Under("src"), "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" or ".css" or ".js")
            .Select(file => Path.GetRelativePath(RepoRoot.Path, file).Replace('\\', '/'))
            .Where(file => !file.Contains("/Migrations/", StringComparison.Ordinal) && !file.Contains("/wwwroot/lib/", StringComparison.Ordinal) && !file.Contains("/obj/", StringComparison.Ordinal))
            .Select(file => (File: file, Lines: File.ReadLines(RepoRoot.Under(file)).Count())).OrderByDescending(one => one.Lines).Take(10).ToList();
        Console.WriteLine("The ten longest files:");
        foreach (var (file, lines) in files)
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {lines,5}  {file}"));
        // No file of ours may grow past what a person reads in one sitting.
        files[0].Lines.ShouldBeLessThan(1200, files[0].File);
    }

    [Fact]
    public void The_ten_nouns_with_most_verbs_are_shown()
    {
        var nouns = Product.Where(type => type.IsSubclassOf(typeof(Amends.Foundation.Data.Noun)))
            .Select(type => (Noun: type, Verbs: type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Count(method => !method.IsPrivate && !method.IsSpecialName && !method.IsVirtual)))
            .OrderByDescending(one => one.Verbs).Take(10).ToList();
        Console.WriteLine("The ten nouns with most verbs:");
        foreach (var (noun, verbs) in nouns)
            Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"  {verbs,5}  {noun}"));
        // A noun that does everything is split by capability long before this.
        nouns[0].Verbs.ShouldBeInRange(1, 60, nouns[0].Noun.ToString());
    }

    sealed class Scratch : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("amends-rules-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
