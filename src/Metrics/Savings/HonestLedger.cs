using System.Globalization;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>
/// From the published saving to what is left of it. A task saves <c>baseline - actual</c>, but not one whose job failed: that one is done without
/// the platform after all, and the time until it failed is lost. A judged one costs a review, an edited one its changed lines, and a rejected one is
/// done again without the platform. Engines and running cost are subtracted last. Pure, in decimal arithmetic, right to the cent.
/// </summary>
public sealed class HonestLedger
{
    private const decimal SecondsPerHour = 3600;
    private const decimal MostUsd = (decimal)RoiInputs.MostUsd;
    private readonly LedgerInputs _inputs;
    private readonly decimal _seconds;
    private readonly decimal _fixed;

    /// <summary>Reckons.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public HonestLedger(LedgerInputs inputs)
    {
        _inputs = inputs;
        Published = RoiFormula.Of(inputs.Roi);
        var jobs = Math.Max(1, inputs.JudgedOf ?? inputs.Jobs);
        Review = (decimal)inputs.ReviewSeconds * inputs.Judgement.Judged / jobs;
        Rework = (decimal)inputs.LineSeconds * inputs.Judgement.ChangedLines / jobs;
        FailedShare = inputs.FailedJobs == 0 ? 0 : (decimal)inputs.FailedJobs / (inputs.Jobs + inputs.FailedJobs);
        Failed = FailedShare * (Published.TimeSavedPerTaskSeconds + (decimal)inputs.FailedSeconds);
        RejectedShare = (decimal)inputs.Judgement.Rejected / jobs;
        Reverted = RejectedShare * (decimal)inputs.Roi.BaselineSeconds;
        _seconds = Published.TimeSavedPerTaskSeconds - Failed - Review - Rework - Reverted;
        _fixed = (decimal)inputs.RunningCostMonthUsd / RoiFormula.DaysPerMonth;
        NetPerTaskUsd = _seconds * (decimal)inputs.Roi.HourlyRateUsd / SecondsPerHour - (decimal)inputs.EngineCostUsd;
    }

    /// <summary>The published figures.</summary>
    public RoiSavings Published { get; }

    /// <summary>Failed jobs as a share of those that succeeded or failed.</summary>
    public decimal FailedShare { get; }

    /// <summary>Seconds a task that failed jobs did not save, and lost.</summary>
    public decimal Failed { get; }

    /// <summary>Seconds of review a task.</summary>
    public decimal Review { get; }

    /// <summary>Seconds of rework a task.</summary>
    public decimal Rework { get; }

    /// <summary>Seconds a task that were done again without the platform.</summary>
    public decimal Reverted { get; }

    /// <summary>Rejected jobs as a share of all.</summary>
    public decimal RejectedShare { get; }

    /// <summary>Seconds that are left of the saving a task.</summary>
    public decimal SecondsLeft => _seconds;

    /// <summary>US dollars that are left a task, engines subtracted, running cost not.</summary>
    public decimal NetPerTaskUsd { get; }

    /// <summary>US dollars a day that are left.</summary>
    public decimal DailyUsd => NetPerTaskUsd * (decimal)_inputs.Roi.TasksPerDay - _fixed;

    /// <summary>US dollars a year of 260 days that are left.</summary>
    public decimal AnnualUsd => DailyUsd * RoiFormula.DaysPerYear;

    /// <summary>Tasks a day from which the running cost is covered; null when a task saves nothing, or so little that no number of tasks would do.</summary>
    public decimal? BreakEvenTasks => Divide(_fixed, NetPerTaskUsd, (decimal)RoiInputs.MostTasksPerDay);

