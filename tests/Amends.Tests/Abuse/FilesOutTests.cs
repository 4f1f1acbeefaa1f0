using System.Globalization;
using System.Text;
using Amends.Cases;
using Amends.Foundation;
using Amends.Foundation.Web;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Abuse;

/// <summary>What leaves the house as a file, and what came in as one: no cell is a formula (A41), no name is a path (A42).</summary>
public class FilesOutTests
{
    // RFC 4180, written again: what the product writes is read by somebody else.
    static List<List<string>> Cells(string csv)
    {
        var (rows, row, cell, quoted) = (new List<List<string>>(), new List<string>(), new StringBuilder(), false);
        void EndRow() { row.Add(cell.ToString()); cell.Clear(); rows.Add(row); row = []; }
        for (var i = 0; i < csv.Length; i++)
        {
            var c = csv[i];
            if (quoted && c == '"' && i + 1 < csv.Length && csv[i + 1] == '"') { cell.Append('"'); i++; }
            else if (c == '"') quoted = !quoted;
            else if (quoted || c is not (',' or '\n' or '\r')) cell.Append(c);
            else if (c == ',') { row.Add(cell.ToString()); cell.Clear(); }
            else if (c == '\n') EndRow();
        }
        if (cell.Length > 0 || row.Count > 0) EndRow();
        return rows;
    }

