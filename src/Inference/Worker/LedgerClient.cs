using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Calls the ledger on behalf of a job's tenant, with a deadline on every call.</summary>
internal sealed class LedgerClient(IPeers peers, TimeProvider time)
{
    private static readonly TimeSpan ClaimLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan RenewLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ReportLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(60);
    private readonly Ledger.LedgerClient client = new(peers.For(ModuleNames.Router));

    /// <summary>Name of this worker in the ledger.</summary>
    public string Worker { get; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    public async Task<ClaimReply> ClaimAsync(string jobId, string tenant, CancellationToken token) =>
        await client.ClaimAsync(new ClaimRequest { JobId = jobId, Worker = Worker }, Options(tenant, ClaimLimit, token));

    public async Task<RenewReply> RenewAsync(RenewRequest request, string tenant, CancellationToken token) =>
        await client.RenewAsync(request, Options(tenant, RenewLimit, token));

    public async Task<ReportReply> ReportAsync(ReportRequest request, string tenant, CancellationToken token) =>
        await client.ReportAsync(request, Options(tenant, ReportLimit, token));

    public async Task ReleaseAsync(string jobId, long fence, double spentUsd, string tenant, CancellationToken token) =>
        await client.ReleaseAsync(new ReleaseRequest { JobId = jobId, Fence = fence, SpentUsd = spentUsd }, Options(tenant, RenewLimit, token));

    /// <summary>The bytes of a workspace bundle.</summary>
    /// <exception cref="JobException">It is larger than the limit.</exception>
    public async Task<byte[]> FetchWorkspaceAsync(string workspaceId, string tenant, int mostBytes, CancellationToken token)
    {
        using var call = client.FetchWorkspace(new FetchWorkspaceRequest { WorkspaceId = workspaceId }, Options(tenant, FetchLimit, token));
        using var bytes = new MemoryStream();
        while (await call.ResponseStream.MoveNext(token))
        {
            if (bytes.Length + call.ResponseStream.Current.Content.Length > mostBytes)
                throw new JobException(FailureCodes.Workspace, $"workspace_id: the bundle '{workspaceId}' has more than {mostBytes:N0} bytes.", transient: false);
            call.ResponseStream.Current.Content.WriteTo(bytes);
        }

        return bytes.ToArray();
    }

    private CallOptions Options(string tenant, TimeSpan limit, CancellationToken token) =>
        new(Caller.ForTenant(tenant), time.GetUtcNow().UtcDateTime + limit, token);
}
