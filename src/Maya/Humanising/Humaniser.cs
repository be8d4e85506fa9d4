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
    private static readonly PhraseList Phrases = new("Humanising/phrases.txt");

    /// <summary>Known markers per 1,000 words.</summary>
    public static double MarkerDensity(string text) => CountMarkers(text) * PerWords / Math.Max(1, WordCount(text));

    /// <summary>Rewrites a text; running it twice changes nothing more.</summary>
    public static HumanisedText Humanise(string text)
    {
        var before = MarkerDensity(text);
        var (clean, changes) = PhraseRewriter.Rewrite(text, Phrases, PlainSigns);
        return changes > 0 && SameEntities(text, clean) ? new(clean, before, MarkerDensity(clean), changes) : new(text, before, before, 0);
    }

    /// <summary>The last word: a rewrite that would touch a link, mention, tag or number is not made.</summary>
    private static bool SameEntities(string before, string after) =>
        XText.Entities(before).Select(e => e.Value).SequenceEqual(XText.Entities(after).Select(e => e.Value))
        && before.Where(char.IsDigit).SequenceEqual(after.Where(char.IsDigit));

    private static (string Text, int Changes) PlainSigns(string piece)
    {
        var count = 0;
        var result = Signs().Replace(piece, match =>
        {
            count++;
            return Plain(match);
        });
        return (result, count);
    }

    private static string Plain(Match match) => match.Value switch
    {
        "“" or "”" => "\"",
        "‘" or "’" => "'",
        "**" or "__" => "",
        _ => ", ",
    };

    private static int CountMarkers(string text) => Phrases.Find(text).Count + Signs().Count(text) + NotOnly().Count(text);

    private static int WordCount(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    [GeneratedRegex(@"[“”‘’]|\*\*|__(?=\w)|(?<=\w)__|(?<=[\p{L}\d,;.!?)]) ?— ?(?=[\p{L}\d""“(])", RegexOptions.CultureInvariant)]
    private static partial Regex Signs();

    [GeneratedRegex(@"\bnot (?:just|only|merely) [^.!?]{1,60}?,? but\b|\bisn[’']t (?:just|only) ", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotOnly();
}
