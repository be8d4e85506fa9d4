using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Takes people's requests in and answers them. The tenant is the caller's: nobody asks about another tenant's people.</summary>
internal sealed class PrivacyDesk(RequestStore requests, SubjectVault vault, Erasure erasure, AuditLog audit, TimeProvider time)
{
    /// <summary>Modules that must acknowledge an erasure. The runner keeps nothing.</summary>
    public static readonly IReadOnlyList<string> Modules = [ModuleNames.Router, ModuleNames.Inference, ModuleNames.Patterns, ModuleNames.Maya, ModuleNames.Metrics];

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestSkew = TimeSpan.FromDays(1);

    /// <summary>Begins an erasure; null when nothing is held about the person.</summary>
    public async Task<IReadOnlyList<RequestRow>> EraseAsync(Caller caller, string subjectId, string law, long receivedMs, CancellationToken token)
    {
        Check(law, receivedMs);
        var begun = new List<RequestRow>();
        foreach (var pseudonym in await vault.LookUpAsync(caller.Tenant, subjectId, token))
        {
            var row = requests.New(caller, RequestKinds.Erase, law, pseudonym, receivedMs);
            row.State = RequestStates.Erasing;
            begun.Add(await requests.PutAsync(row, AuditActions.SubjectErasing, token));
        }

        await erasure.SweepAsync(token);
        return begun;
    }

    /// <summary>Waits until a request is done or the time is over; gives it as it then is.</summary>
    public async Task<PrivacyRequest> WaitAsync(RequestRow row, TimeSpan limit, CancellationToken token)
    {
        var end = time.GetUtcNow() + limit;
        while (true)
        {
            var now = await requests.FindAsync(row.Tenant, row.Id, token) ?? row;
            if (now.State == RequestStates.Done || time.GetUtcNow() >= end)
                return (await ShowAsync([now], token))[0];
            await Task.Delay(LookEvery, time, token);
        }
    }

    /// <summary>Takes in a request that is answered later, also about somebody of whom nothing is held yet.</summary>
    public async Task<RequestRow> OpenAsync(Caller caller, OpenPrivacyRequest request, CancellationToken token)
    {
        Check(request.Law.Length == 0 ? Deadlines.Gdpr : request.Law, request.ReceivedMs);
        if (!RequestKinds.All.Contains(request.Kind))
            throw new ArgumentException($"kind is '{request.Kind}'; use one of {string.Join(", ", RequestKinds.All)}.");
        var pseudonym = await PseudonymAsync(caller.Tenant, request.SubjectId, token);
        return await requests.PutAsync(requests.New(caller, request.Kind, request.Law.Length == 0 ? Deadlines.Gdpr : request.Law, pseudonym, request.ReceivedMs), AuditActions.RequestOpened, token);
    }

    /// <summary>Notes that a person's data is handed out, before it is.</summary>
    public async Task<RequestRow> ExportAsync(Caller caller, string pseudonym, string law, long receivedMs, CancellationToken token)
    {
        Check(law, receivedMs);
        return await requests.PutAsync(requests.New(caller, RequestKinds.Export, law, pseudonym, receivedMs), AuditActions.SubjectExported, token);
    }

    /// <summary>Ends an export that every module answered; one that lacks a part stays open, and so does its deadline.</summary>
    public async Task<RequestRow> ExportedAsync(Caller caller, RequestRow row, CancellationToken token)
    {
        await requests.CloseAsync(row, caller.KeyId, token);
        return await FindAsync(caller.Tenant, row.Id, token);
    }

    /// <summary>Notes that the person was told that the request came in.</summary>
    /// <exception cref="RpcException">NOT_FOUND.</exception>
    public async Task<RequestRow> ConfirmAsync(Caller caller, string id, CancellationToken token)
    {
        await requests.ConfirmAsync(await FindAsync(caller.Tenant, id, token), caller.KeyId, token);
        return await FindAsync(caller.Tenant, id, token);
    }

