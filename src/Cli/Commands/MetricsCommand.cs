using System.CommandLine;
using Platform.V1;
using Spectre.Console;

namespace Platform.Cli.Commands;

/// <summary><c>platform metrics summary|alerts|rules|acknowledge</c>.</summary>
internal static class MetricsCommand
{
    private static readonly Option<bool> Simulated = new("--simulated") { Description = "Count simulated jobs instead of real ones." };
    private static readonly Option<bool> All = new("--all") { Description = "Closed alerts too." };

    public static Command Create() => new("metrics", "Percentiles, rates, costs and alerts.")
    {
        CommandRun.Bind(new Command("summary", "Figures of the last 24 hours, in all and by approach.") { Simulated }, SummaryAsync),
        CommandRun.Bind(new Command("alerts", "Open alerts, and the rules that open them.") { All }, AlertsAsync),
        MetricsRulesCommand.Rules(),
        MetricsRulesCommand.Acknowledge(),
    };

    private static async Task<int> SummaryAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var summary = await new V1.Metrics.MetricsClient(session.Invoker).SummarizeAsync(new SummaryRequest { Simulated = run.Get(Simulated) }, cancellationToken: token);
        if (run.Json)
            CommandRun.Print(DocumentOf(summary));
        else
            run.Answer.Write(TableOf(summary));
        return ExitCodes.Success;
    }

    private static object DocumentOf(Summary summary)
    {
        var (people, reach) = (summary.Judgement ?? new Judgement(), summary.Outreach ?? new Outreach());
        return new
        {
            summary.Simulated,
            summary.FromMs,
            summary.ToMs,
            total = Of(summary.Total ?? new Figures()),
            approaches = summary.Approaches.Select(Of),
            engines = summary.Engines.Select(Of),
            models = summary.Models.Select(Of),
            languages = summary.Languages.Select(Of),
            platforms = summary.Platforms.Select(Of),
            failures = summary.Failures.Select(f => new { f.Code, f.Jobs }),
            judgement = new { people.Judged, people.Accepted, people.Edited, people.Rejected, people.ChangedLines },
            posts = Of(summary.Content ?? new ContentFigures()),
            post_platforms = summary.ContentPlatforms.Select(Of),
            engagement = Of(reach),
        };
    }

    private static object Of(ContentFigures posts) => new
    {
        posts.Name,
        posts.Posts,
        posts.Fitting,
        posts.Invalid,
        posts.Blocked,
        posts.Failed,
        posts.Approved,
        posts.Rejected,
        score = posts.HasScore ? posts.Score : (double?)null,
        markers_before = posts.HasMarkersBefore ? posts.MarkersBefore : (double?)null,
        markers_after = posts.HasMarkersAfter ? posts.MarkersAfter : (double?)null,
        posts.CostUsd,
        approval_ms = Of(posts.ApprovalMs ?? new Percentiles()),
        engagement = Of(posts.Outreach ?? new Outreach()),
    };

    private static object Of(Outreach reach) => new { reach.Posts, reach.Impressions, reach.Interactions, reach.Conversions, reach.Unfollows };

    private static object Of(Figures figures) => new
    {
        figures.Name,
        figures.Jobs,
        figures.Succeeded,
        figures.Failed,
        figures.Cancelled,
        total_ms = Of(figures.TotalMs),
        first_token_ms = Of(figures.FirstTokenMs),
        queue_ms = Of(figures.QueueMs),
        figures.WithTests,
        figures.PassedFirst,
        figures.PassedAfterFix,
        figures.FixAttempts,
        figures.Checked,
        figures.Compiled,
        figures.WithPatterns,
        figures.WithPatternsSucceeded,
        figures.PatternsUsed,
        figures.TokensPerSecond,
        figures.AtWork,
        figures.Fallbacks,
        figures.Retries,
        figures.Hedges,
        figures.SharedAnswers,
        figures.EngineCalls,
        tokens = Of(figures.Tokens ?? new TokenCounts()),
        figures.CostUsd,
        failures = figures.Failures.Select(f => new { f.Code, f.Jobs }),
    };

    private static object Of(TokenCounts tokens) => new { tokens.InputUncached, tokens.InputCached, tokens.CacheWritten, tokens.Output, tokens.Reasoning };

    private static object? Of(Percentiles? p) => p is null ? null : new { p.Count, p.P50, p.P95, p.P99, p.Mean, p.Max };

    private static Table TableOf(Summary summary)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var heading in new[] { "approach", "jobs", "succeeded", "failed", "p50 ms", "p95 ms", "p99 ms", "first token p50", "p99", "queue p50", "p99", "tokens in", "out", "fallbacks", "USD" })
            table.AddColumn(heading);
        foreach (var row in summary.Approaches.Append(summary.Total ?? new Figures { Name = "all" }))
            table.AddRow(new[] { row.Name.Length == 0 ? "all" : row.Name, $"{row.Jobs:N0}", $"{row.Succeeded:N0}", $"{row.Failed:N0}", Ms(row.TotalMs?.P50), Ms(row.TotalMs?.P95), Ms(row.TotalMs?.P99), Ms(row.FirstTokenMs?.P50), Ms(row.FirstTokenMs?.P99), Ms(row.QueueMs?.P50), Ms(row.QueueMs?.P99), $"{row.Tokens?.InputUncached + row.Tokens?.InputCached + row.Tokens?.CacheWritten ?? 0:N0}", $"{row.Tokens?.Output ?? 0:N0}", $"{row.Fallbacks:N0}", $"{row.CostUsd:F4}" }.Select(Markup.Escape).ToArray());
        return table;
    }

    private static string Ms(double? value) => value is { } ms ? $"{ms:N0}" : "-";

    private static async Task<int> AlertsAsync(CommandRun run, CancellationToken token)
    {
        await using var session = await HostSession.OpenAsync(run, "all", token);
        var metrics = new V1.Metrics.MetricsClient(session.Invoker);
        var reply = await metrics.ListAlertsAsync(new ListAlertsRequest { All = run.Get(All) }, cancellationToken: token);
        var rules = await metrics.GetAlertRulesAsync(new GetAlertRulesRequest(), cancellationToken: token);
        if (run.Json)
            CommandRun.Print(new { alerts = reply.Alerts.Select(MetricsRulesCommand.Of), rules = rules.Thresholds.Select(MetricsRulesCommand.Of) });
        else
        {
            foreach (var alert in reply.Alerts)
                run.Answer.MarkupLineInterpolated($"[bold]{alert.Severity}[/] {alert.Rule}: {alert.Message}");
            run.Answer.Write(MetricsRulesCommand.TableOf(rules));
        }

        if (reply.Alerts.Count == 0)
            run.Say("No alert is open.");
        return ExitCodes.Success;
    }
}
