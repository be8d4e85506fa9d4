using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Keeps batches to their terms: holds their waiting jobs back outside their window or when those that run may use up the money, lets them
/// go again, and cancels what is left when time or money has run out. Any replica may do it; a batch is looked at about once a second.
/// </summary>
internal sealed partial class BatchKeeper(BatchStore store, Cancellation cancellation, Pulses pulses, TimeProvider time, ILogger<BatchKeeper> log)
{
    /// <summary>Reasons to hold a batch.</summary>
    public const string Window = "window";

    /// <summary>What runs may use up the money.</summary>
    public const string Cost = "cost";

    /// <summary>What holds a batch at an instant, before any of its jobs ran.</summary>
    public static (string Reason, long UntilMs) Holds(BatchTerms? terms, DateTimeOffset now) =>
        terms is not null && BatchWindow.Of(terms) is { } window && !window.IsOpen(now) ? (Window, window.NextOpening(now).ToUnixTimeMilliseconds()) : ("", 0);

    /// <summary>Looks at every batch that is due.</summary>
    public async Task LookAsync(CancellationToken token)
    {
        foreach (var batch in await store.TakeDueAsync(token))
            await LookAsync(batch, token);
    }

    private async Task LookAsync(BatchState batch, CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (batch.Open == 0)
            await store.RetireAsync(batch.Id, token);
        else if (batch.ExpiresMs > 0 && now.ToUnixTimeMilliseconds() >= batch.ExpiresMs)
            await EndAsync(batch, "the batch was not done by its deadline (terms.deadline_ms)", token);
        else if (batch.MaxCostUsd > 0 && batch.SpentUsd >= batch.MaxCostUsd)
            await EndAsync(batch, FormattableString.Invariant($"the batch spent {batch.SpentUsd:0.####} of terms.max_cost_usd {batch.MaxCostUsd:0.####} US dollars"), token);
        else
            await HoldAsync(batch, now, token);
    }

    private async Task EndAsync(BatchState batch, string why, CancellationToken token)
    {
        LogEnded(batch.Id, why);
        await cancellation.CancelAsync(batch.Tenant, "batch_id", batch.Id, $"Cancelled: {why}.", token);
    }

    private async Task HoldAsync(BatchState batch, DateTimeOffset now, CancellationToken token)
    {
        var (reason, until) = Holds(BatchTerms.Parser.ParseFrom(batch.Terms), now);
        if (reason.Length == 0 && MayUseUpTheMoney(batch))
            reason = Cost;
        if (reason == batch.Held)
            return;
        await store.HoldAsync(batch.Id, reason, until, token);
        LogHeld(batch.Id, reason.Length == 0 ? "nothing" : reason);
        if (reason.Length == 0)
            pulses.Jobs.Beat();
    }

    /// <summary>Whether the jobs on their way could spend what is left, going by what closed ones cost. The first are let go to find out.</summary>
    private static bool MayUseUpTheMoney(BatchState batch)
    {
        if (batch.MaxCostUsd <= 0 || batch.Closed == 0)
            return false;
        var average = batch.SpentUsd / batch.Closed;
        return batch.OnTheWay > 0 && batch.SpentUsd + (average * batch.OnTheWay) >= batch.MaxCostUsd;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch}: {Why}; what is left of it is cancelled.")]
    private partial void LogEnded(string batch, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch} is now held by: {Reason}.")]
    private partial void LogHeld(string batch, string reason);
}
