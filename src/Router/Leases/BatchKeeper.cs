using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Keeps batches to their terms: holds their waiting jobs back outside their window or when those on their way may use up the money, and lets them
/// go again. When the money is used up it cancels what waits: what runs is paid for and may end. At the deadline it cancels all.
/// Any replica may do it; a batch is looked at about once a second.
/// </summary>
internal sealed partial class BatchKeeper(BatchStore store, Cancellation cancellation, Pulses pulses, IOptions<RouterOptions> options, TimeProvider time, ILogger<BatchKeeper> log)
{
    /// <summary>Reasons to hold a batch.</summary>
    public const string Window = "window";

    /// <summary>What is on its way may use up the money.</summary>
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
        if (batch.Waiting + batch.Running == 0)
        {
            await store.RetireAsync(batch.Id, token);
        }
        else if (batch.ExpiresMs > 0 && now.ToUnixTimeMilliseconds() >= batch.ExpiresMs)
        {
            const string Why = "the batch was not done by its deadline (terms.deadline_ms)";
            LogEnded(batch.Id, Why);
            await cancellation.CancelAsync(batch.Tenant, "batch_id", batch.Id, $"Cancelled: {Why}.", token);
        }
        else if (batch.MaxCostUsd > 0 && BatchMoney.IsSpent(batch.LeftUsd))
        {
            await EndWaitingAsync(batch, token);
        }
        else
        {
            await HoldAsync(batch, now, token);
        }
    }

    private async Task EndWaitingAsync(BatchState batch, CancellationToken token)
    {
        if (batch.Waiting == 0)
            return;
        var why = FormattableString.Invariant($"the batch spent {batch.SpentUsd:0.####} of terms.max_cost_usd {batch.MaxCostUsd:0.####} US dollars");
        LogEnded(batch.Id, why);
        await cancellation.CancelWaitingAsync(batch.Tenant, batch.Id, $"Cancelled: {why}.", token);
    }

    private async Task HoldAsync(BatchState batch, DateTimeOffset now, CancellationToken token)
    {
        var (reason, until) = Holds(BatchTerms.Parser.ParseFrom(batch.Terms), now);
        var (onTheWay, room) = Money(batch);
        if (reason.Length > 0)
            onTheWay = 0;
        var claimable = Math.Max(0, onTheWay - batch.Running);
        if (reason.Length == 0 && batch.Waiting > claimable)
            reason = Cost;
        // What was given back meanwhile waits on the wrong side, too.
        var stays = batch.Claimable == claimable || (batch.Claimable < claimable && batch.HeldBack == 0);
        if (stays && reason == batch.Held && room.Equals(batch.RoomUsd))
            return;
        await store.HoldAsync(batch.Id, reason, until, onTheWay, room, token);
        if (reason != batch.Held)
            LogHeld(batch.Id, reason.Length == 0 ? "nothing" : reason);
        if (!stays && batch.Claimable < claimable)
            pulses.Jobs.Beat();
    }

    private (long OnTheWay, double RoomUsd) Money(BatchState batch)
    {
        if (batch.MaxCostUsd <= 0)
            return (int.MaxValue, 0);
        var expected = BatchMoney.ExpectedUsd(options.Value.ReserveUsd, batch.Closed, batch.ClosedUsd);
        var onTheWay = BatchMoney.OnTheWay(batch.LeftUsd, expected);
        return (onTheWay, BatchMoney.RoomUsd(batch.LeftUsd, expected, Math.Min(onTheWay, batch.Waiting + batch.Running)));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch}: {Why}; what is left of it is cancelled.")]
    private partial void LogEnded(string batch, string why);

    [LoggerMessage(Level = LogLevel.Information, Message = "Batch {Batch} is now held by: {Reason}.")]
    private partial void LogHeld(string batch, string reason);
}
