namespace Platform.Patterns;

/// <summary>Where a pattern stands in both rankings; rank 0 means: not in it.</summary>
internal readonly record struct FusedRank(long Number, double Score, float WordScore, int WordRank, float VectorScore, int VectorRank);

/// <summary>Weighted reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009): sum of weight / (k + rank).</summary>
internal static class Fusion
{
    public static List<FusedRank> Fuse(List<Scored> words, List<Scored> vectors, PatternsOptions options)
    {
        var fused = new Dictionary<long, FusedRank>(words.Count + vectors.Count);
        for (var i = 0; i < words.Count; i++)
            fused[words[i].Number] = new FusedRank(words[i].Number, options.WordWeight / (options.FusionConstant + i + 1), words[i].Score, i + 1, 0, 0);
        for (var i = 0; i < vectors.Count; i++)
        {
            var part = options.VectorWeight / (options.FusionConstant + i + 1);
            var before = fused.GetValueOrDefault(vectors[i].Number);
            fused[vectors[i].Number] = before with { Number = vectors[i].Number, Score = before.Score + part, VectorScore = vectors[i].Score, VectorRank = i + 1 };
        }

        var ranked = fused.Values.ToList();
        ranked.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Number.CompareTo(b.Number));
        return ranked;
    }
}

/// <summary>What outcomes say of a pattern.</summary>
internal static class Outcome
{
    private const double Prior = 2;
    private const double Strength = 0.3;

    /// <summary>
    /// Factor of a score: the mean of a Beta posterior with an even prior, so that one lucky use raises a pattern by little and fifty good ones by
    /// up to 15 percent.
    /// </summary>
    public static double Boost(PatternRow row) => 1 + Strength * ((row.Successes + Prior) / (row.Successes + row.Failures + 2 * Prior) - 0.5);
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
