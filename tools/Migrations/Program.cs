using System.Reflection;
using Amends;
using Amends.Foundation.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Migrations.Design;
using Microsoft.Extensions.DependencyInjection;

// Adds a migration for both databases at once:  dotnet run --project tools/Migrations Name
// Build first, never --no-build: a stale build sees no snapshot and writes all tables a second time.
if (args.Length != 1 || !args[0].All(char.IsLetterOrDigit))
{
    Console.Error.WriteLine("Usage: dotnet run --project tools/Migrations Name");
    return 2;
}
var root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Amends.slnx"))) root = Path.GetDirectoryName(root)!;
var project = Path.Combine(root, "src", "Amends");
var wrote = 0;
foreach (var (folder, place) in new[] { ("Sqlite", new DataPlace(Path.GetTempPath(), null)), ("Postgres", new DataPlace(Path.GetTempPath(), "Host=127.0.0.1;Database=none")) })
{
    await using var databases = Modules.Databases(place);
    using var database = databases.Open();
    if (!database.Database.HasPendingModelChanges())
    {
        Console.WriteLine($"{folder}: nothing changed");
        continue;
    }
    var services = new ServiceCollection().AddEntityFrameworkDesignTimeServices().AddDbContextDesignTimeServices(database);
    var provider = Assembly.Load(database.Database.ProviderName!);
    var hook = (DesignTimeProviderServicesAttribute)Attribute.GetCustomAttribute(provider, typeof(DesignTimeProviderServicesAttribute))!;
    ((IDesignTimeServices)Activator.CreateInstance(provider.GetType(hook.TypeName, true)!)!).ConfigureDesignTimeServices(services);
    using var all = services.BuildServiceProvider();
    using var scope = all.CreateScope();
    var scaffolder = scope.ServiceProvider.GetRequiredService<IMigrationsScaffolder>();
    var migration = scaffolder.ScaffoldMigration(args[0], "Amends", $"Foundation.Data.Migrations.{folder}", "C#");
    var target = Directory.CreateDirectory(Path.Combine(project, "Foundation", "Data", "Migrations", folder)).FullName;
    scaffolder.Save(project, migration, target, dryRun: false);
    Console.WriteLine($"{folder}: {migration.MigrationId}");
    wrote++;
}
return wrote > 0 ? 0 : 1;
