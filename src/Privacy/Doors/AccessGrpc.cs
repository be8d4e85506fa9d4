using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>The door for administrators: translates, calls, translates back.</summary>
internal sealed class AccessGrpc(ApiKeys keys, SubjectRotation rotation, AuditLog audit, AuditCheck check, TimeProvider time) : Access.AccessBase
{
    private const int Page = 500;
    private const int MaxId = 64;

    public override async Task<CreateKeyReply> CreateKey(CreateKeyRequest request, ServerCallContext context)
    {
        var caller = Caller.Administrator(context);
        var (key, text) = await keys.CreateAsync(request.Name, request.Tenant.Length == 0 ? caller.Tenant : request.Tenant,
            request.Role.Length == 0 ? Roles.User : request.Role, request.ExpiresMs, caller.KeyId, context.CancellationToken);
        return new CreateKeyReply { Key = Of(key), Text = text };
    }

    public override async Task<ListKeysReply> ListKeys(ListKeysRequest request, ServerCallContext context)
    {
        Caller.Administrator(context);
        var reply = new ListKeysReply();
        reply.Keys.AddRange((await keys.ListAsync(context.CancellationToken)).Select(Of));
        return reply;
    }

    public override async Task<Key> RevokeKey(RevokeKeyRequest request, ServerCallContext context)
    {
        var caller = Caller.Administrator(context);
        if (request.Id.Length is 0 or > MaxId)
            throw new ArgumentException($"id has {request.Id.Length} characters; give the id of a key (keys list).");
        return await keys.RevokeAsync(request.Id, caller.KeyId, context.CancellationToken) is { } key
            ? Of(key)
            : throw new RpcException(new Status(StatusCode.NotFound, $"Key '{request.Id}' is not known here; 'keys list' shows those that are. Keys of the configuration are removed there."));
    }

    public override async Task<RotateMasterKeyReply> RotateMasterKey(RotateMasterKeyRequest request, ServerCallContext context)
    {
        var caller = Caller.Administrator(context);
        var report = await rotation.RunAsync(context.CancellationToken);
        await audit.AppendAsync(new AuditEntry(caller.Tenant, caller.KeyId, AuditActions.MasterRotated, report.MasterKeyId, $"rewrapped={report.Rewrapped}"), context.CancellationToken);
        return new RotateMasterKeyReply { MasterKey = report.MasterKeyId, Rewrapped = report.Rewrapped, OldKeysDropped = report.OldKeysDropped };
    }

    public override async Task<AuditVerification> VerifyAudit(VerifyAuditRequest request, ServerCallContext context)
    {
        Caller.Administrator(context);
        var verdict = await check.RunAsync(context.CancellationToken);
        var reply = new AuditVerification
        {
            Ok = verdict.Problems.Count == 0,
            Entries = verdict.Entries,
            Signed = verdict.Signed,
            Anchored = verdict.Anchored,
            Head = verdict.HeadHash,
            PublicKey = verdict.PublicKey,
        };
        reply.Problems.AddRange(verdict.Problems);
        return reply;
    }

    public override async Task ListAudit(ListAuditRequest request, IServerStreamWriter<AuditLogEntry> responseStream, ServerCallContext context)
    {
        var caller = Caller.PrivacyOfficer(context);
        if (request.After < 0 || request.Limit < 0)
            throw new ArgumentException($"after is {request.After} and limit {request.Limit}; give 0 or more.");
        var (after, left) = (request.After, request.Limit == 0 ? long.MaxValue : request.Limit);
        while (left > 0 && await check.PageAsync(caller.IsAdmin ? "" : caller.Tenant, after, Math.Min(left, Page), context.CancellationToken) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
                await responseStream.WriteAsync(Of(row), context.CancellationToken);
            (after, left) = (rows[^1].Seq, left - rows.Count);
        }
    }

    private Key Of(ApiKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Tenant = key.Tenant,
        Role = key.Role,
        State = key.StateAt(time.GetUtcNow()),
        CreatedMs = key.CreatedMs,
        ExpiresMs = key.ExpiresMs,
        RevokedMs = key.RevokedMs,
        CreatedBy = key.CreatedBy,
    };

    private static AuditLogEntry Of(AuditRow row) => new()
    {
        Seq = row.Seq,
        AtMs = row.AtMs,
        Tenant = row.Tenant,
        Actor = row.Actor,
        Action = row.Action,
        Target = row.Target,
        Detail = row.Detail,
        Previous = row.Previous,
        Hash = row.Hash,
    };
}
