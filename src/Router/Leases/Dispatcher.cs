using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Messages;

namespace Platform.Router;

/// <summary>
/// Brings due jobs to their queues: new batch jobs, jobs whose message got lost, jobs whose worker did. One loop is
/// relay and sweep in one. The interactive lane is sent in full; of the batch lane only a window is on the queue, taken from
/// the tenants by weight, because a queue cannot be fair once messages are in it. What was sent counts against the window until it is claimed.
/// </summary>
internal sealed partial class Dispatcher(DispatchStore store, LeaseStore leases, WatcherStore watchers, BatchKeeper batches, Arrivals arrivals, JobSender sender, BusTraits traits, Pulses pulses,
    IOptions<RouterOptions> options, TimeProvider time, ILogger<Dispatcher> log) : BackgroundService
{
    private const int MostPerPick = 100;
    private static readonly TimeSpan ShortestGap = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReclaimEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PruneEvery = TimeSpan.FromMinutes(1);
    private readonly FairShares fair = new(options.Value.TenantWeights);
    private bool _started;
    private DateTimeOffset _reclaimAt;
    private DateTimeOffset _pruneAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SweepAsync(stoppingToken);
                await pulses.Jobs.WaitAsync(TimeSpan.FromMilliseconds(options.Value.SweepMs), stoppingToken);
                await Task.Delay(ShortestGap, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogSweepFailed(e);
                await Task.Delay(options.Value.SweepMs, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>One round over leases and lanes.</summary>
    internal async Task SweepAsync(CancellationToken token)
    {
        if (!_started && !traits.IsDurable)
            await leases.FreeAllAsync(token);
        _started = true;
        var now = time.GetUtcNow();
        if (now >= _reclaimAt)
        {
            _reclaimAt = now + ReclaimEvery;
            await ReclaimAsync(token);
            await arrivals.SweepAsync(token);
            await batches.LookAsync(token);
        }

        await SendAgainAsync(Lanes.Interactive, token);
        await SendAgainAsync(Lanes.Batch, token);
        await DispatchAsync(Lanes.Interactive, int.MaxValue, token);
        await DispatchAsync(Lanes.Batch, options.Value.BatchWindow - await store.SentAsync(Lanes.Batch, token), token);
        if (now >= _pruneAt)
        {
            _pruneAt = now + PruneEvery;
            await watchers.PruneAsync(token);
        }
    }

    private async Task ReclaimAsync(CancellationToken token)
    {
        var (requeued, dead, cancelled) = await leases.ReclaimAsync(token);
        if (requeued + dead + cancelled > 0)
            LogReclaimed(requeued, dead, cancelled);
        if (dead + cancelled > 0)
            pulses.Outbox.Beat();
    }

    private async Task SendAgainAsync(string lane, CancellationToken token)
    {
        while (await store.PickAgainAsync(lane, MostPerPick, token) is { Count: > 0 } due)
            await SendAsync(lane, due, token);
    }

    private async Task DispatchAsync(string lane, long room, CancellationToken token)
    {
        while (room > 0)
        {
            var tenants = await store.TenantsAsync(lane, token);
            if (tenants.Count == 0)
                return;
            var sent = 0;
            foreach (var (tenant, share) in lane == Lanes.Batch ? fair.Divide(tenants, (int)Math.Min(room, int.MaxValue)) : tenants.Select(tenant => (tenant, MostPerPick)))
            {
                var due = await store.PickAsync(lane, tenant, Math.Min(share, MostPerPick), token);
                await SendAsync(lane, due, token);
                sent += due.Count;
            }

            room -= sent;
            if (sent == 0)
                return;
        }
    }

    private async Task SendAsync(string lane, IReadOnlyList<DueJob> due, CancellationToken token)
    {
        var sends = due.Select(job => (job.Id, Sent: SendAsync(lane, job, token))).ToList();
        try
        {
            await Task.WhenAll(sends.Select(send => send.Sent));
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            await store.MakeDueAsync(sends.Where(send => !send.Sent.IsCompletedSuccessfully).Select(send => send.Id), token);
            throw;
        }
    }

    private async Task SendAsync(string lane, DueJob job, CancellationToken token)
    {
        using var activity = RouterTelemetry.Resume("send ticket", job.Trace, job.BatchId is not null);
        await sender.SendAsync(lane, job.Id, job.Tenant, token);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Leases ran out: {Requeued} jobs queued again, {Dead} given up as dead letters, {Cancelled} closed as cancelled.")]
    private partial void LogReclaimed(int requeued, int dead, int cancelled);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sweep of the ledger failed; the next one tries again.")]
    private partial void LogSweepFailed(Exception e);
}

/// <summary>Sends tickets to the lanes' queues.</summary>
internal sealed class JobSender(IBus bus)
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(10);

    /// <summary>Sends one ticket and waits until the broker has it.</summary>
    /// <exception cref="Exception">The broker does not answer within 10 s, or no queue is bound yet; the job stays in the ledger.</exception>
    public async Task SendAsync(string lane, string jobId, string tenant, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(SendLimit);
        var endpoint = await bus.GetSendEndpoint(new Uri($"exchange:{Lanes.Queue(lane)}"));
        await endpoint.Send(new GenerationRequested { JobId = jobId, Tenant = tenant }, limit.Token);
    }
}
