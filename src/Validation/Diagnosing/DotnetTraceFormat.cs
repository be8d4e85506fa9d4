using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>.NET: an exception with its calls; of nested ones the innermost, which is the cause.</summary>
internal sealed partial class DotnetTraceFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;
    private const int MaxMessage = 12;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header)
            return null;
        var ahead = 1;
        // Messages may go on for some lines, as that of an argument with its actual value does.
        for (var next = Next(lines, ahead); next != 0; next = Next(lines, ahead))
        {
            ahead = next;
            if (Call().IsMatch(lines.Ahead(ahead)))
                break;
            (header, ahead) = (Inner().Match(lines.Ahead(ahead)), ahead + 1);
        }
        if (!Call().IsMatch(lines.Ahead(ahead)))
            return null;
        var calls = new List<TraceCall>();
        for (; lines.Ahead(ahead).Length < MaxLine && (Call().Match(lines.Ahead(ahead)) is { Success: true } || IsSeam(lines.Ahead(ahead))); ahead++)
        {
            var call = Call().Match(lines.Ahead(ahead));
            if (call.Success && calls.Count < MaxCalls)
                calls.Add(new TraceCall(call.Groups["method"].Value, call.Groups["path"].Value, OutputLines.Number(call, "line"), 0));
        }
        lines.At += ahead - 1;
        var name = header.Groups["name"].Value;
        return FoundError.Trace("csharp", name[(name.LastIndexOfAny(['.', '+']) + 1)..], header.Groups["message"].Value.Trim(), calls);
    }

    // The next inner exception or call; 0 when another exception, or nothing of the kind, follows.
    private static int Next(OutputLines lines, int from) => Enumerable.Range(from, MaxMessage)
        .TakeWhile(n => lines.Ahead(n).Length < MaxLine && !Header().IsMatch(lines.Ahead(n)))
        .FirstOrDefault(n => Inner().IsMatch(lines.Ahead(n)) || Call().IsMatch(lines.Ahead(n)));

    private static bool IsSeam(string line) => line.AsSpan().TrimStart().StartsWith("--- End of", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*(Unhandled exception[.:]\s+)?(?<name>[A-Za-z_][\w+]*(\.[\w+`]+)*Exception)( ?: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s*---> (\(Inner Exception #\d+\) )?(?<name>[A-Za-z_][\w+]*(\.[\w+`]+)*Exception)(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Inner();

    [GeneratedRegex(@"^\s+at (?<method>[^()\n]+\([^\n]*?\))( in (?<path>[^\n]+):line (?<line>\d+))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
