using Grpc.Core;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>The door for people's requests: translates, calls, translates back.</summary>
internal sealed class PrivacyGrpc(PrivacyDesk desk, SubjectVault vault, SubjectExport export, RequestStore requests, ConsentStore consents, RetentionStore retention, TimeProvider time)
    : V1.Privacy.PrivacyBase
{
    private const int DefaultWaitMs = 30_000;
    private const int MostWaitMs = 600_000;

    public override async Task Export(ExportSubjectRequest request, IServerStreamWriter<ExportedPart> responseStream, ServerCallContext context)
    {
        var caller = Caller.PrivacyOfficer(context);
        var token = context.CancellationToken;
        var manifest = new ExportManifest { MadeMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        RequestRow? first = null;
        foreach (var pseudonym in await vault.LookUpAsync(caller.Tenant, request.SubjectId, token))
        {
            var row = await desk.ExportAsync(caller, pseudonym, Law(request.Law), request.ReceivedMs, token);
            var answered = true;
            await foreach (var (record, module) in export.ReadAsync(caller.Tenant, pseudonym, token))
            {
                if (record is not null)
                    await responseStream.WriteAsync(new ExportedPart { Record = record }, token);
                if (module is not null)
                    manifest.Modules.Add(module);
                answered &= module?.Answered != false;
            }

            row = answered ? await desk.ExportedAsync(caller, row, token) : row;
            first ??= row;
        }

        if (first is not null)
            manifest.Request = await ShowAsync(first, context);

        manifest.Request ??= new PrivacyRequest { Kind = RequestKinds.Export, Law = Law(request.Law), State = RequestStates.Done };
        manifest.Complete = manifest.Modules.All(module => module.Answered);
        await responseStream.WriteAsync(new ExportedPart { Manifest = manifest }, token);
    }

    public override async Task<PrivacyRequest> Erase(EraseSubjectRequest request, ServerCallContext context)
    {
        var caller = Caller.PrivacyOfficer(context);
        if (request.WaitMs is < 0 or > MostWaitMs)
            throw new ArgumentException($"wait_ms is {request.WaitMs}; give 0 to {MostWaitMs:N0}.");
        var wait = TimeSpan.FromMilliseconds(request.WaitMs == 0 ? DefaultWaitMs : request.WaitMs);
        PrivacyRequest? answer = null;
        foreach (var row in await desk.EraseAsync(caller, request.SubjectId, Law(request.Law), request.ReceivedMs, context.CancellationToken))
            answer = await desk.WaitAsync(row, wait, context.CancellationToken);
        return answer ?? new PrivacyRequest { Kind = RequestKinds.Erase, Law = Law(request.Law), State = RequestStates.Done };
    }

    public override async Task<PrivacyRequest> OpenRequest(OpenPrivacyRequest request, ServerCallContext context) =>
        await ShowAsync(await desk.OpenAsync(Caller.PrivacyOfficer(context), request, context.CancellationToken), context);

    public override async Task<ListPrivacyRequestsReply> ListRequests(ListPrivacyRequestsRequest request, ServerCallContext context)
    {
        var rows = await requests.ListAsync(Caller.PrivacyOfficer(context).Tenant, request.Open, context.CancellationToken);
        var reply = new ListPrivacyRequestsReply();
        reply.Requests.AddRange(await desk.ShowAsync(rows, context.CancellationToken));
        return reply;
    }

    public override async Task<PrivacyRequest> ExtendRequest(ExtendPrivacyRequest request, ServerCallContext context) =>
        await ShowAsync(await desk.ExtendAsync(Caller.PrivacyOfficer(context), request.Id, context.CancellationToken), context);

    public override async Task<PrivacyRequest> ConfirmRequest(ConfirmPrivacyRequest request, ServerCallContext context) =>
        await ShowAsync(await desk.ConfirmAsync(Caller.PrivacyOfficer(context), request.Id, context.CancellationToken), context);

    public override async Task<PrivacyRequest> CloseRequest(ClosePrivacyRequest request, ServerCallContext context) =>
        await ShowAsync(await desk.CloseAsync(Caller.PrivacyOfficer(context), request.Id, context.CancellationToken), context);

    public override async Task<SubjectState> Restrict(RestrictSubjectRequest request, ServerCallContext context)
    {
        var caller = Caller.PrivacyOfficer(context);
        var pseudonym = await desk.PseudonymAsync(caller.Tenant, request.SubjectId, context.CancellationToken);
        await desk.RestrictAsync(caller, pseudonym, !request.Lift, context.CancellationToken);
        return await StateAsync(caller.Tenant, request.SubjectId, context.CancellationToken);
    }

    public override async Task<SubjectState> RecordConsent(RecordConsentRequest request, ServerCallContext context)
    {
        var caller = Caller.PrivacyOfficer(context);
        var pseudonym = await desk.PseudonymAsync(caller.Tenant, request.SubjectId, context.CancellationToken);
        await consents.RecordAsync(caller, pseudonym, request, context.CancellationToken);
        return await StateAsync(caller.Tenant, request.SubjectId, context.CancellationToken);
    }

    public override Task<SubjectState> GetSubject(GetSubjectRequest request, ServerCallContext context) =>
        StateAsync(Caller.PrivacyOfficer(context).Tenant, request.SubjectId, context.CancellationToken);

    public override async Task<ReapplyErasuresReply> Reapply(ReapplyErasuresRequest request, ServerCallContext context) =>
        new() { Subjects = await desk.ReapplyAsync(Caller.PrivacyOfficer(context), context.CancellationToken) };

    public override async Task<ListRetentionReply> ListRetention(ListRetentionRequest request, ServerCallContext context)
    {
        Caller.PrivacyOfficer(context);
        var reply = new ListRetentionReply();
        reply.Runs.AddRange(await retention.ListAsync(context.CancellationToken));
        return reply;
    }

    private async Task<SubjectState> StateAsync(string tenant, string subjectId, CancellationToken token)
    {
        var state = new SubjectState();
        if (await vault.LookUpAsync(tenant, subjectId, token) is not [var pseudonym, ..])
            return state;
        (state.Pseudonym, state.Restricted) = (pseudonym, await vault.IsRestrictedAsync(tenant, subjectId, token));
        state.Consents.AddRange((await consents.ListAsync(tenant, pseudonym, token)).Select(row => row.ToConsent()));
        return state;
    }

    private async Task<PrivacyRequest> ShowAsync(RequestRow row, ServerCallContext context) => (await desk.ShowAsync([row], context.CancellationToken))[0];

    private static string Law(string law) => law.Length == 0 ? Deadlines.Gdpr : law;
}
