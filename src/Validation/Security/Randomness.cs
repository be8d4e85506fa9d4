namespace Platform.Validation;

/// <summary>Whether a text looks drawn by chance.</summary>
internal static class Randomness
{
    private const int Shortest = 16;
    private const double LeastBits = 3.0;

    /// <summary>Letters and digits mixed, at least sixteen characters, and at least three bits of Shannon entropy a character: words, paths and repeated letters have less.</summary>
    public static bool Looks(ReadOnlySpan<char> text)
    {
        var (letters, digits, changes) = (0, 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            letters += char.IsAsciiLetter(text[i]) ? 1 : 0;
            digits += char.IsAsciiDigit(text[i]) ? 1 : 0;
            changes += i > 0 && char.IsAsciiDigit(text[i]) != char.IsAsciiDigit(text[i - 1]) ? 1 : 0;
        }
        return text.Length >= Shortest && letters >= 3 && digits >= 2 && changes >= 3 && Entropy(text) >= LeastBits;
    }

    /// <summary>Shannon entropy in bits per character.</summary>
    public static double Entropy(ReadOnlySpan<char> text)
    {
        var counts = new Dictionary<char, int>();
        foreach (var c in text)
            counts[c] = counts.GetValueOrDefault(c) + 1;
        var bits = 0.0;
        foreach (var count in counts.Values)
            bits -= (double)count / text.Length * Math.Log2((double)count / text.Length);
        return bits;
    }
}

/// <summary>Texts that stand where a secret will be.</summary>
internal static class Placeholder
{
    private static readonly string[] Words =
        ["example", "changeme", "change_me", "change-me", "placeholder", "your", "dummy", "sample", "xxxx", "****", "....", "redacted", "removed", "insert", "replace", "notreal", "not-real", "fake", "todo", "secret_here", "<", "${", "{{", "%(", "#{", "env."];

    private static readonly HashSet<string> Whole = new(StringComparer.OrdinalIgnoreCase) { "password", "passwd", "secret", "token", "apikey", "api_key", "none", "null", "true", "false", "string", "undefined", "test", "root", "admin" };

    /// <summary>True when nobody would use it.</summary>
    public static bool Is(string value) => Whole.Contains(value) || Words.Any(w => value.Contains(w, StringComparison.OrdinalIgnoreCase)) || value.Distinct().Count() <= 3;
}
