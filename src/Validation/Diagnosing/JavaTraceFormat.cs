using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Java: an exception with its calls, followed by its causes; the last cause is where it began.</summary>
internal sealed partial class JavaTraceFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header || !Call().IsMatch(lines.Ahead(1)))
            return null;
        var calls = new List<TraceCall>();
        var ahead = 1;
        for (; lines.Ahead(ahead) is { Length: > 0 and < MaxLine } next; ahead++)
        {
            if (Call().Match(next) is { Success: true } call)
                Add(calls, call);
            else if (Cause().Match(next) is { Success: true } cause)
                (header, calls) = (cause, []);
            else if (!next.AsSpan().TrimStart().StartsWith("... ", StringComparison.Ordinal))
                break;
        }
        lines.At += ahead - 1;
        var name = header.Groups["name"].Value;
        return FoundError.Trace("java", name[(name.LastIndexOf('.') + 1)..], header.Groups["message"].Value.Trim(), calls);
    }

    private static void Add(List<TraceCall> calls, Match call)
    {
        if (calls.Count < MaxCalls)
            calls.Add(new TraceCall(call.Groups["method"].Value, call.Groups["path"].Value, OutputLines.Number(call, "line"), 0));
    }

    [GeneratedRegex("""^(Exception in thread "[^"]*" )?(?<name>([a-z_][\w$]*\.)+[A-Z][\w$]*)(: (?<message>.*))?$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^Caused by: (?<name>([a-z_][\w$]*\.)*[A-Z][\w$]*)(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Cause();

    [GeneratedRegex(@"^\s+at (?<method>[\w.$/<>@]+)\(((?<path>[\w$]+\.java):(?<line>\d+)|[^)\n]*)\)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();
}
