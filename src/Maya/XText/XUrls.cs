namespace Platform.Maya;

/// <summary>
/// Finds URLs as the twitter-text specification defines them, in one pass: with a protocol, or without one when an ASCII domain
/// ends in a known top-level domain. Written as a scanner because the specification's own pattern backtracks without bound.
/// </summary>
internal sealed class XUrls
{
    private const int LongestUrl = 4096;
    private const int LongestSlug = 40;
    private const int LongestLabel = 63;
    private const int ImpliedProtocol = 8;
    private readonly string _text;
    private readonly List<XEntity> _found = [];
    private int _runStart = -1;
    private int _runEnd = -1;
    private int _runUnderscore = -1;
    private int _chainFrom = -1;
    private int _chainEnd = -1;
    private int _chainTld = -1;

    private XUrls(string text) => _text = text;

    /// <summary>The URLs of a text, in order.</summary>
    public static List<XEntity> Find(string text)
    {
        if (!text.Contains('.'))
            return [];
        var scanner = new XUrls(text);
        scanner.Run();
        return scanner._found;
    }

    private void Run()
    {
        for (var at = 0; at < _text.Length;)
        {
            var end = MayPrecede(_text[at]) ? Match(at + 1, _text[at]) : -1;
            if (end < 0 && at == 0)
                end = Match(0, '\0');
            at = end < 0 ? at + 1 : end;
        }
    }

    private static bool MayPrecede(char c) =>
        !(char.IsAsciiLetterOrDigit(c) || XCharacters.IsAt(c) || XCharacters.IsHash(c) || c == '$' || XCharacters.IsInvalid(c));

    /// <summary>Tries a URL at a place and keeps it when it counts; returns where scanning goes on, or -1.</summary>
    private int Match(int start, char before)
    {
        var domain = start + ProtocolLength(start);
        var domainEnd = DomainEnd(domain);
        if (domainEnd < 0)
            return -1;
        var path = PortEnd(domainEnd);
        var query = PathEnd(path);
        var end = QueryEnd(query);
        var hasProtocol = domain > start;
        if (!IsAcceptable(domain, domainEnd, end - start, hasProtocol ? domain - start : ImpliedProtocol))
            return end;
        if (hasProtocol)
            AddWithProtocol(start, domain, end);
        else if (before is not ('-' or '_' or '.' or '/'))
            AddWithoutProtocol(start, domainEnd, end, hasPath: query > path);
        return end;
    }

    private int ProtocolLength(int at)
    {
        var rest = _text.AsSpan(at);
        return rest.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : rest.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
    }

    /// <summary>End of the longest domain at a place: labels, the last of them without '_', then a top-level domain.</summary>
    private int DomainEnd(int at)
    {
        var dot = LabelDot(at);
        if (dot < 0)
            return -1;
        var later = LastTopLevel(dot + 1);
        if (later >= 0)
            return later + TopLevelDomains.LengthAt(_text, later);
        var length = _runUnderscore >= at ? 0 : TopLevelDomains.LengthAt(_text, dot + 1);
        return length > 0 ? dot + 1 + length : -1;
    }

    /// <summary>Where the dot stands that ends the label beginning at a place, or -1 when there is no valid label.</summary>
    private int LabelDot(int at)
    {
        if (at >= _text.Length || !XCharacters.IsDomain(_text[at]))
            return -1;
        if (at < _runStart || at >= _runEnd)
        {
            (_runStart, _runEnd, _runUnderscore) = (at, at, -1);
            for (; _runEnd < _text.Length && XCharacters.IsLabel(_text[_runEnd]); _runEnd++)
                _runUnderscore = _text[_runEnd] == '_' ? _runEnd : _runUnderscore;
        }

        return _runEnd < _text.Length && _text[_runEnd] == '.' && XCharacters.IsDomain(_text[_runEnd - 1]) ? _runEnd : -1;
    }

    /// <summary>
    /// The last place after a further dot where a top-level domain stands, or -1. A chain of labels is walked once: every
    /// later start inside it gives the same answer, so that a long text without a link stays linear.
    /// </summary>
    private int LastTopLevel(int afterDot)
    {
        if (_chainFrom < 0 || afterDot < _chainFrom || afterDot > _chainEnd)
            WalkChain(afterDot);
        return _chainTld > afterDot ? _chainTld : -1;
    }

    private void WalkChain(int from)
    {
        (_chainFrom, _chainEnd, _chainTld) = (from, from, -1);
        var run = (_runStart, _runEnd, _runUnderscore);
        for (var dot = LabelDot(from); dot >= 0; dot = LabelDot(_chainEnd))
        {
            if (!_text.AsSpan(_chainEnd, dot - _chainEnd).Contains('_') && TopLevelDomains.LengthAt(_text, dot + 1) > 0)
                _chainTld = dot + 1;
            _chainEnd = dot + 1;
        }

        (_runStart, _runEnd, _runUnderscore) = run;
    }

