using System.Net.Mime;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Platform.Metrics.Pages;
using Platform.Metrics.Savings;
using Platform.V1;

namespace Platform.Metrics.Evidence;

/// <summary>The return on investment to take away: as one JSON document, or as rows of section, name, value, unit and how.</summary>
internal static class RoiExport
{
    private static readonly string[] Columns = ["section", "name", "value", "unit", "how"];
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(formatDefaultValues: true).WithPreserveProtoFieldNames(true).WithIndentation());

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> ServeAsync(HttpContext context, ConsoleCaller caller, RoiLedger ledger)
    {
        var query = new RoiQuery(context.Request.Query);
        if (query.Problems.Count > 0)
            return Results.BadRequest(new { error = string.Join(" ", query.Problems) });
        try
        {
            var roi = await ledger.ReckonAsync(caller.Tenant, query.Request, caller.Gone);
            return query.Text("format") == "json"
                ? Downloads.File("roi.json", MediaTypeNames.Application.Json, Json.Format(roi))
                : Downloads.File("roi.csv", MediaTypeNames.Text.Csv, Csv.Write(Columns, Rows(roi)));
        }
        catch (ArgumentException e)
        {
            return Results.BadRequest(new { error = e.Message });
        }
    }

    /// <summary>Every figure of the report.</summary>
    internal static IEnumerable<IReadOnlyList<object>> Rows(Roi roi)
    {
        yield return ["inputs", "simulated", roi.Simulated ? "true" : "false", "", "simulated jobs are never counted as saved"];
        yield return ["inputs", "baseline", roi.BaselineSeconds, "s a task", roi.BaselineSource];
        yield return ["inputs", "baseline, low", roi.BaselineLow, "s a task", "95% bootstrap interval; 0 when there is none"];
        yield return ["inputs", "baseline, high", roi.BaselineHigh, "s a task", "95% bootstrap interval; 0 when there is none"];
        yield return ["inputs", "actual", roi.ActualSeconds, "s a task", roi.ActualSource];
        yield return ["inputs", "waiting", roi.WaitingSeconds, "s a task", "part of actual"];
        yield return ["inputs", "working", roi.WorkingSeconds, "s a task", "part of actual"];
        yield return ["inputs", "rate", roi.Rate, "USD an hour", ""];
        yield return ["inputs", "people", roi.People, "people", ""];
        yield return ["inputs", "tasks each", roi.TasksPerPerson, "a day", ""];
        yield return ["inputs", "tasks", roi.TasksPerDay, "a day", "people * tasks each"];
        yield return ["inputs", "jobs", roi.Jobs, "jobs", "behind actual"];
        yield return ["inputs", "failed jobs", roi.FailedJobs, "jobs", FormattableString.Invariant($"{roi.FailedSeconds} s each until they were given up")];
        yield return ["published", "daily", roi.DailyCostSavings, "USD", "saved / 3600 * rate * tasks"];
        yield return ["published", "weekly", roi.WeeklyCostSavings, "USD", "daily * 5"];
        yield return ["published", "monthly", roi.MonthlyCostSavings, "USD", "daily * 22"];
        yield return ["published", "annual", roi.AnnualCostSavings, "USD", "daily * 260"];
        foreach (var line in roi.Ledger)
            yield return ["ledger", line.Name, line.DailyUsd, "USD a day", line.How];
        yield return ["ledger", "Left a year", roi.HonestAnnualSavings, "USD", "daily * 260"];
        if (roi.HasBreakEvenTasksPerDay)
            yield return ["ledger", "break-even", roi.BreakEvenTasksPerDay, "tasks a day", "running cost / 22 / what a task leaves"];
        foreach (var way in roi.Ways)
            yield return ["target", way.What, way.Needed, way.Possible ? "" : "cannot be reached by this alone", FormattableString.Invariant($"now {way.Now}; target {roi.TargetUsd} USD a year")];
        yield return ["control", "success with memory", roi.Control.WithSucceeded, "jobs", FormattableString.Invariant($"of {roi.Control.WithJobs}")];
        yield return ["control", "success without memory", roi.Control.WithheldSucceeded, "jobs", FormattableString.Invariant($"of {roi.Control.WithheldJobs}, withheld by lot")];
        foreach (var age in roi.Survival)
            yield return ["survival", FormattableString.Invariant($"after {age.AgeMs / 3_600_000.0} h"), age.Survived, "answers", FormattableString.Invariant($"of {age.Accepted} accepted at least so long ago")];
        foreach (var speed in roi.Speeds)
            yield return ["approach", speed.Approach, speed.Speedup, "times as fast", FormattableString.Invariant($"{speed.Jobs} jobs, mean {speed.Seconds} s; published {speed.Published}")];
        foreach (var (section, shares) in new[] { ("team", roi.Teams), ("project", roi.Projects) })
        {
            foreach (var share in shares)
                yield return [section, share.Name.Length == 0 ? "none" : share.Name, share.Usd, "USD", FormattableString.Invariant($"{share.Jobs} jobs, mean {share.Seconds} s, {share.Hours} h saved, engines {share.CostUsd} USD")];
        }

        foreach (var assumption in roi.Assumptions)
            yield return ["assumption", assumption, "", "", ""];
    }
}
