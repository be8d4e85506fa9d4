using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>
/// Takes requests in: check, quota, route, store, send. A job is accepted when it is stored; sending it is only haste,
/// since the dispatcher sends what nobody claims.
/// </summary>
internal sealed partial class Admission(RequestRules rules, Quota quota, RouteTable routes, Intake intake, WorkspaceStore workspaces, JobSender sender,
    DispatchStore dispatch, Pulses pulses, JobSealing sealing, IOptions<RouterOptions> options, TimeProvider time, ILogger<Admission> log)
{
    /// <summary>Accepts one request.</summary>
    /// <param name="tenant">Tenant of the caller.</param>
    /// <param name="raw">The request as it came.</param>
    /// <param name="origin">Progress address of this replica when the caller stays to watch; empty otherwise.</param>
    /// <param name="beforeStore">Runs with the new id before the job can start, so that a watcher misses nothing.</param>
    /// <param name="token">Cancels before the commit.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT, RESOURCE_EXHAUSTED, ALREADY_EXISTS or FAILED_PRECONDITION.</exception>
    public async Task<AcceptedJob> AcceptAsync(string tenant, GenerateRequest raw, string origin, Action<string> beforeStore, CancellationToken token)
    {
        var request = rules.Check(raw);
        await CheckWorkspaceAsync(tenant, request, token);
        await quota.CheckAsync(tenant, 1, token);
        var route = await routes.DecideAsync(tenant, request, token);
        var job = new NewJob(JobId.New(time.GetUtcNow()), request, route) { Subject = await sealing.KeyAsync(tenant, request, token) };
        beforeStore(job.Id);
        var interactive = request.Lane == Lanes.Interactive;
        var (id, existing) = await intake.StoreAsync(tenant, job, origin, interactive ? SendAgainMs() : 0, token);
        if (existing)
            return new AcceptedJob(id, job, true);
        if (interactive)
            await SendAsync(id, tenant);
        else
            pulses.Jobs.Beat();
        return new AcceptedJob(id, job, false);
    }

    /// <summary>The request of a batch item, checked and with its defaults.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT; the message names the row.</exception>
    public GenerateRequest Check(BatchItem item, int row)
    {
        item.Request.Lane = Lanes.Batch;
        item.Request.Labels[RequestRules.CustomIdLabel] = item.CustomId;
        try
        {
            return rules.Check(item.Request);
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            throw Refuse(item, row, e);
        }
    }

    /// <summary>The job of a batch item.</summary>
    /// <exception cref="RpcException">As for one request; the message names the row.</exception>
    public async Task<NewJob> PrepareAsync(string tenant, BatchItem item, int row, CancellationToken token)
    {
        var request = Check(item, row);
        try
        {
            await CheckWorkspaceAsync(tenant, request, token);
            return new NewJob(JobId.New(time.GetUtcNow()), request, await routes.DecideAsync(tenant, request, token)) { Subject = await sealing.KeyAsync(tenant, request, token) };
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.InvalidArgument)
        {
            throw Refuse(item, row, e);
        }
    }

    private static RpcException Refuse(BatchItem item, int row, RpcException e) => RequestRules.Refuse($"item {row} ('{item.CustomId}'): {e.Status.Detail}");

    private async Task CheckWorkspaceAsync(string tenant, GenerateRequest request, CancellationToken token)
    {
        if (request.WorkspaceId.Length > 0 && !await workspaces.HasAsync(tenant, request.WorkspaceId, token))
            throw RequestRules.Refuse($"workspace_id '{request.WorkspaceId}' is unknown; upload the workspace first.");
    }

    /// <summary>Sends the ticket now. The job is accepted whatever becomes of it, so the caller's cancellation does not count here.</summary>
    private async Task SendAsync(string id, string tenant)
    {
        try
        {
            await sender.SendAsync(Lanes.Interactive, id, tenant, CancellationToken.None);
        }
        catch (Exception e)
        {
            LogSendFailed(id, e);
            await dispatch.MakeDueAsync([id], CancellationToken.None);
        }
    }

    private long SendAgainMs() => (time.GetUtcNow() + options.Value.Resend).ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} is stored but its ticket could not be sent; the dispatcher sends it.")]
    private partial void LogSendFailed(string jobId, Exception e);
}

/// <summary>A job that was accepted.</summary>
/// <param name="Id">Id; of the earlier job when the idempotency key was known.</param>
/// <param name="Job">What was prepared.</param>
/// <param name="Existing">Whether the id is that of an earlier job.</param>
internal sealed record AcceptedJob(string Id, NewJob Job, bool Existing)
{
    /// <summary>The job as it stands before anybody claimed it.</summary>
    public Job ToJob(string tenant) => new() { Id = Id, Tenant = tenant, State = JobStates.Queued, Request = Job.Request, Route = Job.Route };
}
