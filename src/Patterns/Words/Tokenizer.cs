namespace Platform.Patterns;

/// <summary>Takes the terms of a text one by one.</summary>
internal interface ITermSink
{
    void Add(ReadOnlySpan<char> term);
}

/// <summary>
/// Splits text into terms so that words of people and names of code meet: an identifier gives its parts (camelCase, snake_case,
/// acronyms, digits), each lower case and stemmed, and the whole identifier without its separators when it has several parts.
/// </summary>
internal static class Tokenizer
{
    public const int MaxTermLength = 64;

    /// <summary>Longer runs of letters are keys, hashes or minified code: no word to find.</summary>
    private const int MaxIdentifierLength = 128;

    public static void Split<TSink>(ReadOnlySpan<char> text, ref TSink sink) where TSink : ITermSink
    {
        var i = 0;
        while (i < text.Length)
        {
            if (!IsWordCharacter(text[i]))
            {
                i++;
                continue;
            }

            var start = i;
            while (i < text.Length && IsWordCharacter(text[i]))
                i++;
            if (i < text.Length && text[i] == '#' && i - start == 1 && text[start] is 'c' or 'C' && (i + 1 == text.Length || !IsWordCharacter(text[i + 1])))
                sink.Add("csharp");
            else if (i - start <= MaxIdentifierLength)
                SplitIdentifier(text[start..i], ref sink);
        }
    }

    private static void SplitIdentifier<TSink>(ReadOnlySpan<char> identifier, ref TSink sink) where TSink : ITermSink
    {
        Span<char> part = stackalloc char[MaxTermLength];
        Span<char> whole = stackalloc char[MaxTermLength];
        var wholeLength = 0;
        var parts = 0;
        var i = 0;
        while (i < identifier.Length)
        {
            if (identifier[i] == '_')
            {
                i++;
                continue;
            }

            var end = PartEnd(identifier, i);
            var length = Math.Min(end - i, MaxTermLength);
            identifier.Slice(i, length).ToLowerInvariant(part);
            parts++;
            if (wholeLength + length <= MaxTermLength)
                part[..length].CopyTo(whole[wholeLength..]);
            wholeLength += length;
            if (length > 1 || end - i == identifier.Length)
                sink.Add(part[..Stemmer.Stem(part, length)]);
            i = end;
        }

        if (parts > 1 && wholeLength <= MaxTermLength)
            sink.Add(whole[..Stemmer.Stem(whole, wholeLength)]);
    }

    /// <summary>Where the part that begins at <paramref name="start"/> ends: <c>HTTPServer2</c> gives HTTP, Server, 2.</summary>
    private static int PartEnd(ReadOnlySpan<char> s, int start)
    {
        var i = start + 1;
        if (char.IsDigit(s[start]))
        {
            while (i < s.Length && char.IsDigit(s[i]))
                i++;
            return i;
        }

        if (char.IsUpper(s[start]) && i < s.Length && char.IsUpper(s[i]))
        {
            while (i < s.Length && char.IsUpper(s[i]) && !(i + 1 < s.Length && char.IsLower(s[i + 1])))
                i++;
            return i;
        }

        while (i < s.Length && s[i] != '_' && !char.IsUpper(s[i]) && !char.IsDigit(s[i]))
            i++;
        return i;
    }

    private static bool IsWordCharacter(char c) => c == '_' || char.IsLetterOrDigit(c);
}
