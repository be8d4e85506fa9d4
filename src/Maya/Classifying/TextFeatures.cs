using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Platform.Maya;

/// <summary>One feature of a text.</summary>
/// <param name="Hash">Its name, hashed.</param>
/// <param name="Block">Which of the blocks it belongs to.</param>
/// <param name="Count">How often it occurs, dampened: 1 + ln(times).</param>
internal readonly record struct Feature(uint Hash, byte Block, float Count);

/// <summary>
/// Turns a text into hashed features in three blocks: words and pairs of words; character n-grams inside words; cue groups and signs of form.
/// A model weighs each feature by how rare it is and gives each block a length of its own, so that the many n-grams do not drown the words.
/// </summary>
internal static class TextFeatures
{
    private const uint Seed = 2166136261;
    private const uint Prime = 16777619;
    private const int ShortestGram = 3;
    private const int LongestGram = 5;
    private const int MaxCharacters = 4096;

    /// <summary>Words and pairs of words.</summary>
    public const byte WordBlock = 0;

    /// <summary>Character n-grams.</summary>
    public const byte GramBlock = 1;

    /// <summary>Cue groups and signs of form.</summary>
    public const byte CueBlock = 2;

    /// <summary>Number of blocks.</summary>
    public const int Blocks = 3;

    /// <summary>The features of a text.</summary>
    public static Feature[] Extract(string text)
    {
        var found = new Dictionary<(uint, byte), int>(256);
        var words = Words(text);
        var previous = Hash("\u0002", 'w');
        foreach (var word in words)
        {
            var hash = Hash(word, 'w');
            Put(found, hash, WordBlock);
            Put(found, ((previous << 5) ^ (previous >> 27) ^ hash) * Prime, WordBlock);
            previous = hash;
            AddGrams(found, word);
        }

        foreach (var cue in TextCues.Of(words, text))
            Put(found, Hash(cue, 'q'), CueBlock);
        return [.. found.Select(f => new Feature(f.Key.Item1, f.Key.Item2, 1 + MathF.Log(f.Value)))];
    }

    private static void AddGrams(Dictionary<(uint, byte), int> found, string word)
    {
        Span<char> padded = stackalloc char[Math.Min(word.Length, 60) + 2];
        padded[0] = '<';
        word.AsSpan(0, padded.Length - 2).CopyTo(padded[1..]);
        padded[^1] = '>';
        for (var length = ShortestGram; length <= LongestGram; length++)
        {
            for (var start = 0; start + length <= padded.Length; start++)
                Put(found, Hash(padded.Slice(start, length), 'c'), GramBlock);
        }
    }

    private static void Put(Dictionary<(uint, byte), int> found, uint hash, byte block) =>
        CollectionsMarshal.GetValueRefOrAddDefault(found, (hash, block), out _)++;

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
