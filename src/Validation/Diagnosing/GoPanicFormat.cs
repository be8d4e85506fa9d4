using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Go: a panic or fatal error, and the calls of the first goroutine, each a line with the function and an indented one with its place.</summary>
internal sealed partial class GoPanicFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;
    private const int MaxGap = 8;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header)
            return null;
        var start = Enumerable.Range(1, MaxGap).FirstOrDefault(n => lines.Ahead(n).StartsWith("goroutine ", StringComparison.Ordinal));
        if (start == 0)
            return null;
        var calls = new List<TraceCall>();
        var ahead = start + 1;
        for (; lines.Ahead(ahead) is { Length: > 0 and < MaxLine } method && Place().Match(lines.Ahead(ahead + 1)) is { Success: true } place; ahead += 2)
        {
            if (calls.Count < MaxCalls)
                calls.Add(new TraceCall(Name(method), place.Groups["path"].Value, OutputLines.Number(place, "line"), 0));
        }
        lines.At += ahead - 1;
        return FoundError.Trace("go", "panic", header.Groups["message"].Value.Trim(), calls);
    }

    // "main.pick(0xc000012345, ...)" and "created by main.start in goroutine 1".
    private static string Name(string line) => line.LastIndexOf('(') is var at and > 0 ? line[..at] : line;

    [GeneratedRegex(@"^(panic|fatal error): (?<message>.+?)( \[recovered\])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+(?<path>([A-Za-z]:)?[^:\n]+\.(go|s)):(?<line>\d+)( \+0x[0-9a-f]+)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
