namespace Platform.Maya;

/// <summary>The top-level domains that make a name a link, international ones included.</summary>
internal static class TopLevelDomains
{
    private const string PunycodePrefix = "xn--";
    private static readonly HashSet<string> Names = new(EmbeddedLines.Of("XText/tlds.txt"), StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Names.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly int Longest = Names.Max(name => name.Length);

    /// <summary>How many there are.</summary>
    public static int Count => Names.Count;

    /// <summary>Length of the top-level domain at a place, 0 when there is none. It may not run on into a letter, digit, '@', '+' or '-'.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var rest = text[at..];
        for (var length = Math.Min(Longest, CandidateLength(rest)); length >= 2; length--)
        {
            if (Ends(rest, length) && Lookup.Contains(rest[..length]))
                return length;
        }

        return PunycodeLength(rest);
    }

    private static int CandidateLength(ReadOnlySpan<char> rest)
    {
        var length = 0;
        while (length < rest.Length && length < Longest && XCharacters.IsDomain(rest[length]))
            length++;
        return length;
    }

    private static bool Ends(ReadOnlySpan<char> rest, int length) =>
        length == rest.Length || !(char.IsAsciiLetterOrDigit(rest[length]) || rest[length] is '@' or '+' or '-');

    private static int PunycodeLength(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith(PunycodePrefix, StringComparison.OrdinalIgnoreCase))
            return 0;
        var length = PunycodePrefix.Length;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit(rest[length]) || rest[length] == '-'))
            length++;
        return length > PunycodePrefix.Length ? length : 0;
    }
}
