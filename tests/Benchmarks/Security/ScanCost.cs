using System.Diagnostics;
using System.Globalization;
using Platform.Validation;

namespace Platform.Benchmarks.Security;

/// <summary>
/// Processor time of checking and scanning one small answer, warm, each another so that no cached verdict counts. Processor time of this process and its children, so that
/// a busy machine does not change it much. <c>scan-cost [TIMES]</c>; the first round of as many warms up
/// </summary>
internal static class ScanCost
{
    private const string Plain = "using System;\nusing System.Collections.Generic;\nusing System.Linq;\n\npublic static class Totals{0}\n{{\n    public static int Sum(IEnumerable<int> values) => values.Where(v => v > {0}).Sum();\n\n    public static string Shout(string text)\n    {{\n        var words = text.Split(' ').Select(w => w.ToUpperInvariant()).ToList();\n        if (words.Count == 0)\n            throw new ArgumentException(\"empty\", nameof(text));\n        return string.Join(\"-\", words);\n    }}\n}}\n";
    private const string Files = "using System;\nusing System.IO;\nusing System.Net.Http;\nusing System.Threading.Tasks;\n\npublic sealed class Store{0}(HttpClient client)\n{{\n    public async Task SaveAsync(Uri from, string folder)\n    {{\n        var text = await client.GetStringAsync(from);\n        await File.WriteAllTextAsync(Path.Combine(folder, \"{0}.txt\"), text);\n    }}\n}}\n";
    private const string Script = "import json\n\ndef total{0}(values):\n    return sum(v for v in values if v > {0})\n\n\ndef load(path):\n    with open(path, encoding='utf-8') as f:\n        return json.load(f)\n";

    public static async Task<int> RunAsync(string[] args)
    {
        var times = args is [var given, ..] ? int.Parse(given, CultureInfo.InvariantCulture) : 60;
        foreach (var (name, path, text) in new[] { ("C#, collections and text only", "Answer.cs", Plain), ("C#, network and files", "Answer.cs", Files), ("Python", "answer.py", Script) })
        {
            var scanner = new SecurityScanner(new ValidationOptions());
            await MeasureAsync($"scan of a small answer, {name}", times, async n => await scanner.ScanAsync([File(path, text, n)], default));
            var pipeline = new ValidationPipeline(new ValidationOptions());
            await MeasureAsync($"check and scan of a small answer, {name}", times, async n => await pipeline.RunAsync([File(path, text, n)], default));
        }
        return 0;
    }

    private static SourceFile File(string path, string text, int number) => SourceFile.FromPath(path, string.Format(CultureInfo.InvariantCulture, text, number));

    private static async Task MeasureAsync(string name, int times, Func<int, Task> work)
    {
        for (var n = 0; n < times; n++)
            await work(1_000_000 + n);
        var (before, clock) = (Used(), Stopwatch.StartNew());
        for (var n = 0; n < times; n++)
            await work(n);
        BenchmarkRow.Of($"processor time: {name}", (Used() - before) / times, "ms", "wall clock", clock.Elapsed.TotalMilliseconds / times, $"warm, {times} times, one after the other").Print();
    }

    // User and system time of this process, and of children that have ended or still run.
    private static double Used()
    {
        using var self = Process.GetCurrentProcess();
        var own = self.TotalProcessorTime.TotalMilliseconds;
        if (!System.IO.File.Exists("/proc/self/stat"))
            return own;
        var ended = Fields("/proc/self/stat")[13..15].Sum(long.Parse) * 10.0;
        var running = 0.0;
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(d => int.TryParse(Path.GetFileName(d), out _)))
        {
            try
            {
                if (Fields(folder + "/stat") is var fields && fields[1] == $"{Environment.ProcessId}")
                    running += fields[11..13].Sum(long.Parse) * 10.0;
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }
        return own + ended + running;
    }

    // Behind the name, which may hold blanks: state, parent, ...
    private static string[] Fields(string path) => System.IO.File.ReadAllText(path) is var text ? text[(text.LastIndexOf(')') + 2)..].Split(' ') : [];
}
