namespace Platform.Patterns;

/// <summary>
/// What a query asks for: its terms, the weight each carries, and the words that may stand in its place. Words of everyday speech say
/// little about code, and so do words that only say that code is wanted.
/// </summary>
internal sealed class QueryTerms : ITermSink
{
    private const int MaxTerms = 64;
    private const int ShortestCompound = 5;
    private const float WeakWeight = 0.2f;
    private const float SoftWeight = 0.3f;

    /// <summary>What a related word counts for; chosen on the evaluation sets (docs/retrieval.md).</summary>
    private const float RelatedWeight = 0.23f;

    /// <summary>What two neighbouring words written as one count for: "file name" and <c>filename</c>.</summary>
    private const float CompoundWeight = 0.9f;

    private static readonly HashSet<string> Weak = Stems(
        "a an and are as at be by can do does for from get given how i if in into is it its me my no not of on or should that the their then there this to two up use used user using want was way what when where which who why will with without you your");

    private static readonly HashSet<string> Soft = Stems(
        "python python2 python3 csharp java javascript typescript golang rust write function program code script method example simple best given way use net numpy");

    private readonly Dictionary<string, QueryConcept> _concepts = new(StringComparer.Ordinal);

    /// <summary>The terms in the order of the query, each once.</summary>
    public IReadOnlyCollection<QueryConcept> Concepts => _concepts.Values;

    /// <summary>Every term that an index is asked for.</summary>
    public IEnumerable<string> Lookups => Concepts.SelectMany(c => c.Related.Select(r => r.Term).Prepend(c.Term)).Distinct(StringComparer.Ordinal);

    public static QueryTerms Of(string text)
    {
        var terms = new QueryTerms();
        Tokenizer.Split(text, ref terms);
        terms.AddCompounds(text);
        return terms;
    }

    /// <summary>Terms of a text, without weights.</summary>
    public static HashSet<string> SetOf(string text)
    {
        var terms = new QueryTerms();
        Tokenizer.Split(text, ref terms);
        return terms._concepts.Keys.ToHashSet(StringComparer.Ordinal);
    }

    public void Add(ReadOnlySpan<char> term)
    {
        if (_concepts.Count >= MaxTerms)
            return;
        var text = term.ToString();
        var weak = Weak.Contains(text);
        var related = weak ? [] : RelatedWords.Of(text).Select(r => new RelatedTerm(r, RelatedWeight)).ToList();
        _concepts.TryAdd(text, new QueryConcept(text, weak ? WeakWeight : Soft.Contains(text) ? SoftWeight : 1, related));
    }

    /// <summary>Two neighbouring words may be one in code; the first of them is then found in the compound too.</summary>
    private void AddCompounds(string text)
    {
        var before = "";
        for (var i = 0; i < text.Length;)
        {
            var start = i;
            while (i < text.Length && char.IsAsciiLetterOrDigit(text[i]))
                i++;
            if (i == start)
            {
                i++;
                continue;
            }

            var word = text[start..i].ToLowerInvariant();
            if (before.Length + word.Length is >= ShortestCompound and <= Tokenizer.MaxTermLength && _concepts.TryGetValue(Stemmer.Stem(before), out var first) && first.Weight > WeakWeight)
                first.Related.Add(new RelatedTerm(Stemmer.Stem(before + word), CompoundWeight));
            before = word;
        }
    }

    private static HashSet<string> Stems(string words) => words.Split(' ').Select(Stemmer.Stem).ToHashSet(StringComparer.Ordinal);
}

/// <summary>A term of a query with its weight and what may stand in its place.</summary>
internal sealed record QueryConcept(string Term, float Weight, List<RelatedTerm> Related);

/// <summary>A related term and the share of the concept it counts for.</summary>
internal readonly record struct RelatedTerm(string Term, float Share);
