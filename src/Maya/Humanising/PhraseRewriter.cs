using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>Rewrites phrases in a text by a list, and leaves alone every word that holds a link, mention or tag.</summary>
internal static partial class PhraseRewriter
{
    /// <summary>Marks, until the text is tidied, that a sentence lost its first words; a post cannot hold this character.</summary>
    private const string Raise = "\uffff";

    /// <summary>The text after the rewrite, and how many places were changed.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="phrases">What to write instead of what.</param>
    /// <param name="signs">Rewrites further signs of a piece of text that holds no link, mention or tag.</param>
    public static (string Text, int Changes) Rewrite(string text, PhraseList phrases, Func<string, (string Text, int Changes)> signs)
    {
        var (result, changes, from) = (new StringBuilder(text.Length), 0, 0);
        foreach (var (start, end) in Kept(text))
        {
            result.Append(Rewrite(text[from..start], from == 0, phrases, signs, ref changes)).Append(text, start, end - start);
            from = end;
        }

        result.Append(Rewrite(text[from..], from == 0, phrases, signs, ref changes));
        return changes == 0 ? (text, 0) : (Tidy(result.ToString()), changes);
    }

    /// <summary>What is left alone: every word that holds a link, mention or tag, with what is glued to it.</summary>
    private static List<(int Start, int End)> Kept(string text)
    {
        var spans = XText.Entities(text).Select(e => (e.Start, e.End)).Concat(PlainMentions.Find(text)).OrderBy(s => s.Item1);
        var kept = new List<(int Start, int End)>();
        foreach (var (start, end) in spans)
        {
            var (from, to) = (start, end);
            while (from > 0 && !char.IsWhiteSpace(text[from - 1]))
                from--;
            while (to < text.Length && !char.IsWhiteSpace(text[to]))
                to++;
            if (kept.Count == 0 || kept[^1].End <= from)
                kept.Add((from, to));
        }

        return kept;
    }

    private static string Rewrite(string piece, bool first, PhraseList phrases, Func<string, (string, int)> signs, ref int changes)
    {
        var count = 0;
        var text = new StringBuilder(piece.Length);
        var from = 0;
        foreach (var phrase in phrases.Find(piece))
        {
            // A capital inside a sentence is a name: Delve, the company, stays.
            if (char.IsUpper(piece[phrase.Start]) && !IsPronoun(piece, phrase.Start) && !StartsSentence(piece, phrase.Start, first))
                continue;
            text.Append(piece, from, phrase.Start - from).Append(InCase(piece[phrase.Start], phrase.Replacement));
            from = phrase.Start + phrase.Length;
            count++;
        }

        var (result, more) = signs(text.Append(piece, from, piece.Length - from).ToString());
        changes += count + more;
        return result;
    }

    private static bool IsPronoun(string piece, int at) => piece[at] == 'I' && at + 1 < piece.Length && piece[at + 1] is '\'' or '’' or ' ';

    private static bool StartsSentence(string piece, int at, bool first)
    {
        var before = at - 1;
        while (before >= 0 && (char.IsWhiteSpace(piece[before]) || piece[before] is '"' or '“' or '(' or '*'))
            before--;
        return before < 0 ? first : piece[before] is '.' or '!' or '?' or ':' or '…' or '\n' || piece.AsSpan(before + 1, at - before - 1).Contains('\n');
    }

    private static string InCase(char original, string replacement) =>
        !char.IsUpper(original) ? replacement
        : replacement.Length == 0 ? Raise
        : char.ToUpperInvariant(replacement[0]) + replacement[1..];

    /// <summary>Spaces and capitals after words were dropped.</summary>
    private static string Tidy(string text)
    {
        var result = Raised().Replace(text, m => m.Groups[1].Value.Length == 0 ? "" : char.ToUpperInvariant(m.Groups[1].Value[0]) + m.Groups[1].Value[1..]);
        result = DoubleSpace().Replace(result.Replace(Raise, "", StringComparison.Ordinal), " ");
        result = SpaceBeforeStop().Replace(result, "$1");
        return LineStart().Replace(result, "").Trim();
    }

    [GeneratedRegex(@"(?<=\S)[ \t]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleSpace();

    [GeneratedRegex(@"[ \t]+([,.;!?])(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex SpaceBeforeStop();

    [GeneratedRegex(@"^[ \t,;]+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LineStart();

    [GeneratedRegex(@"\uffff\s*((?:\p{Ll}+(?![\p{Lu}\w@.]))?)", RegexOptions.CultureInvariant)]
    private static partial Regex Raised();
}
