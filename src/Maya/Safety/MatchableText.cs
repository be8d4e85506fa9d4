using System.Globalization;

namespace Platform.Maya;

/// <summary>
/// A text as patterns should see it: white space of any kind and length is one space, typographic apostrophes are plain, and what takes no room on the screen is
/// gone. Nothing that a reader would not see keeps a phrase from being found.
/// </summary>
internal sealed class MatchableText
{
    private readonly int[] _places;

    private MatchableText(string text, int[] places) => (Text, _places) = (text, places);

    /// <summary>The text to match against.</summary>
    public string Text { get; }

    /// <summary>The forms of a text. Of one with signs of no width there are two: such a sign may stand inside a word or between two.</summary>
    public static IReadOnlyList<MatchableText> Of(string text) =>
        text.Any(IsInvisible) ? [Form(text, between: false), Form(text, between: true)] : [Form(text, between: false)];

    /// <summary>Where a match stands in the text as it was given.</summary>
    public (int Start, int Length) Original(int start, int length)
    {
        var first = _places[start];
        return (first, length == 0 ? 0 : _places[start + length - 1] + 1 - first);
    }

    private static MatchableText Form(string text, bool between)
    {
        var (kept, places, count) = (new char[text.Length], new int[text.Length + 1], 0);
        for (var i = 0; i < text.Length; i++)
        {
            var invisible = IsInvisible(text[i]);
            if (invisible && !between)
                continue;
            var c = invisible || char.IsWhiteSpace(text[i]) ? ' ' : text[i] == '’' ? '\'' : text[i];
            if (c == ' ' && count > 0 && kept[count - 1] == ' ')
                continue;
            (kept[count], places[count]) = (c, i);
            count++;
        }

        places[count] = text.Length;
        return new(new string(kept, 0, count), places);
    }

    /// <summary>Format characters: zero-width spaces and joiners, soft hyphens, marks of direction.</summary>
    private static bool IsInvisible(char c) => c > '\u007f' && (char.GetUnicodeCategory(c) == UnicodeCategory.Format || c is '\u034f' or '\u115f' or '\u1160' or '\u3164');
}
