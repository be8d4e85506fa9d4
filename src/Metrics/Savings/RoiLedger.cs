using System.Globalization;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>
/// Finds the inputs of the formulas: given by the caller, else measured, else assumed, and says which. The baseline is the mean of the
/// traditional approach's own code jobs; the actual time is the mean of all other succeeded code jobs.
/// </summary>
internal sealed class RoiLedger(FiguresQuery figures, IOptions<MetricsOptions> options, TimeProvider time)
{
    private const string Given = "given", Measured = "measured", Assumed = "assumed";
    private static readonly TimeSpan DefaultStretch = TimeSpan.FromDays(30);

    /// <summary>Reckons for a tenant.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public async Task<Roi> ReckonAsync(string tenant, RoiRequest request, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var from = request.FromMs > 0 ? request.FromMs : (now - DefaultStretch).ToUnixTimeMilliseconds();
        var scope = new FiguresScope(tenant, from, now.ToUnixTimeMilliseconds(), request.Simulated, JobKinds.Code);
        var groups = await figures.ByAsync(scope, static g => g.Approach == Approaches.Traditional ? g.Approach : "", token);
        return Reckon(request, groups.GetValueOrDefault(Approaches.Traditional) ?? new Rollup(), groups.GetValueOrDefault("") ?? new Rollup());
    }

    private Roi Reckon(RoiRequest request, Rollup traditional, Rollup platform)
    {
        var stated = options.Value.Roi;
        var (baseline, baselineSource) = Choose(request.BaselineSeconds, traditional.Total, stated.BaselineSeconds);
        var (actual, actualSource) = Choose(request.Seconds, platform.Total, stated.Seconds);
        var inputs = new RoiInputs
        {
            BaselineSeconds = baseline,
            ActualSeconds = actual,
            HourlyRateUsd = request.Rate == 0 ? stated.HourlyRateUsd : request.Rate,
            TasksPerDay = request.TasksPerDay == 0 ? stated.TasksPerDay : request.TasksPerDay,
        };
        var savings = RoiFormula.Of(inputs);
        var cost = platform.Total.Count == 0 ? 0 : platform.CostUsd / platform.Total.Count;
        var roi = new Roi
        {
            TimeSavedPerTaskSeconds = (double)savings.TimeSavedPerTaskSeconds,
            DailyCostSavings = (double)savings.DailyUsd,
            WeeklyCostSavings = (double)savings.WeeklyUsd,
            MonthlyCostSavings = (double)savings.MonthlyUsd,
            AnnualCostSavings = (double)savings.AnnualUsd,
            Speedup = (double)(savings.Speedup ?? 0),
            BaselineSeconds = baseline,
            BaselineSource = baselineSource,
            ActualSeconds = actual,
            ActualSource = actualSource,
            Rate = inputs.HourlyRateUsd,
            TasksPerDay = inputs.TasksPerDay,
            Jobs = platform.Total.Count,
            EngineCostPerTaskUsd = cost,
            NetDailySavings = (double)savings.DailyUsd - cost * inputs.TasksPerDay,
            Simulated = request.Simulated,
        };
        roi.Assumptions.Add(Words(roi, traditional.Total.Count));
        return roi;
    }

    private static (double Seconds, string Source) Choose(double given, LogHistogram measured, double assumed)
    {
        const double msPerSecond = 1000;
        return given != 0 ? (given, Given) : measured.Count > 0 ? (measured.Mean / msPerSecond, Measured) : (assumed, Assumed);
    }

    private static IEnumerable<string> Words(Roi roi, long baselineJobs)
    {
        yield return Line(roi.BaselineSource, $"A task without the platform takes {roi.BaselineSeconds:0.###} s",
            $"the mean of {baselineJobs} succeeded jobs of the traditional approach", "set Metrics:Roi:BaselineSeconds or run jobs of the traditional approach to measure it");
        yield return Line(roi.ActualSource, $"A task with the platform takes {roi.ActualSeconds:0.###} s",
            $"the mean of {roi.Jobs} succeeded jobs of the other approaches", "run jobs to measure it");
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{roi.Rate:0.##} US dollars an hour, {roi.TasksPerDay:0.##} tasks a day; 5 days a week, 22 a month, 260 a year.");
        if (roi.Simulated)
            yield return "These jobs were simulated: the figures show how the reckoning works, not what was saved.";
    }

    private static string Line(string source, FormattableString what, FormattableString measured, string otherwise) => source switch
    {
        Given => $"{FormattableString.Invariant(what)} (given).",
        Measured => $"{FormattableString.Invariant(what)} (measured: {FormattableString.Invariant(measured)}).",
        _ => $"{FormattableString.Invariant(what)} (assumed: {otherwise}).",
    };
}
