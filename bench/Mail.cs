using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Amends.Mail;

namespace Amends.Bench;

/// <summary>Measures the mail library on a folder of mails: how many are read, how fast, at what cost, and how many of the expectations beside them are met.</summary>
public static class MailBench
{
    const double BarMegabytesPerSecond = 150;

    /// <summary>"mail PATH [--json]": reads all mails under PATH. The exit code is 0 when all bars hold, 1 when one does not, 2 for a wrong call.</summary>
    /// <param name="args">What stands behind the word "mail".</param>
    /// <param name="output">Where the figures go: one line each; JSON with --json.</param>
    public static int Run(string[] args, TextWriter output)
    {
        var path = args.FirstOrDefault(a => !a.StartsWith('-'));
        if (path is null || !Directory.Exists(path))
        {
            output.WriteLine("mail PATH [--json]: PATH is a folder of mails.");
            return 2;
        }
        var json = args.Contains("--json");
        var holds = true;
        var mails = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsMail).Order(StringComparer.Ordinal).Select(File.ReadAllBytes).Where(b => b.Length > 0).ToList();
        var data = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        var parsed = 0;
        var faults = 0;
        var defects = 0;
        foreach (var mail in mails)
        {
            var message = Touch(mail);
            parsed++;
            defects += message.Defects.Count;
            faults += message.Defects.Count(d => d.Kind == DefectKind.ReaderFault);
        }
        Say("mails read", parsed, "mails", null, true);
        Say("faults of the reader", faults, "mails", 0, faults == 0);
        Say("defects noted", defects, "defects", null, true);

        // Warm first, then measured. Processor time is counted, collections included, so that a busy machine does not change the figure.
        var total = mails.Sum(m => (long)m.Length);
        if (total > 0)
        {
            // The run time compiles hot code twice more in the background, later on a busy machine: warm until another half second makes nothing faster.
            var (before, speedNow) = (0.0, 0.0);
            for (var round = 0; round < 24 && (round < 6 || speedNow > before * 1.03); round++)
                (before, speedNow) = (Math.Max(before, speedNow), Window(0.5));
            long bytes = 0;
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Environment.CpuUsage.TotalTime;
            while ((Environment.CpuUsage.TotalTime - start).TotalSeconds < 1.5)
            {
                mails.ForEach(m => Touch(m));
                bytes += total;
            }
            var speed = bytes / 1e6 / (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            Say("read, headers, text and all files decoded", speed, "MB/s per core", BarMegabytesPerSecond, speed >= BarMegabytesPerSecond);
            Say("mean size of a mail", (double)total / mails.Count, "bytes", null, true);
            Say("allocated per byte of mail", (double)allocated / bytes, "bytes", null, true);
        }

        double Window(double seconds)
        {
            var from = Environment.CpuUsage.TotalTime;
            long read = 0;
            while ((Environment.CpuUsage.TotalTime - from).TotalSeconds < seconds)
            {
                mails.ForEach(m => Touch(m));
                read += total;
            }
            return read / 1e6 / (Environment.CpuUsage.TotalTime - from).TotalSeconds;
        }

        var slowest = 0.0;
        foreach (var mail in mails)
        {
            var best = double.MaxValue;
            for (var i = 0; i < 3; i++)
            {
                var clock = Stopwatch.StartNew();
                Touch(mail);
                best = Math.Min(best, clock.Elapsed.TotalMilliseconds);
            }
            slowest = Math.Max(slowest, best / Math.Max(mail.Length / 1e6, 0.02));
        }
        Say("slowest mail", slowest, "ms per MB (at least 20 kB counted)", 50, slowest <= 50);

        foreach (var file in Directory.EnumerateFiles(path, "expected.jsonl", SearchOption.AllDirectories))
        {
            int all = 0, met = 0;
            foreach (var line in File.ReadLines(file).Where(l => l.Length > 0))
            {
                using var row = JsonDocument.Parse(line);
                var mail = Path.Combine(Path.GetDirectoryName(file)!, row.RootElement.GetProperty("file").GetString()!);
                if (!File.Exists(mail))
                    continue;
                var message = MailMessage.Read(File.ReadAllBytes(mail));
                foreach (var property in row.RootElement.EnumerateObject())
                {
                    if (MailExpectation.IsMet(message, property) is not { } met1)
                        continue;
                    all++;
                    if (met1)
                        met++;
                    else
                        Console.Error.WriteLine($"not met: {row.RootElement.GetProperty("file")} {property}");
                }
            }
            if (all > 0)
                Say($"expectations met of {all}", 100.0 * met / all, "%", 100, met == all);
        }
        return holds ? 0 : 1;

        void Say(string measure, double value, string unit, double? bar, bool ok)
        {
            holds &= ok;
            var shown = Math.Round(value, 2);
            output.WriteLine(json
                ? JsonSerializer.Serialize(new { bench = "mail", data, measure, value = shown, unit, bar, holds = ok })
                : string.Create(CultureInfo.InvariantCulture, $"{data,-18} {measure,-44} {shown,12:0.##} {unit,-14} {(bar is null ? "" : ok ? $"holds (bar {bar})" : $"DOES NOT HOLD (bar {bar})")}"));
        }
    }

    // Lists of expectations and members lie among the mails.
    static bool IsMail(string file) =>
        Path.GetExtension(file) is not (".jsonl" or ".json" or ".md" or ".list" or ".tnef" or ".pub") && !file.EndsWith("-summary.txt", StringComparison.Ordinal);

    static MailMessage Touch(byte[] mail)
    {
        var message = MailMessage.Read(mail);
        _ = message.Subject;
        _ = message.MessageId;
        _ = message.References.Count;
        _ = message.TextBody?.Length;
        _ = message.HtmlBody?.Length;
        foreach (var file in message.Files)
        {
            _ = file.FileName;
            _ = file.Decode().Length;
        }
        return message;
    }
}
