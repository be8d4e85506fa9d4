using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Router;

/// <summary>The calls that take or watch many things: batches and workspaces.</summary>
internal sealed partial class GenerationGrpc
{
    private static readonly TimeSpan BatchLook = TimeSpan.FromMilliseconds(250);

    public override async Task<Batch> SubmitBatch(IAsyncStreamReader<BatchItem> requestStream, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        var id = await batches.AcceptAsync(tenant, requestStream.ReadAllAsync(context.CancellationToken), context.CancellationToken);
        return await BatchAsync(tenant, id, context);
    }

    public override async Task<Batch> GetBatch(GetBatchRequest request, ServerCallContext context) =>
        await BatchAsync(Caller.Of(context).Tenant, request.BatchId, context);

    public override async Task WatchBatch(GetBatchRequest request, IServerStreamWriter<Batch> responseStream, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        Batch? last = null;
        while (true)
        {
            var batch = await BatchAsync(tenant, request.BatchId, context);
            if (!batch.Equals(last))
                await responseStream.WriteAsync(batch, context.CancellationToken);
            if (batch.Queued + batch.Running == 0)
                return;
            last = batch;
            await Task.Delay(BatchLook, context.CancellationToken);
        }
    }

    public override async Task<Batch> CancelBatch(GetBatchRequest request, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        await BatchAsync(tenant, request.BatchId, context);
        await cancellation.CancelAsync(tenant, "batch_id", request.BatchId, "", context.CancellationToken);
        return await BatchAsync(tenant, request.BatchId, context);
    }

    public override async Task<Workspace> UploadWorkspace(IAsyncStreamReader<WorkspaceChunk> requestStream, ServerCallContext context)
    {
        var tenant = Caller.Of(context).Tenant;
        using var content = new MemoryStream();
        await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
        {
            if (content.Length + chunk.Content.Length > options.Value.MaxWorkspaceBytes)
                throw RequestRules.Refuse($"the workspace has more than {options.Value.MaxWorkspaceBytes:N0} bytes, which is the limit.");
            chunk.Content.WriteTo(content);
        }

        var bundle = WorkspaceBundle.Read(content.ToArray());
        await workspaces.AddAsync(tenant, bundle, context.CancellationToken);
        return new Workspace { Id = bundle.Id, Files = bundle.Files, Bytes = bundle.Content.LongLength };
    }

    private async Task<Batch> BatchAsync(string tenant, string id, ServerCallContext context)
    {
        RequestRules.Short("batch_id", id);
        return await jobs.BatchAsync(tenant, id, context.CancellationToken)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"Batch '{id}' is not known to this tenant."));
    }
}
