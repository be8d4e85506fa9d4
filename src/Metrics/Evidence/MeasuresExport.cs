using System.Net.Mime;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Platform.Contracts;
using Platform.Metrics.Measures;
using Platform.Metrics.Pages;
using Platform.Metrics.Rollups;
using Platform.V1;

namespace Platform.Metrics.Evidence;

/// <summary>The measures to take away: as one JSON document a kind of job, or as rows of group, name, measure, value and unit.</summary>
internal static class MeasuresExport
{
    private static readonly string[] Columns = ["group", "name", "measure", "value", "unit"];
    private static readonly JsonFormatter Json = new(new JsonFormatter.Settings(formatDefaultValues: true).WithPreserveProtoFieldNames(true));

    /// <summary>Answers with the file.</summary>
    public static async Task<IResult> ServeAsync(ConsoleCaller caller, MeasuresQuery measures, TimeProvider time, string? format, string? range, string? simulated)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var scope = new FiguresScope(caller.Tenant, TimeRange.Find(range).FromMs(now), now, simulated == "1");
        var summaries = new List<(string Kind, Summary Summary)>();
        foreach (var kind in JobKinds.All.Prepend("all"))
            summaries.Add((kind, await measures.SummarizeAsync(scope with { Kind = kind == "all" ? "" : kind }, caller.Gone)));
        return format == "json"
            ? Downloads.File("measures.json", MediaTypeNames.Application.Json, $"{{{string.Join(",\n", summaries.Select(s => $"\"{s.Kind}\": {Json.Format(s.Summary)}"))}}}")
            : Downloads.File("measures.csv", MediaTypeNames.Text.Csv, Csv.Write(Columns, summaries.SelectMany(s => Rows(s.Kind, s.Summary))));
    }

    /// <summary>Every figure of a kind of job.</summary>
    internal static IEnumerable<IReadOnlyList<object>> Rows(string kind, Summary summary)
    {
        foreach (var row in Rows(kind, "all", summary.Total))
            yield return row;
        foreach (var (group, figures) in new[] { ("approach", summary.Approaches), ("engine", summary.Engines), ("model", summary.Models), ("language", summary.Languages), ("platform", summary.Platforms) })
        {
            foreach (var row in figures.SelectMany(f => Rows($"{kind}, by {group}", f.Name.Length == 0 ? "none" : f.Name, f)))
                yield return row;
        }

        foreach (var failure in summary.Failures)
            yield return [$"{kind}, failures", failure.Code, "jobs", failure.Jobs, "jobs"];
        yield return [$"{kind}, people", "judged", "jobs", summary.Judgement.Judged, "jobs"];
        yield return [$"{kind}, people", "accepted", "jobs", summary.Judgement.Accepted, "jobs"];
        yield return [$"{kind}, people", "edited", "jobs", summary.Judgement.Edited, "jobs"];
        yield return [$"{kind}, people", "rejected", "jobs", summary.Judgement.Rejected, "jobs"];
        if (kind != "all")
            yield break;
        foreach (var row in summary.ContentPlatforms.Prepend(summary.Content).SelectMany(Rows))
            yield return row;
    }

    private static IEnumerable<IReadOnlyList<object>> Rows(ContentFigures posts)
    {
        var name = posts.Name.Length == 0 ? "all posts" : posts.Name;
        (string Group, string Measure, object Value, string Unit)[] rows =
        [
            ("posts", "ended", posts.Posts, "posts"), ("posts", "fit their platform", posts.Fitting, "posts"), ("posts", "broke its rules", posts.Invalid, "posts"), ("posts", "held back", posts.Blocked, "posts"),
            ("posts", "failed", posts.Failed, "posts"), ("posts", "approved", posts.Approved, "posts"), ("posts", "rejected", posts.Rejected, "posts"),
            ("posts", "mean score", posts.HasScore ? posts.Score : "", "of 100"), ("posts", "markers before", posts.HasMarkersBefore ? posts.MarkersBefore : "", "per 1,000 words"),
            ("posts", "markers after", posts.HasMarkersAfter ? posts.MarkersAfter : "", "per 1,000 words"), ("posts", "cost", posts.CostUsd, "USD"), ("posts", "time to approval p50", posts.ApprovalMs.P50, "ms"),
            ("engagement", "posts", posts.Outreach.Posts, "posts"), ("engagement", "impressions", posts.Outreach.Impressions, "events"), ("engagement", "interactions", posts.Outreach.Interactions, "events"),
            ("engagement", "conversions", posts.Outreach.Conversions, "events"), ("engagement", "unfollows", posts.Outreach.Unfollows, "events"),
        ];
        return rows.Select(r => (IReadOnlyList<object>)[r.Group, name, r.Measure, r.Value, r.Unit]);
    }

    private static IEnumerable<IReadOnlyList<object>> Rows(string group, string name, Figures figures)
    {
        (string Measure, object Value, string Unit)[] rows =
        [
            ("jobs", figures.Jobs, "jobs"), ("succeeded", figures.Succeeded, "jobs"), ("failed", figures.Failed, "jobs"), ("cancelled", figures.Cancelled, "jobs"),
            ("total p50", figures.TotalMs.P50, "ms"), ("total p95", figures.TotalMs.P95, "ms"), ("total p99", figures.TotalMs.P99, "ms"),
            ("first token p50", figures.FirstTokenMs.P50, "ms"), ("first token p95", figures.FirstTokenMs.P95, "ms"), ("first token p99", figures.FirstTokenMs.P99, "ms"),
            ("queue p50", figures.QueueMs.P50, "ms"), ("queue p95", figures.QueueMs.P95, "ms"), ("queue p99", figures.QueueMs.P99, "ms"),
            ("checked by a compiler or parser", figures.Checked, "jobs"), ("compiled", figures.Compiled, "jobs"), ("with tests", figures.WithTests, "jobs"),
            ("tests passed at once", figures.PassedFirst, "jobs"), ("tests passed after fixes", figures.PassedAfterFix, "jobs"), ("further attempts", figures.FixAttempts, "attempts"),
            ("with patterns", figures.WithPatterns, "jobs"), ("with patterns, succeeded", figures.WithPatternsSucceeded, "jobs"), ("patterns used", figures.PatternsUsed, "uses"),
            ("fallbacks", figures.Fallbacks, "jobs"), ("retries", figures.Retries, "calls"), ("hedges", figures.Hedges, "calls"), ("shared answers", figures.SharedAnswers, "answers"),
            ("engine calls", figures.EngineCalls, "calls"), ("tokens in, full price", figures.Tokens.InputUncached, "tokens"), ("tokens in, cached", figures.Tokens.InputCached, "tokens"),
            ("tokens in, written to cache", figures.Tokens.CacheWritten, "tokens"), ("tokens out", figures.Tokens.Output, "tokens"), ("tokens out, reasoning", figures.Tokens.Reasoning, "tokens"), ("tokens a second of work", figures.TokensPerSecond, "tokens/s"), ("jobs at work at once", figures.AtWork, "jobs"),
            ("cost", figures.CostUsd, "USD"), ("cost a success", figures.Succeeded == 0 ? 0 : figures.CostUsd / figures.Succeeded, "USD"),
        ];
        return rows.Select(r => (IReadOnlyList<object>)[group, name, r.Measure, r.Value, r.Unit])
            .Concat(figures.Failures.Select(f => (IReadOnlyList<object>)[group, name, $"failed: {(f.Code.Length > 0 ? f.Code : "no class")}", f.Jobs, "jobs"]));
    }
}
