using System.Globalization;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>
/// Puts the return on investment together: each input is given by the caller, else measured, else assumed, and the answer says which.
/// Pure: the same request and evidence give the same answer.
/// </summary>
public static class RoiReckoning
{
    private const string Given = "given", Measured = "measured", Assumed = "assumed";
    private const double MsPerSecond = 1000, SecondsPerHour = 3600, NanoPerUnit = 1e9;
    private const int MostShares = 20;

    /// <summary>Reckons.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public static Roi Of(RoiRequest request, RoiEvidence evidence, RoiOptions stated)
    {
        var traditional = evidence.Jobs.Where(j => j.Approach == Approaches.Traditional).ToList();
        var platform = evidence.Jobs.Where(j => j.Approach != Approaches.Traditional).ToList();
        var jobs = platform.Sum(j => j.Succeeded);
        var (baseline, baselineSource) = Choose(request.HasBaselineSeconds ? request.BaselineSeconds : null, traditional, stated.BaselineSeconds);
        var (actual, actualSource) = Choose(request.HasSeconds ? request.Seconds : null, platform, stated.Seconds);
        var inputs = new LedgerInputs
        {
            Roi = new RoiInputs
            {
                BaselineSeconds = baseline,
                ActualSeconds = actual,
                HourlyRateUsd = request.HasRate ? request.Rate : stated.HourlyRateUsd,
                TasksPerDay = request.HasTasksPerDay ? request.TasksPerDay : stated.TasksPerDay,
            },
            Jobs = jobs,
            Judgement = JudgementOf(evidence.Verdicts),
            EngineCostUsd = jobs == 0 ? 0 : platform.Sum(j => j.CostNano) / NanoPerUnit / jobs,
            ReviewSeconds = request.HasReviewSeconds ? request.ReviewSeconds : stated.ReviewSeconds,
            LineSeconds = request.HasLineSeconds ? request.LineSeconds : stated.LineSeconds,
            RunningCostMonthUsd = request.HasRunningCostMonth ? request.RunningCostMonth : stated.RunningCostMonthUsd,
        };
        var target = request.HasTargetUsd ? request.TargetUsd : stated.TargetUsd;
        Refuse(inputs, target);
        var ledger = new HonestLedger(inputs);
        var roi = Figures(inputs, ledger);
        (roi.BaselineSource, roi.ActualSource, roi.Simulated) = (baselineSource, actualSource, request.Simulated);
        (roi.Team, roi.Project, roi.TargetUsd) = (request.Team, request.Project, target);
        roi.Ways.Add(ledger.WaysTo(target));
        AddBaseline(roi, evidence, traditional);
        AddTimes(roi, platform, actualSource);
        AddShares(roi, platform);
        roi.Control = ControlOf(platform);
        if (inputs.Judgement.Judged > 0)
            roi.HonestAnnualIfAlike = (double)new HonestLedger(inputs with { Jobs = inputs.Judgement.Judged }).AnnualUsd;
        roi.Assumptions.Add(RoiWords.Of(roi));
        return roi;
    }

    private static Roi Figures(LedgerInputs inputs, HonestLedger ledger)
    {
        var published = ledger.Published;
        var roi = new Roi
        {
            TimeSavedPerTaskSeconds = (double)published.TimeSavedPerTaskSeconds,
            DailyCostSavings = (double)published.DailyUsd,
            WeeklyCostSavings = (double)published.WeeklyUsd,
            MonthlyCostSavings = (double)published.MonthlyUsd,
            AnnualCostSavings = (double)published.AnnualUsd,
            Speedup = (double)(published.Speedup ?? 0),
            BaselineSeconds = inputs.Roi.BaselineSeconds,
            ActualSeconds = inputs.Roi.ActualSeconds,
            Rate = inputs.Roi.HourlyRateUsd,
            TasksPerDay = inputs.Roi.TasksPerDay,
            Jobs = inputs.Jobs,
            EngineCostPerTaskUsd = inputs.EngineCostUsd,
            NetDailySavings = (double)(published.DailyUsd - (decimal)inputs.EngineCostUsd * (decimal)inputs.Roi.TasksPerDay),
            HonestDailySavings = (double)ledger.DailyUsd,
            HonestAnnualSavings = (double)ledger.AnnualUsd,
            Judgement = inputs.Judgement,
            ReviewSeconds = inputs.ReviewSeconds,
            LineSeconds = inputs.LineSeconds,
            RunningCostMonth = inputs.RunningCostMonthUsd,
        };
        roi.Ledger.Add(ledger.Lines());
        if (ledger.BreakEvenTasks is { } tasks)
            roi.BreakEvenTasksPerDay = (double)tasks;
        return roi;
    }

