namespace Platform.Maya;

/// <summary>Whether a whole text is one URL by the syntax that the twitter-text specification validates (after RFC 3986).</summary>
internal static class XUrlSyntax
{
    private const int MaxPortDigits = 5;
    private const int MaxOctet = 255;

    public static bool IsValid(string text, bool unicodeDomains, bool requireProtocol)
    {
        if (text.Length == 0 || text.Contains('\n') || text.Contains('\r') || text.Contains('\u2028') || text.Contains('\u2029'))
            return false;
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var hasScheme = scheme > 0 && !text.AsSpan(0, scheme).ContainsAny(":/?#");
        if (requireProtocol && !(hasScheme && text[..scheme].ToLowerInvariant() is "http" or "https"))
            return false;
        var rest = hasScheme ? text[(scheme + 3)..] : text;
        var (beforeFragment, fragment) = Cut(rest, '#');
        var (beforeQuery, query) = Cut(beforeFragment, '?');
        var (authority, path) = Cut(beforeQuery, '/');
        return AreCharacters(path, "/") && AreCharacters(query, "/?") && AreCharacters(fragment, "/?") && IsAuthority(authority, unicodeDomains);
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        var place = text.IndexOf(at, StringComparison.Ordinal);
        return place < 0 ? (text, "") : (text[..place], text[(place + 1)..]);
    }

    /// <summary>Path characters, or percent signs with two hexadecimal digits.</summary>
    private static bool AreCharacters(string text, string also, bool userInfo = false)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
                i += 2;
            else if (!IsPlain(c) && !also.Contains(c) && (userInfo ? c != ':' : c is not (':' or '|' or '@')))
                return false;
        }

        return true;
    }

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || c is >= '\u0400' and <= '\u04ff' || "-._~!$&'()*+,;=".Contains(c);

    private static bool IsAuthority(string authority, bool unicode)
    {
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0 && !AreCharacters(authority[..at], "", userInfo: true))
            return false;
        var host = authority[(at + 1)..];
        var colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith(']'))
        {
            var port = host[(colon + 1)..];
            if (port.Length is 0 or > MaxPortDigits || !port.All(char.IsAsciiDigit))
                return false;
            host = host[..colon];
        }

        return IsAddress(host) || IsDomain(host, unicode);
    }

    private static bool IsAddress(string host)
    {
        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
            return host[1..^1].All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
        var octets = host.Split('.');
        return octets.Length == 4 && octets.All(o => o.Length is > 0 and <= 3 && o.All(char.IsAsciiDigit) && !(o.Length > 1 && o[0] == '0') && int.Parse(o, null) <= MaxOctet);
    }

    private static bool IsDomain(string host, bool unicode)
    {
        var labels = host.Split('.');
        return labels.Length >= 2
            && labels[..^2].All(l => IsLabel(l, unicode, underscore: true))
            && IsLabel(labels[^2], unicode, underscore: false)
            && IsLabel(labels[^1], unicode, underscore: false)
            && !char.IsAsciiDigit(labels[^1][0]);
    }

    private static bool IsLabel(string label, bool unicode, bool underscore) =>
        label.Length > 0 && IsLetter(label[0], unicode) && IsLetter(label[^1], unicode)
        && label.All(c => IsLetter(c, unicode) || c == '-' || (underscore && c == '_'));

    private static bool IsLetter(char c, bool unicode) => char.IsAsciiLetterOrDigit(c) || (unicode && c > '\u007f');
}
