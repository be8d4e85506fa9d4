using Platform.Contracts;
using Platform.V1;

namespace Platform.Cli;

/// <summary>A job as the <c>--json</c> document of <c>generate</c> (docs/schemas/generate.json).</summary>
internal static class JobDocument
{
    /// <summary>The document.</summary>
    /// <param name="job">A closed job.</param>
    /// <param name="firstTokenMs">Time to the first token as this command saw it; 0 when none came.</param>
    public static object Of(Job job, double firstTokenMs)
    {
        var result = job.Result ?? job.Failure?.Partial ?? new JobResult();
        return new
        {
            job = job.Id,
            result.Simulated,
            result.Approach,
            result.Engine,
            result.Model,
            job.State,
            result.Code,
            files = result.Files.Select(file => new { file.Path, file.Language, file.Diff }),
            attempts = result.Attempts.Select(attempt => new
            {
                attempt.Number,
                attempt.Engine,
                attempt.Model,
                attempt.Source,
                attempt.Outcome,
                attempt.Error,
                ms = Math.Round(attempt.Ms, 1),
                cost_usd = attempt.CostUsd,
            }),
            patterns_used = result.Patterns.Count,
            tests_passed = result.Tests is { } tests ? tests.Outcome == "passed" : (bool?)null,
            regression = result.Regression is { } kept ? new { kept.Outcome, kept.Reason, kept.PassedBefore, kept.Lost } : null,
            ms = Math.Round(result.TotalMs, 1),
            first_token_ms = Math.Round(result.FirstTokenMs > 0 ? result.FirstTokenMs : firstTokenMs, 1),
            cost_usd = result.CostUsd,
            engine_calls = result.EngineCalls,
            fallbacks = result.Fallbacks,
            tools_used = result.Tools.Select(tool => tool.Name).Distinct(),
            prompt_version = result.PromptVersion,
            failure = job.State == JobStates.Succeeded ? null : new { code = job.Failure?.Code, message = job.Failure?.Message },
        };
    }
}
