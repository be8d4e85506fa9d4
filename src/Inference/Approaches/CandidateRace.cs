using Microsoft.Extensions.AI;
using Platform.Contracts;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// Race and judge: several candidates at once for an interactive job with tests, within the job's one budget. The first that passes
/// wins; the others are aborted and what they cost is counted. When none passes, the best goes into the fix loop.
/// </summary>
internal sealed class CandidateRace(EngineCaller caller, InferenceOptions options)
{
    private const int MostCandidates = 8;
    private const float FirstTemperature = 0.1f;
    private const float TemperatureStep = 0.3f;
    private const float HighestTemperature = 1f;

    /// <summary>Refuses settings that cannot work.</summary>
    public static void Check(InferenceOptions options)
    {
        foreach (var (approach, candidates) in options.Race)
        {
            if (approach is not (Approaches.Instructions or Approaches.Traditional) || candidates is < 1 or > MostCandidates)
                throw new InvalidOperationException($"Inference:Race:{approach} is '{candidates}'; a good value is Inference:Race:instructions=3 (instructions or traditional, 1 to {MostCandidates}).");
        }
    }

    /// <summary>The winner, or the best; null where no race is held.</summary>
    public async Task<(Candidate Candidate, Verdict Verdict)?> TryAsync(JobRun run, IApproach approach, List<ChatMessage> conversation, CandidateJudge judge, CancellationToken token)
    {
        if (Candidates(run, approach, conversation) is not ({ } request, > 1 and var count))
            return null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(token);
        var running = Enumerable.Range(0, count).Select(number => RunAsync(run, Vary(request, number), judge, stop.Token)).ToList();
        var ended = new List<(Candidate Candidate, Verdict Verdict)>();
        Exception? failure = null;
        while (running.Count > 0 && !ended.Any(one => one.Verdict.Outcome == CodeJob.Verdicts.Passed))
        {
            var next = await Task.WhenAny(running);
            running.Remove(next);
            if (next.IsCompletedSuccessfully)
                ended.Add(await next);
            else
                failure = next.Exception?.InnerException ?? new OperationCanceledException(token);
        }

        await stop.CancelAsync();
        await Task.WhenAll(running.Select(static one => one.ContinueWith(static _ => { }, TaskScheduler.Default)));
        if (ended.Count == 0)
            throw failure!;
        var best = ended.MaxBy(one => one.Verdict.Rank);
        Say(run, best);
        return best;
    }

    private (EngineRequest? Request, int Count) Candidates(JobRun run, IApproach approach, List<ChatMessage> conversation)
    {
        if (run.IsBatch || run.Request.Tests.Count == 0 || run.Request.Deterministic || !options.Race.TryGetValue(approach.Name, out var wanted))
            return (null, 0);
        var request = approach.SingleCall(run, conversation);
        var engine = run.Chain.FirstOrDefault(engine => !run.RuledOut.ContainsKey(engine.Name));
        if (request is null || engine is null)
            return (null, 0);
        var model = engine.Entry.Model(request.Tier);
        var dearest = Pricing.Most(TokenEstimate.Of(request.Messages), Math.Min(request.MaxOutputTokens, model.MaxOutputTokens), model.Price);
        var count = 1;
        while (count < wanted && run.Budget.Affords(run.Tally.CostUsd, dearest * (count + 1)) && run.Budget.TryTakeCall())
            count++;
        return (request, count);
    }

    private async Task<(Candidate Candidate, Verdict Verdict)> RunAsync(JobRun run, EngineRequest request, CandidateJudge judge, CancellationToken token)
    {
        var candidate = CandidateJudge.Read(run, await caller.AskAsync(run, request, token));
        return (candidate, await judge.JudgeAsync(candidate, null, token));
    }

    private static EngineRequest Vary(EngineRequest request, int number) => request with
    {
        Messages = [.. request.Messages],
        Temperature = Math.Min(HighestTemperature, FirstTemperature + (number * TemperatureStep)),
        Outlet = SilentOutlet.Instance,
    };

    /// <summary>Watchers see the winner as if it had been alone.</summary>
    private static void Say(JobRun run, (Candidate Candidate, Verdict Verdict) best)
    {
        run.Progress.Token(best.Candidate.Text, reasoning: false);
        if (best.Verdict.Validation is { } report)
            run.Progress.Say(said => said.Validation = report);
        if (best.Verdict.Tests is { } tests)
            run.Progress.Say(said => said.Tests = tests);
    }
}
