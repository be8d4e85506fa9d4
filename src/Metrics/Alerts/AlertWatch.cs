using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Platform.Metrics.Rollups;

namespace Platform.Metrics.Alerts;

/// <summary>Judges every rule for every tenant, again and again.</summary>
internal sealed partial class AlertWatch(
    AlertStore store, FiguresQuery figures, IOptions<MetricsOptions> options, TimeProvider time, ILogger<AlertWatch> log) : BackgroundService
{
    private static readonly TimeSpan Active = TimeSpan.FromHours(2);
    private readonly IReadOnlyList<IAlertRule> _rules = AlertRules.Of(options.Value.Alerts);

    /// <summary>Judges once.</summary>
    internal async Task JudgeAsync(CancellationToken token)
    {
        foreach (var tenant in await store.TenantsAsync((time.GetUtcNow() - Active).ToUnixTimeMilliseconds(), token))
        {
            var measured = await AlertFigures.ReadAsync(figures, tenant, time.GetUtcNow(), options.Value.Alerts.Window, token);
            var open = (await store.ListAsync(tenant, all: false, token)).ToDictionary(a => a.Rule, StringComparer.Ordinal);
            foreach (var rule in _rules)
                await JudgeAsync(tenant, rule, open.GetValueOrDefault(rule.Name), rule.Measure(measured), token);
        }
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

    private async Task JudgeAsync(string tenant, IAlertRule rule, AlertRow? open, Measurement? measured, CancellationToken token)
    {
        switch (AlertJudge.Judge(open, measured, options.Value.Alerts))
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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alert {Rule} of tenant {Tenant}: {Message}")]
    private partial void LogOpened(string rule, string tenant, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "Alert {Rule} of tenant {Tenant} is over.")]
    private partial void LogClosed(string rule, string tenant);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Alerts could not be judged; trying again.")]
    private partial void LogFailed(Exception e);
}
