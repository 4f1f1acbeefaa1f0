// Each type here breaks one rule on purpose: a rule that does not find its offender shows nothing.
// The namespaces stand for the product's, below the root Amends.Tests.Architecture.Offenders.
#pragma warning disable RS0030, EF1003, CA2100, CA1812, CA1852, IDE0044, SYSLIB1045, CA1823
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;

namespace Amends.Tests.Architecture.Offenders
{
    [AttributeUsage(AttributeTargets.Method)]
    sealed class HotQueryAttribute : Attribute;

    sealed class Store(DbContextOptions options) : DbContext(options);
}

namespace Amends.Tests.Architecture.Offenders.Trust
{
    sealed class Right;

    // In a signature.
    sealed class LooksAhead
    {
        public List<Cases.Thing[]>? Things { get; set; }
    }
}

namespace Amends.Tests.Architecture.Offenders.People
{
    // Only in code, inside an async method and a closure.
    sealed class CallsAhead
    {
        public async Task<int> Do()
        {
            await Task.Yield();
            return new[] { 1 }.Sum(one => Contacts.Talk.Count + one);
        }
    }

    // Allowed: an earlier one.
    sealed class LooksBack
    {
        public Trust.Right? Right { get; set; }
    }
}

namespace Amends.Tests.Architecture.Offenders.Cases
{
    sealed class Thing;

    static class Loud
    {
        public static void Mark(Amends.Mail.MailDraft draft) => draft.AutoSubmitted = "auto-replied";
    }

    static class ResolveThing
    {
        public static void Map(IEndpointRouteBuilder app) => app.MapGet("/thing", Words);

        public static string Words() => "";
    }

    sealed class ResolveThingModel;

    sealed class ResolveThingSheet : ComponentBase
    {
        [Parameter]
        public ResolveThingModel? Model { get; set; }
    }

    // Allowed: inside of the module.
    sealed class Opens(Store store)
    {
        public object Do() => (ResolveThing.Words(), new ResolveThingModel(), store.Set<Thing>());
    }
}

namespace Amends.Tests.Architecture.Offenders.Contacts
{
    static class Talk
    {
        public static int Count => 1;
    }

    sealed class ReachesIntoSlice
    {
        public object Do() => Cases.ResolveThing.Words();
    }

    sealed class BorrowsModel
    {
        public Cases.ResolveThingModel? Model { get; set; }
    }

    sealed class ReadsCases(Store store)
    {
        public object All() => store.Set<Cases.Thing>();

        // Inside of another query, where it is no call but a tree of one.
        public object Inside() => store.Set<Trust.Right>().Where(right => store.Set<Cases.Thing>().Any());
    }
}

namespace Amends.Tests.Architecture.Offenders.Foundation
{
    sealed class KnowsModule
    {
        public bool Is(object it) => it is Trust.Right;
    }
}

namespace Amends.Tests.Architecture.Offenders.Clock
{
    sealed class OwnClock
    {
        public DateTime Now() => DateTime.UtcNow;

        public Func<DateTimeOffset> Later() => () => TimeProvider.System.GetUtcNow() + (DateTimeOffset.Now - DateTimeOffset.UnixEpoch);
    }
}

namespace Amends.Tests.Architecture.Offenders.Sql
{
    sealed class WritesSql(Store store)
    {
        public Task<int> Do(string name) => store.Database.ExecuteSqlRawAsync("DELETE FROM x WHERE name = '" + name + "'");

        public async Task<int> Ask()
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection();
            return await Dapper.SqlMapper.ExecuteScalarAsync<int>(connection, "SELECT 1");
        }

        [HotQuery]
        public async Task<int> Allowed()
        {
            await using var connection = new Microsoft.Data.Sqlite.SqliteConnection();
            return await Dapper.SqlMapper.ExecuteScalarAsync<int>(connection, "SELECT 1");
        }
    }
}

namespace Amends.Tests.Architecture.Offenders.Foundation.Data
{
    sealed class MayWriteSql(Store store)
    {
        public Task<int> Do() => store.Database.ExecuteSqlRawAsync("VACUUM");
    }
}

namespace Amends.Tests.Architecture.Offenders.Views
{
    // As Razor compiles them.
    sealed class SaysWords : ComponentBase
    {
        [Parameter]
        public string? Model { get; set; }

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddMarkupContent(0, "<h1 class=\"big\">Hello</h1><script>let x = 1</script>");
            builder.OpenElement(1, "input");
            builder.AddAttribute(2, "placeholder", "Search");
            builder.AddAttribute(3, "class", "wide");
            builder.CloseElement();
            builder.AddContent(4, "there");
            builder.AddContent(5, Model);
            builder.AddMarkupContent(6, "<hr> · <img alt=\"Logo\">");
        }
    }

    [Route("/x")]
    sealed class AsksForThings : ComponentBase
    {
        [Inject]
        public Store? Store { get; set; }

        [Parameter]
        public string? Model { get; set; }

        [Parameter]
        public string? Other { get; set; }

        [Parameter]
        public RenderFragment? ChildContent { get; set; }

        [CascadingParameter]
        public string? Above { get; set; }

        protected override void OnInitialized() => Other = Store!.Database.ProviderName;
    }

    sealed class ShowsRawHtml : ComponentBase
    {
        [Parameter]
        public string Model { get; set; } = "";

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.AddContent(0, new MarkupString(Model));
            builder.AddContent(1, (MarkupString)Model);
            builder.AddMarkupContent(2, Model);
        }
    }
}

namespace Amends.Tests.Architecture.Offenders.Patterns
{
    sealed class Slow
    {
        static readonly Regex One = new("(a+)+$", RegexOptions.IgnoreCase);

        public bool Is(string text) => One.IsMatch(text) || Regex.IsMatch(text, "(a+)+$");

        // Allowed.
        static readonly Regex Linear = new("(a+)+$", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase);

        public bool Fine(string text) => Linear.IsMatch(text) || Regex.IsMatch(text, "a", RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    sealed partial class SlowToo
    {
        [GeneratedRegex("(a+)+$")]
        public static partial Regex Two();
    }
}
