using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Metrics.Alerts;

/// <summary>Asks the router. Of a queue longer than a page the oldest job is not seen, so the wait is at least what this says.</summary>
internal sealed class RouterQueueAge(IPeers peers, TimeProvider time) : IQueueAge
{
    private const int Page = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task<DateTimeOffset?> OldestAsync(string tenant, CancellationToken token)
    {
        try
        {
            var router = new Generation.GenerationClient(peers.For(ModuleNames.Router));
            var options = new CallOptions(Caller.ForTenant(tenant), time.GetUtcNow().UtcDateTime + Patience, token);
            var waiting = await router.ListJobsAsync(new ListJobsRequest { State = JobStates.Queued, PageSize = Page }, options);
            return waiting.Jobs.Count == 0 ? time.GetUtcNow() : DateTimeOffset.FromUnixTimeMilliseconds(waiting.Jobs.Min(j => j.CreatedMs));
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            // A router that does not answer is told by its own health check; nothing is known of the queue.
            return null;
        }
    }
}
