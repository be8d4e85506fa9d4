using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Metrics.Alerts;

/// <summary>One threshold that a tenant may set for itself.</summary>
/// <param name="Name">Name, as the configuration spells it.</param>
/// <param name="Label">What it is, with its unit.</param>
/// <param name="Least">Smallest value beside 0, which switches it off where that is allowed.</param>
/// <param name="Most">Largest value.</param>
/// <param name="MayBeOff">Whether 0 is allowed.</param>
/// <param name="Get">Reads it.</param>
/// <param name="With">The same thresholds with another value of this one.</param>
internal sealed record AlertSetting(string Name, string Label, double Least, double Most, bool MayBeOff, Func<AlertOptions, double> Get, Func<AlertOptions, double, AlertOptions> With)
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AlertSetting> All =
    [
        new("InstructionsSeconds", "Instructions, 95th percentile in seconds", 0.001, 86400, true, o => o.InstructionsSeconds, (o, v) => o with { InstructionsSeconds = v }),
        new("McpSeconds", "Mcp, 95th percentile in seconds", 0.001, 86400, true, o => o.McpSeconds, (o, v) => o with { McpSeconds = v }),
        new("ErrorRate", "Failed share of jobs, 0 to 1", 0.0001, 1, true, o => o.ErrorRate, (o, v) => o with { ErrorRate = v }),
        new("DailyBudgetUsd", "Budget of a day, US dollars", 0.01, 1e9, true, o => o.DailyBudgetUsd, (o, v) => o with { DailyBudgetUsd = v }),
        new("BurnAfterHours", "Hours before a day's cost is projected", 0.25, 24, true, o => o.BurnAfterHours, (o, v) => o with { BurnAfterHours = v }),
        new("DriftFactor", "Times slower than a week ago", 1.01, 100, true, o => o.DriftFactor, (o, v) => o with { DriftFactor = v }),
        new("QueueMinutes", "Minutes of waiting with none closed", 1, 1440, true, o => o.QueueMinutes, (o, v) => o with { QueueMinutes = v }),
        new("EngineFailures", "Share of requests an engine leaves unanswered", 0.01, 1, true, o => o.EngineFailures, (o, v) => o with { EngineFailures = v }),
        new("MinimumJobs", "Fewest jobs to judge by", 1, 1_000_000, false, o => o.MinimumJobs, (o, v) => o with { MinimumJobs = (long)v }),
    ];

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public string? Problem(double value) =>
        (value == 0 && MayBeOff) || (value >= Least && value <= Most) ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Name} is {value}; use a number from {Least} to {Most}{(MayBeOff ? ", or 0 to switch it off" : "")}.");
}

/// <summary>The thresholds of a tenant: its own where it set them, else those of the configuration.</summary>
internal sealed class AlertSettings([FromKeyedServices(ModuleNames.Metrics)] Database database, IOptions<MetricsOptions> options, TimeProvider time)
{
    private const int LongestShown = 40;

    /// <summary>Values that a tenant set itself, by name.</summary>
    public Task<IReadOnlyDictionary<string, double>> OwnAsync(string tenant, CancellationToken token) =>
        database.ReadAsync<IReadOnlyDictionary<string, double>>(async c => (await c.QueryAsync<Row>("select name as Name, value as Value from alert_settings where tenant = @tenant", new { tenant }))
            .ToDictionary(r => r.Name, r => r.Value, StringComparer.Ordinal), token);

    /// <summary>The thresholds that count for a tenant.</summary>
    public async Task<AlertOptions> OfAsync(string tenant, CancellationToken token) => Apply(await OwnAsync(tenant, token));

    /// <summary>The configured thresholds with other values for some.</summary>
    public AlertOptions Apply(IReadOnlyDictionary<string, double> own) =>
        AlertSetting.All.Where(s => own.ContainsKey(s.Name)).Aggregate(options.Value.Alerts, (all, setting) => setting.With(all, own[setting.Name]));

    /// <summary>What is wrong with values, each with field, value and limit.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyDictionary<string, double> own) =>
    [
        .. own.Select(o => AlertSetting.All.FirstOrDefault(s => s.Name == o.Key) is { } setting ? setting.Problem(o.Value)
            : $"{(o.Key.Length > LongestShown ? o.Key[..LongestShown] : o.Key)} is no threshold; use {string.Join(", ", AlertSetting.All.Select(s => s.Name))}.").OfType<string>(),
    ];

    /// <summary>Replaces a tenant's own values; what is not among them follows the configuration again.</summary>
    /// <exception cref="ArgumentException">A value cannot be used; the message names field, value and limit.</exception>
    public Task SaveAsync(string tenant, IReadOnlyDictionary<string, double> own, string keyId, CancellationToken token)
    {
        if (Problems(own) is { Count: > 0 } problems)
            throw new ArgumentException(string.Join(" ", problems), nameof(own));
        return database.WriteAsync(async c =>
        {
            await c.ExecuteAsync("delete from alert_settings where tenant = @tenant", new { tenant });
            foreach (var (name, value) in own)
                await c.ExecuteAsync("insert into alert_settings (tenant, name, value, changed_ms, changed_by) values (@tenant, @name, @value, @now, @keyId)", new { tenant, name, value, now = time.GetUtcNow().ToUnixTimeMilliseconds(), keyId });
        }, token);
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public double Value { get; set; }
    }
}
