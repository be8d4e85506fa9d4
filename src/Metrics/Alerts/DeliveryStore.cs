using System.Data.Common;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>Something to be told to the webhook.</summary>
internal sealed class DeliveryRow
{
    public string Id { get; set; } = "";

    public string Tenant { get; set; } = "";

    public string AlertId { get; set; } = "";

    /// <summary>The JSON that is sent.</summary>
    public string Body { get; set; } = "";

    /// <summary>Times it was tried, this one included.</summary>
    public long Attempts { get; set; }

    public long NextMs { get; set; }

    public long DoneMs { get; set; }

    /// <summary>Why the last try failed; empty when it did not.</summary>
    public string Problem { get; set; } = "";
}

/// <summary>
/// What is to be told. It is written in the transaction that opens or closes an alert, so nothing is told twice in effect and nothing is
/// forgotten; the receiver knows a repeated message by its id.
/// </summary>
internal sealed class DeliveryStore([FromKeyedServices(ModuleNames.Metrics)] Database database, IOptions<MetricsOptions> options, TimeProvider time)
{
    private const int AtOnce = 20;
    private const string Columns = "id as Id, tenant as Tenant, alert_id as AlertId, body as Body, attempts as Attempts, next_ms as NextMs, done_ms as DoneMs, problem as Problem";

    // While it is being sent nobody else takes it; after a crash it is due again.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly JsonSerializerOptions Shape = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Adds what is to be told of an alert, inside the caller's transaction; nothing when nobody is to be told.</summary>
    public Task AddAsync(DbConnection connection, AlertRow alert)
    {
        if (options.Value.Webhook.Url.Length == 0)
            return Task.CompletedTask;
        var id = $"{alert.Id}-{(alert.ClosedMs > 0 ? "closed" : "open")}";
        var body = JsonSerializer.Serialize(new
        {
            id,
            alert = alert.Id,
            alert.Tenant,
            alert.Rule,
            alert.Severity,
            state = alert.ClosedMs > 0 ? "closed" : "open",
            alert.Message,
            alert.Value,
            alert.Threshold,
            alert.OpenedMs,
            alert.ClosedMs,
        }, Shape);
        return connection.ExecuteAsync(
            "insert into deliveries (id, tenant, alert_id, body, attempts, next_ms, done_ms, problem) values (@id, @Tenant, @AlertId, @body, 0, @now, 0, '') on conflict do nothing",
            new { id, alert.Tenant, AlertId = alert.Id, body, now = Now() });
    }

    /// <summary>Takes what is due; each row goes to one taker.</summary>
    public Task<IReadOnlyList<DeliveryRow>> TakeAsync(CancellationToken token) =>
        database.WriteAsync<IReadOnlyList<DeliveryRow>>(async c => (await c.QueryAsync<DeliveryRow>(
            "update deliveries set attempts = attempts + 1, next_ms = @lease where done_ms = 0 and next_ms <= @now and id in " +
            $"(select id from deliveries where done_ms = 0 and next_ms <= @now order by next_ms, id limit @most {database.Dialect.SkipLocked}) returning {Columns}",
            new { now = Now(), lease = Now() + (long)Lease.TotalMilliseconds, most = (long)AtOnce })).AsList(), token);

    /// <summary>Notes how a try ended.</summary>
    /// <param name="row">What was tried.</param>
    /// <param name="problem">Why it failed; empty when it arrived.</param>
    /// <param name="again">When to try again; null for never.</param>
    /// <param name="token">Cancels.</param>
    public Task NoteAsync(DeliveryRow row, string problem, TimeSpan? again, CancellationToken token) =>
        database.WriteAsync(c => c.ExecuteAsync("update deliveries set done_ms = @done, next_ms = @next, problem = @problem where id = @Id and done_ms = 0 and attempts = @Attempts",
            new { row.Id, row.Attempts, problem, done = again is null ? Now() : 0L, next = Now() + (long)(again ?? TimeSpan.Zero).TotalMilliseconds }), token);

    /// <summary>The newest of a tenant.</summary>
    public Task<IReadOnlyList<DeliveryRow>> ListAsync(string tenant, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<DeliveryRow>>(async c => (await c.QueryAsync<DeliveryRow>(
            $"select {Columns} from deliveries where tenant = @tenant order by id desc limit @most", new { tenant, most = (long)AtOnce })).AsList(), token);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
