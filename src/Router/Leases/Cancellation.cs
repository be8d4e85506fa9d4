using MassTransit;
using Platform.Contracts.Messages;

namespace Platform.Router;

/// <summary>Cancels jobs: what waits is closed at once, what runs is asked to stop.</summary>
internal sealed class Cancellation(JobStore jobs, Announcer announcer, Pulses pulses, IBus bus)
{
    /// <summary>Cancels a job (column "id") or a batch (column "batch_id") of a tenant.</summary>
    public async Task CancelAsync(string tenant, string column, string value, string reason, CancellationToken token)
    {
        var (closed, running) = await jobs.CancelAsync(tenant, column, value, reason, token);
        pulses.Outbox.Beat();
        foreach (var id in running)
            await bus.Publish(new CancellationAsked { JobId = id }, token);
        foreach (var (id, origin) in closed)
            await announcer.AnnounceAsync(id, origin, watched: true, token);
    }
}
