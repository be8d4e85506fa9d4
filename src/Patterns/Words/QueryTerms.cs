namespace Platform.Patterns;

/// <summary>The terms of a query with the weight each carries; words that say nothing about code weigh little.</summary>
internal sealed class QueryTerms : ITermSink
{
    private const int MaxTerms = 64;
    private const float WeakWeight = 0.25f;
    private static readonly HashSet<string> Weak = Stems(
        "a an and are as at be by can do does for from get given how i if in into is it its me my no not of on or should that the their then there this to two up use used user using want was way what when where which who why will with without you your");

    private readonly Dictionary<string, float> _weights = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, float> Weights => _weights;

    public static QueryTerms Of(string text)
    {
        var terms = new QueryTerms();
        Tokenizer.Split(text, ref terms);
        return terms;
    }

    public void Add(ReadOnlySpan<char> term)
    {
        var text = term.ToString();
        if (_weights.TryGetValue(text, out var weight))
            _weights[text] = weight + (IsWeak(text) ? 0 : 0.5f);
        else if (_weights.Count < MaxTerms)
            _weights.Add(text, IsWeak(text) ? WeakWeight : 1);
    }

    /// <summary>Whether a stemmed term is a word of everyday speech.</summary>
    public static bool IsWeak(string term) => Weak.Contains(term);

    private static HashSet<string> Stems(string words)
    {
        var set = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words.Split(' '))
        {
            var letters = word.ToCharArray();
            set.Add(new string(letters, 0, Stemmer.Stem(letters, letters.Length)));
        }

        return set;
    }
}
