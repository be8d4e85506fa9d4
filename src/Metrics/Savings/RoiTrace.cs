using System.Globalization;
using Platform.Contracts;
using Platform.Metrics.Pages;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>Where a figure of the report comes from.</summary>
/// <param name="Id">Name in the address of the page, after <c>#from-</c>.</param>
/// <param name="Figure">The figure.</param>
/// <param name="Value">Its value with unit.</param>
/// <param name="How">The formula with the numbers in it, or the source.</param>
/// <param name="Link">Where the numbers stand: a page with the jobs behind them, or another row of this table. Empty for a setting.</param>
public sealed record RoiTraceRow(string Id, string Figure, string Value, string How, string Link);

/// <summary>Traces every figure of a report to its inputs, and each input to the jobs or the setting it comes from.</summary>
public static class RoiTrace
{
    private const string CodeJobs = "/jobs?kind=code&state=";

    /// <summary>The rows, sums first.</summary>
    public static IEnumerable<RoiTraceRow> Of(Roi roi)
    {
        var saved = N(roi.TimeSavedPerTaskSeconds);
        yield return new("saved", "Saved a task", $"{saved} s", $"baseline {N(roi.BaselineSeconds)} s − actual {N(roi.ActualSeconds)} s", "#from-baseline");
        yield return new("day", "A day", Format.Cents(roi.DailyCostSavings), $"{saved} s ÷ 3,600 × ${N(roi.Rate)} × {N(roi.TasksPerDay)} tasks", "#from-saved");
        yield return new("week", "A week", Format.Cents(roi.WeeklyCostSavings), $"{Format.Cents(roi.DailyCostSavings)} × {RoiFormula.DaysPerWeek} days", "#from-day");
        yield return new("month", "A month", Format.Cents(roi.MonthlyCostSavings), $"{Format.Cents(roi.DailyCostSavings)} × {RoiFormula.DaysPerMonth} days", "#from-day");
        yield return new("year", "A year", Format.Cents(roi.AnnualCostSavings), $"{Format.Cents(roi.DailyCostSavings)} × {RoiFormula.DaysPerYear} days", "#from-day");
        yield return new("left-day", "Left a day", Format.Cents(roi.HonestDailySavings), "the sum of the ledger's lines, each with its own numbers", "#ledger");
        yield return new("left-year", "Left a year", Format.Cents(roi.HonestAnnualSavings), $"{Format.Cents(roi.HonestDailySavings)} × {RoiFormula.DaysPerYear} days", "#from-left-day");
        yield return new("speedup", "Speed-up", roi.Speedup > 0 ? $"{N(roi.Speedup)}×" : "–", $"baseline {N(roi.BaselineSeconds)} s ÷ actual {N(roi.ActualSeconds)} s", "#from-baseline");
        yield return new("break-even", "Break-even", roi.HasBreakEvenTasksPerDay ? $"{N(roi.BreakEvenTasksPerDay)} tasks a day" : "never",
            $"${N(roi.RunningCostMonth)} ÷ {RoiFormula.DaysPerMonth} days ÷ what a task leaves after the ledger's lines", "#ledger");
        foreach (var row in Inputs(roi))
            yield return row;
    }

    private static IEnumerable<RoiTraceRow> Inputs(Roi roi)
    {
        yield return new("baseline", "Baseline", $"{N(roi.BaselineSeconds)} s", roi.BaselineSource switch
        {
            "given" => "given on this page",
            "measured" => $"mean of {roi.BaselineJobs} succeeded jobs of the traditional approach",
            _ => "assumed: Metrics:Roi:BaselineSeconds",
        }, roi.BaselineSource == "measured" ? $"{CodeJobs}{JobStates.Succeeded}&approach={Approaches.Traditional}" : "");
        yield return new("actual", "Actual", $"{N(roi.ActualSeconds)} s", roi.ActualSource switch
        {
            "given" => "given on this page",
            "measured" => $"mean of {roi.Jobs} succeeded jobs of the other approaches, from acceptance to close",
            _ => "assumed: Metrics:Roi:Seconds",
        }, roi.ActualSource == "measured" ? $"{CodeJobs}{JobStates.Succeeded}" : "");
        yield return new("waiting", "Waiting and working", $"{N(roi.WaitingSeconds)} + {N(roi.WorkingSeconds)} s", "mean time in the queue of the same jobs, and the rest of the actual time", "#from-actual");
        yield return new("rate", "Rate", $"${N(roi.Rate)}", "an hour: this page, or Metrics:Roi:HourlyRateUsd", "");
        yield return new("tasks", "Tasks", $"{N(roi.TasksPerDay)} a day", $"{N(roi.People)} {(roi.People == 1 ? "person" : "people")} × {N(roi.TasksPerPerson)} tasks each: this page, or Metrics:Roi:People and TasksPerDay", "");
        yield return new("failed", "Failed jobs", N(roi.FailedJobs), $"of {N(roi.Jobs + roi.FailedJobs)} that ended, {N(roi.FailedSeconds)} s each until they were given up", $"{CodeJobs}{JobStates.Failed}");
        yield return new("judged", "Judged jobs", N(roi.Judgement.Judged), $"{N(roi.Judgement.Accepted)} accepted, {N(roi.Judgement.Edited)} edited ({N(roi.Judgement.ChangedLines)} lines), {N(roi.Judgement.Rejected)} rejected or reverted: the last verdict on each", $"{CodeJobs}{JobStates.Succeeded}");
        yield return new("review", "Review and rework", $"{N(roi.ReviewSeconds)} s, {N(roi.LineSeconds)} s", "a judged job, and a changed line: this page, or Metrics:Roi:ReviewSeconds and LineSeconds", "");
        yield return new("engines", "Engines", $"${N(roi.EngineCostPerTaskUsd)} a task", $"cost of all jobs, failed ones too, ÷ {N(roi.Jobs)} succeeded", "/measures?range=30d");
        yield return new("running", "Running the platform", $"${N(roi.RunningCostMonth)} a month", "this page, or Metrics:Roi:RunningCostMonthUsd", "");
        yield return new("control", "Control of memory", $"{N(roi.Control.WithJobs)} and {N(roi.Control.WithheldJobs)} jobs", "code jobs for which memory had something: with it, and withheld by lot", "/patterns?range=30d");
    }

    private static string N(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);
}
