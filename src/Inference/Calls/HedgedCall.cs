using Platform.Contracts.Engines;

namespace Platform.Inference;

/// <summary>
/// Makes a call, and a second one beside it when the first is later than nineteen of twenty were: the first token decides which of
/// them speaks, the other is aborted and what it cost is counted. Only for routes that <c>Inference:Hedge</c> names, and only where somebody waits.
/// </summary>
internal sealed class HedgedCall(EngineCall call, EnginePaces paces, InferenceOptions options, TimeProvider time)
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes the call, hedged if that is allowed and useful.</summary>
    public async Task<EngineAnswer> RunAsync(JobRun run, CallPlan plan, CancellationToken token)
    {
        if (Delay(run, plan) is not { } delay)
            return await call.RunAsync(run, plan, token);
        var contest = new FirstTokenContest(plan.Request.Outlet ?? new ProgressOutlet(run.Progress));
        using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(token);
        using var first = new Contestant(call, run, plan, contest, 0, token);
        await Task.WhenAny(first.Answer, contest.Winner, Task.Delay(delay, time, stopWaiting.Token));
        await stopWaiting.CancelAsync();
        if (first.Answer.IsCompleted || contest.Winner.IsCompleted || token.IsCancellationRequested || run.Budget.Reserve(() => run.Tally.CostUsd, Pricing.Most(plan.PromptTokens, plan.MaxOutputTokens, plan.Model.Price)) is not { } reserve)
            return await first.Answer;
        using var reserved = reserve;
        if (!run.Budget.TryTakeCall())
            return await first.Answer;
        run.Tally.Hedge();
        using var second = new Contestant(call, run, plan with { Reason = $"{plan.Engine.Name} is late" }, contest, 1, token);
        return await SettleAsync(contest, [first, second]);
    }

    private static async Task<EngineAnswer> SettleAsync(FirstTokenContest contest, Contestant[] both)
    {
        // Without a first token a failure decides nothing as long as the other may still answer.
        await Task.WhenAny(contest.Winner, Task.WhenAll(both.Select(one => one.EndAsync())));
        var winner = contest.Winner.IsCompletedSuccessfully ? both[await contest.Winner] : both.FirstOrDefault(one => one.Answer.IsCompletedSuccessfully) ?? both[0];
        foreach (var loser in both.Where(one => one != winner))
        {
            await loser.StopAsync();
            await loser.EndAsync();
        }

        return await winner.Answer;
    }

    private TimeSpan? Delay(JobRun run, CallPlan plan)
    {
        if (run.IsBatch || !plan.Request.Stream || !options.Hedge.Contains(run.Approach, StringComparer.OrdinalIgnoreCase) || paces.Of(plan.Engine, plan.Model.Id).FirstTokenP95 is not { } p95)
            return null;
        var delay = TimeSpan.FromMilliseconds(p95);
        return delay > ShortestDelay ? delay : ShortestDelay;
    }

    private sealed class Contestant : IDisposable
    {
        private readonly CancellationTokenSource stop;

        public Contestant(EngineCall call, JobRun run, CallPlan plan, FirstTokenContest contest, int number, CancellationToken token)
        {
            stop = CancellationTokenSource.CreateLinkedTokenSource(token);
            Answer = Task.Run(() => call.RunAsync(run, plan with { Request = plan.Request with { Outlet = contest.Of(number) } }, stop.Token), CancellationToken.None);
        }

        public Task<EngineAnswer> Answer { get; }

        public Task EndAsync() => Answer.ContinueWith(static _ => { }, TaskScheduler.Default);

        public Task StopAsync() => stop.CancelAsync();

        public void Dispose() => stop.Dispose();
    }
}
