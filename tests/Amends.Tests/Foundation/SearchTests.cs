using System.Text;
using System.Text.Json;
using Amends.Foundation;
using Amends.Foundation.Data;
using Amends.Foundation.Search;
using Amends.Tests.Cast;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Amends.Tests.Foundation;

public class SearchTests
{
    static readonly Actor Me = Actor.System("test");
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static readonly string[] Texts =
    [
        "Pump stops after ten minutes", "Die Pumpe macht Geräusche, Rückerstattung bitte", "La bomba se detuvo, señor Muñoz", "ポンプが止まりました", "水泵停止工作", "펌프가 멈췄습니다", "Насос остановился",
        "η αντλία σταμάτησε, ΛΌΓΟΣ λόγος", "المضخة توقفت", "המשאבה נעצרה", "ปั๊มหยุดทำงาน", "order 4711-A, batch 22_C, mail maria@casaverde.example", "İstanbul ISPARTA ırmak", "Straße STRASSE strasse", "ﬁne ½ ²", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 text",
        "a\u0301ccent and áccent", "x\u0000y \uD800 lone", "e\u200Bzero", "naïve café CAFÉ", "100% _sure_ \"quoted\" 'single' (brackets) [x] {y} a*b a:b a-b a+b ~ ^ & | ! \\ /", "मेरा पंप बंद हो गया", "ಪಂಪ್ ನಿಂತಿದೆ", "ゔㇰ゙ 𠮷野家 ﾊﾝｶｸ"
    ];

    static async Task<List<long>> Ask(TestHouse house, string typed)
    {
        using var db = house.Databases.Open();
        var question = Question.Read(typed);
        if (question.IsEmpty) return [];
        var (sql, parameter) = CaseIndex.Matching(db, question);
        return [.. (await db.Set<Hit>().FromSqlRaw(sql, parameter).Select(h => h.CaseId).ToListAsync(Stop)).Order()];
    }

    // The same rule in memory: every word whole, the last as a beginning where it is open.
    static List<long> Oracle(IReadOnlyList<string> texts, string typed)
    {
        var question = Question.Read(typed);
        if (question.IsEmpty) return [];
        return [.. texts.Select((text, i) => (Words: Tokens.Of(text).ToHashSet(), Id: i + 1L)).Where(t => question.Words.All(t.Words.Contains) && question.Prefixes.All(p => t.Words.Any(w => w.StartsWith(p, StringComparison.Ordinal)))).Select(t => t.Id)];
    }

    static Task Fill(TestHouse house, IReadOnlyList<string> texts) => house.Write.Run(Me, null, async db =>
    {
        for (var i = 0; i < texts.Count; i++) await CaseIndex.Write(db, i + 1, [texts[i]]);
    });

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A35_both_databases_find_what_the_rule_says_whatever_is_typed(On on)
    {
        var naughty = JsonSerializer.Deserialize<string[]>(await File.ReadAllTextAsync(Corpora.Need("naughty-strings", "blns.json"), Stop))!;
        string[] texts = [.. Texts, .. naughty.Where((_, i) => i % 4 == 0)];
        await using var house = await TestHouse.Open(on);
        await Fill(house, texts);
        var asked = new List<string>
        {
            "pump", "PUMP stops", "pumpe", "rückerstattung", "ruckerstattung", "Ruck", "munoz", "senor", "ポン", "ポンプ", "止ま", "水泵", "停止", "水", "펌프", "насос", "λογος", "ΛΟΓΟΣ", "المضخة", "המשאבה", "หยุด", "4711", "22", "maria@casaverde.example", "casaverde",
            "istanbul", "ısparta", "isparta", "strasse", "straße", "fine", "12", "2", "unicode", "accent", "áccent", "ezero", "cafe", "naive", "", " ", "*", "%", "_", "\"", "'", "\"pump\"", "pump*", "pump AND stops", "pump OR nothing", "NOT pump", "NEAR(pump stops)",
            "words:pump", "words : pump", "-pump", "^pump", "pump)", "(pump", "pump & stops", "pump | x", "!pump", "'pump':*", "pump:*", "a\\", "\\'", "'';--", "पंप", "ಪಂಪ್", "𠮷", "𠮷野", "ﾊﾝ", "ハン", "x y", "lone"
        };
        asked.AddRange(naughty);
        asked.AddRange(texts.Select(t => t.Length > 6 ? t[..6] : t));
        // Grammar of both databases, thrown together by a seed.
        string[] parts = ["pump", "stops", "\"", "'", "(", ")", "*", ":*", "&", "|", "!", "<->", "AND", "OR", "NOT", "NEAR", "{words}", "words", ":", "-", "^", "+", "\\", ",", "%", "0", "\u0000", "\uD800", "é", "水", ";", "--"];
        var random = new Random(20261121);
        for (var i = 0; i < 600; i++) asked.Add(string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(1, 8)).Select(_ => parts[random.Next(parts.Length)])));
        var wrong = new List<string>();
        foreach (var typed in asked)
        {
            var found = await Ask(house, typed);
            var should = Oracle(texts, typed);
            if (!found.SequenceEqual(should)) wrong.Add($"{typed} ({string.Join(' ', Encoding.UTF8.GetBytes(typed).Take(24).Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)))}): found {string.Join(',', found)}, should {string.Join(',', should)}");
        }
        wrong.ShouldBeEmpty();
        asked.Count.ShouldBeGreaterThan(1000);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task A_new_text_takes_the_place_of_the_old(On on)
    {
        await using var house = await TestHouse.Open(on);
        await house.Write.Run(Me, null, db => CaseIndex.Write(db, 7, ["pump stops", "customer is angry"]));
        (await Ask(house, "angry")).ShouldBe([7]);
        (await Ask(house, "pump")).ShouldBe([7]);
        await house.Write.Run(Me, null, db => CaseIndex.Write(db, 7, ["boiler leaks"]));
        (await Ask(house, "pump")).ShouldBeEmpty();
        (await Ask(house, "boil")).ShouldBe([7]);
    }

    [Theory, InlineData(On.Sqlite), InlineData(On.Postgres)]
    public async Task The_longest_text_can_be_indexed(On on)
    {
        await using var house = await TestHouse.Open(on);
        var random = new Random(1);
        var long1 = new StringBuilder("beginning ");
        for (var i = 0; i < 200_000; i++) long1.Append((char)('a' + random.Next(26)), 1).Append(Convert.ToHexString(BitConverter.GetBytes(random.NextInt64()))).Append(' ');
        await house.Write.Run(Me, null, db => CaseIndex.Write(db, 1, [long1.ToString(), new string('x', 1_000_000), long1.ToString()]));
        (await Ask(house, "beginning")).ShouldBe([1]);
    }
}
