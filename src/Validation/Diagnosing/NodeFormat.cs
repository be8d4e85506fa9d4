using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>JavaScript: the error's name and message with the calls below. A syntax error has its place in lines above, where no call leads.</summary>
internal sealed partial class NodeFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;
    private const int MaxMessage = 30;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header)
            return null;
        // A message of several lines, or the code that a test runner shows, stands before the calls.
        var ahead = Enumerable.Range(1, MaxMessage).TakeWhile(n => !Header().IsMatch(lines.Ahead(n)) && lines.Ahead(n).Length < MaxLine).FirstOrDefault(n => Frame().IsMatch(lines.Ahead(n)));
        if (ahead == 0)
            return null;
        var calls = new List<TraceCall>();
        for (; lines.Ahead(ahead).Length < MaxLine && Frame().IsMatch(lines.Ahead(ahead)); ahead++)
        {
            // Built-in functions call back without a place of their own.
            if (Call().Match(lines.Ahead(ahead)) is { Success: true } call && calls.Count < MaxCalls)
                calls.Add(new TraceCall(call.Groups["method"].Value, Local(call.Groups["path"].Value), OutputLines.Number(call, "line"), OutputLines.Number(call, "column")));
        }
        if (calls.Count == 0)
            return null;
        var error = FoundError.Trace("javascript", header.Groups["name"].Value, header.Groups["message"].Value.Trim(), calls);
        if (error.Code == "SyntaxError" && Place(lines) is { } place)
            error = error with { IsTrace = false, Calls = [], Path = place.Path, Line = place.Line, Column = place.Column };
        lines.At += ahead - 1;
        return error;
    }

    // "file:3", the line, a caret, an empty line, then the error.
    private static TraceCall? Place(OutputLines lines)
    {
        for (var back = -1; back >= -6; back--)
        {
            if (Above().Match(lines.Ahead(back)) is { Success: true } place)
                return new TraceCall("", Local(place.Groups["path"].Value), OutputLines.Number(place, "line"), Math.Max(0, lines.Ahead(back + 2).IndexOf('^', StringComparison.Ordinal) + 1));
        }
        return null;
    }

    private static string Local(string path)
    {
        if (!path.StartsWith("file://", StringComparison.Ordinal))
            return path;
        // file:///C:/src/a.js
        return path.Length > 9 && path[7] == '/' && path[9] == ':' ? path[8..] : path[7..];
    }

    [GeneratedRegex(@"^\s*(Uncaught )?(?<name>[A-Z][A-Za-z]*(Error|Exception))( \[\w+\])?(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+at (async )?((?<method>[^()\n]+?)( \[as \w+\])? \()?(?<path>(file:///?|node:)?([A-Za-z]:)?[^():\n]+):(?<line>\d+)(:(?<column>\d+))?\)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    [GeneratedRegex(@"^\s+at \S.*(\)|:\d+|>)$", RegexOptions.NonBacktracking)]
    private static partial Regex Frame();

    [GeneratedRegex(@"^(?<path>(file:///?)?([A-Za-z]:)?[^:\n]+\.\w+):(?<line>\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Above();
}
