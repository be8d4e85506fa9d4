using System.Text.Json;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Runs a content job: standing instructions and a task, one answer, no code checks. Platform rules are checked by who asked.</summary>
internal sealed class ContentJob(EngineCaller caller)
{
    private const float Temperature = 0.7f;

    public async Task<JobOutcome> RunAsync(JobRun run, CancellationToken token)
    {
        var started = run.SinceClaimMs;
        var answer = await caller.AskAsync(run, new EngineRequest
        {
            Messages = PromptBuilder.Content(run),
            Tier = run.Tier.Length > 0 ? run.Tier : ModelTiers.Quality,
            Temperature = Temperature,
            MaxOutputTokens = OutputLimits.Content(run),
            Stream = !run.IsBatch,
            Schema = run.Request.ResponseSchema.Length > 0 ? JsonElement.Parse(run.Request.ResponseSchema) : null,
        }, token);
        var result = Results.Begin(run);
        result.Text = answer.Text.Trim();
        result.Approach = run.Approach == Approaches.Pattern ? Approaches.Instructions : run.Approach;
        result.Engine = answer.Engine.Name;
        result.Model = answer.Model;
        result.TestsTrust = "none";
        result.PromptVersion = Results.PromptVersion("content");
        result.Attempts.Add(Results.ToAttempt(run, answer, "passed", "", "", run.SinceClaimMs - started));
        return JobOutcome.Success(result);
    }
}
