using System.Globalization;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Amends.Tests.Abuse;

/// <summary>A payload in every column that holds words of people.</summary>
static class MarkedText
{
    public const string Payload = "\"><img src=x onerror=window.ran=1>{{7*7}}";

    // Written by the program for itself, in a form of its own; a person's words never stand there.
    static readonly HashSet<string> OfMachines =
    [
        "Fact.Kind", "Fact.Body", "Dispatch.FactIds", "Job.Kind", "Job.Body", "Job.DedupeKey", "WriteKey.Key", "WriteKey.Answer", "WriteKey.Digest", "Sequence.Name", "Setting.Name", "Setting.Text", "TimetableLease.Line", "Blob.Place", "CaseMerge.Moved", "Case.Paused", "Case.Escalated", "NamedCalendar.Hours", "NamedCalendar.Zone", "NamedCalendar.Holidays",
        "Colleague.PasswordHash", "Colleague.Zone", "Colleague.Language", "Colleague.Theme", "Customer.Zone", "Customer.Language", "Customer.Prefers", "CaseFile.ContentType", "FactText.Field", "Brand.Colour", "Brand.Zone", "Brand.Language",
        "ErasedId.What", "Access.What", "PeopleImport.Mapping", "PeopleImport.Charset", "PeopleImport.Separator", "PeopleImport.Options",
    ];

    static bool OfMachine(IProperty p) => p.IsPrimaryKey() || OfMachines.Contains($"{p.DeclaringType.ClrType.Name}.{p.Name}");

    /// <summary>
    /// Puts the payload into every text column of every row, as far as it fits; answers how many columns. A table without a row is a fault of the house:
    /// what stands in it tomorrow would be tried by nobody. Only lists of ids that the program writes for itself may be empty.
    /// </summary>
    public static async Task<int> Fill(FullHouse full)
    {
        var missed = new List<string>();
        using var db = full.House.Databases.OpenToWrite();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        var columns = 0;
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null && e.FindPrimaryKey() is not null))
        {
            foreach (var property in entity.GetProperties().Where(p => p.ClrType == typeof(string) && !OfMachine(p)))
            {
                var table = entity.GetTableName()!;
                var keys = entity.FindPrimaryKey()!.Properties.Select(k => k.GetColumnName()).ToList();
                var rows = new List<object[]>();
                using (var read = connection.CreateCommand())
                {
                    read.CommandText = $"SELECT {string.Join(", ", keys.Select(k => $"\"{k}\""))} FROM \"{table}\"";
                    using var reader = await read.ExecuteReaderAsync();
                    while (await reader.ReadAsync()) rows.Add([.. Enumerable.Range(0, keys.Count).Select(reader.GetValue)]);
                }
                var unique = property.GetContainingIndexes().Any(i => i.IsUnique);
                for (var i = 0; i < rows.Count; i++)
                {
                    using var write = connection.CreateCommand();
                    write.CommandText = $"UPDATE \"{table}\" SET \"{property.GetColumnName()}\" = @v WHERE {string.Join(" AND ", keys.Select((k, n) => $"\"{k}\" = @k{n}"))}";
                    var text = (unique ? i.ToString(CultureInfo.InvariantCulture) : "") + Payload;
                    Add("@v", text[..Math.Min(text.Length, property.GetMaxLength() ?? int.MaxValue)]);
                    for (var n = 0; n < keys.Count; n++) Add($"@k{n}", rows[i][n]);
                    await write.ExecuteNonQueryAsync();
                    void Add(string name, object value)
                    {
                        var parameter = write.CreateParameter();
                        (parameter.ParameterName, parameter.Value) = (name, value);
                        write.Parameters.Add(parameter);
                    }
                }
                if (rows.Count > 0) columns++;
                else missed.Add($"{entity.ClrType.Name}.{property.Name}");
            }
        }
        if (missed.Except(["BulkStep.FactIds", "PendingSignIn.ClientId", "PendingSignIn.Redirect"]).ToList() is { Count: > 0 } empty) throw new InvalidOperationException("Columns that nothing fills: " + string.Join(", ", empty));
        var house = full.House.Get<Amends.Foundation.Settings.House>();
        await full.House.Write.Run(Actor.System("test"), null, async w =>
        {
            await house.Set(w, HouseSettings.Company, Payload);
            await house.Set(w, HouseSettings.Address, Payload);
        });
        house.Forget();
        return columns;
    }
}
