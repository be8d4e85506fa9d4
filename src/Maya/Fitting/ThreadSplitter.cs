using System.Globalization;

namespace Platform.Maya;

/// <summary>Splits into a thread with (1/n) marks. Every word of the text is in exactly one part, in order.</summary>
internal static class ThreadSplitter
{
    /// <summary>A part ends early at a paragraph or sentence when it is filled to this share already.</summary>
    private const double ParagraphShare = 0.5;
    private const double SentenceShare = 0.6;
    private const int MostDigits = 5;

    /// <summary>The parts of at most so many, and the text that is in them: what is beyond them is left out at a part's end, but for a link that stood there.</summary>
    public static (IReadOnlyList<string> Parts, string Text) Split(PlatformRules rules, string text, int? limit, int most)
    {
        var ranges = Ranges(rules, text, limit);
        if (ranges.Count <= most)
            return (Marked(text, ranges), text);
        var end = ranges[most - 1].End;
        if (TextShortener.TrailingLink(text, TextPieces.Of(text)) is { Length: > 0 } link && $"{text[..end]} {link}" is var linked && Split(rules, linked, limit) is var withLink && withLink.Count <= most)
            return (withLink, linked);
        return (Split(rules, text[..end], limit), text[..end]);
    }

    /// <summary>The parts, or none when a link or mention alone is longer than a post.</summary>
    public static IReadOnlyList<string> Split(PlatformRules rules, string text, int? limit) => Marked(text, Ranges(rules, text, limit));

    private static IReadOnlyList<string> Marked(string text, List<(int Start, int End)> ranges) =>
        [.. ranges.Select((r, i) => text[r.Start..r.End] + string.Create(CultureInfo.InvariantCulture, $" ({i + 1}/{ranges.Count})"))];

    private static List<(int Start, int End)> Ranges(PlatformRules rules, string text, int? limit)
    {
        var pieces = TextPieces.Of(text);
        for (var digits = 1; digits <= MostDigits; digits++)
        {
            var mark = $" ({new string('9', digits)}/{new string('9', digits)})";
            var ranges = Pack(rules, text, pieces, mark, limit);
            if (ranges.Count == 0 || ranges.Count < Math.Pow(10, digits))
                return ranges;
        }

        return [];
    }

    private static List<(int Start, int End)> Pack(PlatformRules rules, string text, List<Piece> pieces, string mark, int? limit)
    {
        var left = new List<Piece>(pieces);
        var ranges = new List<(int, int)>();
        for (var first = 0; first < left.Count;)
        {
            var from = first;
            var window = WindowSize(rules, limit, left, from);
            var most = TextShortener.LargestValid(window, count => Fits(rules, text, left[from].Start, left[from + count - 1].End, mark, limit));
            if (most == 0)
            {
                if (left[first].IsEntity || !Divide(text, left, first))
                    return [];
                continue;
            }

            var count = BestCut(left, first, most);
            ranges.Add((left[first].Start, left[first + count - 1].End));
            first += count;
        }

        return ranges;
    }

    /// <summary>No part can hold more pieces than units, so that the search does not look at the whole of a long text.</summary>
    private static int WindowSize(PlatformRules rules, int? limit, List<Piece> pieces, int first) =>
        Math.Min(pieces.Count - first, Math.Max(limit ?? rules.Limit, 1));

    private static bool Fits(PlatformRules rules, string text, int start, int end, string mark, int? limit) =>
        ContentRules.Check(rules, text[start..end] + mark, limit).IsValid;

    private static bool Divide(string text, List<Piece> pieces, int at)
    {
        List<Piece> characters = [.. TextPieces.Graphemes(text, pieces[at])];
        if (characters.Count < 2)
            return false;
        pieces.RemoveAt(at);
        pieces.InsertRange(at, characters);
        return true;
    }

    private static int BestCut(List<Piece> pieces, int first, int most)
    {
        if (first + most == pieces.Count)
            return most;
        var full = pieces[first + most - 1].End - pieces[first].Start;
        return CutAt(PieceEnd.Paragraph, ParagraphShare) ?? CutAt(PieceEnd.Sentence, SentenceShare) ?? most;

        int? CutAt(PieceEnd end, double share)
        {
            for (var count = most; count > 0 && pieces[first + count - 1].End - pieces[first].Start >= full * share; count--)
            {
                if (pieces[first + count - 1].Ends >= end)
                    return count;
            }

            return null;
        }
    }
}
