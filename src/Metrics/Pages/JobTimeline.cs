using System.Globalization;
using Platform.V1;

namespace Platform.Metrics.Pages;

/// <summary>One line of a job's timeline.</summary>
/// <param name="AtMs">When, in milliseconds since 1970 UTC.</param>
/// <param name="Title">What happened.</param>
/// <param name="Detail">More about it.</param>
/// <param name="Mark">State that colours it; empty for none.</param>
internal sealed record TimelineEntry(long AtMs, string Title, string Detail, string Mark = "");

/// <summary>Puts the events of a job into words.</summary>
internal static class JobTimeline
{
    /// <summary>Stages in their order; text is shown elsewhere.</summary>
    public static IReadOnlyList<TimelineEntry> Of(IEnumerable<JobEvent> events) => [.. events.Select(Of).OfType<TimelineEntry>()];

    /// <summary>The text so far, and the draft it belongs to.</summary>
    public static (string Text, int Draft) TextOf(IEnumerable<JobEvent> events)
    {
        var (text, draft) = (new System.Text.StringBuilder(), 0);
        foreach (var e in events)
        {
            var (of, piece, whole) = e.WhatCase switch
            {
                JobEvent.WhatOneofCase.Token when !e.Token.Reasoning => (e.Token.Draft, e.Token.Text, false),
                JobEvent.WhatOneofCase.Snapshot => (e.Snapshot.Draft, e.Snapshot.Text, true),
                _ => (draft, "", false),
            };
            if (whole || of != draft)
                text.Clear();
            draft = of;
            text.Append(piece);
        }

        return (text.ToString(), draft);
    }

    private static TimelineEntry? Of(JobEvent e) => e.WhatCase switch
    {
        JobEvent.WhatOneofCase.Accepted => new(e.AtMs, "Accepted", $"route {e.Accepted.Route?.Approach}, {Decisive(e.Accepted.Route)}"),
        JobEvent.WhatOneofCase.PatternsUsed => new(e.AtMs, e.PatternsUsed.Withheld ? "Memory withheld" : $"{e.PatternsUsed.Patterns.Count} patterns", e.PatternsUsed.Withheld ? "on purpose, to measure what memory brings" : string.Join(", ", e.PatternsUsed.Patterns.Select(p => p.Path.Length > 0 ? p.Path : p.Id))),
        JobEvent.WhatOneofCase.EngineStarted => new(e.AtMs, $"{e.EngineStarted.Engine} asked", Join($"{e.EngineStarted.Model}, attempt {e.EngineStarted.Attempt}", e.EngineStarted.Reason)),
        JobEvent.WhatOneofCase.Restarted => new(e.AtMs, "Text begins anew", e.Restarted.Reason),
        JobEvent.WhatOneofCase.ToolCall => new(e.AtMs, $"Tool {e.ToolCall.Name}", Format.Short(e.ToolCall.Arguments, 200), e.ToolCall.Failed ? "failed" : "ok"),
        JobEvent.WhatOneofCase.Validation => new(e.AtMs, $"Attempt {e.Validation.Attempt} checked", Checked(e.Validation), e.Validation.Ok ? "ok" : "invalid"),
        JobEvent.WhatOneofCase.Tests => new(e.AtMs, $"Attempt {e.Tests.Attempt} tested", Join(string.Create(CultureInfo.InvariantCulture, $"{e.Tests.Passed} passed, {e.Tests.Failed} failed in {Format.Ms(e.Tests.Ms)}"), e.Tests.Reason), e.Tests.Outcome),
        JobEvent.WhatOneofCase.Fix => new(e.AtMs, $"Fix for attempt {e.Fix.Attempt}", Join($"from {e.Fix.Source}", Join(Format.Short(e.Fix.Error, 300), Format.Short(e.Fix.Explanation, 300)))),
        JobEvent.WhatOneofCase.Completed => new(e.AtMs, "Succeeded", $"total {Format.Ms(e.Completed.TotalMs)}", "succeeded"),
        JobEvent.WhatOneofCase.Failed => new(e.AtMs, "Failed", $"{e.Failed.Code}: {Format.Short(e.Failed.Message, 400)}", "failed"),
        JobEvent.WhatOneofCase.Cancelled => new(e.AtMs, "Cancelled", Format.Short(e.Cancelled.Message, 400), "cancelled"),
        _ => null,
    };

    private static string Decisive(RouteDecision? route) =>
        route?.Reasons.FirstOrDefault(r => r.Decided) is { } reason ? $"{reason.Rule}: {reason.Text}" : "no rule decided";

    private static string Checked(ValidationReport report)
    {
        var findings = report.Files.Sum(f => f.Diagnostics.Count) + report.Files.Sum(f => f.Security.Count);
        var unchecked_ = report.Files.Count(f => f.Syntax == "unchecked");
        return string.Create(CultureInfo.InvariantCulture, $"{report.Files.Count} files, {findings} findings{(unchecked_ > 0 ? $", {unchecked_} unchecked" : "")}");
    }

    private static string Join(string first, string second) => second.Length == 0 ? first : first.Length == 0 ? second : $"{first}: {second}";
}
