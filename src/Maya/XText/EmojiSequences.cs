using System.Globalization;

namespace Platform.Maya;

/// <summary>Finds emoji as Unicode lists them for general interchange: flags, keycaps, skin tones and joined sequences are one each.</summary>
internal static class EmojiSequences
{
    private const string Selector = "\ufe0f";
    private static readonly HashSet<string> Sequences = Load();
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Lookup = Sequences.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly Dictionary<char, int> LongestByFirst = Sequences.GroupBy(s => s[0]).ToDictionary(g => g.Key, g => g.Max(s => s.Length));

    /// <summary>UTF-16 length of the longest emoji at a place, 0 when there is none.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (!LongestByFirst.TryGetValue(text[at], out var longest))
            return 0;
        var rest = text[at..];
        for (var length = Math.Min(longest, rest.Length); length >= 1; length--)
        {
            if (Lookup.Contains(rest[..length]))
                return length;
        }

        return 0;
    }

    private static HashSet<string> Load()
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in EmbeddedLines.Of("XText/emoji.txt"))
            AddForms(all, string.Concat(line.Split(' ').Select(hex => char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture)))));
        for (var indicator = 0x1f1e6; indicator <= 0x1f1ff; indicator++)
            all.Add(char.ConvertFromUtf32(indicator));
        return all;
    }

    /// <summary>People type sequences without some of their presentation selectors; only the Latin-1 signs need theirs.</summary>
    private static void AddForms(HashSet<string> all, string full)
    {
        all.Add(full);
        for (var at = full.IndexOf(Selector, StringComparison.Ordinal); at >= 0; at = full.IndexOf(Selector, at + 1, StringComparison.Ordinal))
        {
            var shorter = full.Remove(at, 1);
            if (!(shorter.Length == 1 && shorter[0] <= '\u00ff') && !all.Contains(shorter))
                AddForms(all, shorter);
        }
    }
}
