using System.Collections.Frozen;

namespace Platform.Patterns;

/// <summary>
/// A small dictionary of programming: which words stand for the same thing, such as "length" and "len" or "remove" and "del". Written by hand and
/// kept in related-words.txt beside this file.
/// </summary>
internal static class RelatedWords
{
    private const string Resource = "related-words.txt";
    private static readonly FrozenDictionary<string, string[]> ByStem = Read();

    /// <summary>Stems related to a stem; none for one that the dictionary does not know.</summary>
    public static IReadOnlyList<string> Of(string stem) => ByStem.TryGetValue(stem, out var related) ? related : [];

    private static FrozenDictionary<string, string[]> Read()
    {
        var related = new Dictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        using var stream = typeof(RelatedWords).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {Resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
                continue;
            var stems = line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries).Select(Stemmer.Stem).ToArray();
            foreach (var other in stems.Skip(1).Where(other => other != stems[0]))
            {
                Relate(related, stems[0], other);
                Relate(related, other, stems[0]);
            }
        }

        return related.ToFrozenDictionary(r => r.Key, r => r.Value.ToArray(), StringComparer.Ordinal);
    }

    private static void Relate(Dictionary<string, SortedSet<string>> related, string from, string to)
    {
        if (!related.TryGetValue(from, out var words))
            related.Add(from, words = new SortedSet<string>(StringComparer.Ordinal));
        words.Add(to);
    }
}
