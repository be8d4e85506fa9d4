using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.V1;

namespace Platform.Router;

/// <summary>The public door of the router: translates, calls, translates back.</summary>
internal sealed partial class GenerationGrpc(Admission admission, BatchAdmission batches, RequestRules rules, RouteTable routes, JobStore jobs, JobWatch watch, JobRuns runs,
    Cancellation cancellation, WorkspaceStore workspaces, FeedbackStore feedback, Switches switches, Pulses pulses, AuditLog audit, IOptions<RouterOptions> options)
    : Generation.GenerationBase
{
    private const int DefaultPage = 50;
    private const int LargestPage = 500;
    private const int ShownTask = 200;

    public override Task Generate(GenerateRequest request, IServerStreamWriter<JobEvent> responseStream, ServerCallContext context) =>
        WriteAsync(runs.RunAsync(Caller.Of(context).Tenant, request, context.CancellationToken), responseStream, context);

    public override async Task<Job> Submit(GenerateRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        var accepted = await admission.AcceptAsync(tenant, request, "", static _ => { }, context.CancellationToken);
        return accepted.Existing ? (await FindAsync(tenant, accepted.Id, context)).ToJob() : accepted.ToJob(tenant);
    }

    public override async Task<Job> GetJob(GetJobRequest request, ServerCallContext context) =>
        (await FindAsync(Caller.Of(context).Tenant, request.JobId, context)).ToJob();

    public override async Task WatchJob(WatchJobRequest request, IServerStreamWriter<JobEvent> responseStream, ServerCallContext context)
    {
        if (request.After < 0)
            throw RequestRules.Refuse($"after is {request.After}; it must be 0 or the number of an event.");
        var row = await FindAsync(Caller.Of(context).Tenant, request.JobId, context);
        await WriteAsync(watch.FollowAsync(row, request.After, false, context.CancellationToken), responseStream, context);
    }

    public override async Task<Job> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        RequestRules.Text("reason", request.Reason, RequestRules.MaxRemark);
        await FindAsync(tenant, request.JobId, context);
        await cancellation.CancelAsync(tenant, "id", request.JobId, request.Reason, context.CancellationToken);
        return (await FindAsync(tenant, request.JobId, context)).ToJob();
    }

    public override async Task<ListJobsReply> ListJobs(ListJobsRequest request, ServerCallContext context)
    {
        if (request.PageSize is < 0 or > LargestPage)
            throw RequestRules.Refuse($"page_size is {request.PageSize}; it must be between 0 and {LargestPage}.");
        if (request.State.Length > 0 && !JobStates.All.Contains(request.State))
            throw RequestRules.Refuse($"state '{RequestRules.Shorten(request.State)}' is unknown; use one of: {string.Join(", ", JobStates.All)}.");
        RequestRules.Short("approach", request.Approach);
        RequestRules.Short("page_token", request.PageToken);
        RequestRules.Short("batch_id", request.BatchId);
        RequestRules.Short("kind", request.Kind);
        var size = request.PageSize == 0 ? DefaultPage : request.PageSize;
        var rows = await jobs.ListAsync(Caller.Of(context).Tenant, request, request.PageToken, size + 1, context.CancellationToken);
        var reply = new ListJobsReply { NextPageToken = rows.Count > size ? rows[size - 1].Id : "" };
        reply.Jobs.AddRange(rows.Take(size).Select(Brief));
        return reply;
    }

    public override async Task<FeedbackReply> Feedback(FeedbackRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        if (!Verdicts.All.Contains(request.Verdict))
            throw RequestRules.Refuse($"verdict '{RequestRules.Shorten(request.Verdict)}' is unknown; use one of: {string.Join(", ", Verdicts.All)}.");
        RequestRules.Text("diff", request.Diff, options.Value.MaxFileBytes);
        RequestRules.Text("comment", request.Comment, RequestRules.MaxRemark);
        var row = await FindAsync(tenant, request.JobId, context);
        if (!row.IsClosed)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Job {row.Id} is {row.State}; feedback is for closed jobs."));
        var id = await feedback.AddAsync(tenant, row.Subject, request, context.CancellationToken);
        pulses.Outbox.Beat();
        return new FeedbackReply { Id = id };
    }

    public override async Task<RouteDecision> Route(GenerateRequest request, ServerCallContext context) =>
        await routes.DecideAsync(Caller.Of(context).Tenant, rules.Check(request), context.CancellationToken);

    public override async Task<Settings> GetSettings(GetSettingsRequest request, ServerCallContext context) =>
        await SettingsAsync(Caller.Of(context).Tenant, context.CancellationToken);

    public override async Task<Settings> SetFallback(SetFallbackRequest request, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (request.ForAll && !caller.IsAdmin)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "for_all needs an administrator's key."));
        await audit.AppendAsync(new AuditEntry(caller.Tenant, caller.KeyId, AuditActions.FallbackSet, request.ForAll ? "*" : caller.Tenant, request.Enabled ? "on" : "off"), context.CancellationToken);
        await switches.SetFallbackAsync(request.ForAll ? null : caller.Tenant, request.Enabled, context.CancellationToken);
        return await SettingsAsync(caller.Tenant, context.CancellationToken);
    }

    public override async Task<Job> ReplayJob(ReplayJobRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        var old = (await FindAsync(tenant, request.JobId, context)).ToJob();
        if (old.State is not (JobStates.Failed or JobStates.Cancelled))
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Job {old.Id} is {old.State}; only failed and cancelled jobs can be replayed."));
        var again = old.Request.Clone();
        again.IdempotencyKey = "";
        again.Labels[RequestRules.ReplayLabel] = old.Id;
        var accepted = await admission.AcceptAsync(tenant, again, "", static _ => { }, context.CancellationToken);
        return accepted.ToJob(tenant);
    }

    private async Task<Settings> SettingsAsync(string tenant, CancellationToken token) => new()
    {
        Fallback = await switches.FallbackAsync(tenant, token),
        FallbackForAll = await switches.FallbackForAllAsync(token),
    };

    private async Task<JobRow> FindAsync(string tenant, string id, ServerCallContext context)
    {
        RequestRules.Short("job_id", id);
        return await jobs.FindAsync(tenant, id, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Job '{id}' is not known to this tenant."));
    }

    /// <summary>A job for a list: who, what, how it went, without the texts.</summary>
    private static Job Brief(JobRow row)
    {
        var job = row.ToJob();
        if (job.Request.Task.Length > ShownTask)
            job.Request.Task = job.Request.Task[..ShownTask];
        job.Request.Files.Clear();
        job.Request.Tests.Clear();
        if (job.Result is not { } result)
            return job;
        result.Text = result.Code = "";
        result.Files.Clear();
        foreach (var attempt in result.Attempts)
            attempt.Code = "";
        return job;
    }

    private static async Task WriteAsync(IAsyncEnumerable<JobEvent> events, IServerStreamWriter<JobEvent> stream, ServerCallContext context)
    {
        await foreach (var e in events)
            await stream.WriteAsync(e, context.CancellationToken);
    }
}
