using Platform.V1;

namespace Platform.Metrics.Evidence;

/// <summary>
/// What stands behind an answer, to be kept beside it: how it was routed, what it was built on and under which licence, how it was
/// checked, and what it cost. It says what was not checked, and whether a simulator wrote it.
/// </summary>
internal sealed record ProofCard
{
    public required string Job { get; init; }

    public required string State { get; init; }

    public required bool Simulated { get; init; }

    public required string Task { get; init; }

    public required string Language { get; init; }

    public required string AcceptedAt { get; init; }

    public required string ClosedAt { get; init; }

    public required RouteProof Route { get; init; }

    public required string PromptVersion { get; init; }

    public required IReadOnlyList<PatternProof> Patterns { get; init; }

    public required TestProof Tests { get; init; }

    public required IReadOnlyList<FileProof> Files { get; init; }

    public required IReadOnlyList<AttemptProof> Attempts { get; init; }

    public required CostProof Cost { get; init; }

    /// <summary>Puts a card together from a job and the licences of its patterns, as far as the memory still knows them.</summary>
    public static ProofCard Of(Job job, IReadOnlyDictionary<string, string> licences)
    {
        var result = job.Result ?? job.Failure?.Partial ?? new JobResult();
        return new ProofCard
        {
            Job = job.Id,
            State = job.State,
            Simulated = job.Simulated || result.Simulated,
            Task = job.Request?.Task ?? "",
            Language = job.Request?.Language ?? "",
            AcceptedAt = Pages.Format.Iso(job.CreatedMs),
            ClosedAt = job.ClosedMs > 0 ? Pages.Format.Iso(job.ClosedMs) : "",
            Route = new RouteProof(job.Route?.Approach ?? "", result.Approach, result.Engine, result.Model, [.. (job.Route?.Reasons ?? []).Select(r => new ReasonProof(r.Rule, r.Text, r.Decided))], [.. result.Fallbacks]),
            PromptVersion = result.PromptVersion,
            Patterns = [.. result.Patterns.Select(p => new PatternProof(p.Id, p.Project, p.Path, p.StartLine, p.EndLine, licences.GetValueOrDefault(p.Id, "unknown")))],
            Tests = TestsOf(result),
            Files = [.. (result.Validation?.Files ?? []).Select(FileOf)],
            Attempts = [.. result.Attempts.Select(a => new AttemptProof(a.Number, a.Source, a.Engine, a.Outcome, a.CostUsd))],
            Cost = new CostProof(result.CostUsd, result.EngineCalls, result.Usage?.InputUncached ?? 0, result.Usage?.InputCached ?? 0, result.Usage?.CacheWritten ?? 0, result.Usage?.Output ?? 0),
        };
    }

    private static TestProof TestsOf(JobResult result) => result.Tests is { } tests
        ? new TestProof(tests.Outcome, tests.Passed, tests.Failed, result.TestsTrust, tests.Reason)
        : new TestProof("unchecked", 0, 0, result.TestsTrust, "No tests were run.");

    private static FileProof FileOf(FileReport file) => new(file.Path, file.Language, file.Syntax, file.Reason,
        [.. file.Diagnostics.Select(d => $"{d.Severity} {d.Code} line {d.Line}: {d.Message}")],
        [.. file.Security.Select(s => $"{s.Severity} {s.Rule} {s.Cwe} line {s.Line}: {s.Message}")]);
}

/// <summary>How a job was routed and who answered.</summary>
internal sealed record RouteProof(string Chosen, string Answered, string Engine, string Model, IReadOnlyList<ReasonProof> Reasons, IReadOnlyList<string> Fallbacks);

/// <summary>What one rule of the routing matrix said.</summary>
internal sealed record ReasonProof(string Rule, string Text, bool Decided);

/// <summary>A pattern that went into the prompt, or was replayed.</summary>
internal sealed record PatternProof(string Id, string Project, string Path, int StartLine, int EndLine, string Licence);

/// <summary>How the tests came out, and how far they can be trusted.</summary>
internal sealed record TestProof(string Outcome, int Passed, int Failed, string Trust, string Reason);

/// <summary>What was found in a file; "unchecked" when no tool looked.</summary>
internal sealed record FileProof(string Path, string Language, string Syntax, string Reason, IReadOnlyList<string> Diagnostics, IReadOnlyList<string> Security);

/// <summary>One attempt.</summary>
internal sealed record AttemptProof(int Number, string Source, string Engine, string Outcome, double CostUsd);

/// <summary>What the engines counted and cost.</summary>
internal sealed record CostProof(double Usd, int EngineCalls, long InputUncached, long InputCached, long CacheWritten, long Output);
