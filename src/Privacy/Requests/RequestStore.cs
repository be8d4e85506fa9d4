using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>Keeps requests and what modules acknowledged. Every change has its entry in the audit log, in the same transaction.</summary>
internal sealed class RequestStore([FromKeyedServices(PrivacySetup.Store)] Database database, AuditLog audit, TimeProvider time)
{
    private const int Most = 1000;
    private static readonly TimeSpan Resend = TimeSpan.FromSeconds(30);

    /// <summary>A new request with its deadlines; not stored yet.</summary>
    public RequestRow New(Caller caller, string kind, string law, string pseudonym, long receivedMs)
    {
        var now = time.GetUtcNow();
        var received = receivedMs == 0 ? now : DateTimeOffset.FromUnixTimeMilliseconds(receivedMs);
        var deadlines = Deadlines.Of(law, received, extended: false);
        return new RequestRow
        {
            Id = JobId.New(now),
            Tenant = caller.Tenant,
            Kind = kind,
            Law = law,
            Pseudonym = pseudonym,
            Actor = caller.KeyId,
            ReceivedMs = received.ToUnixTimeMilliseconds(),
            ConfirmMs = deadlines.Confirm?.ToUnixTimeMilliseconds() ?? 0,
            DueMs = deadlines.Due.ToUnixTimeMilliseconds(),
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
    }

    /// <summary>Stores a request. An open one of the same kind and person is taken up instead: the person asked once.</summary>
    public Task<RequestRow> PutAsync(RequestRow row, string action, CancellationToken token) => audit.WithAsync(async connection =>
    {
        var open = await connection.QueryFirstOrDefaultAsync<RequestRow>(
            $"select {RequestRow.Columns} from privacy_requests where tenant = @Tenant and pseudonym = @Pseudonym and kind = @Kind and state = 'open' order by received_ms limit 1", row);
        if (open is null)
        {
            await connection.ExecuteAsync("""
                insert into privacy_requests (id, tenant, kind, law, pseudonym, state, actor, received_ms, confirm_ms, due_ms, created_ms, done_ms)
                values (@Id, @Tenant, @Kind, @Law, @Pseudonym, @State, @Actor, @ReceivedMs, @ConfirmMs, @DueMs, @CreatedMs, @DoneMs)
                """, row);
            return row;
        }

        (open.State, open.DoneMs) = (row.State, row.DoneMs);
        await connection.ExecuteAsync("update privacy_requests set state = @State, done_ms = @DoneMs where id = @Id", open);
        return open;
    }, new AuditEntry(row.Tenant, row.Actor, action, row.Pseudonym, $"kind={row.Kind} law={row.Law}"), token);

    /// <summary>Requests of a tenant, newest first.</summary>
    public Task<IReadOnlyList<RequestRow>> ListAsync(string tenant, bool open, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<RequestRow>>(async connection => (await connection.QueryAsync<RequestRow>(
            $"select {RequestRow.Columns} from privacy_requests where tenant = @tenant {(open ? "and state <> 'done'" : "")} order by created_ms desc, id desc limit {Most}", new { tenant })).AsList(), token);

    /// <summary>One request of a tenant, or null.</summary>
    public Task<RequestRow?> FindAsync(string tenant, string id, CancellationToken token) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<RequestRow>(
            $"select {RequestRow.Columns} from privacy_requests where tenant = @tenant and id = @id", new { tenant, id }), token);

    /// <summary>Gives a request the longer time, once.</summary>
    public Task ExtendAsync(RequestRow row, string actor, CancellationToken token)
    {
        var due = Deadlines.Of(row.Law, DateTimeOffset.FromUnixTimeMilliseconds(row.ReceivedMs), extended: true).Due.ToUnixTimeMilliseconds();
        return audit.WithAsync(connection => connection.ExecuteAsync("update privacy_requests set extended = 1, due_ms = @due where id = @Id", new { row.Id, due }),
            new AuditEntry(row.Tenant, actor, AuditActions.RequestExtended, row.Id), token);
    }

    /// <summary>Notes that the receipt was confirmed; a second time changes nothing.</summary>
    public Task ConfirmAsync(RequestRow row, string actor, CancellationToken token) => audit.ChangeAsync(
        connection => connection.ExecuteAsync("update privacy_requests set confirmed_ms = @now where id = @Id and confirmed_ms = 0", new { row.Id, now = Now() }),
        new AuditEntry(row.Tenant, actor, AuditActions.RequestConfirmed, row.Id), token);

    /// <summary>Ends an open request.</summary>
    public Task CloseAsync(RequestRow row, string actor, CancellationToken token) => audit.ChangeAsync(
        connection => connection.ExecuteAsync("update privacy_requests set state = 'done', done_ms = @now where id = @Id and state = 'open'", new { row.Id, now = Now() }),
        new AuditEntry(row.Tenant, actor, AuditActions.RequestClosed, row.Id, $"kind={row.Kind}"), token);

    /// <summary>The oldest open request of a kind about a person, or null.</summary>
    public Task<RequestRow?> OpenAsync(string tenant, string pseudonym, string kind, CancellationToken token) => database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<RequestRow>(
        $"select {RequestRow.Columns} from privacy_requests where tenant = @tenant and pseudonym = @pseudonym and kind = @kind and state = 'open' order by received_ms limit 1", new { tenant, pseudonym, kind }), token);

