using System.Text.Json;
using Platform.Validation;

namespace Platform.Benchmarks.Fixes;

/// <summary>
/// Compiles documented samples of compiler errors and counts how often the validator reports the documented id, and how many ids
/// <c>explain</c> knows. <c>errors DATA.jsonl [--show]</c>; each line <c>{id,code,compile_with}</c>.
/// </summary>
internal static class ErrorRows
{
    public static async Task<int> RunAsync(string[] args)
    {
        if (args.Length == 0 || !File.Exists(args[0]))
        {
            Console.Error.WriteLine("usage: errors DATA.jsonl [--show]; each line {id,code,compile_with}");
            return 2;
        }
        var (all, hit) = (0, 0);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(args[0]))
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            var id = root.GetProperty("id").GetString()!;
            var with = root.TryGetProperty("compile_with", out var flags) ? string.Join(' ', flags.EnumerateArray().Select(f => f.GetString())) : "";
            var found = await FindAsync(root.GetProperty("code").GetString()!, with);
            all++;
            ids.Add(id);
            if (found.Contains(id))
                hit++;
            else if (args.Contains("--show"))
                Console.WriteLine($"{id} [{with}] reported {string.Join(' ', found.Distinct())}");
        }
        BenchmarkRow.Of("documented compiler errors reported", hit, "records", "all", all, $"{all} samples of {ids.Count} ids, with their compiler options").Print();
        return 0;
    }

    private static async Task<IReadOnlyList<string>> FindAsync(string code, string with)
    {
        // Samples also name options in a comment; the compiler makes a program unless told otherwise.
        with += " " + string.Join(' ', code.Split('\n').Where(line => line.Contains("compile with", StringComparison.OrdinalIgnoreCase)));
        var options = new ValidationOptions
        {
            Nullable = false,
            AllowUnsafe = with.Contains("/unsafe", StringComparison.Ordinal),
            Documentation = with.Contains("/doc:", StringComparison.Ordinal) || code.Contains("/// <", StringComparison.Ordinal),
            Output = with.Contains("library", StringComparison.Ordinal) || with.Contains("module", StringComparison.Ordinal) ? ProgramKind.Library : ProgramKind.Program,
        };
        var report = await new CodeValidator(options).ValidateAsync([new SourceFile("sample.cs", "csharp", code)], default);
        return [.. report.Files[0].Diagnostics.Select(d => d.Code)];
    }
}
