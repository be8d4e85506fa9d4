using System.Text;
using System.Text.RegularExpressions;

namespace Platform.Maya;

/// <summary>A text without the marks of a machine.</summary>
/// <param name="Text">The text.</param>
/// <param name="MarkersBefore">Known markers per 1,000 words before.</param>
/// <param name="MarkersAfter">The same after.</param>
/// <param name="Changes">How many places were changed.</param>
public sealed record HumanisedText(string Text, double MarkersBefore, double MarkersAfter, int Changes);

/// <summary>
/// Takes the known markers of machine text out by rule: stock phrases, inflated words, dashes, curly quotes, bold marks, chat residue. Names, numbers,
/// links, mentions and tags never change. It is a matter of style: that a machine wrote the text stays in the post's metadata.
/// </summary>
public static partial class Humaniser
{
    private const double PerWords = 1000;

    /// <summary>Marks, until the text is tidied, that a sentence lost its first words; a post cannot hold this character.</summary>
    private const string Raise = "\uffff";

    /// <summary>Known markers per 1,000 words.</summary>
    public static double MarkerDensity(string text) => CountMarkers(text) * PerWords / Math.Max(1, WordCount(text));

    /// <summary>Rewrites a text; running it twice changes nothing more.</summary>
    public static HumanisedText Humanise(string text)
    {
        var before = MarkerDensity(text);
        var kept = Kept(text);
        var (result, changes, from) = (new StringBuilder(text.Length), 0, 0);
        foreach (var (start, end) in kept)
        {
            result.Append(Rewrite(text[from..start], from == 0, ref changes)).Append(text, start, end - start);
            from = end;
        }

        result.Append(Rewrite(text[from..], from == 0, ref changes));
        var clean = changes == 0 ? text : Tidy(result.ToString());
        return changes > 0 && SameEntities(text, clean) ? new(clean, before, MarkerDensity(clean), changes) : new(text, before, before, 0);
    }

    /// <summary>The last word: a rewrite that would touch a link, mention, tag or number is not made.</summary>
    private static bool SameEntities(string before, string after) =>
        XText.Entities(before).Select(e => e.Value).SequenceEqual(XText.Entities(after).Select(e => e.Value))
        && before.Where(char.IsDigit).SequenceEqual(after.Where(char.IsDigit));

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

    private static string Rewrite(string piece, bool first, ref int changes)
    {
        var count = 0;
        var text = new StringBuilder(piece.Length);
        var from = 0;
        foreach (var phrase in PhraseList.Find(piece))
        {
            // A capital inside a sentence is a name: Delve, the company, stays.
            if (char.IsUpper(piece[phrase.Start]) && !StartsSentence(piece, phrase.Start, first))
                continue;
            text.Append(piece, from, phrase.Start - from).Append(InCase(piece[phrase.Start], phrase.Replacement));
            from = phrase.Start + phrase.Length;
            count++;
        }

        var result = text.Append(piece, from, piece.Length - from).ToString();
        result = Signs().Replace(result, match =>
        {
            count++;
            return Plain(match);
        });
        changes += count;
        return result;
    }

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

    private static string Plain(Match match) => match.Value switch
    {
        "“" or "”" => "\"",
        "‘" or "’" => "'",
        "**" or "__" => "",
        _ => ", ",
    };

    /// <summary>Spaces and capitals after words were dropped.</summary>
    private static string Tidy(string text)
    {
        var result = Raised().Replace(text, m => m.Groups[1].Value.Length == 0 ? "" : char.ToUpperInvariant(m.Groups[1].Value[0]) + m.Groups[1].Value[1..]);
        result = DoubleSpace().Replace(result.Replace(Raise, "", StringComparison.Ordinal), " ");
        result = SpaceBeforeStop().Replace(result, "$1");
        return LineStart().Replace(result, "").Trim();
    }

    private static int CountMarkers(string text) => PhraseList.Find(text).Count + Signs().Count(text) + NotOnly().Count(text);

    private static int WordCount(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(@"[“”‘’]|\*\*|__(?=\w)|(?<=\w)__|(?<=[\p{L}\d,;.!?)]) ?— ?(?=[\p{L}\d""“(])", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex(@"\bnot (?:just|only|merely) [^.!?]{1,60}?,? but\b|\bisn[’']t (?:just|only) ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotOnly();

    [GeneratedRegex(@"(?<=\S)[ \t]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleSpace();

    [GeneratedRegex(@"[ \t]+([,.;!?])(?=\s|$)", RegexOptions.CultureInvariant)]
    private static partial Regex SpaceBeforeStop();

    [GeneratedRegex(@"^[ \t,;]+", RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex LineStart();

    [GeneratedRegex(@"\uffff\s*((?:\p{Ll}+(?![\p{Lu}\w@.]))?)", RegexOptions.CultureInvariant)]
    private static partial Regex Raised();
}
