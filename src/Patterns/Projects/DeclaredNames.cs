namespace Platform.Patterns;

/// <summary>What a project declares: names, and namespaces or packages. Names are taken apart once, however often one is looked for.</summary>
/// <param name="names">Names.</param>
/// <param name="spaces">Namespaces or packages, the most used first.</param>
internal sealed class DeclaredNames(IEnumerable<string> names, IReadOnlyList<string> spaces)
{
    private const double NearEnough = 0.5;
    private readonly HashSet<string> _names = names.ToHashSet(StringComparer.Ordinal);
    private Dictionary<string, List<(string Name, int Words)>>? _byWord;

    /// <summary>Namespaces or packages, the most used first.</summary>
    public IReadOnlyList<string> Spaces => spaces;

    /// <summary>Whether a name, or the last part of it, is declared.</summary>
    public bool Has(string name) => _names.Contains(name[(name.LastIndexOf('.') + 1)..]);

    /// <summary>The name that shares most of its words, when that is half of them or more.</summary>
    public string? Nearest(string name)
    {
        var words = QueryTerms.SetOf(name);
        if (words.Count == 0)
            return null;
        _byWord ??= _names.Select(n => (Name: n, Words: QueryTerms.SetOf(n))).SelectMany(n => n.Words.Select(w => (Word: w, n.Name, n.Words.Count)))
            .GroupBy(n => n.Word, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(n => (n.Name, n.Count)).ToList(), StringComparer.Ordinal);
        return words.SelectMany(w => _byWord.GetValueOrDefault(w) ?? []).GroupBy(n => n)
            .Select(g => (g.Key.Name, Share: (double)g.Count() / Math.Max(words.Count, g.Key.Words))).Where(n => n.Share >= NearEnough)
            .OrderByDescending(n => n.Share).ThenBy(n => n.Name, StringComparer.Ordinal).Select(n => n.Name).FirstOrDefault();
    }

    /// <summary>The namespace or package with the same last part, else the most used one; null when there is none.</summary>
    public string? NearestSpace(string space) => spaces.FirstOrDefault(s => s.Split('.')[^1] == space.Split('.')[^1]) ?? (spaces.Count > 0 ? spaces[0] : null);
}
