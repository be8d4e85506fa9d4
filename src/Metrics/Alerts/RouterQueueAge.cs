using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Metrics.Alerts;

/// <summary>Asks the ledger.</summary>
internal sealed class RouterQueueAge(IPeers peers, TimeProvider time) : IQueueAge
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>?> WaitingAsync(CancellationToken token)
    {
        try
        {
            var ledger = new Ledger.LedgerClient(peers.For(ModuleNames.Router));
            var options = new CallOptions(Caller.ForTenant(Caller.DefaultTenant), time.GetUtcNow().UtcDateTime + Patience, token);
            var waiting = await ledger.ListWaitingAsync(new ListWaitingRequest(), options);
            return waiting.Tenants.ToDictionary(t => t.Tenant, t => DateTimeOffset.FromUnixTimeMilliseconds(t.OldestMs), StringComparer.Ordinal);
        }
        catch (RpcException) when (!token.IsCancellationRequested)
        {
            // A router that does not answer is told by its own health check; nothing is known of the queue.
            return null;
        }
    }
}
