namespace Platform.Maya;

/// <summary>
/// Interaction rates of posts, shrunk toward the account's own mean. The prior is Beta(strength * mean, strength * (1 - mean)); its strength comes from how
/// much the rates differ beyond chance (moments of the beta-binomial, Kleinman 1973), so that a post with three impressions says little.
/// </summary>
internal sealed class RateShrinkage
{
    private const double Weakest = 1;
    private const double Strongest = 1e6;

    private RateShrinkage(double mean, double strength) => (Mean, Strength) = (mean, strength);

    /// <summary>Mean rate of the account.</summary>
    public double Mean { get; }

    /// <summary>Impressions that the prior is worth.</summary>
    public double Strength { get; }

    /// <summary>A rate after shrinkage.</summary>
    public double Rate(long interactions, long impressions) => (interactions + (Strength * Mean)) / (impressions + Strength);

    /// <summary>Fits the prior; null when nobody interacted with anything.</summary>
    public static RateShrinkage? Fit(IReadOnlyList<Outcome> posts)
    {
        double impressions = posts.Sum(p => p.Impressions);
        var mean = posts.Sum(p => p.Interactions) / Math.Max(1, impressions);
        if (mean <= 0)
            return null;
        var spread = posts.Sum(p => p.Impressions * Math.Pow(((double)p.Interactions / p.Impressions) - mean, 2)) / impressions;
        var chance = mean * (1 - mean) * posts.Count / impressions;
        var between = spread - chance;
        var strength = between <= 0 ? Strongest : (mean * (1 - mean) / between) - 1;
        return new(mean, Math.Clamp(strength, Weakest, Strongest));
    }
}
