using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Signs of form that readers react to; used by scores and by learning alike.</summary>
internal static partial class TextSigns
{
    /// <summary>Whether the text asks readers to do something.</summary>
    public static bool HasCall(string text) => Call().IsMatch(text);

    /// <summary>Whether the text holds an emoji.</summary>
    public static bool HasEmoji(string text) => FirstEmoji(text, 0) >= 0;

    /// <summary>Where the next emoji begins, or -1.</summary>
    public static int FirstEmoji(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            // Digits and '#' begin keycap emoji; everything else below this point is none.
            if ((text[i] >= '\u00a9' || i + 1 < text.Length && text[i + 1] is '\ufe0f' or '\u20e3') && EmojiSequences.LengthAt(text, i) > 0)
                return i;
        }

        return -1;
    }

    /// <summary>Whether the text holds a digit.</summary>
    public static bool HasNumber(string text) => text.AsSpan().ContainsAnyInRange('0', '9');

    /// <summary>The text up to the first line break.</summary>
    public static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>Lines that begin as items of a list.</summary>
    public static int ListLines(string text) => ListLine().Count(text);

    [GeneratedRegex(@"\b(join|try|read|see|sign up|learn more|get|tell us|comment|share|visit|order|book|download|register|vote|reply|apply|subscribe)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex(@"^[ \t]*([-*•–]|\d{1,2}[.)])[ \t]", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex ListLine();
}
