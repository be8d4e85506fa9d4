using System.Globalization;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary>How the memory fares, as fields of <c>stats --json</c> and in words.</summary>
internal static class AnalyticsView
{
    /// <summary>Adds the fields.</summary>
    public static void AddTo(Dictionary<string, object?> rows, PatternAnalytics analytics)
    {
        rows["reuse"] = Share(analytics.Reuse);
        rows["hit"] = Share(analytics.Hits);
        rows["lift"] = new
        {
            with_memory = Share(analytics.Lift.WithMemory),
            withheld = Share(analytics.Lift.Withheld),
            difference = Math.Round(analytics.Lift.Difference, 4),
            low = Math.Round(analytics.Lift.Low, 4),
            high = Math.Round(analytics.Lift.High, 4),
            analytics.Lift.Conclusive,
        };
        rows["top"] = analytics.Top.Select(Ranked);
        rows["failing"] = analytics.Failing.Select(Ranked);
        rows["days"] = analytics.Days.Select(d => new { d.Day, d.Added, d.Learned, d.Recalls, d.Hits, d.Jobs, d.Succeeded, d.Reused });
        rows["by_project"] = analytics.Projects.Select(p => new { p.Project, p.Patterns, p.Learned, p.Jobs, p.Succeeded, p.Reused });
    }

    /// <summary>Says it in words.</summary>
    public static void Show(CommandRun run, PatternAnalytics analytics)
    {
        var lift = analytics.Lift;
        run.Answer.MarkupLineInterpolated($"{"reuse",-28} {Words(analytics.Reuse)} of the successful jobs show a pattern");
        run.Answer.MarkupLineInterpolated($"{"hit",-28} {Words(analytics.Hits)} of the recalls found something");
        run.Answer.MarkupLineInterpolated($"{"lift",-28} {(lift.Withheld.All == 0 ? "not measured yet: no job had its memory withheld" : string.Create(CultureInfo.InvariantCulture, $"{lift.Difference:+0.0%;-0.0%} [{lift.Low:+0.0%;-0.0%}, {lift.High:+0.0%;-0.0%}]: {Words(lift.WithMemory)} succeed with memory, {Words(lift.Withheld)} without{(lift.Conclusive ? "" : "; not conclusive")}"))}");
        foreach (var top in analytics.Top)
            run.Answer.MarkupLineInterpolated($"[green]helps[/] {top.PatternId} {top.Project}/{top.Path} {top.Name} [grey]{top.Successes} of {top.Successes + top.Failures}[/]");
        foreach (var failing in analytics.Failing)
            run.Answer.MarkupLineInterpolated($"[red]fails[/] {failing.PatternId} {failing.Project}/{failing.Path} {failing.Name} [grey]{failing.Failures} of {failing.Successes + failing.Failures}{(failing.Banned ? ", banned" : "")}[/]");
    }

    private static object Share(Proportion share) => new { share.Count, share.All, share = Math.Round(share.Share, 4), low = Math.Round(share.Low, 4), high = Math.Round(share.High, 4) };

    private static object Ranked(RankedPattern p) => new { p.PatternId, p.Project, p.Path, p.Name, p.Kind, p.Successes, p.Failures, success_estimate = Math.Round(p.SuccessEstimate, 4), p.Banned };

    private static string Words(Proportion share) => share.All == 0 ? "none" : string.Create(CultureInfo.InvariantCulture, $"{share.Share:P1} ({share.Count} of {share.All})");
}
