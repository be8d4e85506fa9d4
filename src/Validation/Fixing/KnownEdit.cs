namespace Platform.Validation;

/// <summary>An edit that answered an error before: whole lines, as they were and as they became.</summary>
/// <param name="Before">The lines that were replaced; empty when lines were only added.</param>
/// <param name="After">What stands there since.</param>
/// <param name="Explanation">What was wrong and why it works.</param>
/// <param name="Rate">Share of its uses that worked, 0 to 1.</param>
public sealed record KnownEdit(string Before, string After, string Explanation, double Rate)
{
    // The compiler often reports the line after the one that is wrong.
    private const int LinesAround = 3;

    /// <summary>The same edit where the error is now; null when the lines there are others. Indentation is taken from the file.</summary>
    public FixCandidate? Apply(FixContext context)
    {
        if (Before == After)
            return null;
        var lines = context.File.Text.Split('\n');
        var changed = string.IsNullOrWhiteSpace(Before) ? Import(lines) : Replaced(lines, context.Error.Line - 1) ?? Part(lines, context.Error.Line - 1);
        return changed is null ? null : new FixCandidate(context.File.Path, changed, $"'{Short(Before)}' becomes '{Short(After)}'", Explanation) { Cost = 0.5 + (1 - Rate) };
    }

    private string? Replaced(string[] lines, int at)
    {
        var (before, after) = (Trimmed(Before), After.Split('\n'));
        foreach (var start in Enumerable.Range(at - LinesAround, 2 * LinesAround + 1).OrderBy(i => Math.Abs(i - at)))
        {
            if (start < 0 || start + before.Length > lines.Length || !before.Index().All(b => lines[start + b.Index].Trim() == b.Item))
                continue;
            var end = lines[start].EndsWith('\r') ? "\r" : "";
            var (had, has) = (Indent(Before.Split('\n')[0]), Indent(lines[start]));
            var made = After.Length == 0 ? [] : after.Select(l => Shift(l.TrimEnd('\r'), had, has) + end);
            return string.Join('\n', lines[..start].Concat(made).Concat(lines[(start + before.Length)..]));
        }
        return null;
    }

    // Part of one line, where the rest of the line is another one.
    private string? Part(string[] lines, int at)
    {
        var (before, after) = (Before.Trim(), After.Trim());
        if (before.Contains('\n') || after.Contains('\n') || at < 0 || at >= lines.Length)
            return null;
        var start = lines[at].IndexOf(before, StringComparison.Ordinal);
        return start < 0 ? null : string.Join('\n', [.. lines[..at], string.Concat(lines[at].AsSpan(0, start), after, lines[at].AsSpan(start + before.Length)), .. lines[(at + 1)..]]);
    }

    // Added lines have no place of their own, unless they import something: that goes to the top.
    private string? Import(string[] lines)
    {
        var added = After.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (added.Length == 0 || !added.All(IsImport) || added.All(a => lines.Any(l => l.Trim() == a)))
            return null;
        var last = Array.FindLastIndex(lines, IsImport);
        var at = last >= 0 ? last + 1 : lines.TakeWhile(l => l.StartsWith('#') || l.StartsWith("//", StringComparison.Ordinal)).Count();
        return string.Join('\n', lines[..at].Concat(added.Where(a => !lines.Any(l => l.Trim() == a))).Concat(lines[at..]));
    }

    private static bool IsImport(string line) =>
        (line.StartsWith("using ", StringComparison.Ordinal) && line.TrimEnd().EndsWith(';') && !line.Contains('(')) || line.StartsWith("import ", StringComparison.Ordinal) || (line.StartsWith("from ", StringComparison.Ordinal) && line.Contains(" import ", StringComparison.Ordinal));

    private static string[] Trimmed(string text) => [.. text.Split('\n').Select(l => l.Trim())];

    private static string Indent(string line) => line[..(line.Length - line.TrimStart().Length)];

    private static string Shift(string line, string had, string has) => line.StartsWith(had, StringComparison.Ordinal) ? has + line[had.Length..] : has + line.TrimStart();

    private static string Short(string text) => text.Trim() is { Length: > 60 } trimmed ? trimmed[..57] + "..." : text.Trim();
}
