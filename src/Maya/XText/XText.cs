namespace Platform.Maya;

/// <summary>What a piece of a post is to X.</summary>
public enum XEntityKind
{
    /// <summary>A link.</summary>
    Url,

    /// <summary>A hashtag.</summary>
    Hashtag,

    /// <summary>A mention of an account or of a list.</summary>
    Mention,

    /// <summary>A ticker symbol.</summary>
    Cashtag,
}

/// <summary>A link, hashtag, mention or cashtag.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Value">The link, or the name without its sign.</param>
/// <param name="Start">First UTF-16 unit.</param>
/// <param name="End">The unit after the last.</param>
/// <param name="ListSlug">"/list" of a mentioned list, else empty.</param>
public readonly record struct XEntity(XEntityKind Kind, string Value, int Start, int End, string ListSlug = "");

/// <summary>How X counts a text.</summary>
/// <param name="WeightedLength">Weighted characters; the limit is <see cref="XText.Limit"/>.</param>
/// <param name="IsValid">Not empty, not too long, no forbidden character.</param>
/// <param name="Permillage">Share of the limit that is used, in thousandths.</param>
/// <param name="ValidEnd">Last UTF-16 unit that still fits, inclusive; the valid range starts at 0.</param>
/// <param name="DisplayEnd">Last UTF-16 unit of the text, inclusive; the display range starts at 0.</param>
public readonly record struct XLength(int WeightedLength, bool IsValid, int Permillage, int ValidEnd, int DisplayEnd);

/// <summary>
/// Posts as X reads them, by the open twitter-text specification, configuration v3: NFC first; most Latin, Greek, Cyrillic, Arabic and
/// Indic characters weigh 1, others 2; an emoji sequence weighs 2; a link weighs 23. Indices are UTF-16 units. No input throws.
/// </summary>
public static class XText
{
    /// <summary>Most weighted characters of a post.</summary>
    public const int Limit = 280;

    /// <summary>Weighted characters of any link.</summary>
    public const int UrlWeight = 23;

    private const int Scale = 100;
    private const int HeavyWeight = 200;
    private const int MaxListSlug = 25;

    /// <summary>Links, with or without a protocol, in order.</summary>
    public static IReadOnlyList<XEntity> Urls(string text) => XUrls.Find(text);

    /// <summary>Hashtags that are not part of a link.</summary>
    public static IReadOnlyList<XEntity> Hashtags(string text)
    {
        var tags = XTags.Hashtags(text);
        return tags.Count == 0 ? tags : [.. WithoutOverlaps(tags.Concat(XUrls.Find(text))).Where(e => e.Kind == XEntityKind.Hashtag)];
    }

    /// <summary>Mentioned accounts, without mentions of lists.</summary>
    public static IReadOnlyList<XEntity> Mentions(string text) => [.. XTags.MentionsOrLists(text).Where(m => m.ListSlug.Length == 0)];

    /// <summary>Mentioned accounts and lists.</summary>
    public static IReadOnlyList<XEntity> MentionsOrLists(string text) => XTags.MentionsOrLists(text);

    /// <summary>Ticker symbols.</summary>
    public static IReadOnlyList<XEntity> Cashtags(string text) => XTags.Cashtags(text);

    /// <summary>The account that a text answers, or null.</summary>
    public static string? Reply(string text) => XTags.Reply(text);

    /// <summary>Everything at once; where two overlap, the one that begins first stands.</summary>
    public static IReadOnlyList<XEntity> Entities(string text) =>
        WithoutOverlaps(XUrls.Find(text).Concat(XTags.MentionsOrLists(text)).Concat(XTags.Hashtags(text)).Concat(XTags.Cashtags(text)));

    /// <summary>Turns a UTF-16 index into a code point index, as other tools count.</summary>
    public static int ToCodePointIndex(string text, int index)
    {
        var points = index;
        for (var i = 0; i + 1 < index; i++)
            points -= char.IsSurrogatePair(text[i], text[i + 1]) ? 1 : 0;
        return points;
    }

    /// <summary>Counts a text and says what of it fits.</summary>
    public static XLength Parse(string text)
    {
        var normal = SafeText.Normalise(text);
        var urls = XUrls.Find(normal);
        var (weight, fits, valid, next) = (0, 0, true, 0);
        for (var at = 0; at < normal.Length; at++)
        {
            while (next < urls.Count && urls[next].Start < at)
                next++;
            var isUrl = next < urls.Count && urls[next].Start == at;
            var length = isUrl ? urls[next].Value.Length : LengthAt(normal, at, ref weight);
            weight += isUrl ? UrlWeight * Scale : 0;
            at = Math.Min(at + length, normal.Length) - 1;
            valid = valid && !XCharacters.IsInvalid(normal[at]);
            fits = valid && weight <= Limit * Scale ? at : fits;
        }

        var total = weight / Scale;
        return new(total, valid && total is > 0 and <= Limit, total * 1000 / Limit, fits + text.Length - normal.Length, Math.Max(text.Length - 1, 0));
    }

    /// <summary>Whether a text can be posted.</summary>
    public static bool IsValidText(string text) => text.Length > 0 && !text.Any(XCharacters.IsInvalid) && Parse(text).WeightedLength <= Limit;

    /// <summary>Whether a text is "@name" and nothing else.</summary>
    public static bool IsValidUsername(string text) => Mentions(text) is [var only] && only.Value == Rest(text);

    /// <summary>Whether a text is "@name/list" and nothing else.</summary>
    public static bool IsValidList(string text) =>
        XTags.MentionsOrLists(text) is [{ Start: 0 } only] && only.End == text.Length && only.ListSlug.Length is > 0 and <= MaxListSlug;

    /// <summary>Whether a text is "#tag" and nothing else.</summary>
    public static bool IsValidHashtag(string text) => Hashtags(text) is [var only] && only.Value == Rest(text);

    /// <summary>Whether a text is one URL and nothing else.</summary>
    /// <param name="text">Text.</param>
    /// <param name="unicodeDomains">Whether international domain names are accepted.</param>
    /// <param name="requireProtocol">Whether http:// or https:// must be there.</param>
    public static bool IsValidUrl(string text, bool unicodeDomains = true, bool requireProtocol = true) => XUrlSyntax.IsValid(text, unicodeDomains, requireProtocol);

    private static string Rest(string text) => text.Length == 0 ? "" : text[1..];

    /// <summary>UTF-16 length of the emoji or character at a place; adds its weight.</summary>
    private static int LengthAt(string text, int at, ref int weight)
    {
        var emoji = EmojiSequences.LengthAt(text, at);
        var pair = at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]);
        weight += emoji > 0 || pair || !IsLight(text[at]) ? HeavyWeight : Scale;
        return emoji > 0 ? emoji : pair ? 2 : 1;
    }

    private static bool IsLight(char c) =>
        c is <= '\u10ff' or (>= '\u2000' and <= '\u200d') or (>= '\u2010' and <= '\u201f') or (>= '\u2032' and <= '\u2037');

    private static List<XEntity> WithoutOverlaps(IEnumerable<XEntity> entities)
    {
        var kept = new List<XEntity>();
        foreach (var entity in entities.OrderBy(e => e.Start))
        {
            if (kept.Count == 0 || kept[^1].End <= entity.Start)
                kept.Add(entity);
        }

        return kept;
    }
}
