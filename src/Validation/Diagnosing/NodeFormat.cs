using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>JavaScript: the error's name and message with the calls below. A syntax error has its place in lines above, where no call leads.</summary>
internal sealed partial class NodeFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxCalls = 100;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Header().Match(line) is not { Success: true } header || Call().Match(lines.Ahead(1)) is not { Success: true })
            return null;
        var calls = new List<TraceCall>();
        var ahead = 1;
        for (; Call().Match(lines.Ahead(ahead)) is { Success: true } call && lines.Ahead(ahead).Length < MaxLine; ahead++)
        {
            if (calls.Count < MaxCalls)
                calls.Add(new TraceCall(call.Groups["method"].Value, Local(call.Groups["path"].Value), OutputLines.Number(call, "line"), OutputLines.Number(call, "column")));
        }
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

    private static string Local(string path) => path.StartsWith("file://", StringComparison.Ordinal) ? path[7..] : path;

    [GeneratedRegex(@"^(Uncaught )?(?<name>[A-Z][A-Za-z]*(Error|Exception))( \[\w+\])?(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();

    [GeneratedRegex(@"^\s+at (async )?((?<method>[^()\n]+?)( \[as \w+\])? \()?(?<path>(file://|node:)?[^():\n]+):(?<line>\d+)(:(?<column>\d+))?\)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    [GeneratedRegex(@"^(?<path>(file://)?[^:\s]+\.\w+):(?<line>\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Above();
}
