using System.Globalization;
using System.Text;
using Amends.Foundation;
using CsvHelper;

namespace Amends.People;

/// <summary>One row of a file: its number from 1, its cells, and what is wrong with its quotes.</summary>
sealed record ImportRow(int Number, string[] Cells, bool Broken);

/// <summary>
/// A CSV file that was uploaded: UTF-8, UTF-16 with its mark, or Windows-1252; separated by comma, semicolon, tab or bar; quoted as RFC 4180 says.
/// </summary>
sealed class ImportFile
{
    public const int MostBytes = 20 * 1024 * 1024, MostColumns = 200, MostRows = 500_000, MostInCell = 20_000;

    readonly string text;

    ImportFile(string text, string[] first) => (this.text, First) = (text, first);

    /// <summary>The cells of the first row.</summary>
    public string[] First { get; }

    /// <summary>Reads what was uploaded.</summary>
    /// <exception cref="Refused">It is no CSV file that we can read, in words (field <c>file</c>).</exception>
    public static ImportFile Read(byte[] bytes)
    {
        var text = Decode(bytes);
        if (string.IsNullOrWhiteSpace(text)) throw new Refused("file", Words.FileEmpty);
        // A table of a spreadsheet program, a picture, an archive: all have these in their first bytes.
        if (text.Contains('\0', StringComparison.Ordinal)) throw new Refused("file", Words.FileNotText);
        try
        {
            using var reader = Reader(text, null);
            if (!reader.Read()) throw new Refused("file", Words.FileEmpty);
            if (reader.FieldCount > MostColumns) throw new Refused("file", string.Format(CultureInfo.CurrentCulture, Words.TooManyColumns, MostColumns));
            return new ImportFile(text, Cells(reader));
        }
        catch (CsvFormatException) { throw new Refused("file", Words.FileBroken); }
    }

    static CsvReader Reader(string text, Action<CsvMalformedRecord>? broken) => CsvReader.FromText(text, CsvReaderOptions.Default with
    {
        HasHeader = false,
        IncludeValuesInExceptions = false,
        MaxRecordSize = 4 * 1024 * 1024,
        DetectSeparatorHint = true,
        OnMalformedRecord = broken
    });

    static string[] Cells(CsvReader reader)
    {
        var cells = new string[Math.Min(reader.FieldCount, MostColumns)];
        for (var i = 0; i < cells.Length; i++) cells[i] = reader.GetString(i) ?? "";
        return cells;
    }

    static string Decode(byte[] bytes)
    {
        if (bytes is [0xFF, 0xFE, ..]) return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes is [0xFE, 0xFF, ..]) return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        var start = bytes is [0xEF, 0xBB, 0xBF, ..] ? 3 : 0;
        try { return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, start, bytes.Length - start); }
        catch (DecoderFallbackException) { return CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetString(bytes); }
    }

    /// <summary>The rows below the headings.</summary>
    /// <exception cref="CsvFormatException">A record is larger than any record of people.</exception>
    public IEnumerable<ImportRow> Rows(bool noHeadings)
    {
        var brokenNow = false;
        using var reader = Reader(text, _ => brokenNow = true);
        var number = 0;
        var skip = !noHeadings;
        while (true)
        {
            brokenNow = false;
            if (!reader.Read()) yield break;
            if (skip) { skip = false; continue; }
            if (++number > MostRows) throw new Refused("file", string.Format(CultureInfo.CurrentCulture, Words.TooManyRows, MostRows));
            yield return new ImportRow(number, Cells(reader), brokenNow || reader.FieldCount > MostColumns);
        }
    }

    /// <summary>True when the first row looks like data: an address or a number stands in it.</summary>
    public bool FirstIsData => First.Any(cell => CustomerAddresses.Mail(cell) is not null || CustomerAddresses.Phone(cell) is { Length: > 5 });

    static readonly (ImportField Field, string[] Names)[] Guesses =
    [
        (ImportField.Key, ["id", "key", "number", "customer number", "customer id", "customerid", "external id", "kundennummer", "nr", "no"]),
        (ImportField.Mail2, ["mail 2", "email 2", "e mail 2", "second mail", "other email", "secondary email"]), (ImportField.Phone2, ["phone 2", "mobile", "mobile phone", "cell", "handy", "mobil", "second phone"]),
        (ImportField.Name, ["name", "full name", "customer", "display name", "kunde", "nombre", "nom"]), (ImportField.Mail, ["mail", "email", "e mail", "mail address", "email address", "e mail address", "correo"]),
        (ImportField.Phone, ["phone", "telephone", "tel", "telefon", "phone number", "number of phone"]), (ImportField.Handle, ["handle", "user name", "username", "nick"]),
        (ImportField.Language, ["language", "lang", "sprache", "locale"]), (ImportField.Zone, ["zone", "time zone", "timezone"]), (ImportField.Prefers, ["prefers", "preferred channel", "channel"]), (ImportField.Needs, ["needs"]),
        (ImportField.About, ["about", "note", "notes", "comment", "remark", "bemerkung"]), (ImportField.Organisation, ["organisation", "organization", "company", "firma", "account", "empresa"]), (ImportField.Role, ["role", "position", "title", "function"]),
        (ImportField.Domains, ["domain", "domains", "website"]), (ImportField.Place, ["place", "city", "town", "ort", "stadt", "location"]),
        (ImportField.Owner, ["owner", "owner key", "customer key", "owner id"]), (ImportField.OwnerMail, ["owner mail", "owner email", "customer mail", "customer email"]),
        (ImportField.Product, ["product", "item", "article", "model", "produkt"]), (ImportField.Variant, ["variant", "version"]), (ImportField.Batch, ["batch", "lot", "charge"]), (ImportField.Serial, ["serial", "serial number", "seriennummer", "sn"]),
        (ImportField.Contract, ["contract", "contract number", "vertrag"]), (ImportField.Site, ["site", "installed at"]), (ImportField.Since, ["since", "from", "start", "bought", "purchased"]), (ImportField.Until, ["until", "to", "end", "ends", "expires"]),
    ];

    /// <summary>What each column is for, by its heading; each field once.</summary>
    public ImportField[] Guess(PersonKind kind)
    {
        var fields = new ImportField[First.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            var heading = Customers.Fold(First[i]);
            var guess = Guesses.FirstOrDefault(g => Fits(kind, g.Field) && !fields.Contains(g.Field) && g.Names.Contains(heading, StringComparer.Ordinal)).Field;
            // In a file of holdings the plain columns mean the owner and the site.
            if (guess == ImportField.Leave && kind == PersonKind.Holding && heading is "mail" or "email" or "e mail" && !fields.Contains(ImportField.OwnerMail)) guess = ImportField.OwnerMail;
            fields[i] = guess;
        }
        return fields;
    }

    /// <summary>Which fields a file of this kind may have.</summary>
    public static bool Fits(PersonKind kind, ImportField field) => kind switch
    {
        PersonKind.Customer => field is >= ImportField.Leave and <= ImportField.Role,
        PersonKind.Organisation => field is ImportField.Leave or ImportField.Key or ImportField.Name or ImportField.About or ImportField.Domains or ImportField.Place,
        _ => field is ImportField.Leave or ImportField.Key or ImportField.Organisation or >= ImportField.Owner
    };
}
