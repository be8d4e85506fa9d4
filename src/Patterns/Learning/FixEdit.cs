namespace Platform.Patterns;

/// <summary>The lines that an edit of a whole text changed, as the fix memory keeps them.</summary>
public static class FixEdit
{
    private const int MaxLines = 12;
    private const int MaxCharacters = 2_000;

    /// <summary>The lines between the common beginning and the common end; null when that is nothing, or too much to call a fix.</summary>
    public static (string Before, string After)? Between(string before, string after)
    {
        var (a, b) = (before.ReplaceLineEndings("\n").Split('\n'), after.ReplaceLineEndings("\n").Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        // Lines that were only added need the line before them as a hold, unless they are imports, whose place is known.
        if (start + end == a.Length && start > 0 && !b[start..(b.Length - end)].All(IsImport))
            start--;
        var (old, made) = (a[start..(a.Length - end)], b[start..(b.Length - end)]);
        if (old.Length + made.Length == 0 || old.Length > MaxLines || made.Length > MaxLines)
            return null;
        var edit = (Before: string.Join('\n', old), After: string.Join('\n', made));
        return edit.Before.Length + edit.After.Length > MaxCharacters ? null : edit;
    }

    private static bool IsImport(string line) =>
        line.Trim().Length == 0 || line.StartsWith("using ", StringComparison.Ordinal) || line.StartsWith("import ", StringComparison.Ordinal) || line.StartsWith("from ", StringComparison.Ordinal);
}
