using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>Python: a traceback, or the place of a syntax error, and below it the line that names the exception.</summary>
internal sealed partial class PythonFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxTrace = 4000;
    private const int MaxSyntax = 8;
    private const int MaxCalls = 100;

    public FoundError? Read(OutputLines lines)
    {
        var isTrace = lines.Ahead().StartsWith("Traceback (most recent call last)", StringComparison.Ordinal);
        if (!isTrace && !Place().IsMatch(lines.Ahead()))
            return null;
        var calls = new List<TraceCall>();
        var column = 0;
        for (var ahead = isTrace ? 1 : 0; ahead < (isTrace ? MaxTrace : MaxSyntax) && lines.Has(ahead); ahead++)
        {
            var line = lines.Ahead(ahead);
            if (Place().Match(line) is { Success: true } place)
                calls.Add(new TraceCall(place.Groups["method"].Value, place.Groups["path"].Value, OutputLines.Number(place, "line"), 0));
            else if (line.StartsWith(' '))
                column = line.AsSpan().Trim().TrimStart('~').StartsWith("^", StringComparison.Ordinal) ? Column(line, lines.Ahead(ahead - 1)) : column;
            else
                return Cause(line) is { } cause && calls.Count > 0 ? Take(lines, ahead, cause, calls, column) : null;
        }
        return null;
    }

    private static FoundError Take(OutputLines lines, int ahead, Match cause, List<TraceCall> calls, int column)
    {
        lines.At += ahead;
        calls.Reverse();
        var name = cause.Groups["name"].Value;
        var error = FoundError.Trace("python", name[(name.LastIndexOf('.') + 1)..], cause.Groups["message"].Value.Trim(), [.. calls.Take(MaxCalls)]);
        // A file that cannot be read was never run: the place is that of the fault, not of a call.
        return name is "SyntaxError" or "IndentationError" or "TabError"
            ? error with { IsTrace = false, Calls = [], Path = calls[0].Path, Line = calls[0].Line, Column = column }
            : error;
    }

    private static Match? Cause(string line) => line.Length < MaxLine && Exception().Match(line) is { Success: true } match ? match : null;

    // Python shows the line with its own indentation cut and four blanks put before; a caret counts from there.
    private static int Column(string caret, string code) => caret.IndexOf('^', StringComparison.Ordinal) - (code.Length - code.TrimStart().Length) + 1;

    [GeneratedRegex("""^\s+File "(?<path>[^"\n]+)", line (?<line>\d+)(, in (?<method>.+))?$""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();

    [GeneratedRegex(@"^(?<name>[A-Za-z_][\w.]*)(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Exception();
}
