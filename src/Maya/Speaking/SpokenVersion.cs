using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Platform.Maya;

/// <summary>A text to be spoken.</summary>
/// <param name="Sentences">Short sentences in words.</param>
/// <param name="Ssml">The same as SSML 1.1 with pauses.</param>
/// <param name="Seconds">Length when spoken at an even pace, in seconds.</param>
/// <param name="Dropped">What cannot be spoken and was left out, such as links.</param>
public sealed record SpokenText(IReadOnlyList<string> Sentences, string Ssml, double Seconds, IReadOnlyList<string> Dropped);

/// <summary>Makes an audio version of a post: no links or emoji, tags and mentions as words, numbers in words, short sentences, pauses. English.</summary>
public static partial class SpokenVersion
{
    private const double WordsASecond = 2.5;
    private const double SentencePause = 0.4;
    private const double ParagraphPause = 0.8;
    private const int MostWords = 20;
    private const int LeastWords = 5;
    private const int MaxText = 65_536;

    /// <summary>The audio version of a text.</summary>
    /// <exception cref="ArgumentException">The text is longer than 65,536 characters.</exception>
    public static SpokenText Of(string text)
    {
        if (text.Length > MaxText)
            throw new ArgumentException($"text has {text.Length:N0} characters; the limit is {MaxText:N0}.");
        text = Readable(text);
        var dropped = new List<string>();
        var paragraphs = Breaks().Split(Sayable(text, dropped)).Select(Sentences).Where(p => p.Count > 0).ToList();
        var ssml = new StringBuilder("<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"en\">");
        foreach (var paragraph in paragraphs)
        {
            ssml.Append("<p>").AppendJoin(Pause(SentencePause), paragraph.Select(s => $"<s>{WebUtility.HtmlEncode(s)}</s>")).Append("</p>");
            if (paragraph != paragraphs[^1])
                ssml.Append(Pause(ParagraphPause));
        }

        List<string> sentences = [.. paragraphs.SelectMany(p => p)];
        var pauses = (Math.Max(0, sentences.Count - paragraphs.Count) * SentencePause) + (Math.Max(0, paragraphs.Count - 1) * ParagraphPause);
        return new(sentences, ssml.Append("</speak>").ToString(), Math.Round((sentences.Sum(CountWords) / WordsASecond) + pauses, 1), dropped);
    }