    /// <summary>Erasures whose command is due to be sent (again); nobody else gets them for a while.</summary>
    public Task<IReadOnlyList<RequestRow>> TakeDueAsync(CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<RequestRow>>(async connection => (await connection.QueryAsync<RequestRow>(
            $"update privacy_requests set send_after_ms = @later where state = 'erasing' and send_after_ms <= @now returning {RequestRow.Columns}",
            new { now = Now(), later = Now() + (long)Resend.TotalMilliseconds })).AsList(), token);

    /// <summary>Makes an erasure due at once, after a send that failed.</summary>
    public Task MakeDueAsync(string id, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("update privacy_requests set send_after_ms = 0 where id = @id", new { id }), token);

    /// <summary>Stores what a module said; the request is done when all have spoken.</summary>
    public async Task AcknowledgeAsync(SubjectDropped dropped, CancellationToken token)
    {
        var complete = await database.WriteAsync(async connection =>
        {
            // An unknown request is none of ours, or was removed by retention.
            if (await connection.ExecuteScalarAsync<long>("select count(*) from privacy_requests where id = @RequestId", new { dropped.RequestId }) == 0)
                return false;
            await connection.ExecuteAsync(
                "insert into erasure_acknowledgements (request_id, module, counts, remote, at_ms) values (@RequestId, @Module, @counts, @remote, @now) on conflict do nothing",
                new { dropped.RequestId, dropped.Module, counts = JsonSerializer.Serialize(dropped.Erased), remote = JsonSerializer.Serialize(dropped.Remote), now = Now() });
            var spoken = await connection.QueryAsync<string>("select module from erasure_acknowledgements where request_id = @RequestId", new { dropped.RequestId });
            return !PrivacyDesk.Modules.Except(spoken).Any();
        }, token);
        if (complete)
            await CompleteAsync(dropped.RequestId, token);
    }

    /// <summary>What modules said about an erasure.</summary>
    public Task<IReadOnlyList<AcknowledgementRow>> AcknowledgementsAsync(IEnumerable<string> requests, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<AcknowledgementRow>>(async connection => (await connection.QueryAsync<AcknowledgementRow>(
            $"select request_id as RequestId, module as Module, counts as Counts, remote as Remote, at_ms as AtMs from erasure_acknowledgements where {database.Dialect.AnyOf("request_id", "@ids")}",
            new { ids = database.Dialect.List(requests) })).AsList(), token);

    private async Task CompleteAsync(string id, CancellationToken token)
    {
        var row = await database.ReadAsync(connection => connection.QuerySingleAsync<RequestRow>($"select {RequestRow.Columns} from privacy_requests where id = @id", new { id }), token);
        if (row.State != RequestStates.Erasing)
            return;
        // Several processes may hear the last word at once.
        await audit.ChangeAsync(connection => connection.ExecuteAsync("update privacy_requests set state = 'done', done_ms = @now where id = @id and state = 'erasing'", new { id, now = Now() }),
            new AuditEntry(row.Tenant, row.Actor, AuditActions.SubjectErased, row.Pseudonym, "modules=all"), token);
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