    /// <summary>The lines, from the published saving to what is left.</summary>
    public IEnumerable<LedgerLine> Lines()
    {
        var roi = _inputs.Roi;
        var judged = _inputs.Judgement;
        var jobs = _inputs.Jobs;
        yield return Line("Saved by the published formula", Published.TimeSavedPerTaskSeconds, Published.DailyUsd, $"{N(roi.BaselineSeconds)} s − {N(roi.ActualSeconds)} s a task, ÷ 3,600 × ${N(roi.HourlyRateUsd)} × {N(roi.TasksPerDay)} tasks");
        yield return Minus("Failed", Failed, _inputs.FailedJobs == 0 ? $"none of {jobs} jobs failed" : $"{_inputs.FailedJobs} of {jobs + _inputs.FailedJobs} jobs failed: the {N((double)Published.TimeSavedPerTaskSeconds)} s above are not saved, and {N(_inputs.FailedSeconds)} s are lost each");
        yield return Minus("Review", Review, judged.Judged == 0 ? "nobody judged a job yet: unchecked" : $"{judged.Judged} of {jobs} jobs judged × {N(_inputs.ReviewSeconds)} s");
        yield return Minus("Rework", Rework, $"{judged.ChangedLines} lines changed in {judged.Edited} edited jobs × {N(_inputs.LineSeconds)} s ÷ {jobs} jobs");
        yield return Minus("Reverted", Reverted, $"{judged.Rejected} of {jobs} jobs rejected and done again in {N(roi.BaselineSeconds)} s each");
        var engines = -(decimal)_inputs.EngineCostUsd * (decimal)roi.TasksPerDay;
        yield return Line("Engines", 0, engines, $"${N(_inputs.EngineCostUsd)} a task, measured over {jobs} jobs, × {N(roi.TasksPerDay)} tasks");
        yield return Line("Running the platform", 0, -_fixed, $"${N(_inputs.RunningCostMonthUsd)} a month ÷ {RoiFormula.DaysPerMonth} days");
        yield return Line("Left", _seconds, DailyUsd, "the sum of the lines above", total: true);
    }

    /// <summary>What would have to be true to save so much a year, one thing at a time, everything else as it is.</summary>
    public IEnumerable<TargetWay> WaysTo(double targetUsd)
    {
        var (rate, tasks) = ((decimal)_inputs.Roi.HourlyRateUsd, (decimal)_inputs.Roi.TasksPerDay);
        var daily = (decimal)targetUsd / RoiFormula.DaysPerYear + _fixed;
        // What a task must leave before the engines are paid.
        var needed = Divide(daily, tasks, MostUsd) + (decimal)_inputs.EngineCostUsd;
        var tasksNeeded = Divide(daily, NetPerTaskUsd, (decimal)RoiInputs.MostTasksPerDay);
        yield return Way("tasks_per_day", tasks, tasksNeeded, (decimal)RoiInputs.MostTasksPerDay);
        yield return Way("people", (decimal)_inputs.People, tasksNeeded is { } all ? Divide(all * (decimal)_inputs.People, tasks, (decimal)RoiInputs.MostPeople) : null, (decimal)RoiInputs.MostPeople);
        yield return Way("rate", rate, needed is { } worth ? Divide(worth * SecondsPerHour, _seconds, (decimal)RoiInputs.MostRateUsd) : null, (decimal)RoiInputs.MostRateUsd);
        var seconds = needed is { } paid ? Divide(paid * SecondsPerHour, rate, (decimal)RoiInputs.MostSeconds * 2) : null;
        // Solved from: left = (1 - failed) * (baseline - actual) - failed * lost - review - rework - rejected * baseline.
        var (kept, spent) = (1 - FailedShare, FailedShare * (decimal)_inputs.FailedSeconds + Review + Rework);
        var (baseline, actual) = ((decimal)_inputs.Roi.BaselineSeconds, (decimal)_inputs.Roi.ActualSeconds);
        yield return Way("baseline_seconds", baseline, seconds is { } more ? Divide(more + spent + kept * actual, kept - RejectedShare, (decimal)RoiInputs.MostSeconds) : null, (decimal)RoiInputs.MostSeconds);
        yield return Way("seconds", actual, seconds is { } most ? Divide(baseline * (kept - RejectedShare) - spent - most, kept, (decimal)RoiInputs.MostSeconds) : null, (decimal)RoiInputs.MostSeconds);
    }

    /// <summary>A quotient; null when there is none up to a limit. Divided first, a tiny divisor would not fit into a decimal.</summary>
    private static decimal? Divide(decimal part, decimal whole, decimal most) => whole <= 0 || part / most > whole ? null : part / whole;

    private static TargetWay Way(string what, decimal now, decimal? needed, decimal most)
    {
        var possible = needed is { } value && value >= 0 && value <= most;
        return new TargetWay { What = what, Now = (double)now, Needed = possible ? (double)needed!.Value : 0, Possible = possible };
    }

    private LedgerLine Minus(string name, decimal seconds, string how) =>
        Line(name, -seconds, -seconds * (decimal)_inputs.Roi.HourlyRateUsd * (decimal)_inputs.Roi.TasksPerDay / SecondsPerHour, how);

    private static LedgerLine Line(string name, decimal seconds, decimal dailyUsd, string how, bool total = false) =>
        new() { Name = name, Seconds = (double)seconds, DailyUsd = (double)dailyUsd, How = how, Total = total };

    private static string N(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);
}
