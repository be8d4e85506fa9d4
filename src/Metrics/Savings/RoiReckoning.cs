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
    private const double MsPerSecond = 1000, NanoPerUnit = 1e9;

    /// <summary>Reckons.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public static Roi Of(RoiRequest request, RoiEvidence evidence, RoiOptions stated)
    {
        var platform = evidence.Jobs.Where(j => j.Approach != Approaches.Traditional).ToList();
        var jobs = platform.Sum(j => j.Succeeded);
        var measured = MeasuredBaseline.Of(evidence.Baseline, platform);
        var (baseline, baselineSource) = Choose(request.HasBaselineSeconds ? request.BaselineSeconds : null, measured?.Seconds, stated.BaselineSeconds);
        var (actual, actualSource) = Choose(request.HasSeconds ? request.Seconds : null, RoiBreakdown.Mean(platform), stated.Seconds);
        var (people, tasks) = (request.HasPeople ? request.People : stated.People, request.HasTasksPerDay ? request.TasksPerDay : stated.TasksPerDay);
        var failed = platform.Sum(j => j.Failed);
        var inputs = new LedgerInputs
        {
            Roi = new RoiInputs
            {
                BaselineSeconds = baseline,
                ActualSeconds = actual,
                HourlyRateUsd = request.HasRate ? request.Rate : stated.HourlyRateUsd,
                TasksPerDay = people * tasks,
            },
            People = people,
            Jobs = jobs,
            FailedJobs = failed,
            FailedSeconds = failed == 0 ? 0 : platform.Sum(j => j.FailedMs) / failed / MsPerSecond,
            Judgement = JudgementOf(evidence.Verdicts),
            EngineCostUsd = jobs == 0 ? 0 : platform.Sum(j => j.CostNano) / NanoPerUnit / jobs,
            ReviewSeconds = request.HasReviewSeconds ? request.ReviewSeconds : stated.ReviewSeconds,
            LineSeconds = request.HasLineSeconds ? request.LineSeconds : stated.LineSeconds,
            RunningCostMonthUsd = request.HasRunningCostMonth ? request.RunningCostMonth : stated.RunningCostMonthUsd,
        };
        var target = request.HasTargetUsd ? request.TargetUsd : stated.TargetUsd;
        Refuse(inputs, tasks, target);
        var ledger = new HonestLedger(inputs);
        var roi = Figures(inputs, ledger);
        (roi.BaselineSource, roi.ActualSource, roi.Simulated) = (baselineSource, actualSource, request.Simulated);
        (roi.Team, roi.Project, roi.TargetUsd) = (request.Team, request.Project, target);
        (roi.People, roi.TasksPerPerson) = (people, tasks);
        roi.Ways.Add(ledger.WaysTo(target));
        AddBaseline(roi, measured, evidence.Baseline.Count);
        RoiBreakdown.Add(roi, platform, isMeasured: actualSource == Measured);
        roi.Survival.Add(Survival.Of(evidence.Accepted, evidence.ReadMs));
        if (inputs.Judgement.Judged > 0)
            roi.HonestAnnualIfAlike = (double)new HonestLedger(inputs with { JudgedOf = inputs.Judgement.Judged }).AnnualUsd;
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
            FailedJobs = inputs.FailedJobs,
            FailedSeconds = inputs.FailedSeconds,
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

    private static void Refuse(LedgerInputs inputs, double tasksEach, double target)
    {
        var problems = new[]
        {
            RoiInputs.Check("people", inputs.People, RoiInputs.MostPeople),
            RoiInputs.Check("tasks_per_day", tasksEach, RoiInputs.MostTasksPerDay),
        }.OfType<RoiProblem>().ToList();
        // What they make together is looked at when each can be used.
        problems.AddRange(problems.Count > 0 ? inputs.Roi.Problems().Where(p => p.Field != "tasks_per_day") : inputs.Roi.Problems());
        problems.AddRange(new[]
        {
            RoiInputs.Check("review_seconds", inputs.ReviewSeconds, RoiInputs.MostSeconds),
            RoiInputs.Check("line_seconds", inputs.LineSeconds, RoiInputs.MostSeconds),
            RoiInputs.Check("running_cost_month", inputs.RunningCostMonthUsd, RoiInputs.MostUsd),
            RoiInputs.Check("target_usd", target, RoiInputs.MostUsd),
        }.OfType<RoiProblem>());
        if (problems.Count > 0)
            throw new ArgumentException(string.Join(" ", problems.Select(p => p.Message)), nameof(inputs));
    }

    private static (double Seconds, string Source) Choose(double? given, double? measured, double assumed) =>
        given is { } value ? (value, Given) : measured is { } mean ? (mean == 0 ? 0 : Math.Max(mean, RoiInputs.Least), Measured) : (assumed, Assumed);

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

    private static void AddBaseline(Roi roi, MeasuredBaseline? measured, long sample)
    {
        (roi.BaselineJobs, roi.BaselineCovered, roi.BaselineUnlike) = (measured?.Jobs ?? 0, measured?.Covered ?? 0, sample - (measured?.Jobs ?? 0));
        if (roi.BaselineSource == Measured)
            (roi.BaselineLow, roi.BaselineHigh) = (measured!.Low, measured.High);
    }

    /// <summary>A figure to so many decimals, the same in every culture.</summary>
    internal static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
