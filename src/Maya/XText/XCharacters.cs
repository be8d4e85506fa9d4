using System.Globalization;

namespace Platform.Maya;

/// <summary>Character classes of the twitter-text specification, one table look-up each.</summary>
internal static class XCharacters
{
    private const string Punctuation = "!'#%&()*+,\\-./:;<=>?@[]^_{|}~$";
    private const string HashtagSpecials = "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\u00b7";
    private static readonly Class[] Table = Build();

    [Flags]
    private enum Class : byte
    {
        None = 0,
        Domain = 1,
        Space = 2,
        Path = 4,
        PathEnd = 8,
        Query = 16,
        QueryEnd = 32,
        LatinAccent = 64,
        Punctuation = 128,
    }

    /// <summary>May stand in a domain label, at any place.</summary>
    public static bool IsDomain(char c) => Has(c, Class.Domain);

    /// <summary>May stand inside a domain label: also '_' and '-'.</summary>
    public static bool IsLabel(char c) => c is '_' or '-' || Has(c, Class.Domain);

    /// <summary>White space, as the specification lists it.</summary>
    public static bool IsSpace(char c) => Has(c, Class.Space);

    /// <summary>May stand in the path of a URL.</summary>
    public static bool IsPath(char c) => Has(c, Class.Path);

    /// <summary>May end the path of a URL.</summary>
    public static bool IsPathEnd(char c) => Has(c, Class.PathEnd);

    /// <summary>May stand in the query of a URL.</summary>
    public static bool IsQuery(char c) => Has(c, Class.Query);

    /// <summary>May end the query of a URL.</summary>
    public static bool IsQueryEnd(char c) => Has(c, Class.QueryEnd);

    /// <summary>An accented Latin letter or a combining diacritic.</summary>
    public static bool IsLatinAccent(char c) => Has(c, Class.LatinAccent);

    /// <summary>Punctuation, as the specification lists it.</summary>
    public static bool IsPunctuation(char c) => Has(c, Class.Punctuation);

    /// <summary>Characters that no post may hold.</summary>
    public static bool IsInvalid(char c) => c is '\ufffe' or '\ufeff' or '\uffff';

    /// <summary>Marks that change the direction of text.</summary>
    public static bool IsDirectional(char c) => c is (>= '\u202a' and <= '\u202e') or '\u061c' or '\u200e' or '\u200f' or (>= '\u2066' and <= '\u2069');

    /// <summary>'#' or its full-width form.</summary>
    public static bool IsHash(char c) => c is '#' or '\uff03';

    /// <summary>'@' or its full-width form.</summary>
    public static bool IsAt(char c) => c is '@' or '\uff20';

    /// <summary>May stand in a screen name.</summary>
    public static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>UTF-16 length of the hashtag character at a place: 0 when there is none.</summary>
    /// <param name="text">Text.</param>
    /// <param name="at">Place.</param>
    /// <param name="isLetter">Whether it is a letter or mark; a hashtag needs at least one.</param>
    public static int HashtagLength(string text, int at, out bool isLetter)
    {
        isLetter = false;
        var pair = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]);
        if (!pair && char.IsSurrogate(text[at]))
            return 0;
        var category = CharUnicodeInfo.GetUnicodeCategory(text, at);
        isLetter = category is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
        if (isLetter || category == UnicodeCategory.DecimalDigitNumber)
            return pair ? 2 : 1;
        return !pair && HashtagSpecials.Contains(text[at]) ? 1 : 0;
    }

    private static bool Has(char c, Class wanted) => (Table[c] & wanted) != 0;

    private static Class[] Build()
    {
        var table = new Class[char.MaxValue + 1];
        for (var i = 0; i < table.Length; i++)
        {
            var c = (char)i;
            var letter = char.IsAsciiLetterOrDigit(c);
            var accent = IsAccent(c);
            var path = letter || accent || c is >= '\u0400' and <= '\u04ff';
            var space = IsListedSpace(c);
            var punctuation = Punctuation.Contains(c);
            table[i] = (space ? Class.Space : 0)
                | (punctuation ? Class.Punctuation : 0)
                | (accent ? Class.LatinAccent : 0)
                | (!space && !punctuation && !IsInvalid(c) && !IsDirectional(c) ? Class.Domain : 0)
                | (path || "!*';:=+,.$/%#[]-\u2013_~@|&".Contains(c) ? Class.Path : 0)
                | (path || "+-=_#/".Contains(c) ? Class.PathEnd : 0)
                | (letter || "!?*'@();:&=+$/%#[]-_.,~|".Contains(c) ? Class.Query : 0)
                | (letter || "-_&=#/".Contains(c) ? Class.QueryEnd : 0);
        }

        return table;
    }

    private static bool IsListedSpace(char c) =>
        c is (>= '\t' and <= '\r') or ' ' or '\u0085' or '\u00a0' or '\u1680' or '\u180e' or (>= '\u2000' and <= '\u200a')
            or '\u2028' or '\u2029' or '\u202f' or '\u205f' or '\u3000';

    private static bool IsAccent(char c) =>
        c is (>= '\u00c0' and <= '\u00d6') or (>= '\u00d8' and <= '\u00f6') or (>= '\u00f8' and <= '\u024f')
            or '\u0253' or '\u0254' or '\u0256' or '\u0257' or '\u0259' or '\u025b' or '\u0263' or '\u0268' or '\u026f' or '\u0272' or '\u0289' or '\u028b'
            or '\u02bb' or (>= '\u0300' and <= '\u036f') or (>= '\u1e00' and <= '\u1eff');
}
