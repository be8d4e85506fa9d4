using Microsoft.Extensions.Logging;
using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// Asks the engines of a job's chain until one gives a complete answer. Before the first token a failure is silent; after it
/// the text starts anew under a higher draft number, is written on, or the job fails, as configured.
/// </summary>
internal sealed partial class EngineCaller(HedgedCall call, AnswerCache cache, InferenceOptions options, TimeProvider time, ILogger<EngineCaller> log)
{
    private const int PatientFactor = 6;
    private const int PromptMargin = 256;

    /// <summary>A complete answer.</summary>
    /// <exception cref="JobException">No engine of the chain gave one within the job's budget.</exception>
    public async Task<EngineAnswer> AskAsync(JobRun run, EngineRequest request, CancellationToken token)
    {
        var clean = request with { Messages = SecretScan.Clean(request.Messages), Temperature = run.Request.Deterministic ? 0 : request.Temperature };
        if (AnswerCache.KeyOf(run, clean) is not { } key)
            return await AskChainAsync(run, clean, token);
        var (answer, shared) = await cache.GetAsync(key, () => AskChainAsync(run, clean, token), token);
        if (shared)
        {
            run.Tally.Share(answer.Engine.Simulated);
            (clean.Outlet ?? new ProgressOutlet(run.Progress)).Take("", answer.Text);
        }

        return answer;
    }

    private async Task<EngineAnswer> AskChainAsync(JobRun run, EngineRequest request, CancellationToken token)
    {
        var asking = new Asking(run, request, TokenEstimate.Of(request.Messages));
        List<Engine> chain = [.. run.Chain.OrderBy(engine => engine.Name.Equals(request.First, StringComparison.OrdinalIgnoreCase) ? 0 : 1)];
        for (var position = 0; position < chain.Count; position++)
        {
            var engine = chain[position];
            if (run.RuledOut.ContainsKey(engine.Name) || !MayFollow(asking, engine))
                continue;
            asking.Turn(engine);
            if (await AskEngineAsync(asking, engine, IsLast(run, chain, position), token) is { } answer)
                return MayFollow(asking, engine) ? asking.Whole(answer) : throw Undeclared(engine);
            if (asking.Last?.Kind is not (FailureKind.ContextOverflow or FailureKind.OutputLimit))
                run.Tally.GaveNothing(engine.Name);
            if (!run.FallbackAllowed)
                break;
        }

        throw GiveUp(asking);
    }

