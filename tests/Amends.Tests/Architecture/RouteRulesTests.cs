using System.Reflection;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Amends.Trust;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Amends.Tests.Architecture;

/// <summary>Rules over the routes of the running program, each tried on offenders first.</summary>
public class RouteRulesTests
{
    // Reviewed, each with its reason. Whoever adds a door for everyone adds it here, on purpose.
    static readonly Dictionary<string, string> ForEveryone = new(StringComparer.Ordinal)
    {
        ["/sign-in"] = "where one signs in",
        ["/sign-in/code"] = "the second half of it; carries a sealed challenge",
        ["/sign-in/forgotten"] = "the same words and the same work for every address",
        ["/sign-out"] = "ends what there is",
        ["/invitation/{token}"] = "256 random bits, once, 72 hours",
        ["/new-password/{token}"] = "256 random bits, once, 15 minutes",
        ["/first-run"] = "opened by the code of the console; not there once the house is set up",
        ["/first-run/open"] = "takes that code",
        ["/health/live"] = "one word",
        ["/health/ready"] = "one word",
        ["/pictures/{token}"] = "sealed for one session, one mail and one image, for a quarter of an hour",
        ["/promises/feed/{token}"] = "256 random bits; open promises of one colleague, on cases that he may see",
        ["/ask"] = "customers have no account; opens nothing",
        ["/brand/{id:long}.css"] = "two colours",
        ["/c/{token}"] = "128 random bits; what was said only after a code",
        ["/c/{token}/write"] = "as above; adds a message",
        ["/c/{token}/solved"] = "as above; answers a question",
        ["/c/{token}/followers/{id:long}"] = "as above, after the code; says who else hears from us",
        ["/c/{token}/call"] = "as above, where the house has switched it on; asks for a call, one at a time",
        ["/c/{token}/code"] = "as above; sends the code to the address that we know",
        ["/c/{token}/open"] = "as above; takes the code",
        ["/c/{token}/files/{id:long}"] = "as above, after the code",
        ["/c/{token}/reported"] = "as above, after the code, of a reporter; the states of what he reported",
        ["/c/{token}/report"] = "as above, after the code, of a reporter; the web form with him filled in",
    };

    static IEnumerable<RouteEndpoint> Of(IEnumerable<Endpoint> endpoints) => endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<PublicRoute>()?.Why != "our own files" && e.RoutePattern.RawText != "{**path:file}");

    static string Name(RouteEndpoint e) => $"{string.Join('/', e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"])} /{e.RoutePattern.RawText!.TrimStart('/')}";

    /// <summary>Exactly one mark says who may; a write that asks for no form token goes by a key; what is for everyone is on the list.</summary>
    static IEnumerable<string> Marks(IEnumerable<Endpoint> endpoints)
    {
        foreach (var e in Of(endpoints))
        {
            var marks = (e.Metadata.GetMetadata<NeedsVerb>() is null ? 0 : 1) + (e.Metadata.GetMetadata<NeedsKey>() is null ? 0 : 1) + (e.Metadata.GetMetadata<PublicRoute>() is null ? 0 : 1);
            if (marks != 1) yield return $"{Name(e)} has {marks} marks";
            if (e.Metadata.GetMetadata<WithoutToken>() is not null && e.Metadata.GetMetadata<NeedsKey>() is null) yield return $"{Name(e)} takes writes by cookie without a token";
            if (e.Metadata.GetMetadata<PublicRoute>() is not null && !ForEveryone.ContainsKey("/" + e.RoutePattern.RawText!.TrimStart('/'))) yield return $"{Name(e)} is for everyone and on no list";
            if (e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods is not [not "HEAD"]) yield return $"{Name(e)} is for more than one method";
        }
    }

    /// <summary>A slice, a type that maps routes, is its module's own.</summary>
    static IEnumerable<string> Slices(IEnumerable<Type> types) =>
        from type in types
        where type.GetMethod("Map", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(IEndpointRouteBuilder)]) is not null && type.IsVisible && type.Namespace != "Amends.Foundation.Web"
        select $"{type} maps routes and is public";

    /// <summary>A handler that answers with a result must be mapped so that the result is written: as a RequestDelegate it is thrown away.</summary>
    static IEnumerable<string> Discarded(IEnumerable<Type> types)
    {
        foreach (var type in types)
            foreach (var method in Code.Methods(type))
            {
                // new RequestDelegate(method): the pointer stands right before it.
                MethodBase? pointed = null;
                foreach (var step in Code.Read(method))
                {
                    if (step.Operand is ConstructorInfo { DeclaringType: { } made } && made == typeof(RequestDelegate) && pointed is MethodInfo { ReturnType.IsGenericType: true } thrown) yield return $"{type.Name} throws away what {thrown.Name} answers";
                    pointed = step.Code.Name == "ldftn" ? step.Operand as MethodBase : null;
                }
            }
    }

    static class Offending
    {
        public static void Map(IEndpointRouteBuilder app)
        {
            app.MapGet("/bare", () => "x");
            app.MapGet("/open", () => "x").Public("nobody looked at it");
            app.MapPost("/cookie", () => "x").NeedsSignIn().WithMetadata(new WithoutToken("just so"));
            app.MapGet("/both", () => "x").NeedsSignIn().Public("which is it?");
            app.Map("/any", () => "x").NeedsSignIn();
            app.MapGet("/fine", () => "x").NeedsSignIn();
        }
    }

    static class Loses
    {
        static Task<IResult> Answers(HttpContext http) => Task.FromResult(Results.Text(http.Request.Path));
#pragma warning disable ASP0016 // The offence itself.
        public static void Put(IEndpointRouteBuilder app) => app.MapGet("/lost", Answers);
#pragma warning restore ASP0016
    }

    [Fact]
    public async Task A27_A47_every_route_has_one_mark_and_every_write_its_guard()
    {
        var builder = WebApplication.CreateSlimBuilder();
        await using var app = builder.Build();
        Offending.Map(app);
        var faults = Marks(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints)).ToList();
        foreach (var expected in (string[])["/bare has 0 marks", "/open is for everyone and on no list", "/cookie takes writes by cookie", "/both has 2 marks", "/any is for more than one method"])
            faults.ShouldContain(f => f.Contains(expected, StringComparison.Ordinal), expected);
        faults.ShouldAllBe(f => !f.Contains("/fine", StringComparison.Ordinal));
        await using var house = await TestHouse.Open(On.Sqlite, serve: true);
        var endpoints = house.Get<EndpointDataSource>().Endpoints;
        Of(endpoints).Count().ShouldBeGreaterThan(100);
        Marks(endpoints).ShouldBeEmpty();
    }

    [Fact]
    public void Slices_are_internal()
    {
        Slices([typeof(PublicSlice)]).ShouldHaveSingleItem();
        Slices(Assembly.Load("amends").GetTypes()).ShouldBeEmpty();
    }

    [Fact]
    public void No_answer_is_thrown_away()
    {
        Discarded([typeof(Loses)]).ShouldHaveSingleItem();
        Discarded(Assembly.Load("amends").GetTypes()).ShouldBeEmpty();
    }
}

/// <summary>An offender: a slice that everybody may call.</summary>
public static class PublicSlice
{
    public static void Map(IEndpointRouteBuilder app) => ArgumentNullException.ThrowIfNull(app);
}