    private int PortEnd(int at)
    {
        var end = at + 1;
        while (at < _text.Length && _text[at] == ':' && end < _text.Length && char.IsAsciiDigit(_text[end]))
            end++;
        return end > at + 1 ? end : at;
    }

    private int PathEnd(int at)
    {
        if (at >= _text.Length || _text[at] != '/')
            return at;
        var (place, last) = (at + 1, at + 1);
        while (place < _text.Length)
        {
            if (XCharacters.IsPath(_text[place]))
            {
                last = XCharacters.IsPathEnd(_text[place++]) ? place : last;
                continue;
            }

            var closed = ParenthesesEnd(place);
            if (closed < 0)
                break;
            place = last = closed;
        }

        return last;
    }

    /// <summary>End of a balanced pair of parentheses with at most one pair inside, or -1.</summary>
    private int ParenthesesEnd(int at)
    {
        if (_text[at] != '(')
            return -1;
        var outer = PathRun(at + 1);
        if (Is(outer, ')') && outer > at + 1)
            return outer + 1;
        if (!Is(outer, '('))
            return -1;
        var inner = PathRun(outer + 1);
        if (!Is(inner, ')') || inner == outer + 1)
            return -1;
        var tail = PathRun(inner + 1);
        return Is(tail, ')') ? tail + 1 : -1;
    }

    private int PathRun(int at)
    {
        while (at < _text.Length && XCharacters.IsPath(_text[at]))
            at++;
        return at;
    }

    private bool Is(int at, char c) => at < _text.Length && _text[at] == c;

    private int QueryEnd(int at) => QueryEnd(_text, at);

    private static int QueryEnd(string text, int at)
    {
        if (at >= text.Length || text[at] != '?')
            return at;
        var last = at;
        for (var place = at + 1; place < text.Length && XCharacters.IsQuery(text[place]); place++)
            last = XCharacters.IsQueryEnd(text[place]) ? place + 1 : last;
        return last;
    }

    private bool IsAcceptable(int domain, int domainEnd, int urlLength, int protocolLength)
    {
        if (protocolLength + urlLength > LongestUrl)
            return false;
        var name = _text[domain..domainEnd];
        if (name.StartsWith("xn--", StringComparison.Ordinal) && NextAsciiDomain(name, 0).End < 0)
            return false;
        return name.Split('.').All(label => Punycode.EncodedLength(label) is > 0 and <= LongestLabel);
    }

    /// <summary>Links shortened by X take no further path, only a query.</summary>
    private void AddWithProtocol(int start, int domain, int end)
    {
        const string Shortener = "t.co/";
        var slug = domain + Shortener.Length;
        if (_text.AsSpan(domain).StartsWith(Shortener, StringComparison.OrdinalIgnoreCase) && slug < _text.Length && char.IsAsciiLetterOrDigit(_text[slug]))
        {
            var slugEnd = slug;
            while (slugEnd < end && char.IsAsciiLetterOrDigit(_text[slugEnd]))
                slugEnd++;
            if (slugEnd - slug > LongestSlug)
                return;
            end = Math.Min(end, QueryEnd(_text, slugEnd));
        }

        _found.Add(new(XEntityKind.Url, _text[start..end], start, end));
    }

    /// <summary>Without a protocol only the ASCII part of the domain is a link, with what follows it.</summary>
    private void AddWithoutProtocol(int start, int domainEnd, int end, bool hasPath)
    {
        var domain = _text[start..domainEnd];
        var (from, to) = NextAsciiDomain(domain, 0);
        while (to >= 0)
        {
            var (next, nextEnd) = NextAsciiDomain(domain, to);
            var stretches = nextEnd < 0 && hasPath;
            var value = stretches ? domain[from..to] + _text[domainEnd..end] : domain[from..to];
            _found.Add(new(XEntityKind.Url, value, start + from, stretches ? end : start + to));
            (from, to) = (next, nextEnd);
        }
    }

    private static (int Start, int End) NextAsciiDomain(string domain, int from)
    {
        for (var start = from; start < domain.Length; start++)
        {
            var end = -1;
            for (var dot = AsciiDot(domain, start); dot >= 0; dot = AsciiDot(domain, dot + 1))
            {
                var length = TopLevelDomains.LengthAt(domain, dot + 1);
                end = length > 0 ? dot + 1 + length : end;
            }

            if (end >= 0)
                return (start, end);
        }

        return (-1, -1);
    }

    private static int AsciiDot(string domain, int at)
    {
        var place = at;
        while (place < domain.Length && (char.IsAsciiLetterOrDigit(domain[place]) || domain[place] == '-' || XCharacters.IsLatinAccent(domain[place])))
            place++;
        return place > at && place < domain.Length && domain[place] == '.' ? place : -1;
    }
}
