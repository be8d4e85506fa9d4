using System.Text.RegularExpressions;

namespace Platform.Validation;

/// <summary>pytest: the exception behind an E, and below it, or after some lines, the place with the exception's name.</summary>
internal sealed partial class PytestFormat : IErrorFormat
{
    private const int MaxLine = 4000;
    private const int MaxGap = 60;

    public FoundError? Read(OutputLines lines)
    {
        var line = lines.Ahead();
        if (line.Length > MaxLine || Cause().Match(line) is not { Success: true } cause)
            return null;
        for (var ahead = 1; ahead <= MaxGap && lines.Has(ahead); ahead++)
        {
            var below = lines.Ahead(ahead);
            if (below.Length > MaxLine || Cause().IsMatch(below))
                return null;
            if (Place().Match(below) is not { Success: true } place)
                continue;
            lines.At += ahead;
            var name = cause.Groups["name"].Value;
            var call = new TraceCall("", place.Groups["path"].Value, OutputLines.Number(place, "line"), 0);
            return FoundError.Trace("python", name[(name.LastIndexOf('.') + 1)..], cause.Groups["message"].Value.Trim(), [call]);
        }
        return null;
    }

    [GeneratedRegex(@"^E\s+(?<name>[A-Za-z_][\w.]*(Error|Exception|Warning|Exit|Iteration|Interrupt))(: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Cause();

    [GeneratedRegex(@"^(?<path>([A-Za-z]:)?[^:\n]+\.py):(?<line>\d+): [A-Za-z_][\w.]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();
}
