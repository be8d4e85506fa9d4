using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>The inner door: what the modules of this process hold about a subject.</summary>
internal sealed class SubjectDataGrpc(IEnumerable<ISubjectData> modules) : SubjectData.SubjectDataBase
{
    public override async Task Read(ReadSubjectRequest request, IServerStreamWriter<SubjectRecord> responseStream, ServerCallContext context)
    {
        var caller = Caller.Of(context);
        if (!caller.IsService)
            throw new RpcException(new Status(StatusCode.PermissionDenied, "Reading what a module holds about a subject needs the service credential (Access:ServiceKey)."));
        var module = modules.FirstOrDefault(each => each.Module == request.Module)
            ?? throw new RpcException(new Status(StatusCode.NotFound, $"The module '{request.Module}' does not run here."));
        await foreach (var record in module.ReadAsync(caller.Tenant, request.Pseudonym, context.CancellationToken))
        {
            record.Module = module.Module;
            await responseStream.WriteAsync(record, context.CancellationToken);
        }
    }
}
