using MathNet.Numerics.Distributions;

namespace Platform.Maya;

/// <summary>Where a post is expected to rank among the account's own.</summary>
/// <param name="Score">Expected rank, 0 to 100.</param>
/// <param name="Low">Lower end of the 80% interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="Drivers">Features that move it, strongest first, with their factor on the rate.</param>
internal sealed record PredictedRank(double Score, double Low, double High, IReadOnlyList<(string Feature, double Effect)> Drivers);

/// <summary>
/// What one platform's posts teach: each post's rate, shrunk, as a logarithm of its ratio to the account's median, explained by its features.
/// </summary>
internal sealed class OutcomeModel
{
    /// <summary>Posts with fewer impressions say nothing of their own.</summary>
    public const int LeastImpressions = 20;

    /// <summary>Fewer posts are no history.</summary>
    public const int LeastPosts = 12;

    private const int Steps = 100;
    private const double Tail80 = 1.2815515655446004;
    private const double Tail95 = 1.959963984540054;
    private const int MostDrivers = 5;
    private const double SmallestDriver = 0.02;
    private readonly FeatureFit _fit;
    private readonly double[] _quantiles;

    private OutcomeModel(IReadOnlyList<Outcome> posts, RateShrinkage rates, double median)
    {
        (Posts, Rates, MedianRate) = (posts, rates, median);
        Lifts = [.. posts.Select(p => Math.Log(rates.Rate(p.Interactions, p.Impressions) / median))];
        _fit = FeatureFit.Fit([.. posts.Select(p => p.Features)], Lifts);
        var sorted = Lifts.Order().ToArray();
        _quantiles = [.. Enumerable.Range(0, Steps).Select(i => sorted[(int)((i + 0.5) / Steps * sorted.Length)])];
    }

    /// <summary>Posts that were learned from.</summary>
    public IReadOnlyList<Outcome> Posts { get; }

    /// <summary>The account's rates.</summary>
    public RateShrinkage Rates { get; }

    /// <summary>Median rate: the baseline of every effect and score.</summary>
    public double MedianRate { get; }

    /// <summary>Logarithm of each post's rate over the median.</summary>
    public IReadOnlyList<double> Lifts { get; }

    /// <summary>Features that were fitted.</summary>
    public IEnumerable<string> Features => _fit.Features;

    /// <summary>Fits a model; null when there is no history to learn from, with the reason.</summary>
    public static OutcomeModel? Fit(IReadOnlyList<Outcome> all, out string problem)
    {
        var posts = all.Where(p => p.Impressions >= LeastImpressions).ToList();
        problem = posts.Count < LeastPosts ? $"No history: {posts.Count} posts with {LeastImpressions} impressions or more; {LeastPosts} are needed." : "";
        if (problem.Length > 0)
            return null;
        var rates = RateShrinkage.Fit(posts);
        problem = rates is null ? $"No history: nobody interacted with any of {posts.Count} posts." : "";
        if (rates is null)
            return null;
        var sorted = posts.Select(p => rates.Rate(p.Interactions, p.Impressions)).Order().ToList();
        return new(posts, rates, (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2);
    }

    /// <summary>Factor of a feature on the rate, with its 95% interval; 1 means none.</summary>
    public (double Effect, double Low, double High) Effect(string feature)
    {
        var (mean, deviation) = _fit.Effect(feature);
        return (Math.Exp(mean), Math.Exp(mean - (Tail95 * deviation)), Math.Exp(mean + (Tail95 * deviation)));
    }

    /// <summary>Expected lift of a post, before it is turned into a rank.</summary>
    public double Predict(IReadOnlyList<string> features) => _fit.Predict(features).Mean;

    /// <summary>Expected rank of a post among the account's own.</summary>
    public PredictedRank Rank(IReadOnlyList<string> features)
    {
        var (mean, deviation) = _fit.Predict(features);
        var score = _quantiles.Average(lift => Normal.CDF(0, 1, (mean - lift) / deviation)) * 100;
        var drivers = features.Select(f => (Feature: f, _fit.Effect(f).Mean)).Where(d => Math.Abs(d.Mean) >= SmallestDriver)
            .OrderByDescending(d => Math.Abs(d.Mean)).Take(MostDrivers).Select(d => (d.Feature, Math.Exp(d.Mean)));
        return new(score, Share(mean - (Tail80 * deviation)), Share(mean + (Tail80 * deviation)), [.. drivers]);
    }

    /// <summary>Share of the account's posts below a lift, in percent.</summary>
    public double Share(double lift)
    {
        var at = Array.BinarySearch(_quantiles, lift);
        return 100.0 * (at >= 0 ? at : ~at) / Steps;
    }
}
