using System.Text.Json;
using Platform.Validation;

namespace Platform.Benchmarks.Repair;

/// <summary>A program with a one-line fault, its right form, and calls with the results they must give.</summary>
/// <param name="Name">Name of module and function.</param>
/// <param name="Buggy">With the fault.</param>
/// <param name="Correct">Without it.</param>
/// <param name="Cases">A JSON list of [arguments, result].</param>
/// <param name="Count">How many cases; 0 where the set gives none.</param>
internal sealed record QuixBug(string Name, string Buggy, string Correct, string Cases, int Count)
{
    // Results are compared as JSON would carry them: generators and tuples as lists; numbers up to rounding, or up to the error that the caller allows.
    private const string Comparison = """
        import inspect
        import json
        import math
        from {0} import {0} as call

        CASES = json.loads({1})


        def plain(value):
            if isinstance(value, (str, bytes, int, float, bool, type(None))):
                return value
            if isinstance(value, dict):
                return {{k: plain(v) for k, v in value.items()}}
            return [plain(v) for v in value]


        def same(a, b, error):
            if isinstance(a, list) and isinstance(b, list):
                return len(a) == len(b) and all(same(x, y, error) for x, y in zip(a, b))
            if isinstance(a, float) or isinstance(b, float):
                return math.isclose(a, b, rel_tol=1e-9, abs_tol=error)
            return type(a) is type(b) and a == b


        def check(number):
            arguments, expected = CASES[number]
            shown = repr(arguments)[:200]
            error = dict(zip(inspect.signature(call).parameters, arguments)).get("epsilon", 1e-9)
            found = plain(call(*arguments))
            assert same(found, expected, error), f"{{shown}}: expected {{expected!r:.200}}, got {{found!r:.200}}"

        """;

    /// <summary>The records of a JSON-lines file.</summary>
    public static IEnumerable<QuixBug> Read(string path)
    {
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            var root = JsonElement.Parse(line);
            var tests = root.GetProperty("tests");
            yield return new QuixBug(root.GetProperty("name").GetString()!, root.GetProperty("buggy").GetString()!, root.GetProperty("correct").GetString()!, tests.GetRawText(), tests.GetArrayLength());
        }
    }

    /// <summary>A run of one form against the cases, one test each.</summary>
    /// <param name="text">The form.</param>
    /// <param name="limits">What the run may use.</param>
    /// <param name="without">Numbers of cases to leave out.</param>
    public TestRun Run(string text, TestLimits limits, IReadOnlyCollection<int> without)
    {
        var head = string.Format(System.Globalization.CultureInfo.InvariantCulture, Comparison, Name, JsonSerializer.Serialize(Cases));
        var tests = string.Concat(Enumerable.Range(0, Count).Except(without).Select(n => $"\ndef test_{n}():\n    check({n})\n"));
        return new TestRun("python", [new SourceFile(Name + ".py", "python", text)], [new SourceFile($"test_{Name}.py", "python", head + tests)], limits);
    }
}
