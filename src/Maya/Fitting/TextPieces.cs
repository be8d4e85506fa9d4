using System.Globalization;

namespace Platform.Maya;

/// <summary>What may follow a piece: nothing better than a word's end, or the end of a sentence or paragraph.</summary>
internal enum PieceEnd
{
    /// <summary>Between two words.</summary>
    Word,

    /// <summary>After a sentence.</summary>
    Sentence,

    /// <summary>After a paragraph or line.</summary>
    Paragraph,
}

/// <summary>A stretch of text that is never cut: a word with its punctuation, a link, a mention, an emoji, one ideograph.</summary>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The unit after the last; white space follows or nothing.</param>
/// <param name="Ends">How good a place to cut is behind it.</param>
/// <param name="IsEntity">Whether it holds a link, mention, hashtag or cashtag.</param>
internal readonly record struct Piece(int Start, int End, PieceEnd Ends, bool IsEntity);

/// <summary>Divides a text into pieces.</summary>
internal static class TextPieces
{
    private const string Closers = "\"'”’»)]}*_";

    private enum Place : byte
    {
        Plain,
        First,
        Inside,
    }

    private static readonly HashSet<string> Abbreviations = new(["e.g.", "i.e.", "mr.", "mrs.", "ms.", "dr.", "vs.", "no.", "st.", "approx."], StringComparer.OrdinalIgnoreCase);

    /// <summary>The pieces of a text, in order; the gaps between them are white space.</summary>
    public static List<Piece> Of(string text)
    {
        var entities = Entities(text);
        var pieces = new List<Piece>();
        for (var at = SkipSpace(text, 0); at < text.Length;)
        {
            var end = EndOf(text, at, entities);
            var next = SkipSpace(text, end);
            pieces.Add(new(at, end, EndKind(text, at, end, next), entities.AsSpan(at, end - at).ContainsAnyExcept(Place.Plain)));
            at = next;
        }

        return pieces;
    }

    /// <summary>Cuts one piece that is too long for any post into graphemes; a link or mention stays whole.</summary>
    public static IEnumerable<Piece> Graphemes(string text, Piece piece)
    {
        var at = piece.Start;
        while (at < piece.End)
        {
            var emoji = EmojiSequences.LengthAt(text.AsSpan(0, piece.End), at);
            var length = Math.Max(emoji, Grapheme.LengthAt(text.AsSpan(at, piece.End - at)));
            yield return new(at, at + length, at + length == piece.End ? piece.Ends : PieceEnd.Word, false);
            at += length;
        }
    }

    /// <summary>What each UTF-16 unit is to a link, mention, hashtag or cashtag: linear, however many there are.</summary>
    private static Place[] Entities(string text)
    {
        var places = new Place[text.Length];
        foreach (var (start, end) in XText.Entities(text).Select(e => (e.Start, e.End)).Concat(PlainMentions.Find(text)))
        {
            places.AsSpan(start + 1, end - start - 1).Fill(Place.Inside);
            if (places[start] == Place.Plain)
                places[start] = Place.First;
        }

        return places;
    }

    private static int SkipSpace(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
        return at;
    }

    private static int EndOf(string text, int at, Place[] entities)
    {
        var end = at + 1;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !MayCut(text, end, entities))
            end++;
        return end;
    }

    /// <summary>Scripts without spaces are cut between two ideographs, but not before closing punctuation and not inside a link.</summary>
    private static bool MayCut(string text, int at, Place[] entities) =>
        IsIdeograph(text[at]) && (IsIdeograph(text[at - 1]) || IsWidePunctuation(text[at - 1])) && entities[at] != Place.Inside;

    private static bool IsIdeograph(char c) => c is (>= '\u3041' and <= '\u30fa') or (>= '\u3400' and <= '\u9fff');

    private static bool IsWidePunctuation(char c) => c is '。' or '、' or '！' or '？' or '，' or '」' or '』' or '）';

    private static PieceEnd EndKind(string text, int start, int end, int next)
    {
        if (text.AsSpan(end, next - end).ContainsAny('\n', '\r'))
            return PieceEnd.Paragraph;
        var last = end - 1;
        while (last > start && Closers.Contains(text[last]))
            last--;
        if (text[last] is '。' or '！' or '？')
            return PieceEnd.Sentence;
        return text[last] is '.' or '!' or '?' or '…' && end < next && !Abbreviations.Contains(text[start..(last + 1)]) ? PieceEnd.Sentence : PieceEnd.Word;
    }
}