    /// <summary>Asks one engine, again if that makes sense. Null when the next one should be asked.</summary>
    private async Task<EngineAnswer?> AskEngineAsync(Asking asking, Engine engine, bool last, CancellationToken token)
    {
        var run = asking.Run;
        var model = engine.Entry.Model(asking.Request.Tier);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(options.BackoffMs), run.Random);
        for (var retry = 0; ; retry++)
        {
            if (asking.PromptTokens + PromptMargin > model.ContextTokens)
            {
                asking.Note(engine, new EngineException(FailureKind.ContextOverflow, $"{engine.Name} holds {model.ContextTokens:N0} tokens and the prompt has about {asking.PromptTokens:N0}."));
                return null;
            }

            using var reserved = Afford(asking, engine, model);
            try
            {
                return await call.RunAsync(run, new CallPlan(engine, model, asking.Request, asking.PromptTokens, Patience(run, last), last, asking.Reason), token);
            }
            catch (EngineException failure)
            {
                LogFailure(run.Job.Id, engine.Name, failure.Kind, failure.Message);
                if (!failure.Sent && --asking.Calls > 0)
                    run.Budget.ReturnCall();
                asking.Note(engine, failure);
                AfterBreak(asking, failure);
                if (!asking.Grow(model, failure) && (retry >= options.RetriesPerEngine || !failure.MayRetry))
                    return null;
                if (Pause(backoff, failure, run, last) is not { } pause)
                    return null;
                run.Tally.Retry();
                await Task.Delay(pause, time, token);
            }
        }
    }

    /// <summary>How long to wait before the same engine is asked again; null when another should be asked instead.</summary>
    private TimeSpan? Pause(Backoff backoff, EngineException failure, JobRun run, bool last)
    {
        if (failure.Kind == FailureKind.OutputLimit)
            return TimeSpan.Zero;
        if (failure.RetryAfter > RetryPatience(run, last))
            return null;
        var pause = backoff.Next(failure.RetryAfter);
        return pause < run.Budget.Remaining ? pause : null;
    }

    /// <summary>How long a call may stand in line for an engine's quota: a batch job has time and its caller's money is not spent on a dearer engine.</summary>
    private TimeSpan Patience(JobRun run, bool last) => run.IsBatch || run.Budget.Patience < RetryPatience(run, last) ? run.Budget.Patience : RetryPatience(run, last);

    private TimeSpan RetryPatience(JobRun run, bool last) => TimeSpan.FromSeconds(options.MaxRetryAfterSeconds) * (last || run.IsBatch ? PatientFactor : 1);

    /// <summary>Text that already went to the caller is taken back or written on, or the job ends here.</summary>
    private void AfterBreak(Asking asking, EngineException failure)
    {
        var run = asking.Run;
        if (failure.Kind == FailureKind.Refused)
            throw new JobException(FailureCodes.Refused, failure.Message, transient: false, failure);
        if (!asking.Request.IsHeard || !run.Progress.HasText)
            return;
        if (options.BrokenStream == "fail")
            throw new JobException(FailureCodes.EngineUnavailable, $"{failure.Message} The stream had begun and Inference:BrokenStream is 'fail'.", failure.Transient, failure);
        if (options.BrokenStream == "continue" && CanBeContinued(asking, failure))
        {
            asking.Continue(failure.Partial);
            return;
        }

        asking.StartAnew();
        run.Progress.Restart(failure.Message);
    }

    private static bool CanBeContinued(Asking asking, EngineException failure) =>
        failure.Partial.Length > 0 && asking.Request.Tools is not { Count: > 0 }
        && failure.Kind is FailureKind.Truncated or FailureKind.StreamError or FailureKind.IdleGap or FailureKind.OutputLimit;

    /// <summary>Checks the budgets before a call is made: a limit that is checked afterwards is no limit.</summary>
    private static IDisposable Afford(Asking asking, Engine engine, EngineModel model)
    {
        var run = asking.Run;
        if (asking.Calls++ > 0 && !run.Budget.TryTakeCall())
            throw new JobException(FailureCodes.EngineUnavailable, $"The job's budget of extra calls (Inference:RetryBudget) is used up. Last failure: {asking.Reason}", transient: true, asking.Last);
        var most = Pricing.Most(asking.PromptTokens, Math.Min(asking.Request.MaxOutputTokens, model.MaxOutputTokens), model.Price);
        return run.Budget.Reserve(() => run.Tally.CostUsd, most)
            ?? throw new JobException(FailureCodes.CostLimit, FormattableString.Invariant(
                $"max_cost_usd is {run.Budget.MaxCostUsd}; {run.Tally.CostUsd:0.######} is spent and the next call to {engine.Name} could cost {most:0.######}."), transient: false);
    }

    /// <summary>A real engine is never replaced by a simulated one, even if nobody declared it.</summary>
    private static bool MayFollow(Asking asking, Engine engine) => asking.First is not { } first || first.Simulated || !engine.Simulated;

    private static bool IsLast(JobRun run, List<Engine> chain, int position) =>
        !run.FallbackAllowed || chain.Skip(position + 1).All(engine => run.RuledOut.ContainsKey(engine.Name));

    private static JobException Undeclared(Engine engine) => new(
        FailureCodes.EngineUnavailable,
        $"{engine.Name} turned out to be a simulator and may not stand in for a real engine. Set Engines:{engine.Name}:Simulated=true or take it out of the chain.",
        transient: false);

    private static JobException GiveUp(Asking asking)
    {
        if (asking.Last is not { } last)
            return new JobException(FailureCodes.NoEngine, $"No engine may answer this job. {EngineCatalog.HowToConfigure}", transient: false);
        var code = last.Kind switch
        {
            FailureKind.OutputLimit => FailureCodes.Truncated,
            FailureKind.ContextOverflow => FailureCodes.ContextTooLarge,
            _ => FailureCodes.EngineUnavailable,
        };
        var fallback = asking.Run.FallbackAllowed ? "" : " Fallback is switched off.";
        return new JobException(code, $"{last.Message}{fallback}", last.Transient, last);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: {Engine} failed ({Kind}): {Reason}")]
    private partial void LogFailure(string jobId, string engine, FailureKind kind, string reason);
}
