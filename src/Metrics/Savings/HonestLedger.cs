using System.Globalization;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>What the ledger is reckoned from, beside the inputs of the published formulas.</summary>
public sealed record LedgerInputs
{
    /// <summary>Inputs of the published formulas.</summary>
    public required RoiInputs Roi { get; init; }

    /// <summary>Jobs behind the actual time; 0 when none were looked at.</summary>
    public long Jobs { get; init; }

    /// <summary>Verdicts on these jobs.</summary>
    public Judgement Judgement { get; init; } = new();

    /// <summary>Cost of the engines a task, in US dollars.</summary>
    public double EngineCostUsd { get; init; }

    /// <summary>Seconds of a review.</summary>
    public double ReviewSeconds { get; init; }

    /// <summary>Seconds of a changed line.</summary>
    public double LineSeconds { get; init; }

    /// <summary>Running cost a month, in US dollars.</summary>
    public double RunningCostMonthUsd { get; init; }
}

/// <summary>
/// From the published saving to what is left of it. A task saves <c>baseline - actual</c>; a judged one costs a review, an edited one its
/// changed lines, and a rejected one is done again without the platform. Engines and running cost are subtracted last. Pure, in
/// decimal arithmetic, right to the cent.
/// </summary>
public sealed class HonestLedger
{
    private const decimal SecondsPerHour = 3600;
    private readonly LedgerInputs _inputs;
    private readonly decimal _seconds;
    private readonly decimal _fixed;

    /// <summary>Reckons.</summary>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public HonestLedger(LedgerInputs inputs)
    {
        _inputs = inputs;
        Published = RoiFormula.Of(inputs.Roi);
        var jobs = Math.Max(1, inputs.Jobs);
        Review = (decimal)inputs.ReviewSeconds * inputs.Judgement.Judged / jobs;
        Rework = (decimal)inputs.LineSeconds * inputs.Judgement.ChangedLines / jobs;
        RejectedShare = (decimal)inputs.Judgement.Rejected / jobs;
        Reverted = RejectedShare * (decimal)inputs.Roi.BaselineSeconds;
        _seconds = Published.TimeSavedPerTaskSeconds - Review - Rework - Reverted;
        _fixed = (decimal)inputs.RunningCostMonthUsd / RoiFormula.DaysPerMonth;
        NetPerTaskUsd = _seconds * (decimal)inputs.Roi.HourlyRateUsd / SecondsPerHour - (decimal)inputs.EngineCostUsd;
    }

    /// <summary>The published figures.</summary>
    public RoiSavings Published { get; }

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

    /// <summary>Tasks a day from which the running cost is covered; null when a task saves nothing.</summary>
    public decimal? BreakEvenTasks => NetPerTaskUsd <= 0 ? null : _fixed / NetPerTaskUsd;

    /// <summary>The lines, from the published saving to what is left.</summary>
    public IEnumerable<LedgerLine> Lines()
    {
        var roi = _inputs.Roi;
        var judged = _inputs.Judgement;
        var jobs = _inputs.Jobs;
        yield return Line("Saved by the published formula", Published.TimeSavedPerTaskSeconds, Published.DailyUsd, $"{N(roi.BaselineSeconds)} s − {N(roi.ActualSeconds)} s a task, ÷ 3,600 × ${N(roi.HourlyRateUsd)} × {N(roi.TasksPerDay)} tasks");
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
        var engines = (decimal)_inputs.EngineCostUsd;
        yield return Way("tasks_per_day", tasks, NetPerTaskUsd > 0 ? daily / NetPerTaskUsd : null, (decimal)RoiInputs.MostTasksPerDay);
        yield return Way("rate", rate, _seconds > 0 && tasks > 0 ? (daily / tasks + engines) * SecondsPerHour / _seconds : null, (decimal)RoiInputs.MostRateUsd);
        decimal? seconds = rate > 0 && tasks > 0 ? (daily / tasks + engines) * SecondsPerHour / rate : null;
        var spent = (decimal)_inputs.Roi.ActualSeconds + Review + Rework;
        yield return Way("baseline_seconds", (decimal)_inputs.Roi.BaselineSeconds, RejectedShare < 1 ? (seconds + spent) / (1 - RejectedShare) : null, (decimal)RoiInputs.MostSeconds);
        yield return Way("seconds", (decimal)_inputs.Roi.ActualSeconds, (decimal)_inputs.Roi.BaselineSeconds * (1 - RejectedShare) - Review - Rework - seconds, (decimal)RoiInputs.MostSeconds);
    }

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
