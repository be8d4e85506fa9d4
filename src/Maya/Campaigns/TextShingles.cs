namespace Platform.Maya;

/// <summary>Texts as sets of triples of words, or of characters where a script has no spaces, and how much two such sets overlap.</summary>
internal static class TextShingles
{
    private const int ShingleWords = 3;
    private const uint Prime = 16777619;

    /// <summary>Hashes of a text's triples, in order, each once.</summary>
    public static uint[] Of(string text)
    {
        var words = Units(TextFeatures.Words(text));
        var count = Math.Max(1, words.Count - ShingleWords + 1);
        var found = new HashSet<uint>(count);
        for (var i = 0; i < count; i++)
        {
            var hash = 2166136261u;
            for (var j = i; j < Math.Min(i + ShingleWords, words.Count); j++)
            {
                foreach (var c in words[j])
                    hash = (hash ^ c) * Prime;
                hash = (hash ^ ' ') * Prime;
            }

            found.Add(Mixed(hash));
        }

        return [.. found.Order()];
    }

    /// <summary>Overlap of two sets (Jaccard), 0 to 1.</summary>
    public static double Overlap(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b) => Overlap(a, b, int.MaxValue);

    /// <summary>
    /// Overlap of two sets of which only the smallest elements are known: the share of common ones among the smallest of both together, which is an unbiased
    /// estimate (bottom-k sketch, Cohen 1997), and exact when both are known as a whole.
    /// </summary>
    public static double Overlap(ReadOnlySpan<uint> a, ReadOnlySpan<uint> b, int known)
    {
        var (i, j, both, all) = (0, 0, 0, 0);
        while (all < known && (i < a.Length || j < b.Length))
        {
            var (left, right) = (i < a.Length ? a[i] : (ulong)uint.MaxValue + 1, j < b.Length ? b[j] : (ulong)uint.MaxValue + 1);
            both += left == right ? 1 : 0;
            all++;
            (i, j) = (left <= right ? i + 1 : i, right <= left ? j + 1 : j);
        }

        return all == 0 ? 0 : (double)both / all;
    }

    /// <summary>Spreads a hash, so that the smallest ones are a fair sample.</summary>
    private static uint Mixed(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6Bu;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35u;
        return hash ^ (hash >> 16);
    }

    /// <summary>Words; of scripts without spaces, and of texts with hardly a space, single characters.</summary>
    private static List<string> Units(List<string> words) => [.. words.SelectMany(word => words.Count < ShingleWords || word.Any(IsUnspaced) ? word.Select(c => c.ToString()) : [word])];

    /// <summary>Thai, Lao, Burmese, Khmer, Japanese and Chinese.</summary>
    private static bool IsUnspaced(char c) =>
        c is >= '\u0e00' and <= '\u0eff' or >= '\u1000' and <= '\u109f' or >= '\u1780' and <= '\u17ff' or >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';
}
