using System.Globalization;
using System.Text;

namespace Platform.Maya;

/// <summary>One feature of a text.</summary>
/// <param name="Index">Slot of the weight table.</param>
/// <param name="Value">How much of it; all together have length 1.</param>
internal readonly record struct Feature(int Index, float Value);

/// <summary>
/// Turns a text into hashed features: words, pairs of words, character n-grams inside words, cue groups and a few signs of form.
/// Hashing keeps the model small and needs no vocabulary.
/// </summary>
internal static class TextFeatures
{
    private const uint Seed = 2166136261;
    private const uint Prime = 16777619;
    private const int ShortestGram = 3;
    private const int LongestGram = 5;
    private const int MaxCharacters = 4096;
    private const float WordWeight = 1f;
    private const float PairWeight = 0.7f;
    private const float GramWeight = 0.3f;
    private const float CueWeight = 1.5f;

    /// <summary>Features in slots below 2^bits, scaled to length 1.</summary>
    public static Feature[] Extract(string text, int bits)
    {
        var shift = 32 - bits;
        var found = new Dictionary<int, float>(256);
        var words = Words(text);
        var previous = Hash("\u0002", 'w');
        foreach (var word in words)
        {
            var hash = Hash(word, 'w');
            Put(found, hash, shift, WordWeight);
            Put(found, ((previous << 5) ^ (previous >> 27) ^ hash) * Prime, shift, PairWeight);
            previous = hash;
            AddGrams(found, word, shift);
        }

        foreach (var cue in TextCues.Of(words, text))
            Put(found, Hash(cue, 'q'), shift, CueWeight);
        var norm = MathF.Sqrt(found.Values.Sum(v => v * v));
        return [.. found.Select(f => new Feature(f.Key, f.Value / norm))];
    }

    private static void AddGrams(Dictionary<int, float> found, string word, int shift)
    {
        Span<char> padded = stackalloc char[Math.Min(word.Length, 60) + 2];
        padded[0] = '<';
        word.AsSpan(0, padded.Length - 2).CopyTo(padded[1..]);
        padded[^1] = '>';
        for (var length = ShortestGram; length <= LongestGram; length++)
        {
            for (var start = 0; start + length <= padded.Length; start++)
                Put(found, Hash(padded.Slice(start, length), 'c'), shift, GramWeight);
        }
    }

    private static void Put(Dictionary<int, float> found, uint hash, int shift, float value)
    {
        var slot = (int)((hash * 2654435769u) >> shift);
        found[slot] = Math.Max(found.GetValueOrDefault(slot), value);
    }

    private static uint Hash(ReadOnlySpan<char> text, char kind)
    {
        var hash = (Seed ^ kind) * Prime;
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return hash;
    }

    /// <summary>Lower-case words; digits become "0", links and mentions one word each, marks that carry meaning stay.</summary>
    internal static List<string> Words(string text)
    {
        var words = new List<string>();
        var clipped = text.Length > MaxCharacters ? text[..MaxCharacters] : text;
        foreach (var raw in clipped.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (raw.StartsWith("http", StringComparison.OrdinalIgnoreCase))
                words.Add("\u0003link");
            else if (raw[0] == '@' && raw.Length > 1)
                words.Add("\u0003mention");
            else
                Split(raw, words);
        }

        return words;
    }

    private static void Split(string raw, List<string> words)
    {
        var word = new StringBuilder(raw.Length);
        foreach (var c in raw)
        {
            if (char.IsLetter(c) || c is '\'' or '’' || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark)
                word.Append(c == '’' ? '\'' : char.ToLowerInvariant(c));
            else if (char.IsDigit(c))
                word.Append(word.Length > 0 && word[^1] == '0' ? "" : "0");
            else
            {
                Take(word, words);
                if (c is '?' or '!' or '%' or '$' or '€' or ':' || c > '\u2600')
                    words.Add(c.ToString());
            }
        }

        Take(word, words);
    }

    private static void Take(StringBuilder word, List<string> words)
    {
        if (word.Length > 0)
            words.Add(word.ToString());
        word.Clear();
    }
}
