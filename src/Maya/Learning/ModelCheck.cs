namespace Platform.Maya;

/// <summary>How well a platform's model foretells posts that it was not fitted on.</summary>
/// <param name="Spearman">Rank correlation of predicted and actual lift; 0 when it cannot be said.</param>
/// <param name="Coverage">Share of posts whose actual rank lies in the 80% interval.</param>
/// <param name="CalibrationError">Mean distance of predicted and actual rank over fifths of the prediction, in points of 100.</param>
internal sealed record ModelCheck(double Spearman, double Coverage, double CalibrationError)
{
    private const int Folds = 5;
    private const int Bins = 5;
    private const int MostPosts = 2_000;

    /// <summary>Five folds over the newest posts: each fifth is foretold by a model that never saw it.</summary>
    public static ModelCheck Of(OutcomeModel model)
    {
        var posts = model.Posts.Count > MostPosts ? [.. model.Posts.TakeLast(MostPosts)] : model.Posts;
        var found = new List<(double Mean, PredictedRank Rank, double Actual)>(posts.Count);
        for (var fold = 0; fold < Folds; fold++)
        {
            if (OutcomeModel.Fit([.. posts.Where((_, i) => i % Folds != fold)], out _) is not { } part)
                return new(0, 0, 0);
            foreach (var post in posts.Where((_, i) => i % Folds == fold))
            {
                var lift = Math.Log(part.Rates.Rate(post.Interactions, post.Impressions) / part.MedianRate);
                found.Add((part.Predict(post.Features), part.Rank(post.Features), lift));
            }
        }

        var actual = Ranks([.. found.Select(f => f.Actual)]);
        var shares = actual.Select(r => 100 * r / found.Count).ToArray();
        var inside = found.Zip(shares).Average(x => x.Second >= x.First.Rank.Low && x.Second <= x.First.Rank.High ? 1.0 : 0.0);
        var bins = found.Zip(shares).OrderBy(x => x.First.Mean).Select((x, i) => (x, Bin: i * Bins / found.Count)).GroupBy(x => x.Bin)
            .Select(bin => Math.Abs(bin.Average(x => x.x.First.Rank.Score) - bin.Average(x => x.x.Second)));
        return new(Correlation(Ranks([.. found.Select(f => f.Mean)]), actual), inside, bins.Average());
    }

    /// <summary>Ranks from 0.5; equal values share the mean of theirs.</summary>
    internal static double[] Ranks(double[] values)
    {
        var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Length];
        for (var start = 0; start < order.Length;)
        {
            var end = start;
            while (end < order.Length && values[order[end]] == values[order[start]])
                end++;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + end) / 2.0;
            start = end;
        }

        return ranks;
    }

    private static double Correlation(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        var (both, squareA, squareB) = (0.0, 0.0, 0.0);
        for (var i = 0; i < a.Length; i++)
        {
            both += (a[i] - meanA) * (b[i] - meanB);
            squareA += (a[i] - meanA) * (a[i] - meanA);
            squareB += (b[i] - meanB) * (b[i] - meanB);
        }

        return squareA > 0 && squareB > 0 ? both / Math.Sqrt(squareA * squareB) : 0;
    }
}
