using Grpc.Core;
using Microsoft.Extensions.Logging;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Why work on a job stops before it is done.</summary>
internal enum StopReason
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>Another worker may have it by now: nothing that follows counts.</summary>
    LeaseLost,

    /// <summary>This process stops; another worker shall have it.</summary>
    Shutdown,
}

/// <summary>
/// Holds a job's lease: renews it in time, about once a second while there is something to store, and hears of cancellation
/// and watchers. When the ledger cannot be reached until the lease is nearly over, the work stops by itself: that is what makes
/// a paused or cut-off worker harmless.
/// </summary>
internal sealed partial class Lease : IAsyncDisposable
{
    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(1);

    private readonly LedgerClient ledger;
    private readonly ClaimReply claim;
    private readonly JobRun run;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly TimeSpan length;
    private readonly TimeSpan usable;
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task heartbeat;
    private long renewedAt;
    private double storedUsd;
    private int reason;
    private bool reporting;

    public Lease(LedgerClient ledger, ClaimReply claim, long claimedAt, JobRun run, InferenceOptions options, TimeProvider time, ILogger log)
    {
        (this.ledger, this.claim, this.run, this.time, this.log) = (ledger, claim, run, time, log);
        length = TimeSpan.FromMilliseconds(claim.LeaseMs);
        usable = length * (1 - options.LeaseMargin);
        renewedAt = claimedAt;
        storedUsd = SpentUsd;
        Watch(claim.Watchers);
        heartbeat = BeatAsync();
    }

    /// <summary>Cancelled when the work must stop; <see cref="Reason"/> says why.</summary>
    public CancellationToken Stopped => stop.Token;

    /// <summary>Why it stopped.</summary>
    public StopReason Reason => (StopReason)Volatile.Read(ref reason);

    /// <summary>Addresses that watch.</summary>
    public IReadOnlyList<string> Watchers { get; private set; } = [];

    /// <summary>Whether the lease is certainly still ours.</summary>
    public bool IsHeld => Reason != StopReason.LeaseLost && time.GetElapsedTime(Volatile.Read(ref renewedAt)) < usable;

    /// <summary>Stops the work, once; the first reason counts.</summary>
    public void Stop(StopReason why)
    {
        if (Interlocked.CompareExchange(ref reason, (int)why, (int)StopReason.None) == (int)StopReason.None)
            stop.Cancel();
    }

    /// <summary>The report is on its way: once the ledger has it, a renewal that crosses it is told that the job is closed, and that is no loss.</summary>
    public void BeginReport() => Volatile.Write(ref reporting, true);

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await heartbeat;
        closing.Dispose();
        // `stop` is left to the collector: a cancellation or a shutdown may still ask a job to stop that has just ended, and must not fail for it.
    }

    /// <summary>What the job cost so far: the ledger hears of it with every renewal, since a worker that dies cannot say it any more.</summary>
    private double SpentUsd => (double)run.Tally.CostUsd;

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(StoreEvery < length / 3 ? StoreEvery : length / 3, time);
        try
        {
            while (await timer.WaitForNextTickAsync(closing.Token) && Reason != StopReason.LeaseLost)
            {
                var age = time.GetElapsedTime(renewedAt);
                if (age >= usable)
                    Lose("the ledger could not be reached in time");
                else if (age >= length / 3 || run.Progress.HasNews || SpentUsd > storedUsd)
                    await RenewAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Closing: the job is done.
        }
    }

    /// <summary>Renews once. A renewal on its way when the job ends is let through: to the ledger a call that is torn off is an error.</summary>
    private async Task RenewAsync()
    {
        // The lease counts from before the call: the answer may have been long on its way.
        var sentAt = time.GetTimestamp();
        var renewal = run.Progress.ToRenewal();
        renewal.SpentUsd = SpentUsd;
        try
        {
            var reply = await ledger.RenewAsync(renewal, claim.Job.Tenant, CancellationToken.None);
            if (!reply.Held)
            {
                Lose("the ledger gave the job to another worker or closed it");
                return;
            }

            Volatile.Write(ref renewedAt, sentAt);
            run.Progress.Acknowledge(renewal);
            storedUsd = renewal.SpentUsd;
            Watch(reply.Watchers);
            if (reply.Cancel)
                Stop(StopReason.Cancelled);
        }
        catch (RpcException failure)
        {
            LogRenewFailed(claim.Job.Id, failure.StatusCode);
        }
    }

    private void Lose(string why)
    {
        if (!Volatile.Read(ref reporting))
        {
            LogLost(claim.Job.Id, claim.Fence, why);
            InferenceTelemetry.LostLeases.Add(1);
        }

        // Also after a cancellation: nothing may be reported any more.
        Interlocked.Exchange(ref reason, (int)StopReason.LeaseLost);
        stop.Cancel();
    }

    private void Watch(IEnumerable<string> addresses)
    {
        Watchers = [.. addresses];
        run.Progress.Watched = Watchers.Count > 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the lease could not be renewed ({Status}); trying again.")]
    private partial void LogRenewFailed(string jobId, StatusCode status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: lease {Fence} is lost, {Reason}. Work stops and nothing is reported.")]
    private partial void LogLost(string jobId, long fence, string reason);
}
