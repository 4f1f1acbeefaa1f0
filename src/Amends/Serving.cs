using System.Net;
using Amends.Commands.Pages;
using Amends.Foundation;
using Amends.Foundation.Blobs;
using Amends.Foundation.Data;
using Amends.Foundation.Data.Backups;
using Amends.Foundation.Facts;
using Amends.Foundation.Jobs;
using Amends.Foundation.Settings;
using Amends.Foundation.Web;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Amends;

/// <summary>What <c>amends serve</c> is told.</summary>
/// <param name="Port">0 for any free port.</param>
/// <param name="PublicUrl">Where the house is reached from outside, or null: then only this machine reaches it.</param>
/// <param name="InsecureLan">Serves other machines over plain http, on the operator's word.</param>
/// <param name="Looks">Serves nobody and changes nothing: what is missing is not made.</param>
public sealed record ServeOptions(DataPlace Place, int Port = 5080, Uri? PublicUrl = null, bool InsecureLan = false, bool Demo = false, bool Quiet = false, bool Looks = false);

/// <summary>Builds the program that serves: settings, database, facts, jobs, pages, modules in order.</summary>
public static class Serving
{
    /// <summary>Builds; the caller upgrades the database, then runs it.</summary>
    public static WebApplication Build(ServeOptions options, TimeProvider clock, Action<IServiceCollection>? also = null)
    {
        options.Place.Prepare();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production", ApplicationName = "amends" });
        builder.WebHost.UseStaticWebAssets();
        Logs(builder, options);
        Kestrel(builder, options);
        Foundations(builder.Services, options, clock);
        var menu = new MenuBook();
        var book = new JobBook();
        builder.Services.AddSingleton(menu).AddSingleton(book);
        foreach (var module in Modules.All)
        {
            module.Services(builder.Services);
            module.Jobs(book);
            module.Menu(menu);
        }
        HousePages.Menu(menu);
        foreach (var handler in book.Handlers) builder.Services.AddScoped(handler);
        also?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseSafetyHeaders();
        // Around the problems too: they are pages.
        app.UseResponseCompression();
        app.UseProblems();
        app.UseRouting();
        foreach (var module in Modules.All) module.Join(app.Services);
        foreach (var module in Modules.All) module.Guards(app);
        app.UseSafeWrites();
        app.MapStaticAssets().WithMetadata(new PublicRoute("our own files", nameless: true));
        Health.Map(app);
        HousePages.Map(app);
        foreach (var module in Modules.All) module.Routes(app);
        return app;
    }

    static void Logs(WebApplicationBuilder builder, ServeOptions options)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = LogLine.Format).AddConsoleFormatter<LogLine, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
        builder.Logging.SetMinimumLevel(options.Quiet ? LogLevel.Error : LogLevel.Information);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error).AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
    }

    static void Kestrel(WebApplicationBuilder builder, ServeOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 60L * 1024 * 1024;
            kestrel.Limits.MaxConcurrentConnections = 12_000;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(20);
            kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
            kestrel.AllowSynchronousIO = false;
            if (options.InsecureLan) kestrel.ListenAnyIP(options.Port);
            else if (options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0);
            else kestrel.ListenLocalhost(options.Port);
        });
    }

    static void Foundations(IServiceCollection services, ServeOptions options, TimeProvider clock)
    {
        services.AddSingleton(options).AddSingleton(options.Place).AddSingleton(clock);
        services.AddSingleton(_ => Modules.Databases(options.Place));
        services.AddSingleton<Ids>().AddSingleton(_ => new HouseKey(options.Place, options.Looks)).AddSingleton<BlobStore>().AddSingleton<DiskRoom>().AddSingleton<Upgrade>().AddSingleton<Sealing>().AddSingleton<Writer>().AddSingleton<Assets>().AddSingleton<Readiness>();
        services.AddSingleton<Backup>().AddSingleton<BackupWork>().AddSingleton<Commands.Doctor>();
        services.AddSingleton(Timetable.Lines);
        AddHosted<HintBoard>(services);
        AddHosted<House>(services);
        AddHosted<Runner>(services);
        AddHosted<Clockwork>(services);
        services.Configure<HostOptions>(host => { host.ShutdownTimeout = TimeSpan.FromSeconds(12); host.ServicesStopConcurrently = true; host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore; });
        services.AddDataProtection().SetApplicationName("amends").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(options.Place.Folder, "keys")));
        services.AddSingleton<System.Text.Encodings.Web.HtmlEncoder, ShownHtml>();
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped<Nonce>();
        services.AddAntiforgery(o =>
        {
            o.Cookie.Name = options.PublicUrl?.Scheme == "https" ? "__Host-amends-form" : "amends-form";
            o.Cookie.SecurePolicy = options.PublicUrl?.Scheme == "https" ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            o.Cookie.SameSite = SameSiteMode.Lax;
            o.HeaderName = "X-Form-Token";
            o.SuppressXFrameOptionsHeader = true;
        });
        services.AddResponseCompression(o => o.EnableForHttps = true);
        services.Configure<Microsoft.AspNetCore.Http.Features.FormOptions>(form =>
        {
            form.ValueLengthLimit = 2 * 1024 * 1024;
            form.MultipartBodyLengthLimit = 60L * 1024 * 1024;
            form.ValueCountLimit = 2000;
        });
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
    }

    static void AddHosted<T>(IServiceCollection services) where T : class, IHostedService => services.AddSingleton<T>().AddHostedService(all => all.GetRequiredService<T>());
}
