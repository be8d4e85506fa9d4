using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>
/// Alerts of all tenants. A unique index lets a rule have one open alert a tenant; every change says in its condition what it
/// expects, so that replicas that judge at the same time do not undo or double each other.
/// </summary>
internal sealed class AlertStore([FromKeyedServices(ModuleNames.Metrics)] Database database, DeliveryStore deliveries, TimeProvider time)
{
    private const int Most = 200;

    /// <summary>Tenants with real jobs since an instant, or with an open alert.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(long sinceMs, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<string>>(async c => (await c.QueryAsync<string>(
            "select distinct tenant from rollups where step_seconds = 60 and at_ms >= @sinceMs and simulated = 0 union select tenant from alerts where closed_ms = 0",
            new { sinceMs })).AsList(), token);

    /// <summary>Alerts of a tenant: open ones first, then newest, at most 200.</summary>
    public Task<IReadOnlyList<AlertRow>> ListAsync(string tenant, bool all, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<AlertRow>>(async c => (await c.QueryAsync<AlertRow>(
            $"select {AlertRow.Columns} from alerts where tenant = @tenant and (@all = 1 or closed_ms = 0) " +
            "order by case when closed_ms = 0 then 0 else 1 end, opened_ms desc limit @most",
            new { tenant, all = all ? 1L : 0L, most = (long)Most })).AsList(), token);

    /// <summary>Opens an alert unless the rule has an open one.</summary>
    /// <returns>Whether it was opened here.</returns>
    public async Task<bool> OpenAsync(string tenant, IAlertRule rule, Measurement measured, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var alert = new AlertRow
        {
            Id = JobId.New(now),
            Tenant = tenant,
            Rule = rule.Name,
            Severity = rule.Severity,
            Message = measured.Message,
            Value = measured.Value,
            Threshold = measured.Threshold,
            JobId = measured.JobId,
            OpenedMs = now.ToUnixTimeMilliseconds(),
        };
        return await database.WriteAsync(async c =>
        {
            var opened = await c.ExecuteAsync(
                "insert into alerts (id, tenant, rule, severity, message, value, threshold, opened_ms, measured_ms, closed_ms, acknowledged_ms, acknowledged_by, calm, job_id) " +
                "values (@Id, @Tenant, @Rule, @Severity, @Message, @Value, @Threshold, @OpenedMs, @OpenedMs, 0, 0, '', 0, @JobId) on conflict do nothing", alert) == 1;
            if (opened)
                await deliveries.AddAsync(c, alert);
            return opened;
        }, token);
    }

    /// <summary>Notes that the figure is still up.</summary>
    public Task KeepAsync(AlertRow alert, Measurement measured, CancellationToken token) =>
        database.WriteAsync(c => c.ExecuteAsync(
            "update alerts set calm = 0, measured_ms = @now, value = @Value, threshold = @Threshold, message = @Message, job_id = @JobId where id = @Id and closed_ms = 0",
            new { alert.Id, measured.Value, measured.Threshold, measured.Message, measured.JobId, now = Now() }), token);

    /// <summary>Notes a calm judgement, once for all replicas that saw the same state.</summary>
    public Task CalmAsync(AlertRow alert, CancellationToken token) =>
        database.WriteAsync(c => c.ExecuteAsync(
            "update alerts set calm = calm + 1, measured_ms = @now where id = @Id and closed_ms = 0 and measured_ms = @MeasuredMs",
            new { alert.Id, alert.MeasuredMs, now = Now() }), token);

    /// <summary>Closes an alert.</summary>
    /// <returns>Whether it was closed here.</returns>
    public async Task<bool> CloseAsync(AlertRow alert, CancellationToken token)
    {
        var now = Now();
        return await database.WriteAsync(async c =>
        {
            var closed = await c.ExecuteAsync(
                "update alerts set closed_ms = @now, measured_ms = @now where id = @Id and closed_ms = 0 and measured_ms = @MeasuredMs", new { alert.Id, alert.MeasuredMs, now }) == 1;
            if (closed)
            {
                alert.ClosedMs = now;
                await deliveries.AddAsync(c, alert);
            }

            return closed;
        }, token);
    }

    /// <summary>Acknowledges an alert; a second time changes nothing.</summary>
    /// <param name="tenant">Tenant of the caller.</param>
    /// <param name="id">The alert.</param>
    /// <param name="keyId">Who did it.</param>
    /// <param name="token">Cancels.</param>
    /// <returns>The alert, or null when the tenant has no such alert.</returns>
    public Task<AlertRow?> AcknowledgeAsync(string tenant, string id, string keyId, CancellationToken token) =>
        database.WriteAsync(async c =>
        {
            await c.ExecuteAsync(
                "update alerts set acknowledged_ms = @now, acknowledged_by = @keyId where id = @id and tenant = @tenant and acknowledged_ms = 0",
                new { id, tenant, keyId, now = Now() });
            return await c.QuerySingleOrDefaultAsync<AlertRow>($"select {AlertRow.Columns} from alerts where id = @id and tenant = @tenant", new { id, tenant });
        }, token);

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
