using System.Reflection;
using System.Reflection.Emit;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Amends.Tests.Architecture;

/// <summary>
/// The rules of the house. Each looks at types or files and answers with what breaks it, in words that say where: once at the product, and once at
/// the offenders that were written to break it.
/// </summary>
static class Rules
{
    /// <summary>The order of the flow: a module may use those before it and Foundation.</summary>
    public static readonly string[] Order =
        ["Trust", "People", "Cases", "Contacts", "Promises", "Fixes", "Recovery", "Learning", "Prevention", "Watch", "Insight", "Improvement"];

    /// <summary>The only places that may hand HTML to a page unencoded; it must come from SafeHtml or LightMarkdown.</summary>
    public static readonly string[] RawHtmlPlaces = ["Amends.Contacts.Email.MailViewer", "Amends.Contacts.WrittenText"];

    static readonly string[] RawSqlPlaces = ["Foundation.Data", "Foundation.Jobs", "Foundation.Search"];

    static readonly string[] ShownAttributes = ["placeholder", "title", "alt", "aria-label", "aria-description", "label"];

    static string Room(Type type, string root)
    {
        var name = (type.Namespace ?? "") + ".";
        return name.StartsWith(root + ".", StringComparison.Ordinal) ? name[(root.Length + 1)..].TrimEnd('.') : "";
    }

    static string Module(Type type, string root) => Room(type, root).Split('.')[0];

    /// <summary>A module uses no later one; Foundation uses none. What stands directly in the root (Program, Modules, Timetable) binds them and may use all.</summary>
    public static IEnumerable<string> ModuleOrder(IEnumerable<Type> types, string root)
    {
        foreach (var type in types)
        {
            var place = Array.IndexOf(Order, Module(type, root));
            if (place < 0 && Module(type, root) != "Foundation")
                continue;
            foreach (var used in Code.Uses(type))
                if (Array.IndexOf(Order, Module(used, root)) is >= 0 and var other && other > place)
                    yield return $"{type} uses {used}";
        }
    }

    /// <summary>The time comes from a TimeProvider; only Program names the system's.</summary>
    public static IEnumerable<string> OneClock(IEnumerable<Type> types)
    {
        string[] banned = ["System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow", "System.TimeProvider.get_System"];
        foreach (var (method, _, used, _) in Calls(types))
            if (banned.Contains($"{used.DeclaringType}.{used.Name}") && !(used.Name == "get_System" && (method.DeclaringType?.FullName ?? "").Split('+')[0] is "Program" or "Amends.Program"))
                yield return $"{Where(method)} takes {used.DeclaringType}.{used.Name}";
    }

    /// <summary>Each module folder has its card and its line on the one page.</summary>
    public static IEnumerable<string> Cards(string product, string page)
    {
        foreach (var folder in Directory.EnumerateDirectories(product).Select(Path.GetFileName).Order(StringComparer.Ordinal))
        {
            if (!Order.Contains(folder))
                continue;
            if (!File.Exists(Path.Combine(product, folder!, folder + "Module.cs")))
                yield return $"{folder} has no card {folder}Module.cs";
            if (!page.Split('\n').Any(line => Regex.IsMatch(line, $@"\b{folder}\b", RegexOptions.NonBacktracking)))
                yield return $"{folder} has no line in ARCHITECTURE.md";
        }
    }

    /// <summary>No raw HTML but in the listed places. What Razor itself writes as markup is constant, and passes.</summary>
    public static IEnumerable<string> RawHtml(IEnumerable<Type> types, params string[] places)
    {
        foreach (var (method, before, used, _) in Calls(types))
        {
            var place = (method.DeclaringType?.FullName ?? "").Split('+')[0];
            if (places.Contains(place))
                continue;
            var markup = used.DeclaringType?.FullName is "Microsoft.AspNetCore.Components.MarkupString" or "Microsoft.AspNetCore.Html.HtmlString"
                && (used.IsConstructor || used.Name is "op_Explicit");
            var loose = used is { Name: "AddMarkupContent" } && used.DeclaringType == typeof(RenderTreeBuilder) && before is not { Code.Name: "ldstr" };
            if (markup || loose || used.Name == "Raw" && used.DeclaringType?.Name.Contains("Html", StringComparison.Ordinal) == true)
                yield return $"{Where(method)} uses {used.DeclaringType!.Name}.{used.Name}";
        }
    }

