namespace Platform.Validation;

/// <summary>Keeps the line ends of a file as its author has them.</summary>
internal static class LineEndings
{
    /// <summary>The changed text with the line ends that the old text uses throughout; unchanged when that mixes them.</summary>
    public static string Like(string before, string after)
    {
        var first = before.IndexOf('\n', StringComparison.Ordinal);
        return first > 0 && before[first - 1] == '\r' && !HasBareLineFeed(before) ? after.ReplaceLineEndings("\r\n") : after;
    }

    private static bool HasBareLineFeed(string text)
    {
        for (var at = text.IndexOf('\n', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            if (at == 0 || text[at - 1] != '\r')
                return true;
        }
        return false;
    }
}
