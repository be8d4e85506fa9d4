using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Alerts;

/// <summary>Judges every rule for every tenant, again and again.</summary>
internal sealed partial class AlertWatch(
    AlertStore store, AlertMeasures measures, AlertSettings settings, IQueueAge queue, IOptions<MetricsOptions> options, TimeProvider time, ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan Active = TimeSpan.FromHours(2);

    /// <summary>Judges every tenant that had jobs of late, has some waiting or has an open alert. One that cannot be judged does not keep the others from it.</summary>
    internal async Task JudgeAsync(CancellationToken token)
    {
        var waiting = await queue.WaitingAsync(token);
        foreach (var tenant in (await store.TenantsAsync((time.GetUtcNow() - Active).ToUnixTimeMilliseconds(), token)).Union(waiting?.Keys ?? [], StringComparer.Ordinal))
        {
            try
            {
                await JudgeAsync(tenant, waiting, token);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogTenantFailed(tenant, e);
            }
        }
    }

    private async Task JudgeAsync(string tenant, IReadOnlyDictionary<string, DateTimeOffset>? waiting, CancellationToken token)
    {
        var limits = await settings.OfAsync(tenant, token);
        DateTimeOffset? oldest = waiting is not null && waiting.TryGetValue(tenant, out var since) ? since : null;
        var measured = await measures.ReadAsync(tenant, time.GetUtcNow(), limits, oldest, waiting is not null, token);
        var open = (await store.ListAsync(tenant, all: false, token)).ToDictionary(a => a.Rule, StringComparer.Ordinal);
        var rules = AlertRules.Of(limits, measured.Engines.Select(e => e.Engine)).ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var rule in rules.Values)
            await JudgeAsync(tenant, rule, open.GetValueOrDefault(rule.Name), rule.Measure(measured), limits, token);
        // A rule that was switched off, or an engine that nobody asks any more, leaves nothing to keep an alert open.
        foreach (var orphan in open.Values.Where(a => !rules.ContainsKey(a.Rule)))
            await JudgeAsync(tenant, new GoneRule(orphan), orphan, null, limits, token);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.Alerts.Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryJudgeAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task TryJudgeAsync(CancellationToken token)
    {
        try
        {
            await JudgeAsync(token);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
        }
    }

    private async Task JudgeAsync(string tenant, IAlertRule rule, AlertRow? open, Measurement? measured, AlertOptions limits, CancellationToken token)
    {
        switch (AlertJudge.Judge(open, measured, limits))
        {
            case AlertJudge.Verdict.Open:
                if (await store.OpenAsync(tenant, rule, measured!, token))
                    LogOpened(rule.Name, tenant, measured!.Message);
                break;
            case AlertJudge.Verdict.Keep:
                await store.KeepAsync(open!, measured!, token);
                break;
            case AlertJudge.Verdict.Calm:
                await store.CalmAsync(open!, token);
                break;
            case AlertJudge.Verdict.Close:
                if (await store.CloseAsync(open!, token))
                    LogClosed(rule.Name, tenant);
                break;
        }
    }

    /// <summary>Stands for a rule that measures nothing any more.</summary>
    private sealed class GoneRule(AlertRow alert) : IAlertRule
    {
        public string Name => alert.Rule;

        public string Severity => alert.Severity;

        public Measurement? Measure(AlertFigures figures) => null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Rule} of tenant {Tenant}: {Message}")]
    private partial void LogOpened(string rule, string tenant, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Rule} of tenant {Tenant} is over.")]
    private partial void LogClosed(string rule, string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts could not be judged; trying again.")]
    private partial void LogFailed(Exception e);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts of tenant {Tenant} could not be judged; trying again.")]
    private partial void LogTenantFailed(string tenant, Exception e);
}
