using Spectre.Console;

namespace Platform.Cli.Demo;

/// <summary>The demo's result for people.</summary>
internal static class DemoSummary
{
    /// <summary>Prints the tables.</summary>
    public static void Show(IAnsiConsole console, DemoReport report)
    {
        console.WriteLine();
        if (report.Simulated)
            console.MarkupLine("[yellow]Simulated:[/] answers came from the local Simulator. The path, the checks and the tests are real; the words are not.");
        console.Write(Jobs(report));
        console.MarkupLineInterpolated($"Memory    {report.Index.Patterns:N0} patterns from {report.Index.Files:N0} files in {report.Index.Seconds:F1} s; {report.Learned} learned from the jobs");
        console.MarkupLineInterpolated($"Campaign  {report.Campaign.Ready} of {report.Campaign.Total} posts in {report.CampaignSeconds:F1} s, {report.Campaign.Ready / Math.Max(report.CampaignSeconds, 0.001) * 60:N0} a minute");
        console.Write(Matrix(report));
        Optimisation(console, report);
        var roi = report.Roi;
        console.MarkupLineInterpolated($"ROI       {roi.TimeSavedPerTaskSeconds:F1} s saved a task ({roi.BaselineSeconds:F1} s {roi.BaselineSource} against {roi.ActualSeconds:F1} s {roi.ActualSource}), {roi.Speedup:F1} times as fast, {roi.AnnualCostSavings:N0} USD a year at {roi.Rate:N0} USD an hour and {roi.TasksPerDay:N0} tasks a day");
        foreach (var assumption in roi.Assumptions)
            console.MarkupLineInterpolated($"          [grey]{assumption}[/]");
        console.MarkupLineInterpolated($"Console   {report.Console} (while the demo runs; --keep leaves it open)");
    }

    private static Table Matrix(DemoReport report)
    {
        var cells = report.Matrix.ToList();
        var slots = cells.Select(cell => cell.Slot).Distinct().Order(StringComparer.Ordinal).ToList();
        var table = new Table().Border(TableBorder.Rounded).AddColumn("posts");
        foreach (var slot in slots)
            table.AddColumn(Markup.Escape($"{slot[5..10]} {slot[11..16]}"));
        foreach (var platform in cells.GroupBy(cell => cell.Platform))
            table.AddRow([Markup.Escape(platform.Key), .. slots.Select(slot => platform.FirstOrDefault(cell => cell.Slot == slot).Posts.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return table;
    }

    private static void Optimisation(IAnsiConsole console, DemoReport report)
    {
        if (report.Optimisation is not { } step)
            return;
        console.MarkupLineInterpolated($"Learning  {step.Events:N0} [yellow]simulated[/] engagement events; {step.Analysis.Recommendations.Count} recommendations");
        foreach (var text in step.Analysis.Recommendations.Take(3))
            console.MarkupLineInterpolated($"          {text}");
        console.MarkupLineInterpolated($"Optimised one post for {step.Post.Platform}: expected rank {step.Reply.Before.Score:F0} to {step.Reply.After.Score:F0} of 100 (80%: {step.Reply.After.Low:F0} to {step.Reply.After.High:F0})");
        foreach (var change in step.Reply.Changes)
            console.MarkupLineInterpolated($"          {change.What}: {Short(change.Before)} -> {Short(change.After)}, because {change.Reason}");
    }

    private static string Short(string text) => text.Length <= 40 ? text : $"{text[..40]}…";

    private static Table Jobs(DemoReport report)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in new[] { "task", "approach", "engine", "first token", "total", "patterns", "tests", "attempts", "engine calls" })
            table.AddColumn(heading);
        foreach (var (task, job) in report.Jobs)
        {
            var result = job.Result ?? new V1.JobResult();
            table.AddRow(new[]
            {
                task, result.Approach, result.Engine, $"{result.FirstTokenMs:F0} ms", $"{result.TotalMs:F0} ms", $"{result.Patterns.Count}",
                result.Tests is { } tests ? $"{tests.Outcome} ({tests.Passed}/{tests.Passed + tests.Failed})" : job.State, $"{result.Attempts.Count}", $"{result.EngineCalls}",
            }.Select(Markup.Escape).ToArray());
        }

        return table;
    }
}
