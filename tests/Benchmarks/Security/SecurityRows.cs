using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.CodeAnalysis;
using Platform.Validation;

namespace Platform.Benchmarks.Security;

/// <summary>Scores the security scan on labelled samples: C# snippets by rule family, Python files by findings per severity.</summary>
internal static class SecurityRows
{
    private static readonly SecurityScanner Scanner = new(new ValidationOptions(), new SecurityOptions { MaxFindings = 100_000 });
    private static readonly string[] Severities = ["low", "medium", "high"];

    public static async Task<int> RunAsync(string[] args)
    {
        if (EvaluationData.Folder(args) is not { } folder)
        {
            Console.Error.WriteLine("Give a folder with csharp_*.jsonl and bandit_*.jsonl, as an argument or in PLATFORM_SECURITY_DATA.");
            return 2;
        }
        foreach (var file in Directory.GetFiles(folder, "csharp_*.jsonl").Order())
            await CSharpAsync(file);
        foreach (var file in Directory.GetFiles(folder, "bandit_*.jsonl").Order())
            await PythonAsync(file);
        return 0;
    }

    private static async Task CSharpAsync(string path)
    {
        var (compiling, others, times) = (new SortedDictionary<string, RuleScore>(StringComparer.Ordinal), new SortedDictionary<string, RuleScore>(StringComparer.Ordinal), new List<double>());
        foreach (var sample in Samples(path))
        {
            var text = sample.GetProperty("snippet").GetString()!;
            var rules = sample.GetProperty("rule").EnumerateArray().Select(r => r.GetString()!).ToHashSet();
            var clock = Stopwatch.StartNew();
            var verdict = (await Scanner.ScanAsync([SourceFile.FromPath("Sample.cs", text)], default)).Single();
            times.Add(clock.Elapsed.TotalMilliseconds);
            var found = verdict.Findings.Where(f => rules.Contains(f.Rule)).Select(f => f.Line).ToHashSet();
            var expected = sample.GetProperty("vulnerable").GetBoolean() ? sample.GetProperty("line").EnumerateArray().Select(l => l.GetInt32()).ToHashSet() : null;
            var scores = Compiles(text) ? compiling : others;
            scores.TryAdd(string.Join('/', rules), new RuleScore());
            scores[string.Join('/', rules)].Add(expected, found);
        }
        var whole = new RuleScore();
        whole.Add(Print("snippets that compile with the framework alone", compiling));
        whole.Add(Print("snippets that need other packages", others));
        Console.WriteLine($"{"all",-16} {whole}");
        times = [.. times.Skip(10).Order()];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}: {times.Count + 10} scans, warm p50 {times[times.Count / 2]:F0} ms, p95 {times[times.Count * 95 / 100]:F0} ms"));
    }

    private static RuleScore Print(string title, SortedDictionary<string, RuleScore> scores)
    {
        Console.WriteLine(title);
        var total = new RuleScore();
        foreach (var (rules, score) in scores)
        {
            Console.WriteLine($"{rules,-16} {score}");
            total.Add(score);
        }
        Console.WriteLine($"{"total",-16} {total}");
        return total;
    }

    private static async Task PythonAsync(string path)
    {
        var (expected, found, exact, times) = (new int[3], new int[3], 0, new List<double>());
        var samples = Samples(path).ToList();
        foreach (var sample in samples)
        {
            var clock = Stopwatch.StartNew();
            var verdict = (await Scanner.ScanAsync([SourceFile.FromPath("sample.py", sample.GetProperty("source").GetString()!)], default)).Single();
            times.Add(clock.Elapsed.TotalMilliseconds);
            var counts = Severities.Select((_, s) => verdict.Findings.Count(f => (int)f.Severity == s && f.Rule[0] == 'B')).ToArray();
            var wanted = Severities.Select(s => sample.GetProperty("severity").GetProperty(s).GetInt32()).ToArray();
            for (var s = 0; s < 3; s++)
                (expected[s], found[s]) = (expected[s] + wanted[s], found[s] + counts[s]);
            exact += counts.SequenceEqual(wanted) ? 1 : 0;
            if (!counts.SequenceEqual(wanted))
                Console.WriteLine($"  {sample.GetProperty("file").GetString()}: expected {string.Join('/', wanted)}, found {string.Join('/', counts)} {verdict.Unchecked}");
        }
        for (var s = 0; s < 3; s++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Severities[s],-8} expected {expected[s],4} found {found[s],4}  off by {(expected[s] == 0 ? 0 : 100.0 * Math.Abs(found[s] - expected[s]) / expected[s]):F1}%"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)}: {exact} of {samples.Count} files exactly as expected, p50 {times.Order().ElementAt(times.Count / 2):F0} ms a file"));
    }

    private static IEnumerable<JsonElement> Samples(string path) => File.ReadLines(path).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line));

    private static bool Compiles(string text) =>
        CSharpCompiler.Compile([CSharpCompiler.Parse("Sample.cs", text)], new ValidationOptions { AllowUnsafe = true }).GetDiagnostics().All(d => d.Severity != DiagnosticSeverity.Error);
}