    /// <summary>
    /// Digits of every script as those that are put into words, and a space for what XML cannot hold, such as control characters and half a
    /// surrogate pair. One character each way, so places in the text stay.
    /// </summary>
    private static string Readable(string text) => string.Create(text.Length, text, static (result, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            result[i] = char.IsDigit(from[i]) ? (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(from[i]))
                : XmlConvert.IsXmlChar(from[i]) || (i + 1 < from.Length && char.IsSurrogatePair(from[i], from[i + 1])) || (i > 0 && char.IsSurrogatePair(from[i - 1], from[i])) ? from[i]
                : ' ';
        }
    });

    /// <summary>Words of a sentence.</summary>
    internal static int CountWords(string sentence) => sentence.Split([' ', '-'], StringSplitOptions.RemoveEmptyEntries).Length;

    private static string Sayable(string text, List<string> dropped)
    {
        var result = new StringBuilder(text.Length);
        var from = 0;
        foreach (var (start, end, words) in Replaced(text, dropped).OrderBy(r => r.Start))
        {
            if (start < from)
                continue;
            result.Append(text, from, start - from).Append(words);
            from = end;
        }

        var plain = TextAdjuster.WithoutEmoji(result.Append(text, from, text.Length - from).ToString());
        plain = Unspeakable().Replace(plain.Replace('’', '\''), " ");
        return SpeakableWords.Of(Dashes().Replace(Spaces().Replace(plain, " "), ", "));
    }

    private static IEnumerable<(int Start, int End, string Words)> Replaced(string text, List<string> dropped)
    {
        foreach (var url in XText.Urls(text))
        {
            dropped.Add(url.Value);
            yield return (url.Start, url.End, "");
        }

        foreach (var tag in XText.Hashtags(text))
            yield return (tag.Start, tag.End, Words(text[(tag.Start + 1)..tag.End]));
        foreach (var (start, end) in PlainMentions.Find(text))
            yield return (start, end, Words(text[(start + 1)..end].Split('@')[0]));
    }

    /// <summary>"OpenSource_2" as the words that were glued together.</summary>
    private static string Words(string glued) => Seams().Replace(glued.Replace('_', ' ').Replace('.', ' '), " ");

    private static List<string> Sentences(string paragraph) =>
        [.. Stops().Split(Spaces().Replace(paragraph, " ").Trim()).Select(Clean).Where(s => s.Any(char.IsLetterOrDigit)).SelectMany(Short)];

    private static string Clean(string sentence) => LooseSpace().Replace(Spaces().Replace(sentence, " ").Trim(' ', ',', ';', ':'), "$1");

    /// <summary>A long sentence is cut at a comma or semicolon where both sides can stand.</summary>
    private static IEnumerable<string> Short(string sentence)
    {
        var words = new WordCounts(sentence);
        var from = 0;
        while (words.Between(from, sentence.Length) > MostWords && CutOf(sentence, words, from) is >= 0 and var at)
        {
            yield return $"{Piece(sentence, from, at).TrimEnd()}.";
            from = at + 1;
            while (from < sentence.Length && char.IsWhiteSpace(sentence[from]))
                from++;
        }

        var rest = Piece(sentence, from, sentence.Length);
        yield return rest[^1] is '.' or '!' or '?' ? rest : $"{rest}.";
    }

    /// <summary>The last place that leaves a short piece, or else the first that both sides can stand; -1 when there is none. It looks no further than it must.</summary>
    private static int CutOf(string sentence, WordCounts words, int from)
    {
        var best = -1;
        for (var at = from; at < sentence.Length && words.Between(at, sentence.Length) >= LeastWords; at++)
        {
            var left = words.Between(from, at);
            if (left > MostWords && best >= 0)
                break;
            if (sentence[at] is ',' or ';' or ':' && left >= LeastWords && words.Between(at + 1, sentence.Length) >= LeastWords)
                best = at;
            if (best == at && left > MostWords)
                break;
        }

        return best;
    }

    private static string Piece(string sentence, int from, int to) =>
        from == 0 ? sentence[..to] : $"{char.ToUpperInvariant(sentence[from])}{sentence[(from + 1)..to]}";

    private static string Pause(double seconds) => string.Create(CultureInfo.InvariantCulture, $"<break time=\"{seconds * 1000:F0}ms\"/>");

    [GeneratedRegex(@"\n\s*\n|\r\n\s*\r\n", RegexOptions.CultureInvariant)]
    private static partial Regex Breaks();

    [GeneratedRegex(@"(?<=[.!?…])\s+(?=\S)|\n", RegexOptions.CultureInvariant)]
    private static partial Regex Stops();

    [GeneratedRegex(@"[^\S\n]+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex(@" ?[—–] ?(?!\d)| - ", RegexOptions.CultureInvariant)]
    private static partial Regex Dashes();

    [GeneratedRegex(@"\s+([,.;:!?])", RegexOptions.CultureInvariant)]
    private static partial Regex LooseSpace();

    [GeneratedRegex(@"[*_~`^<>|\\{}\[\]#@•→←""“”\u0000-\u0009\u000b-\u001f\ud800-\udfff]", RegexOptions.CultureInvariant)]
    private static partial Regex Unspeakable();

    [GeneratedRegex(@"(?<=\p{Ll})(?=\p{Lu})|(?<=\p{L})(?=\d)", RegexOptions.CultureInvariant)]
    private static partial Regex Seams();
}
