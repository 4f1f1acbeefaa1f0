using System.Globalization;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Settings;
using Amends.Tests.Cast;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>A payload in every column that holds text: shown as text on every page, run nowhere, and reckoned by no template (A02, A36).</summary>
public class MarkedTextTests
{
    const string Payload = "\"><img src=x onerror=window.ran=1>{{7*7}}";

    // Written by the program for itself, in a form of its own; a person's words never stand there.
    static readonly HashSet<string> OfMachines =
    [
        "Fact.Kind", "Fact.Body", "Dispatch.FactIds", "Job.Kind", "Job.Body", "Job.DedupeKey", "WriteKey.Key", "WriteKey.Answer", "WriteKey.Digest", "Sequence.Name", "Setting.Name", "Setting.Text", "TimetableLease.Line", "Blob.Place", "CaseMerge.Moved",
        "Colleague.PasswordHash", "Colleague.Zone", "Colleague.Language", "Colleague.Theme", "Customer.Zone", "Customer.Language", "Customer.Prefers", "CaseFile.ContentType", "FactText.Field", "Brand.Colour", "Brand.Zone", "Brand.Language",
        "ErasedId.What", "Access.What", "PeopleImport.Mapping", "PeopleImport.Charset", "PeopleImport.Separator", "PeopleImport.Options",
    ];

    static bool OfMachine(IProperty p) => p.IsPrimaryKey() || OfMachines.Contains($"{p.DeclaringType.ClrType.Name}.{p.Name}");

    /// <summary>Puts the payload into every text column of every row, as far as it fits; answers how many columns.</summary>
    internal static async Task<int> Fill(FullHouse full)
    {
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
            }
        }
        var house = full.House.Get<Amends.Foundation.Settings.House>();
        await full.House.Write.Run(Actor.System("test"), null, async w =>
        {
            await house.Set(w, HouseSettings.Company, Payload);
            await house.Set(w, HouseSettings.Address, Payload);
        });
        house.Forget();
        return columns;
    }

    static IEnumerable<string> Ran(Found page)
    {
        if (page.Document.QuerySelector("[onerror],img[src='x'],[ran]") is { } made) yield return $"{page.Address} made {made.OuterHtml}";
        if (page.Body.Contains("<img src=x", StringComparison.Ordinal)) yield return $"{page.Address} holds it unencoded";
        if (page.Document.All.Any(e => e.TextContent.Contains("onerror=window.ran=1>49", StringComparison.Ordinal))) yield return $"{page.Address} reckoned";
        foreach (var link in page.Document.QuerySelectorAll("a[href],form[action]"))
            if ((link.GetAttribute("href") ?? link.GetAttribute("action"))!.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)) yield return $"{page.Address} links {link.OuterHtml}";
        foreach (var script in page.Document.QuerySelectorAll("script")) if (script.TextContent.Contains("onerror", StringComparison.Ordinal)) yield return $"{page.Address} in a script";
    }

    [Fact]
    public async Task A02_A36_what_people_write_is_shown_and_never_run()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        (await Fill(full)).ShouldBeGreaterThan(40);
        var starts = new List<string> { full.CaseLink };
        foreach (var door in full.Doors.Where(d => d is { Changes: false, Path: not "/live" })) starts.AddRange(await full.Addresses(door));
        var found = await Crawl.From(full.Admin, starts);
        found.Count.ShouldBeGreaterThan(80);
        found.Where(f => f.Status >= 500).Select(f => f.Address).ShouldBeEmpty();
        found.Where(f => f.IsPage).SelectMany(Ran).ShouldBeEmpty();
        // It was there to be found, whole and as it was written.
        found.Count(f => f.IsPage && f.Document.DocumentElement.TextContent.Contains(Payload, StringComparison.Ordinal)).ShouldBeGreaterThan(20);
        // And no answer goes without the headers that would hold it in.
        foreach (var one in found)
        {
            one.Answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"], one.Address);
            one.Answer.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'none'", customMessage: one.Address);
        }
    }

    [Fact]
    public async Task A02_what_comes_back_after_a_mistake_is_shown_and_never_run()
    {
        // Reflected: each field of each form, sent without its token and with a rule broken.
        await using var full = await FullHouse.Make(On.Sqlite);
        var token = await full.TokenOf(full.Admin);
        var reflected = 0;
        foreach (var door in full.Doors.Where(d => d is { Changes: true, ByKey: false }))
        {
            var address = (await full.Addresses(door))[0];
            foreach (var withToken in new[] { true, false })
            {
                string[] names = ["subject", "text", "name", "address", "to", "new", "q", "for", "summary", "until", "own", "hours", "zone", "title", Payload];
                using var request = new HttpRequestMessage(new HttpMethod(door.Method), address)
                {
                    Content = new FormUrlEncodedContent(names.Select(n => KeyValuePair.Create(n, Payload + new string(n == "name" ? 'x' : ' ', 400) + ".")).Concat(withToken ? [KeyValuePair.Create("__RequestVerificationToken", token)] : []))
                };
                var answer = await full.Admin.SendAsync(request);
                var page = new Found($"{door} {withToken}", (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType ?? "", await answer.Content.ReadAsStringAsync(), answer);
                page.Status.ShouldBeLessThan(500, page.Address);
                if (!page.IsPage) continue;
                Ran(page).ShouldBeEmpty();
                if (page.Document.DocumentElement.TextContent.Contains("onerror=window.ran=1", StringComparison.Ordinal) || page.Document.QuerySelectorAll("input").Any(i => i.GetAttribute("value")?.Contains("onerror", StringComparison.Ordinal) == true)) reflected++;
            }
        }
        reflected.ShouldBeGreaterThan(30);
        foreach (var path in new[] { "/search?q=", "/people?q=", "/palette?q=", "/mentions?q=", "/sign-in?return=", "/desk/", "/people/suggest?q=", "/settings/colleagues?q=", "/" })
            Ran(await Crawl.Get(full.Admin, path + Uri.EscapeDataString(Payload))).ShouldBeEmpty();
    }
}
