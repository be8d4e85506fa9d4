using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Router;

/// <summary>Cancels jobs: what waits is closed at once, what runs is asked to stop.</summary>
internal sealed class Cancellation(JobStore jobs, Announcer announcer, Pulses pulses, IBus bus)
{
    /// <summary>Cancels a job (column "id") or a batch (column "batch_id") of a tenant.</summary>
    public Task CancelAsync(string tenant, string column, string value, string reason, CancellationToken token) =>
        CancelAsync(tenant, column, value, reason, running: true, token);

    /// <summary>Cancels what waits of a batch; what runs may end.</summary>
    public Task CancelWaitingAsync(string tenant, string batchId, string reason, CancellationToken token) =>
        CancelAsync(tenant, "batch_id", batchId, reason, running: false, token);

    private async Task CancelAsync(string tenant, string column, string value, string reason, bool running, CancellationToken token)
    {
        var (closed, asked) = await jobs.CancelAsync(tenant, column, value, reason, running, token);
        pulses.Outbox.Beat();
        foreach (var (id, fence) in asked)
            await bus.Publish(new CancellationAsked { JobId = id, Fence = fence }, token);
        foreach (var (id, origin) in closed)
            await announcer.AnnounceAsync(id, origin, watched: true, token);
    }
}
