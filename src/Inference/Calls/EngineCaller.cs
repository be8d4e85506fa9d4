using Microsoft.Extensions.Logging;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Asks the engines of a job's chain until one gives a complete answer. Before the first token a failure is silent; after it
/// the text starts anew under a higher draft number, or the job fails, as configured.
/// </summary>
internal sealed partial class EngineCaller(EngineCall call, InferenceOptions options, TimeProvider time, ILogger<EngineCaller> log)
{
    private const int PatientFactor = 6;

    /// <summary>A complete answer.</summary>
    /// <exception cref="JobException">No engine of the chain gave one within the job's budget.</exception>
    public async Task<EngineAnswer> AskAsync(JobRun run, EngineRequest request, CancellationToken token)
    {
        var clean = SecretScan.Clean(request.Messages);
        var asking = new Asking(run, request with { Messages = clean }, TokenEstimate.Of(clean));
        for (var position = 0; position < run.Chain.Count; position++)
        {
            var engine = run.Chain[position];
            if (run.RuledOut.Contains(engine.Name) || !MayFollow(asking, engine))
                continue;
            asking.Turn(engine);
            if (await AskEngineAsync(asking, engine, IsLast(run, position), token) is { } answer)
                return MayFollow(asking, engine) ? answer : throw Undeclared(engine);
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
        if (asking.PromptTokens + 256 > model.ContextTokens)
        {
            asking.Note(engine, new EngineException(FailureKind.ContextOverflow, $"{engine.Name} holds {model.ContextTokens:N0} tokens and the prompt has about {asking.PromptTokens:N0}."));
            return null;
        }

        var backoff = new Backoff(TimeSpan.FromMilliseconds(options.BackoffMs), run.Random);
        for (var retry = 0; ; retry++)
        {
            Afford(asking, engine, model);
            run.Progress.Say(said => said.EngineStarted = new EngineStarted { Engine = engine.Name, Model = model.Id, Attempt = run.Attempt, Reason = asking.Reason });
            try
            {
                return await call.RunAsync(run, engine, model, asking.Request, asking.PromptTokens, token);
            }
            catch (EngineException failure)
            {
                LogFailure(run.Job.Id, engine.Name, failure.Kind, failure.Message);
                asking.Note(engine, failure);
                Restart(run, failure);
                if (!asking.Grow(model, failure) && (retry >= options.RetriesPerEngine || !failure.MayRetry))
                    return null;
                if (Pause(backoff, failure, asking, last) is not { } pause)
                    return null;
                run.Tally.Retries++;
                await Task.Delay(pause, time, token);
            }
        }
    }

    /// <summary>How long to wait before the same engine is asked again; null when another should be asked instead.</summary>
    private TimeSpan? Pause(Backoff backoff, EngineException failure, Asking asking, bool last)
    {
        if (failure.Kind == FailureKind.OutputLimit)
            return TimeSpan.Zero;
        var patience = TimeSpan.FromSeconds(options.MaxRetryAfterSeconds) * (last || asking.Run.IsBatch ? PatientFactor : 1);
        if (failure.RetryAfter > patience)
            return null;
        var pause = backoff.Next(failure.RetryAfter);
        return pause < asking.Run.Budget.Remaining ? pause : null;
    }

    /// <summary>Text that already went to the caller is taken back, or the job ends here.</summary>
    private void Restart(JobRun run, EngineException failure)
    {
        if (failure.Kind == FailureKind.Refused)
            throw new JobException(FailureCodes.Refused, failure.Message, transient: false, failure);
        if (run.Progress.HasText && options.BrokenStream == "fail")
            throw new JobException(FailureCodes.EngineUnavailable, $"{failure.Message} The stream had begun and Inference:BrokenStream is 'fail'.", failure.Transient, failure);
        run.Progress.Restart(failure.Message);
    }

    /// <summary>Checks the budgets before a call is made: a limit that is checked afterwards is no limit.</summary>
    private static void Afford(Asking asking, Engine engine, EngineModel model)
    {
        var run = asking.Run;
        if (asking.Calls++ > 0 && !run.Budget.TryTakeCall())
            throw new JobException(FailureCodes.EngineUnavailable, $"The job's budget of extra calls (Inference:RetryBudget) is used up. Last failure: {asking.Reason}", transient: true, asking.Last);
        var most = Pricing.Most(asking.PromptTokens, Math.Min(asking.Request.MaxOutputTokens, model.MaxOutputTokens), model.Price);
        if (!run.Budget.Affords(run.Tally.CostUsd, most))
            throw new JobException(FailureCodes.CostLimit, FormattableString.Invariant(
                $"max_cost_usd is {run.Budget.MaxCostUsd}; {run.Tally.CostUsd:0.######} is spent and the next call to {engine.Name} could cost {most:0.######}."), transient: false);
    }

    /// <summary>A real engine is never replaced by a simulated one, even if nobody declared it.</summary>
    private static bool MayFollow(Asking asking, Engine engine) => asking.First is not { } first || first.Simulated || !engine.Simulated;

    private static bool IsLast(JobRun run, int position) =>
        !run.FallbackAllowed || run.Chain.Skip(position + 1).All(engine => run.RuledOut.Contains(engine.Name));

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

    /// <summary>One answer being asked for.</summary>
    private sealed class Asking(JobRun run, EngineRequest request, long promptTokens)
    {
        public JobRun Run => run;

        public EngineRequest Request { get; private set; } = request;

        public long PromptTokens => promptTokens;

        public int Calls { get; set; }

        public Engine? First { get; private set; }

        public EngineException? Last { get; private set; }

        public string Reason => Last?.Message ?? "";

        private Engine? Current { get; set; }

        /// <summary>The next engine's turn; a fallback if another failed before.</summary>
        public void Turn(Engine engine)
        {
            if (Current is not null)
                run.Tally.Fallbacks.Add($"{Current.Name} -> {engine.Name}: {Reason}");
            Current = engine;
        }

        public void Note(Engine engine, EngineException failure)
        {
            First ??= engine;
            Last = failure;
            if (failure.RulesOutEngine)
                run.RuledOut.Add(engine.Name);
        }

        /// <summary>After an answer that was cut by the output limit: doubles the limit if the model allows more.</summary>
        public bool Grow(EngineModel model, EngineException failure)
        {
            if (failure.Kind != FailureKind.OutputLimit || Request.MaxOutputTokens >= model.MaxOutputTokens)
                return false;
            Request = Request with { MaxOutputTokens = Math.Min(Request.MaxOutputTokens * 2, model.MaxOutputTokens) };
            return true;
        }
    }
}
