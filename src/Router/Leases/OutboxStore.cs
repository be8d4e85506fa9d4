using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>What an outbox row announces.</summary>
internal static class OutboxKinds
{
    /// <summary>A job is closed; the subject is the job.</summary>
    public const string JobClosed = "job_closed";

    /// <summary>Feedback was given; the subject is the feedback.</summary>
    public const string Feedback = "feedback";
}

/// <summary>A row of the outbox.</summary>
internal sealed class OutboxRow
{
    public string Id { get; set; } = "";

    public string Kind { get; set; } = "";

    public string Subject { get; set; } = "";

    public long PublishedMs { get; set; }
}

/// <summary>Messages that belong to a committed change and are not yet on the bus.</summary>
internal sealed class OutboxStore([FromKeyedServices(ModuleNames.Router)] Database database, IOptions<RouterOptions> options, TimeProvider time)
{
    /// <summary>Adds a message inside the transaction of the change it belongs to. One message per kind and subject.</summary>
    public static Task AddAsync(DbConnection connection, string kind, string subject) =>
        connection.ExecuteAsync("insert into outbox (id, kind, subject, send_after_ms) values (@id, @kind, @subject, 0) on conflict do nothing",
            new { id = $"{kind}:{subject}", kind, subject });

    /// <summary>Takes due rows for publishing; they become due again if this process dies before it removes them.</summary>
    public Task<IReadOnlyList<OutboxRow>> TakeAsync(int count, CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<OutboxRow>>(async connection =>
        {
            var now = Now();
            return (await connection.QueryAsync<OutboxRow>($"""
                update outbox set send_after_ms = @later
                where send_after_ms <= @now and id in (select id from outbox where send_after_ms <= @now order by send_after_ms limit @count {database.Dialect.SkipLocked})
                returning id, kind, subject, published_ms as PublishedMs
                """, new { now, later = now + (long)options.Value.Resend.TotalMilliseconds, count = (long)count })).AsList();
        }, token);

    /// <summary>Removes rows that the broker has confirmed.</summary>
    public Task RemoveAsync(IEnumerable<string> ids, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            $"delete from outbox where {database.Dialect.AnyOf("id", "@ids")}", new { ids = database.Dialect.List(ids) }), token);

    /// <summary>Keeps published rows for a while, for a bus that forgets what it was handed when the process dies.</summary>
    public Task KeepAsync(IEnumerable<string> ids, TimeSpan keep, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            $"update outbox set published_ms = @now, send_after_ms = @until where {database.Dialect.AnyOf("id", "@ids")}",
            new { ids = database.Dialect.List(ids), now = Now(), until = Now() + (long)keep.TotalMilliseconds }), token);

    /// <summary>Makes every kept row due again as if it had not been published.</summary>
    public Task RepublishAsync(CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync("update outbox set published_ms = 0, send_after_ms = 0"), token);

    /// <summary>Makes rows due at once, after a publish that failed.</summary>
    public Task MakeDueAsync(IEnumerable<string> ids, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            $"update outbox set send_after_ms = 0 where {database.Dialect.AnyOf("id", "@ids")}", new { ids = database.Dialect.List(ids) }), token);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
