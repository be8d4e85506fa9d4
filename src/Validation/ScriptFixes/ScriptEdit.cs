namespace Platform.Validation;

/// <summary>An edit of a script whose text is written only when it is tried: of thousands of edits of a long file few are, and each text is as long as the file.</summary>
internal sealed record ScriptEdit(string Path, Func<string> Text, string Fix, string Why, double Cost)
{
    /// <summary>One line in another form.</summary>
    public static ScriptEdit Line(SourceFile file, string[] lines, int n, string text, string fix, string why, double cost) =>
        new(file.Path, () => string.Join('\n', [.. lines[..n], text, .. lines[(n + 1)..]]), fix, why, cost);

    /// <summary>A line more, before another.</summary>
    public static ScriptEdit Insert(SourceFile file, string[] lines, int n, string text, string fix, string why, double cost) =>
        new(file.Path, () => string.Join('\n', [.. lines[..n], text, .. lines[n..]]), fix, why, cost);

    /// <summary>A line less.</summary>
    public static ScriptEdit Remove(SourceFile file, string[] lines, int n, string fix, string why, double cost) =>
        new(file.Path, () => string.Join('\n', lines.Where((_, i) => i != n)), fix, why, cost);

    /// <summary>The edit with its text.</summary>
    public FixCandidate Write() => new(Path, Text(), Fix, Why) { Cost = Cost };
}
