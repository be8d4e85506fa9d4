namespace Platform.Validation;

/// <summary>How likely one name was meant by another: slips of the pen, other conventions, parts of the name, words that mean the same.</summary>
internal static class NameDistance
{
    /// <summary>The cost of taking <paramref name="wrong"/> for <paramref name="right"/>; null when they have too little in common.</summary>
    public static double? Of(string wrong, string right)
    {
        if (wrong == right || right.Length == 0)
            return null;
        if (wrong.Equals(right, StringComparison.OrdinalIgnoreCase))
            return 0.4;
        var (a, b) = (Bare(wrong), Bare(right));
        if (a == b)
            return 0.6;
        var distance = EditDistance.Between(a, b);
        if (distance <= Allowed(Math.Max(a.Length, b.Length)) && distance < Math.Min(a.Length, b.Length))
            return distance;
        var shorter = Math.Min(a.Length, b.Length);
        if (shorter >= 3 && (a.StartsWith(b, StringComparison.Ordinal) || b.StartsWith(a, StringComparison.Ordinal) || a.EndsWith(b, StringComparison.Ordinal) || b.EndsWith(a, StringComparison.Ordinal)))
            return 2.2;
        return SharedWords(wrong, right) >= 0.5 ? 2.8 : null;
    }

    private static int Allowed(int length) => length <= 3 ? 1 : length <= 5 ? 2 : length <= 11 ? 3 : 4;

    private static string Bare(string name) => name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static double SharedWords(string a, string b)
    {
        var (x, y) = (Words(a), Words(b));
        return x.Count + y.Count <= 2 ? 0 : x.Intersect(y).Count() / (double)Math.Max(x.Count, y.Count);
    }

    private static HashSet<string> Words(string name)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        var start = 0;
        for (var i = 1; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] != '_' && !(char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])))
                continue;
            if (name[start..i].Trim('_') is { Length: > 1 } word)
                words.Add(word.ToLowerInvariant());
            start = i;
        }
        return words;
    }
}
