namespace Platform.Validation;

/// <summary>The lines of a text for matching; very long ones in pieces that overlap, so that no pattern works on a megabyte at once.</summary>
internal static class TextPieces
{
    private const int Longest = 4000;
    private const int Overlap = 400;

    /// <summary>Every piece with the line it stands on, from 1, and the line before it.</summary>
    public static IEnumerable<(int Line, string Text, string Before)> Of(string text)
    {
        var (line, before) = (0, "");
        foreach (var whole in text.Split('\n'))
        {
            line++;
            for (var at = 0; at == 0 || at + Overlap < whole.Length; at += Longest)
                yield return (line, whole.Substring(at, Math.Min(Longest + Overlap, whole.Length - at)), before);
            before = whole.Length > Longest ? "" : whole;
        }
    }
}
