namespace Platform.Validation;

/// <summary>
/// Remarks on style and size of code: long lines, files and functions, white space at line ends, tabs mixed with spaces, a last line without an end. They are read
/// from the text, say nothing of what it means, and never make it invalid.
/// </summary>
internal static class StyleChecks
{
    private const string LongLine = "STYLE001";
    private const string TrailingSpace = "STYLE002";
    private const string MixedIndent = "STYLE003";
    private const string LongFile = "STYLE004";
    private const string LongFunction = "STYLE005";
    private const string NoLastEnd = "STYLE006";
    private static readonly string[] Code = ["csharp", "python", "javascript", "typescript", "go", "rust", "java", "shell"];

    /// <summary>The remarks on one file; none without limits, and none on what is no code.</summary>
    public static IReadOnlyList<CodeDiagnostic> Of(SourceFile file, StyleLimits? limits, CancellationToken token)
    {
        if (limits is null || file.Text.Length == 0 || !Code.Contains(file.Language))
            return [];
        var lines = file.Text.Split('\n');
        var count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        var found = lines.SelectMany((line, at) => OfLine(line.TrimEnd('\r'), at + 1, limits)).ToList();
        if (Mixed(lines) is > 0 and var mixed)
            found.Add(At(MixedIndent, mixed, "is indented by tabs, other lines by spaces"));
        if (count > limits.FileLines)
            found.Add(At(LongFile, limits.FileLines + 1, $"the file has {count:N0} lines; the limit is {limits.FileLines:N0}"));
        if (limits.LastLineEnd && lines[^1].Length > 0)
            found.Add(At(NoLastEnd, lines.Length, "the last line has no line end"));
        found.AddRange(FunctionSizes.Of(file, token).Where(f => f.Lines > limits.FunctionLines).Select(f => At(LongFunction, f.Line, $"'{f.Name}' has {f.Lines:N0} lines; the limit is {limits.FunctionLines:N0}")));
        return [.. found.GroupBy(f => f.Code, StringComparer.Ordinal).SelectMany(same => Shortened([.. same], limits.Places)).OrderBy(f => f.Line).ThenBy(f => f.Code, StringComparer.Ordinal)];
    }

    private static IEnumerable<CodeDiagnostic> OfLine(string line, int number, StyleLimits limits)
    {
        if (line.Length > limits.LineLength)
            yield return At(LongLine, number, $"has {line.Length:N0} characters; the limit is {limits.LineLength:N0}");
        if (line.Length > 0 && line[^1] is ' ' or '\t')
            yield return At(TrailingSpace, number, "ends in white space");
        var indent = line.AsSpan(0, line.Length - line.AsSpan().TrimStart().Length);
        // Tabs for the depth and spaces to align are one way of writing; a tab after spaces looks different in every editor.
        if (indent.Length < line.Length && indent.IndexOf(" \t") >= 0)
            yield return At(MixedIndent, number, "has a tab after spaces in its indentation");
    }

    /// <summary>The first line indented by tabs in a file that also has lines indented by spaces; 0 when there is only one way.</summary>
    private static int Mixed(string[] lines)
    {
        var tab = Array.FindIndex(lines, l => l.Length > 1 && l[0] == '\t' && !string.IsNullOrWhiteSpace(l));
        // One space begins the lines of a block comment.
        var space = Array.FindIndex(lines, l => l.StartsWith("  ", StringComparison.Ordinal) && !string.IsNullOrWhiteSpace(l));
        return tab >= 0 && space >= 0 ? tab + 1 : 0;
    }

    private static IEnumerable<CodeDiagnostic> Shortened(IReadOnlyList<CodeDiagnostic> same, int places) => same.Count <= places
        ? same
        : [.. same.Take(places - 1), same[places - 1] with { Message = $"{same[places - 1].Message}; and {same.Count - places:N0} more places" }];

    private static CodeDiagnostic At(string rule, int line, string message) => new(rule, line, 0, message, Severity.Info);
}
