namespace Platform.Maya;

/// <summary>Shortens: ends after a sentence when enough is left, else after a word with an ellipsis, and keeps a link that stood at the end.</summary>
internal static class TextShortener
{
    private const string Ellipsis = "…";

    /// <summary>A cut after a sentence must leave at least this share of what fits, or too much is lost.</summary>
    private const double SentenceShare = 0.5;

    /// <summary>A valid shorter text, or null when not even one piece fits.</summary>
    public static string? Shorten(PlatformRules rules, string text, int? limit, List<string> steps)
    {
        var pieces = TextPieces.Of(text);
        var tail = TrailingLink(text, pieces);
        return (tail.Length > 0 ? Cut(rules, text, pieces, $" {tail}", limit, steps) : null)
            ?? Cut(rules, text, pieces, "", limit, steps)
            ?? CutInside(rules, text, pieces, limit, steps);
    }

    /// <summary>The last link, when it stands in the last tenth of the text: it is usually what the post is for.</summary>
    internal static string TrailingLink(string text, List<Piece> pieces)
    {
        var url = XText.Urls(text).LastOrDefault();
        return url.End > 0 && url.End >= text.Length * 9 / 10 && pieces.Count > 1 ? text[url.Start..url.End] : "";
    }

    private static string? Cut(PlatformRules rules, string text, List<Piece> pieces, string tail, int? limit, List<string> steps)
    {
        var most = LargestValid(pieces.Count, count => Render(text, pieces, count, Ellipsis + tail) is var t && IsValid(rules, t, limit));
        if (most == 0)
            return null;
        var sentence = most;
        while (sentence > 0 && pieces[sentence - 1].Ends == PieceEnd.Word)
            sentence--;
        var atSentence = sentence > 0 && pieces[sentence - 1].End >= pieces[most - 1].End * SentenceShare;
        var result = atSentence ? Render(text, pieces, sentence, tail) : Render(text, pieces, most, Ellipsis + tail);
        if (!IsValid(rules, result, limit))
            result = Render(text, pieces, most, Ellipsis + tail);
        steps.Add(atSentence ? "Shortened after a sentence." : "Shortened after a word.");
        return result;
    }

    /// <summary>One word longer than the whole post is cut between characters; there is no better place.</summary>
    private static string? CutInside(PlatformRules rules, string text, List<Piece> pieces, int? limit, List<string> steps)
    {
        var first = pieces.FindIndex(p => !p.IsEntity);
        if (first < 0)
            return null;
        List<Piece> characters = [.. TextPieces.Graphemes(text, pieces[first])];
        var most = LargestValid(characters.Count, count => IsValid(rules, Render(text, characters, count, Ellipsis), limit));
        if (most == 0)
            return null;
        steps.Add("Cut a word that is longer than a whole post.");
        return Render(text, characters, most, Ellipsis);
    }

    private static string Render(string text, List<Piece> pieces, int count, string tail) =>
        string.Concat(text.AsSpan(pieces[0].Start, pieces[count - 1].End - pieces[0].Start).TrimEnd(",;:-–—"), tail);

    private static bool IsValid(PlatformRules rules, string text, int? limit) => ContentRules.Check(rules, text, limit).IsValid;

    /// <summary>The largest count that is valid: length grows with the count, so halving finds it, and a last look makes sure.</summary>
    internal static int LargestValid(int most, Func<int, bool> isValid)
    {
        var (low, high) = (0, most);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = isValid(middle) ? (middle, high) : (low, middle - 1);
        }

        return low;
    }
}
