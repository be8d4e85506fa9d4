using System.Numerics;

namespace Platform.Maya;

/// <summary>
/// Finds texts that nearly repeat each other among very many: MinHash over triples of words, or of characters where a script has no spaces, in bands, and the
/// true overlap of candidates (Jaccard). Memory is a few hundred bytes a text.
/// </summary>
internal sealed class TextLikeness
{
    private const int Bands = 8;
    private const int Rows = 3;
    private const int ShingleWords = 3;
    private const double Near = 0.7;
    private const uint Prime = 16777619;
    private readonly Dictionary<(int Band, ulong Key), List<int>> _bands = [];
    private readonly List<(string Id, uint[] Shingles)> _texts = [];

    /// <summary>Adds a text; the earlier text that it nearly repeats, with their overlap from 0 to 1, or null.</summary>
    public (string Id, double Overlap)? Add(string id, string text)
    {
        var shingles = Shingles(text);
        var keys = Keys(shingles);
        (string Id, double Overlap)? best = null;
        foreach (var candidate in keys.SelectMany(key => _bands.GetValueOrDefault(key, [])).Distinct())
        {
            var overlap = Jaccard(shingles, _texts[candidate].Shingles);
            if (overlap >= Near && overlap > (best?.Overlap ?? 0))
                best = (_texts[candidate].Id, overlap);
        }

        // What repeats an earlier text is found through that text; keeping one of a kind keeps the bands short.
        if (best is null)
        {
            foreach (var key in keys)
            {
                if (_bands.TryGetValue(key, out var list))
                    list.Add(_texts.Count);
                else
                    _bands[key] = [_texts.Count];
            }

            _texts.Add((id, shingles));
        }

        return best;
    }

    /// <summary>Overlap of two texts, 0 to 1.</summary>
    public static double Overlap(string a, string b) => Jaccard(Shingles(a), Shingles(b));

    private static uint[] Shingles(string text)
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

            found.Add(hash);
        }

        return [.. found.Order()];
    }

    /// <summary>Words; of scripts without spaces, and of texts with hardly a space, single characters.</summary>
    private static List<string> Units(List<string> words) => [.. words.SelectMany(word => words.Count < ShingleWords || word.Any(IsUnspaced) ? word.Select(c => c.ToString()) : [word])];

    /// <summary>Thai, Lao, Burmese, Khmer, Japanese and Chinese.</summary>
    private static bool IsUnspaced(char c) =>
        c is >= '\u0e00' and <= '\u0eff' or >= '\u1000' and <= '\u109f' or >= '\u1780' and <= '\u17ff' or >= '\u3040' and <= '\u30ff' or >= '\u3400' and <= '\u9fff' or >= '\uf900' and <= '\ufaff';

    private static List<(int Band, ulong Key)> Keys(uint[] shingles)
    {
        var keys = new List<(int, ulong)>(Bands);
        for (var band = 0; band < Bands; band++)
        {
            var key = 14695981039346656037ul;
            for (var row = 0; row < Rows; row++)
                key = (key ^ Least(shingles, (uint)((band * Rows) + row + 1))) * 1099511628211ul;
            keys.Add((band, key));
        }

        return keys;
    }

    private static uint Least(uint[] shingles, uint seed)
    {
        var least = uint.MaxValue;
        foreach (var shingle in shingles)
        {
            var mixed = (shingle ^ (seed * 0x9E3779B9u)) * 0x85EBCA6Bu;
            mixed = (mixed ^ BitOperations.RotateRight(mixed, 13)) * 0xC2B2AE35u;
            least = Math.Min(least, mixed ^ (mixed >> 16));
        }

        return least;
    }

    private static double Jaccard(uint[] a, uint[] b)
    {
        var (i, j, both) = (0, 0, 0);
        while (i < a.Length && j < b.Length)
        {
            both += a[i] == b[j] ? 1 : 0;
            var next = a[i].CompareTo(b[j]);
            (i, j) = (next <= 0 ? i + 1 : i, next >= 0 ? j + 1 : j);
        }

        return (double)both / (a.Length + b.Length - both);
    }
}
