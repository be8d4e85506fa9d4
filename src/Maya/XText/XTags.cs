namespace Platform.Maya;

/// <summary>Finds hashtags, mentions, lists and cashtags as the twitter-text specification defines them, without looking at URLs.</summary>
internal static class XTags
{
    private const int LongestName = 20;
    private const int LongestListRest = 24;
    private const int LongestCashtag = 6;
    private const int LongestCashtagSuffix = 2;

    /// <summary>Hashtags, those inside URLs included.</summary>
    public static List<XEntity> Hashtags(string text)
    {
        var found = new List<XEntity>();
        for (var at = NextHash(text, 0, 0); at >= 0;)
        {
            var end = TagEnd(text, at + 1);
            if (end < 0)
            {
                at = NextHash(text, at + 1, at);
                continue;
            }

            if (!(end < text.Length && XCharacters.IsHash(text[end])) && !StartsWith(text, end, "://"))
                found.Add(new(XEntityKind.Hashtag, text[(at + 1)..end], at, end));
            at = NextHash(text, end, end);
        }

        return found;
    }

    /// <summary>Mentions, and mentions of lists with their slug.</summary>
    public static List<XEntity> MentionsOrLists(string text)
    {
        var found = new List<XEntity>();
        var free = 0;
        for (var at = text.AsSpan().IndexOfAny('@', '\uff20'); at >= 0; at = NextAt(text, at + 1))
        {
            var end = at + 1;
            while (end < text.Length && end - at <= LongestName && XCharacters.IsName(text[end]))
                end++;
            if (end == at + 1 || !MayPrecedeMention(text, at, free))
                continue;
            var listEnd = ListEnd(text, end);
            free = listEnd;
            if (!EndsBadly(text, listEnd))
                found.Add(new(XEntityKind.Mention, text[(at + 1)..end], at, listEnd, text[end..listEnd]));
        }

        return found;
    }

    /// <summary>Cashtags such as $TICKER or $TICK.A.</summary>
    public static List<XEntity> Cashtags(string text)
    {
        var found = new List<XEntity>();
        for (var at = text.IndexOf('$'); at >= 0; at = text.IndexOf('$', at + 1))
        {
            if (at > 0 && !XCharacters.IsSpace(text[at - 1]))
                continue;
            var end = CashtagEnd(text, at + 1);
            if (end > 0)
                found.Add(new(XEntityKind.Cashtag, text[(at + 1)..end], at, end));
        }

        return found;
    }

    /// <summary>The screen name that a text answers, or null.</summary>
    public static string? Reply(string text)
    {
        var at = 0;
        while (at < text.Length && XCharacters.IsSpace(text[at]))
            at++;
        if (at >= text.Length || !XCharacters.IsAt(text[at]))
            return null;
        var end = at + 1;
        while (end < text.Length && end - at <= LongestName && XCharacters.IsName(text[end]))
            end++;
        return end == at + 1 || EndsBadly(text, end) ? null : text[(at + 1)..end];
    }

    /// <summary>The next '#' from a place on that may begin a tag: at the start, or after something that is not part of one.</summary>
    private static int NextHash(string text, int from, int free)
    {
        for (var at = from; at < text.Length; at++)
        {
            if (XCharacters.IsHash(text[at]) && (at == 0 || (at > free && IsBoundary(text, at))))
                return at;
        }

        return -1;
    }

    private static bool IsBoundary(string text, int at)
    {
        var before = text[at - 1];
        if (before is '\ufe0e' or '\ufe0f')
            return true;
        if (before == '&')
            return false;
        var pair = char.IsLowSurrogate(before) && at >= 2 && char.IsHighSurrogate(text[at - 2]);
        if (!pair && char.IsSurrogate(before))
            return false;
        return XCharacters.HashtagLength(text, pair ? at - 2 : at - 1, out _) == 0;
    }

    private static int TagEnd(string text, int from)
    {
        if (from < text.Length && text[from] is '\ufe0f' or '\u20e3')
            return -1;
        var hasLetter = false;
        var end = from;
        while (end < text.Length)
        {
            var length = XCharacters.HashtagLength(text, end, out var isLetter);
            if (length == 0)
                break;
            hasLetter |= isLetter;
            end += length;
        }

        return hasLetter ? end : -1;
    }

    private static int NextAt(string text, int from)
    {
        var next = from < text.Length ? text.AsSpan(from).IndexOfAny('@', '\uff20') : -1;
        return next < 0 ? -1 : from + next;
    }

    /// <summary>What stands before a mention: nothing, something that is no part of a word, or RT. It must not belong to the mention before.</summary>
    private static bool MayPrecedeMention(string text, int at, int free)
    {
        if (at == 0)
            return true;
        if (at - 1 >= free && !XCharacters.IsName(text[at - 1]) && text[at - 1] is not ('!' or '#' or '$' or '%' or '&' or '*' or '@' or '\uff20'))
            return true;
        var end = text[at - 1] == ':' ? at - 1 : at;
        var start = end - 2;
        if (start < free || text[start] is not ('r' or 'R') || text[start + 1] is not ('t' or 'T'))
            return false;
        return start == 0 || (start - 1 >= free && !XCharacters.IsName(text[start - 1]) && text[start - 1] is not ('+' or '~' or '.' or '-'));
    }

    private static int ListEnd(string text, int end)
    {
        if (end + 1 >= text.Length || text[end] != '/' || !char.IsAsciiLetter(text[end + 1]))
            return end;
        var last = end + 2;
        while (last < text.Length && last - end - 2 < LongestListRest && (XCharacters.IsName(text[last]) || text[last] == '-'))
            last++;
        return last;
    }

    private static bool EndsBadly(string text, int end) =>
        end < text.Length && (XCharacters.IsAt(text[end]) || XCharacters.IsLatinAccent(text[end]) || StartsWith(text, end, "://"));

    private static int CashtagEnd(string text, int from)
    {
        var letters = Letters(text, from, LongestCashtag);
        if (letters == from)
            return -1;
        if (letters < text.Length && text[letters] is '.' or '_')
        {
            for (var end = Letters(text, letters + 1, LongestCashtagSuffix); end > letters + 1; end--)
            {
                if (EndsCashtag(text, end))
                    return end;
            }
        }

        return EndsCashtag(text, letters) ? letters : -1;
    }

    private static int Letters(string text, int from, int most)
    {
        var end = from;
        while (end < text.Length && end - from < most && char.IsAsciiLetter(text[end]))
            end++;
        return end;
    }

    private static bool EndsCashtag(string text, int end) =>
        end == text.Length || XCharacters.IsSpace(text[end]) || text[end] == '\ufeff' || XCharacters.IsPunctuation(text[end]);

    private static bool StartsWith(string text, int at, string what) => text.AsSpan(at).StartsWith(what, StringComparison.Ordinal);
}