    private static void Refuse(LedgerInputs inputs, double target)
    {
        var problems = inputs.Roi.Problems().Concat(new[]
        {
            RoiInputs.Check("review_seconds", inputs.ReviewSeconds, RoiInputs.MostSeconds),
            RoiInputs.Check("line_seconds", inputs.LineSeconds, RoiInputs.MostSeconds),
            RoiInputs.Check("running_cost_month", inputs.RunningCostMonthUsd, RoiInputs.MostUsd),
            RoiInputs.Check("target_usd", target, RoiInputs.MostUsd),
        }.OfType<RoiProblem>()).ToList();
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(p => p.Message)), nameof(inputs));
    }

    private static (double Seconds, string Source) Choose(double? given, List<EvidenceRow> measured, double assumed) =>
        given is { } value ? (value, Given) : Mean(measured) is { } mean ? (mean, Measured) : (assumed, Assumed);

    private static double? Mean(IReadOnlyCollection<EvidenceRow> rows)
    {
        var jobs = rows.Sum(r => r.Succeeded);
        return jobs == 0 ? null : rows.Sum(r => r.TotalMs) / jobs / MsPerSecond;
    }

    private static Judgement JudgementOf(IReadOnlyList<VerdictRow> verdicts)
    {
        long Jobs(string verdict) => verdicts.Where(v => v.Verdict == verdict).Sum(v => v.Jobs);
        return new Judgement
        {
            Judged = verdicts.Sum(v => v.Jobs),
            Accepted = Jobs(Verdicts.Accepted),
            Edited = Jobs(Verdicts.Edited),
            Rejected = Jobs(Verdicts.Rejected) + Jobs(Verdicts.Reverted),
            ChangedLines = verdicts.Where(v => v.Verdict == Verdicts.Edited).Sum(v => v.ChangedLines),
        };
    }

    private static void AddBaseline(Roi roi, RoiEvidence evidence, List<EvidenceRow> traditional)
    {
        roi.BaselineJobs = traditional.Sum(j => j.Succeeded);
        if (roi.BaselineSource == Measured && Bootstrap.MeanInterval(evidence.Baseline) is { } interval)
            (roi.BaselineLow, roi.BaselineHigh) = (interval.Low / MsPerSecond, interval.High / MsPerSecond);
    }

    private static void AddTimes(Roi roi, List<EvidenceRow> platform, string source)
    {
        if (source == Measured)
            roi.WaitingSeconds = platform.Sum(j => j.QueueMs) / roi.Jobs / MsPerSecond;
        roi.WorkingSeconds = roi.ActualSeconds - roi.WaitingSeconds;
        foreach (var approach in platform.Where(j => j.Succeeded > 0).GroupBy(j => j.Approach).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var seconds = Mean(approach.ToList()) ?? 0;
            roi.Speeds.Add(new ApproachSpeed { Approach = approach.Key, Jobs = approach.Sum(j => j.Succeeded), Seconds = seconds, Speedup = seconds > 0 ? roi.BaselineSeconds / seconds : 0, Published = PublishedOf(approach.Key) });
        }

        foreach (var day in platform.GroupBy(j => j.Day).OrderBy(g => g.Key))
            roi.Days.Add(new DaySaving { AtMs = day.Key * 86_400_000, Hours = Hours(roi, day.ToList()) });
    }

    private static double PublishedOf(string approach) => approach switch
    {
        Approaches.Instructions => RoiInputs.PublishedInstructionsSpeedup,
        Approaches.Mcp => RoiInputs.PublishedMcpSpeedup,
        _ => 0,
    };

    private static void AddShares(Roi roi, List<EvidenceRow> platform)
    {
        roi.Teams.Add(SharesOf(roi, platform, static j => j.Team));
        roi.Projects.Add(SharesOf(roi, platform, static j => j.Project));
    }

    private static IEnumerable<RoiShare> SharesOf(Roi roi, List<EvidenceRow> platform, Func<EvidenceRow, string> name) =>
        platform.GroupBy(name, StringComparer.Ordinal).Select(g => (g.Key, Rows: g.ToList(), Jobs: g.Sum(j => j.Succeeded)))
            .OrderByDescending(g => g.Jobs).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostShares)
            .Select(g => new RoiShare { Name = g.Key, Jobs = g.Jobs, Seconds = Mean(g.Rows) ?? 0, Hours = Hours(roi, g.Rows), Usd = Hours(roi, g.Rows) * roi.Rate, CostUsd = g.Rows.Sum(j => j.CostNano) / NanoPerUnit });

    private static double Hours(Roi roi, IReadOnlyCollection<EvidenceRow> rows) =>
        (roi.BaselineSeconds * rows.Sum(r => r.Succeeded) - rows.Sum(r => r.TotalMs) / MsPerSecond) / SecondsPerHour;

    /// <summary>Replays are left out: a job that was answered from memory cannot stand beside one without it.</summary>
    private static MemoryControl ControlOf(List<EvidenceRow> platform)
    {
        (long Jobs, long Succeeded) Of(long withheld)
        {
            var rows = platform.Where(j => j.Approach != Approaches.Pattern && j.Withheld == withheld).ToList();
            return (rows.Sum(r => r.Succeeded + r.Failed), rows.Sum(r => r.Succeeded));
        }

        var (with, without) = (Of(0), Of(1));
        var (lift, low, high) = ShareDifference.Of(with.Succeeded, with.Jobs, without.Succeeded, without.Jobs);
        return new MemoryControl
        {
            WithJobs = with.Jobs,
            WithSucceeded = with.Succeeded,
            WithheldJobs = without.Jobs,
            WithheldSucceeded = without.Succeeded,
            Lift = lift,
            LiftLow = low,
            LiftHigh = high,
        };
    }

    /// <summary>A figure to so many decimals, the same in every culture.</summary>
    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
