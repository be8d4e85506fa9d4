using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>The inner door of the ledger, for workers only.</summary>
internal sealed class LedgerGrpc(LeaseStore leases, JobStore jobs, WatcherStore watchers, WorkspaceStore workspaces, DispatchStore dispatch, Switches switches, Announcer announcer,
    Pulses pulses, IOptions<RouterOptions> options) : V1.Ledger.LedgerBase
{
    private const int ChunkBytes = 256 * 1024;

    public override async Task<ClaimReply> Claim(ClaimRequest request, ServerCallContext context)
    {
        RequireService(context);
        var row = await leases.ClaimAsync(request.JobId, request.Worker, context.CancellationToken);
        if (row is null)
            return new ClaimReply { Reason = await WhyNotAsync(request.JobId, context.CancellationToken) };
        pulses.Jobs.Beat();
        var reply = new ClaimReply
        {
            Granted = true,
            Fence = row.Fence,
            LeaseMs = (long)options.Value.Lease.TotalMilliseconds,
            Job = row.ToJob(),
            SpentUsd = row.CostUsd,
            Fallback = await switches.FallbackAsync(row.Tenant, context.CancellationToken),
        };
        reply.MaxCostUsd = CostLimit.Of(reply.Job.Request.MaxCostUsd, row);
        reply.Watchers.AddRange(await WatchersAsync(row.Id, row, context.CancellationToken));
        return reply;
    }

    public override async Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
    {
        RequireService(context);
        CostLimit.CheckSpent(request.SpentUsd);
        var row = await leases.RenewAsync(request, context.CancellationToken);
        if (row is null)
            return new RenewReply { Held = false };
        var reply = new RenewReply { Held = true, Cancel = row.CancelRequested != 0 };
        reply.Watchers.AddRange(await WatchersAsync(request.JobId, row, context.CancellationToken));
        return reply;
    }

    public override async Task<ReportReply> Report(ReportRequest request, ServerCallContext context)
    {
        RequireService(context);
        if (!JobStates.IsClosed(request.State))
            throw RequestRules.Refuse($"state '{request.State}' does not close a job.");
        CostLimit.CheckSpent((request.Result ?? request.Failure?.Partial)?.CostUsd ?? 0);
        var row = await leases.ReportAsync(request, context.CancellationToken);
        if (row is null)
            return new ReportReply { Accepted = false, Reason = await WhyNotAsync(request.JobId, context.CancellationToken) };
        pulses.Outbox.Beat();
        await announcer.AnnounceAsync(request.JobId, row.Origin, row.Watched > 0, CancellationToken.None);
        return new ReportReply { Accepted = true };
    }

    public override async Task<ReleaseReply> Release(ReleaseRequest request, ServerCallContext context)
    {
        RequireService(context);
        CostLimit.CheckSpent(request.SpentUsd);
        var row = await leases.ReleaseAsync(request, context.CancellationToken);
        if (row is { IsClosed: false })
            pulses.Jobs.Beat();
        if (row is { IsClosed: true })
        {
            pulses.Outbox.Beat();
            await announcer.AnnounceAsync(request.JobId, row.Origin, row.Watched > 0, CancellationToken.None);
        }

        return new ReleaseReply();
    }

    public override async Task FetchWorkspace(FetchWorkspaceRequest request, IServerStreamWriter<WorkspaceChunk> responseStream, ServerCallContext context)
    {
        RequireService(context);
        var content = await workspaces.FindAsync(Caller.Of(context).Tenant, request.WorkspaceId, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Workspace '{request.WorkspaceId}' is not known to this tenant."));
        for (var start = 0; start < content.Length; start += ChunkBytes)
        {
            var length = Math.Min(ChunkBytes, content.Length - start);
            await responseStream.WriteAsync(new WorkspaceChunk { Content = UnsafeByteOperations.UnsafeWrap(content.AsMemory(start, length)) }, context.CancellationToken);
        }
    }

    public override async Task<ListWaitingReply> ListWaiting(ListWaitingRequest request, ServerCallContext context)
    {
        RequireService(context);
        var reply = new ListWaitingReply();
        reply.Tenants.AddRange((await dispatch.WaitingAsync(context.CancellationToken)).Select(waiting => new WaitingJobs { Tenant = waiting.Tenant, OldestMs = waiting.OldestMs }));
        return reply;
    }

    private async Task<IEnumerable<string>> WatchersAsync(string id, JobRow row, CancellationToken token)
    {
        var addresses = row.Watched > 0 ? await watchers.OfAsync(id, token) : [];
        return row.Origin.Length == 0 ? addresses : addresses.Append(row.Origin).Distinct(StringComparer.Ordinal);
    }

    private async Task<string> WhyNotAsync(string id, CancellationToken token)
    {
        var row = await jobs.FindAsync(id, token);
        if (row is null)
            return "unknown";
        if (row.State == JobStates.Cancelled || row.CancelRequested != 0)
            return "cancelled";
        if (row.IsClosed)
            return "closed";
        return row is { State: JobStates.Queued, Lane: Lanes.Held } ? "held" : "leased";
    }

    private static void RequireService(ServerCallContext context)
    {
        if (!Caller.Of(context).IsService)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "The ledger's inner door needs the service credential (Access:ServiceKey)."));
    }
}
