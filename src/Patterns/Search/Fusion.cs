namespace Platform.Patterns;

/// <summary>Where a pattern stands in both rankings; rank 0 means: not in it.</summary>
internal readonly record struct FusedRank(long Number, double Score, float WordScore, int WordRank, float VectorScore, int VectorRank);

/// <summary>
/// The sum of both scores for every pattern that either ranking found. Both scores are known for all of these, so nothing is lost to ranks: a plain
/// sum did better than reciprocal ranks on every evaluation set (docs/retrieval.md).
/// </summary>
internal static class Fusion
{
    /// <param name="words">Scores by words.</param>
    /// <param name="byWords">The best by words.</param>
    /// <param name="byVectors">The best by vectors.</param>
    /// <param name="similarities">Cosines of those that only the words found.</param>
    /// <param name="options">The weights.</param>
    public static List<FusedRank> Fuse(WordScores words, List<Scored> byWords, List<Scored> byVectors, IReadOnlyDictionary<long, float> similarities, PatternsOptions options)
    {
        var fused = new Dictionary<long, FusedRank>(byWords.Count + byVectors.Count);
        for (var i = 0; i < byWords.Count; i++)
        {
            var number = byWords[i].Number;
            fused[number] = new FusedRank(number, 0, byWords[i].Score, i + 1, similarities.GetValueOrDefault(number), 0);
        }

        for (var i = 0; i < byVectors.Count; i++)
        {
            var number = byVectors[i].Number;
            fused[number] = fused.TryGetValue(number, out var found)
                ? found with { VectorScore = byVectors[i].Score, VectorRank = i + 1 }
                : new FusedRank(number, 0, words.Of(number), 0, byVectors[i].Score, i + 1);
        }

        var ranked = fused.Values.Select(f => f with { Score = (options.WordWeight * f.WordScore) + (options.VectorWeight * Math.Max(0, f.VectorScore)) }).ToList();
        ranked.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Number.CompareTo(b.Number));
        return ranked;
    }
}

/// <summary>Kinds of patterns that are not parts of files.</summary>
internal static class PatternKinds
{
    /// <summary>A record of <c>index --records</c>.</summary>
    public const string Record = "record";

    /// <summary>A verified result of a job.</summary>
    public const string Result = "result";

    /// <summary>Something that failed before; shown as a warning, never as an example.</summary>
    public const string Failure = "failure";
}