    [Fact]
    public async Task A41_no_cell_of_an_export_begins_as_a_formula()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        string[] formulas = ["=1+1", "+1+1", "-1+1", "@SUM(1,1)", "=HYPERLINK(\"http://evil.example\",\"open\")", "=cmd|' /C calc'!A0", "\t=1+1", "\r=1+1", "  =1+1", "\"=1+1", "\uFF1D1+1", "a,=1+1", "a\n=1+1", "a;@SUM(1)", "\u200B=1+1", "\u00A0=1+1"];
        var numbers = new List<string>();
        foreach (var (formula, i) in formulas.Select((f, i) => (f, i)))
        {
            var customer = await full.House.Write.Run(Actor.System("test"), null, db =>
            {
                var one = new Amends.People.Customer { Id = db.Ids!.Next(), Name = formula, About = formula, Needs = formula, MadeAt = db.At };
                one.Changed(true);
                db.Add(one);
                return Task.FromResult(one.Id);
            });
            var it = await Some.Case(full.House, customer, full.TeamA, full.Brand, formula);
            var number = it.Number.ToString(CultureInfo.InvariantCulture);
            numbers.Add(number);
            await full.Post(full.Admin, $"/cases/{number}/tags", ("new", formula));
            await full.Post(full.Admin, $"/cases/{number}/wait", ("until", "own"), ("own", "2026-12-20T10:00"), ("for", formula));
            if (i % 2 == 0) await full.Post(full.Admin, $"/cases/{number}/resolve", ("summary", formula));
        }
        var found = 0;
        foreach (var path in new[] { "/cases/export", "/people/export" })
        {
            var csv = await (await full.Post(full.Admin, path, ("format", "csv"), ("kind", "customers"))).Content.ReadAsStringAsync();
            var rows = Cells(csv.TrimStart('\uFEFF'));
            rows.Count.ShouldBeGreaterThan(formulas.Length, path);
            rows.ShouldAllBe(r => r.Count == rows[0].Count, path);
            foreach (var cell in rows.SelectMany(r => r))
            {
                if (cell.Contains("1+1", StringComparison.Ordinal) || cell.Contains("SUM(", StringComparison.Ordinal) || cell.Contains("HYPERLINK", StringComparison.Ordinal)) found++;
                // What a spreadsheet skips before it looks for a sign, it skips here too; and it may split at another separator.
                foreach (var part in cell.Split(',', ';', '|', '\t', '\n', '\r'))
                {
                    var first = part.SkipWhile(c => c is '"' or ' ' or '\u00A0' or '\u200B' or '\uFEFF').FirstOrDefault();
                    "=+-@\uFF1D\uFF0B\uFF0D\uFF20".Contains(first, StringComparison.Ordinal).ShouldBeFalse($"{path}: {cell}");
                }
                (cell.Length > 0 && cell[0] is '\t' or '\r').ShouldBeFalse($"{path}: {cell}");
            }
        }
        found.ShouldBeGreaterThan(formulas.Length * 4);
        // For programs nothing is put in front: they get what was written.
        var lines = await (await full.Post(full.Admin, "/cases/export", ("format", "jsonl"))).Content.ReadAsStringAsync();
        lines.ShouldContain("\"subject\":\"=1\\u002B1\"");
    }

    [Fact]
    public async Task A42_hostile_names_come_in_by_mail_and_lie_in_the_store_under_its_own_names_alone()
    {
        await using var full = await FullHouse.Make(On.Sqlite);
        var mark = "zqname" + Guid.NewGuid().ToString("N")[..8];
        var temporary = Path.GetTempPath().TrimEnd('/');
        string[] names = [.. new[]
        {
            "../../M", "../../../../../../../../tmp/M", "/tmp/M", "/etc/M", "..\\..\\M", "C:\\Windows\\M", "\\\\server\\share\\M", "M\0.txt", "M\r\nX-Evil: 1", "M\"; filename=\"x.exe", "....//....//M", "%2e%2e%2f%2e%2e%2fM", "..%c0%af..%c0%afM",
            "M/../../M", "CON", "M.", "M ", ".M", "~/M", "$(touch M)", "`touch M`", "M;touch M", "|M", "-rf M", "M\u202Egnp.exe", "file:///tmp/M", "M:stream", "M*?<>|", "keys/house.key/M", "amends.db-M", "M.html", "M.svg", "M" + new string('x', 4000), "", "..", "/", "\\",
        }.Select(n => n.Replace("M", mark, StringComparison.Ordinal).Replace("/tmp", temporary, StringComparison.Ordinal))];
        using var pipe = full.House.Client();
        pipe.DefaultRequestHeaders.Add("Authorization", "Bearer " + FullHouse.AccessKey);
        foreach (var name in names)
        {
            var quoted = "\"" + name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\r\n", "", StringComparison.Ordinal) + "\"";
            var raw = string.Join("\r\n", ["From: Eve <eve@customer.example>", "To: service@amends.example", "Subject: A file", "Date: Sat, 21 Nov 2026 09:00:00 +0000", $"Message-ID: <{Guid.NewGuid():N}@customer.example>", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b1", "",
                "--b1", "Content-Type: text/plain; charset=utf-8", "", "See what came along.", "--b1", "Content-Type: application/octet-stream", $"Content-Disposition: attachment; filename={quoted}; filename*=utf-8''{Uri.EscapeDataString(name)}", "", "bytes", "--b1--", ""]);
            (await pipe.PostAsync("/intake/mail?mailbox=service@amends.example", new ByteArrayContent(Encoding.UTF8.GetBytes(raw)))).EnsureSuccessStatusCode();
        }
        await full.Rest();
        List<(long Id, string Name)> files;
        using (var db = full.House.Databases.Open())
            files = [.. (await db.Set<CaseFile>().OrderByDescending(f => f.Id).Take(names.Length).Select(f => new { f.Id, f.Name }).ToListAsync()).Select(f => (f.Id, f.Name))];
        files.Count(f => f.Name.Contains(mark, StringComparison.Ordinal)).ShouldBeGreaterThan(25);
        // On the disk: in the folder of the house no name of theirs, in the store random ones alone, and nothing where the paths led.
        var house = full.House.Place.Folder;
        var all = Directory.EnumerateFileSystemEntries(house, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Select(f => Path.GetRelativePath(house, f)).ToList();
        all.ShouldAllBe(f => !f.Contains(mark, StringComparison.OrdinalIgnoreCase));
        all.Where(f => f.StartsWith("blobs", StringComparison.Ordinal)).ShouldAllBe(f => f.Split('/', StringSplitOptions.None).Skip(1).All(part => part.All(char.IsAsciiHexDigitLower)));
        all.Count(f => f.StartsWith("blobs", StringComparison.Ordinal)).ShouldBeGreaterThan(names.Length);
        foreach (var folder in new[] { temporary, "/etc", "/", Path.GetDirectoryName(house)!, Environment.CurrentDirectory, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), AppContext.BaseDirectory })
            Directory.EnumerateFileSystemEntries(folder).Where(f => f.Contains(mark, StringComparison.Ordinal)).ShouldBeEmpty(folder);
        // Taken along, each has a name that any system takes, and is a download.
        foreach (var (id, _) in files)
        {
            using var answer = await full.Admin.GetAsync($"/files/{id.ToString(CultureInfo.InvariantCulture)}");
            ((int)answer.StatusCode).ShouldBe(200);
            var disposition = answer.Content.Headers.ContentDisposition.ShouldNotBeNull();
            disposition.DispositionType.ShouldBe("attachment");
            var name = (disposition.FileNameStar ?? disposition.FileName!).Trim('"');
            (name.Length is > 0 and < 160).ShouldBeTrue(name);
            name.IndexOfAny(['/', '\\', ':', '\r', '\n', '\0', '"']).ShouldBe(-1, name);
            name.ShouldBe(FileAnswer.SafeName(name));
            answer.Headers.Contains("X-Evil").ShouldBeFalse();
        }
    }
}
