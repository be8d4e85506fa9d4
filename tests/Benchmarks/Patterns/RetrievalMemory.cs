using System.Numerics.Tensors;
using Platform.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>Documents prepared as the index prepares records, searched as <see cref="HybridSearch"/> searches, all in this process' memory.</summary>
internal sealed class RetrievalMemory
{
    private const string Segment = "1";
    private readonly Dictionary<string, long> _numbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PostingList> _lists = new(StringComparer.Ordinal);
    private readonly List<float[]> _vectors = [];

    public RetrievalMemory(IReadOnlyList<(string Id, string Code, string Language)> documents)
    {
        var preparer = new PatternPreparer(Embedder.Of(new WordEmbedder()), "retrieval", false, 0);
        foreach (var (id, code, language) in documents)
        {
            var draft = preparer.Prepare("", language, [Chunker.Whole(language, code, "")], id)[0];
            _vectors.Add(draft.Vector!);
            _numbers.Add(id, _vectors.Count);
            foreach (var (term, impact) in draft.Terms)
            {
                if (!_lists.TryGetValue(term, out var list))
                    _lists.Add(term, list = new PostingList());
                list.Add(_vectors.Count, impact);
            }
        }
    }

    /// <summary>Rank of the right answer; 0 when it is not found.</summary>
    public int RankOf(string query, string gold, PatternsOptions options)
    {
        var terms = QueryTerms.Of(query);
        var postings = terms.Lookups.Where(_lists.ContainsKey).Select(t => new PostingRow { Term = t, Segment = Segment, Df = _lists[t].Count, Data = _lists[t].ToArray() }).ToList();
        var segment = new SegmentRow { Id = Segment, Docs = _vectors.Count, FirstNumber = 1, LastNumber = _vectors.Count };
        using var words = WordIndex.Score(new WordReading(new Dictionary<string, SegmentRow> { [Segment] = segment }, postings, []), terms);
        var vector = WordEmbedder.Embed(query);
        var byVectors = _vectors.Select((v, i) => new Scored(i + 1, TensorPrimitives.Dot<float>(vector, v))).ToList();
        var ranked = Fusion.Fuse(words, words.Best(null, _vectors.Count), byVectors, new Dictionary<long, float>(), options);
        return ranked.FindIndex(r => r.Number == _numbers[gold]) + 1;
    }
}