    /// <summary>Ends a request that is answered outside the platform.</summary>
    /// <exception cref="RpcException">NOT_FOUND, or FAILED_PRECONDITION when it is done, or the platform answers it itself.</exception>
    public async Task<RequestRow> CloseAsync(Caller caller, string id, CancellationToken token)
    {
        var row = await FindAsync(caller.Tenant, id, token);
        if (row.State != RequestStates.Open)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Request {row.Id} is {row.State}."));
        if (row.Kind is RequestKinds.Export or RequestKinds.Erase)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Request {row.Id} asks to {row.Kind}; it is done when that is done (privacy {row.Kind})."));
        if (row.Kind == RequestKinds.Restrict)
            await RestrictAsync(caller, row.Pseudonym, restricted: true, token);
        else
            await requests.CloseAsync(row, caller.KeyId, token);
        return await FindAsync(caller.Tenant, id, token);
    }

    /// <summary>Gives a request the longer time.</summary>
    /// <exception cref="RpcException">NOT_FOUND, or FAILED_PRECONDITION when it has it already or is done.</exception>
    public async Task<RequestRow> ExtendAsync(Caller caller, string id, CancellationToken token)
    {
        var row = await FindAsync(caller.Tenant, id, token);
        if (row.State == RequestStates.Done || row.Extended != 0)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Request {row.Id} is {(row.Extended != 0 ? "extended already; the law allows it once" : "done")}."));
        await requests.ExtendAsync(row, caller.KeyId, token);
        return await FindAsync(caller.Tenant, id, token);
    }

    /// <summary>Restricts a subject, or lifts the restriction.</summary>
    public async Task RestrictAsync(Caller caller, string pseudonym, bool restricted, CancellationToken token)
    {
        await audit.AppendAsync(new AuditEntry(caller.Tenant, caller.KeyId, AuditActions.SubjectRestricted, pseudonym, restricted ? "on" : "off"), token);
        await vault.RestrictAsync(caller.Tenant, pseudonym, restricted, token);
        if (restricted && await requests.OpenAsync(caller.Tenant, pseudonym, RequestKinds.Restrict, token) is { } asked)
            await requests.CloseAsync(asked, caller.KeyId, token);
    }

    /// <summary>The pseudonym of a person, made when nothing is held yet: a wish to be left alone counts before the first job, too.</summary>
    public async Task<string> PseudonymAsync(string tenant, string subjectId, CancellationToken token) =>
        (await vault.LookUpAsync(tenant, subjectId, token)) is [var known, ..] ? known : (await vault.UseAsync(tenant, subjectId, token)).Pseudonym;

    /// <summary>
    /// Erases again in every module what was erased before: for rows that a restored backup brought back. When the backup set the audit log back,
    /// too, that is put on record.
    /// </summary>
    public async Task<int> ReapplyAsync(Caller caller, CancellationToken token)
    {
        await audit.AcceptRestoreAsync(caller.Tenant, caller.KeyId, token);
        var erased = await vault.ErasedAsync(caller.Tenant, token);
        foreach (var pseudonym in erased)
        {
            var row = requests.New(caller, RequestKinds.Erase, Deadlines.Gdpr, pseudonym, 0);
            row.State = RequestStates.Erasing;
            await requests.PutAsync(row, AuditActions.SubjectErasing, token);
        }

        await erasure.SweepAsync(token);
        return erased.Count;
    }

    /// <summary>Requests as callers see them.</summary>
    public async Task<IReadOnlyList<PrivacyRequest>> ShowAsync(IReadOnlyList<RequestRow> rows, CancellationToken token)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var said = (await requests.AcknowledgementsAsync(rows.Select(row => row.Id), token)).ToLookup(row => row.RequestId, StringComparer.Ordinal);
        return [.. rows.Select(row => row.ToRequest(said[row.Id], now))];
    }

    private async Task<RequestRow> FindAsync(string tenant, string id, CancellationToken token) =>
        await requests.FindAsync(tenant, id, token) ?? throw new RpcException(new Status(StatusCode.NotFound, $"Privacy request '{id}' is not known to this tenant."));

    private void Check(string law, long receivedMs)
    {
        if (!Deadlines.Laws.Contains(law))
            throw new ArgumentException($"law is '{law}'; use one of {string.Join(", ", Deadlines.Laws)}.");
        if (receivedMs < 0 || receivedMs > (time.GetUtcNow() + LongestSkew).ToUnixTimeMilliseconds())
            throw new ArgumentException($"received_ms is {receivedMs}; give the time at which the person asked, in milliseconds since 1970 UTC.");
    }
}