    /// <summary>SQL stands where it was decided, and in methods marked [HotQuery].</summary>
    public static IEnumerable<string> RawSql(IEnumerable<Type> types, string root)
    {
        foreach (var (method, _, used, _) in Calls(types))
        {
            var room = Room(method.DeclaringType!, root);
            if (RawSqlPlaces.Any(place => room == place || room.StartsWith(place + ".", StringComparison.Ordinal)))
                continue;
            var from = used.DeclaringType?.FullName ?? "";
            var raw = used.Name.StartsWith("FromSql", StringComparison.Ordinal) || used.Name.StartsWith("ExecuteSql", StringComparison.Ordinal) || used.Name.StartsWith("SqlQuery", StringComparison.Ordinal)
                || from.StartsWith("Dapper.", StringComparison.Ordinal)
                || used.Name == "set_CommandText" || (used.Name is "CreateCommand" or "CreateBatch")
                || (used.IsConstructor && typeof(System.Data.Common.DbCommand).IsAssignableFrom(used.DeclaringType));
            if (raw && Code.Written(method).GetCustomAttributesData().All(mark => mark.AttributeType.Name != "HotQueryAttribute"))
                yield return $"{Where(method)} uses {from}.{used.Name}";
        }
    }

    /// <summary>
    /// A view is given one thing, Model, and asks for nothing. A layout has its body; content put inside a view is no second model; the small parts in
    /// Foundation (an icon, the hidden fields of a form) are no views and may have several parameters.
    /// </summary>
    public static IEnumerable<string> Views(IEnumerable<Type> types, string root)
    {
        foreach (var type in types.Where(type => typeof(IComponent).IsAssignableFrom(type) && !type.IsAbstract))
        {
            var layout = typeof(LayoutComponentBase).IsAssignableFrom(type);
            if (type.GetCustomAttributes<RouteAttribute>().Any())
                yield return $"{type} has a route of its own (@page)";
            foreach (var property in type.GetProperties(Code.All))
            {
                if (property.IsDefined(typeof(InjectAttribute)))
                    yield return $"{type} asks for {property.PropertyType.Name} (@inject)";
                if (property.IsDefined(typeof(ParameterAttribute)) && property.Name != "Model" && Module(type, root) != "Foundation" && !typeof(Delegate).IsAssignableFrom(property.PropertyType))
                    yield return $"{type} has the parameter {property.Name} beside Model";
                if (property.IsDefined(typeof(CascadingParameterAttribute)) && !layout)
                    yield return $"{type} takes {property.Name} from above";
            }
            foreach (var used in Family(type).SelectMany(Code.Uses).Distinct())
                if (typeof(DbContext).IsAssignableFrom(used) || (used.Namespace ?? "").StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal))
                    yield return $"{type} uses the database ({used.Name})";
        }
    }

    /// <summary>Words for people come from Words.resx: a view has no letters of its own, neither as text nor in an attribute that is read or shown.</summary>
    public static IEnumerable<string> Letters(IEnumerable<Type> types)
    {
        var parser = new HtmlParser();
        foreach (var (method, before, used, earlier) in Calls(types.Where(type => typeof(IComponent).IsAssignableFrom(type)).SelectMany(Family)))
        {
            if (used.DeclaringType != typeof(RenderTreeBuilder) || before is not { Code.Name: "ldstr", Operand: string text })
                continue;
            if (used.Name == "AddContent" && HasLetters(text))
                yield return $"{Where(method)} says \"{text.Trim()}\"";
            else if (used.Name == "AddAttribute" && earlier is { Operand: string name } && ShownAttributes.Contains(name) && HasLetters(text))
                yield return $"{Where(method)} says {name}=\"{text}\"";
            else if (used.Name == "AddMarkupContent")
            {
                var body = parser.ParseDocument("<body>" + text).Body!;
                foreach (var node in body.Descendants())
                    if (node is IText { ParentElement.LocalName: not ("script" or "style") } words && HasLetters(words.Data))
                        yield return $"{Where(method)} says \"{words.Data.Trim()}\"";
                    else if (node is IElement element)
                        foreach (var attribute in element.Attributes.Where(one => ShownAttributes.Contains(one.Name) && HasLetters(one.Value)))
                            yield return $"{Where(method)} says {attribute.Name}=\"{attribute.Value}\"";
            }
        }
        // A single letter is the name of a key.
        static bool HasLetters(string text) => text.Trim() is { Length: > 1 } words && words != "Amends" && words.Any(char.IsLetter);
    }

    /// <summary>Mail that no person wrote is marked as such in one place, which also counts it.</summary>
    public static IEnumerable<string> AutomaticMailHasOnePlace(IEnumerable<Type> types, string place)
    {
        foreach (var (method, _, used, _) in Calls(types))
            if (used.DeclaringType == typeof(Amends.Mail.MailDraft) && used.Name == "set_AutoSubmitted" && (method.DeclaringType?.FullName ?? "").Split('+')[0] != place)
                yield return $"{Where(method)} marks mail as automatic by itself";
    }

    /// <summary>A pattern is matched in linear time or within a time limit.</summary>
    public static IEnumerable<string> RegexIsBounded(IEnumerable<Type> types)
    {
        foreach (var type in types.Where(type => (type.Namespace ?? "") != "System.Text.RegularExpressions.Generated"))
        {
            foreach (var method in Code.Methods(type))
                if (method.GetCustomAttribute<GeneratedRegexAttribute>() is { } mark && mark.MatchTimeoutMilliseconds <= 0 && !mark.Options.HasFlag(RegexOptions.NonBacktracking))
                    yield return $"{Where(method)} has neither NonBacktracking nor a time limit";
            foreach (var (method, before, used, _) in Calls([type]))
            {
                if (used.DeclaringType != typeof(Regex) || !(used.IsConstructor || used.IsStatic) || used.Name is "Escape" or "Unescape" or ".cctor" || used.GetParameters().Length == 0)
                    continue;
                var limited = used.GetParameters().Any(parameter => parameter.ParameterType == typeof(TimeSpan));
                var linear = used.GetParameters()[^1].ParameterType == typeof(RegexOptions) && before is { Operand: int options } && ((RegexOptions)options).HasFlag(RegexOptions.NonBacktracking);
                if (!limited && !linear)
                    yield return $"{Where(method)} uses Regex.{used.Name} without NonBacktracking or a time limit";
            }
        }
    }

    /// <summary>A slice, that is what maps routes, its views and the models that these are given, is used inside its module only. What stands directly in the root binds the modules.</summary>
    public static IEnumerable<string> SlicesArePrivate(IEnumerable<Type> types, string root, params string[] shared)
    {
        var all = types.ToList();
        var parts = Slices(all, root).Where(part => !shared.Contains(part.FullName)).ToHashSet();
        static IEnumerable<Type> Outward(Type? type) { for (; type is not null; type = type.DeclaringType) yield return type; }
        foreach (var type in all.Where(type => Module(type, root).Length > 0))
            foreach (var used in Code.Uses(type))
                if (Module(used, root) != Module(type, root) && Outward(used).FirstOrDefault(parts.Contains) is { } slice)
                    yield return $"{type} uses the slice {slice}";
    }

    /// <summary>The parts of slices: what has a Map for routes, and in the modules each view with its model.</summary>
    public static IEnumerable<Type> Slices(IEnumerable<Type> types, string root)
    {
        foreach (var type in types.Where(type => Module(type, root).Length > 0))
        {
            if (type.GetMethod("Map", Code.All, [typeof(IEndpointRouteBuilder)]) is not null) yield return type;
            if (!typeof(IComponent).IsAssignableFrom(type) || type.IsAbstract || Module(type, root) == "Foundation") continue;
            yield return type;
            if (type.GetProperty("Model", Code.All)?.PropertyType is { } model && Module(model, root) == Module(type, root) && !typeof(Amends.Foundation.Data.Noun).IsAssignableFrom(model)) yield return model;
        }
    }

    /// <summary>A case is read through the one rule of who sees it: the table is opened inside of the module Cases only. A new one may be added by others.</summary>
    public static IEnumerable<string> CasesAreAskedFor(IEnumerable<Type> types, string root, Type oneCase)
    {
        foreach (var (method, _, used, _) in Calls(types))
            if (Module(method.DeclaringType!, root) != Module(oneCase, root) && used is MethodInfo { IsGenericMethod: true } generic && generic.GetGenericArguments().Contains(oneCase) && used.Name is not "Add"
                && (typeof(DbContext).IsAssignableFrom(used.DeclaringType) || used.DeclaringType!.Name == "Databases"))
                yield return $"{Where(Code.Written(method))} opens the table of cases by {used.Name}";
    }

    // Each call: the method it stands in, the instruction before it, what is called, and the instruction before that one.
    static IEnumerable<(MethodBase Method, Instruction? Before, MethodBase Used, Instruction? Earlier)> Calls(IEnumerable<Type> types)
    {
        foreach (var type in types)
            foreach (var method in Code.Methods(type))
            {
                var list = Code.Read(method);
                for (var i = 0; i < list.Count; i++)
                    if (list[i].Operand is MethodBase used)
                        yield return (method, i > 0 ? list[i - 1] : null, used, i > 1 ? list[i - 2] : null);
            }
    }

    // A type with what the compiler nested into it.
    static IEnumerable<Type> Family(Type type) => type.GetNestedTypes(Code.All).SelectMany(Family).Prepend(type);

    static string Where(MethodBase method) => $"{method.DeclaringType!.FullName}.{method.Name}";
}
