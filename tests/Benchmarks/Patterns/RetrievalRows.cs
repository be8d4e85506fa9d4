using System.Globalization;
using Platform.Patterns;
using Platform.Tests.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>
/// Retrieval quality on the evaluation sets, in seconds: the product's own preparing, scoring and fusing, without a store between them. Rows stand
/// beside plain BM25 (words split at case and underscore, k1 1.2, b 0.75) on the same files.
/// </summary>
internal static class RetrievalRows
{
    private static readonly (string Name, double Mrr, double First, double Ten)[] Floors =
    [
        ("cosqa", 0.335, 0.238, 0.518),
        ("cosqa_no_docstring", 0.196, 0.122, 0.346),
        ("mbpp", 0.401, 0.260, 0.663),
        ("mbcsp", 0.304, 0.192, 0.500),
    ];

    /// <summary>Command <c>retrieval [WORD_WEIGHT VECTOR_WEIGHT]</c>.</summary>
    public static Task<int> RunAsync(string[] args)
    {
        if (RetrievalSet.Folder is null)
        {
            Console.Error.WriteLine("The evaluation data (shared/data/retrieval) is not beside this repository.");
            return Task.FromResult(1);
        }

        var options = new PatternsOptions();
        if (args is [var words, var vectors])
            (options.WordWeight, options.VectorWeight) = (double.Parse(words, CultureInfo.InvariantCulture), double.Parse(vectors, CultureInfo.InvariantCulture));
        foreach (var (name, mrr, first, ten) in Floors)
        {
            var set = RetrievalSet.Load(name);
            var memory = new RetrievalMemory([.. set.Documents.Select(d => (d.Id, d.Code, d.Language))]);
            var ranks = set.Queries.AsParallel().Select(q => memory.RankOf(q.Query, q.Gold, options)).ToList();
            var conditions = string.Create(CultureInfo.InvariantCulture, $"{set.Documents.Count} documents, {ranks.Count} queries, word weight {options.WordWeight}, vector weight {options.VectorWeight}");
            BenchmarkRow.Of($"{name} MRR", ranks.Average(r => r == 0 ? 0 : 1.0 / r), "", "plain BM25", mrr, conditions).Print();
            BenchmarkRow.Of($"{name} R@1", Within(ranks, 1), "", "plain BM25", first, conditions).Print();
            BenchmarkRow.Of($"{name} R@10", Within(ranks, 10), "", "plain BM25", ten, conditions).Print();
            foreach (var cut in new[] { 20, 50, 100 })
                BenchmarkRow.Of($"{name} share found within {cut}", Within(ranks, cut), "", "plan", 0.95, conditions).Print();
            BenchmarkRow.Of($"{name} nDCG@10", ranks.Average(r => r is > 0 and <= 10 ? 1 / Math.Log2(r + 1) : 0), "", "none", 0, conditions).Print();
        }

        return Task.FromResult(0);
    }

    private static double Within(List<int> ranks, int depth) => ranks.Average(r => r > 0 && r <= depth ? 1.0 : 0);
}
