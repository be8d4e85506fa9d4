namespace Platform.Patterns;

/// <summary>What outcomes say of a pattern: the mean of a Beta posterior whose evidence fades, and how that moves a score.</summary>
internal static class Outcome
{
    /// <summary>Successes and failures that every pattern is taken to have had: doubt that evidence has to overcome.</summary>
    private const double Prior = 2;

    private const double SuccessStrength = 0.3;
    private const double UsageStrength = 0.05;
    private const double UsageCap = 50;

    /// <summary>Success to expect, 0 to 1.</summary>
    public static double Estimate(double won, double lost) => (won + Prior) / (won + lost + 2 * Prior);

    /// <summary>
    /// Factor of a score: success moves it by up to 15 percent either way, use by up to 5 more. One lucky use raises it by 4 percent, fifty good
    /// ones by 19; what lies twice as far back counts half.
    /// </summary>
    public static double Boost(PatternRow row) =>
        1 + SuccessStrength * (Estimate(row.Won, row.Lost) - 0.5) + UsageStrength * Math.Min(1, Math.Log(1 + row.Won) / Math.Log(1 + UsageCap));

    /// <summary>What is left of evidence after a time.</summary>
    public static double Fade(long elapsedMs, double halfLifeMs) => elapsedMs <= 0 ? 1 : Math.Pow(0.5, elapsedMs / halfLifeMs);
}
