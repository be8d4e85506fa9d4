using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>How a job ended.</summary>
/// <param name="State">One of the closed <see cref="JobStates"/>.</param>
/// <param name="Result">The result of a success.</param>
/// <param name="Failure">Why it did not succeed, with what there is of a result.</param>
internal sealed record JobOutcome(string State, JobResult? Result, Failure? Failure)
{
    public static JobOutcome Success(JobResult result) => new(JobStates.Succeeded, result, null);

    public static JobOutcome Fail(string code, string message, bool transient, JobResult partial) =>
        new(JobStates.Failed, null, new Failure { Code = code, Message = message, Transient = transient, Partial = partial });

    public static JobOutcome Cancel(JobResult partial) =>
        new(JobStates.Cancelled, null, new Failure { Code = FailureCodes.Cancelled, Message = "The job was cancelled while it ran.", Partial = partial });
}

/// <summary>Fills results with what a run counted.</summary>
internal static class Results
{
    /// <summary>Calls have a limit of 4 MiB; the ledger must be able to take every report.</summary>
    private const int MostBytes = 3_500_000;

    /// <summary>A result that has the figures and no answer yet.</summary>
    public static JobResult Begin(JobRun run)
    {
        var result = new JobResult();
        Count(result, run);
        return result;
    }

    /// <summary>What there is of a job that did not get to an answer.</summary>
    public static JobResult Partial(JobRun run)
    {
        var result = Begin(run);
        result.Approach = run.Approach;
        result.Text = run.Progress.Text;
        result.Attempts.AddRange(run.Attempts);
        result.TestsTrust = "none";
        return result;
    }

    /// <summary>Brings the figures of a result up to date and keeps it small enough to be reported.</summary>
    public static void Finish(JobResult? result, JobRun run)
    {
        if (result is null)
            return;
        Count(result, run);
        if (result.CalculateSize() <= MostBytes)
            return;
        foreach (var attempt in result.Attempts.SkipLast(1))
            attempt.Code = "";
        foreach (var file in result.Files.TakeWhile(_ => result.CalculateSize() > MostBytes))
            file.Diff = "";
        if (result.CalculateSize() > MostBytes)
            result.Text = "";
    }

    /// <summary>An attempt with the figures of its calls.</summary>
    public static Attempt ToAttempt(JobRun run, EngineAnswer? answer, string outcome, string error, string code, double ms)
    {
        var attempt = new Attempt
        {
            Number = run.Attempt,
            Engine = answer?.Engine.Name ?? "",
            Model = answer?.Model ?? "",
            Source = "engine",
            Outcome = outcome,
            Error = error,
            Code = code,
            FirstTokenMs = answer?.FirstTokenMs ?? 0,
            Ms = ms,
            Usage = run.Tally.AttemptUsage,
            CostUsd = (double)run.Tally.AttemptCostUsd,
        };
        attempt.RawUsage.AddRange(run.Tally.AttemptRaw);
        return attempt;
    }

    /// <summary>Name and version of a prompt template, as results carry it.</summary>
    public static string PromptVersion(string template) => $"{template}@{TaskFingerprint.PromptVersion}";

    private static void Count(JobResult result, JobRun run)
    {
        var tally = run.Tally;
        result.EngineCalls = tally.Calls;
        result.Retries = tally.Retries;
        result.Hedges = tally.Hedges;
        result.SharedAnswers = tally.Shared;
        result.MemoryWithheld = run.MemoryWithheld;
        if (run.MemoryFound is { } found)
            result.MemoryFound = found;
        result.FailedEngines.Clear();
        result.FailedEngines.AddRange(tally.FailedEngines);
        result.Usage = tally.Usage.Clone();
        result.CostUsd = (double)tally.CostUsd;
        result.Simulated |= tally.Simulated;
        result.FirstTokenMs = tally.FirstTokenMs ?? 0;
        result.QueueMs = run.QueueMs;
        result.TotalMs = run.QueueMs + run.SinceClaimMs;
        result.Fallbacks.Clear();
        result.Fallbacks.AddRange(tally.Fallbacks);
        result.Tools.Clear();
        result.Tools.AddRange(run.Tools);
    }
}
