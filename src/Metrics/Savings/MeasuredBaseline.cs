namespace Platform.Metrics.Savings;

/// <summary>
/// The baseline as the traditional engine's own jobs measure it, for tasks like those the platform did: jobs are told apart by language and by whether
/// they had to pass tests, and each kind weighs as much as the platform has jobs of it. Mean and interval are of the same sample.
/// </summary>
/// <param name="Seconds">Mean, in seconds.</param>
/// <param name="Low">Lower end of the 95% bootstrap interval of the mean; 0 when there are too few jobs.</param>
/// <param name="High">Upper end.</param>
/// <param name="Jobs">Jobs of the sample that are of a kind the platform did too.</param>
/// <param name="Covered">Share of the platform's jobs whose kind the sample has.</param>
internal sealed record MeasuredBaseline(double Seconds, double Low, double High, long Jobs, double Covered)
{
    private const double MsPerSecond = 1000;

    /// <summary>Measures; null when there is no job to compare with.</summary>
    /// <param name="sample">Jobs without the platform.</param>
    /// <param name="platform">Jobs of the platform; without any, every job of the sample weighs the same.</param>
    public static MeasuredBaseline? Of(IReadOnlyList<BaselineRow> sample, IReadOnlyList<EvidenceRow> platform)
    {
        var weights = platform.GroupBy(j => (j.Language, j.Tests)).ToDictionary(g => g.Key, g => (double)g.Sum(j => j.Succeeded));
        var all = weights.Values.Sum();
        var strata = sample.GroupBy(j => (j.Language, j.Tests))
            .Select(g => (Weight: all > 0 ? weights.GetValueOrDefault(g.Key) : g.Count(), Values: (IReadOnlyList<double>)[.. g.Select(j => j.TotalMs)]))
            .Where(s => s.Weight > 0)
            .ToList();
        var weight = strata.Sum(s => s.Weight);
        if (weight <= 0)
            return null;
        var interval = Bootstrap.MeanInterval(strata) ?? (0, 0);
        return new MeasuredBaseline(
            strata.Sum(s => s.Weight * s.Values.Average()) / weight / MsPerSecond, interval.Low / MsPerSecond, interval.High / MsPerSecond, strata.Sum(s => s.Values.Count), all > 0 ? weight / all : 1);
    }
}
