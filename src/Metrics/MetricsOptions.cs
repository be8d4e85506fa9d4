using System.ComponentModel.DataAnnotations;
using Platform.Metrics.Savings;

namespace Platform.Metrics;

/// <summary>Options of the metrics module, section <c>Metrics</c>.</summary>
public sealed class MetricsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Metrics";

    /// <summary>How long figures are kept.</summary>
    [Required]
    public KeepOptions Keep { get; set; } = new();

    /// <summary>What the return on investment assumes where nothing is measured.</summary>
    [Required]
    public RoiOptions Roi { get; set; } = new();

    /// <summary>When to raise an alert.</summary>
    [Required]
    public AlertOptions Alerts { get; set; } = new();
}

/// <summary>How long figures are kept, section <c>Metrics:Keep</c>. Roll-ups of a day are kept for good.</summary>
public sealed class KeepOptions
{
    private const string Shortest = "01:00:00";
    private const string Longest = "3650.00:00:00";

    /// <summary>Rows of single jobs and feedback; default 90 days. An event older than this is not counted: it could not be told from a duplicate.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan Events { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Roll-ups of ten seconds; default 2 days.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan TenSeconds { get; set; } = TimeSpan.FromDays(2);

    /// <summary>Roll-ups of a minute; default 35 days.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan Minutes { get; set; } = TimeSpan.FromDays(35);

    /// <summary>Roll-ups of an hour; default 400 days.</summary>
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan Hours { get; set; } = TimeSpan.FromDays(400);
}

/// <summary>Assumptions of the return on investment, section <c>Metrics:Roi</c>.</summary>
public sealed class RoiOptions
{
    /// <summary>Seconds a task takes without the platform, used until jobs of the traditional approach were measured; default <see cref="RoiInputs.AssumedBaselineSeconds"/>.</summary>
    [Range(0, RoiInputs.MostSeconds)]
    public double BaselineSeconds { get; set; } = RoiInputs.AssumedBaselineSeconds;

    /// <summary>Seconds a task takes with the platform, used until jobs were measured; default <see cref="RoiInputs.AssumedSeconds"/>.</summary>
    [Range(0, RoiInputs.MostSeconds)]
    public double Seconds { get; set; } = RoiInputs.AssumedSeconds;

    /// <summary>US dollars an hour; default 100.</summary>
    [Range(0, RoiInputs.MostRateUsd)]
    public double HourlyRateUsd { get; set; } = RoiInputs.DefaultRateUsd;

    /// <summary>Tasks a day; default 50.</summary>
    [Range(0, RoiInputs.MostTasksPerDay)]
    public double TasksPerDay { get; set; } = RoiInputs.DefaultTasksPerDay;
}

/// <summary>Thresholds of alerts, section <c>Metrics:Alerts</c>.</summary>
public sealed class AlertOptions
{
    /// <summary>95th percentile of <c>instructions</c> that is too slow, in seconds; default 15.</summary>
    [Range(0.001, 86400)]
    public double InstructionsSeconds { get; set; } = 15;

    /// <summary>95th percentile of <c>mcp</c> that is too slow, in seconds; default 12.</summary>
    [Range(0.001, 86400)]
    public double McpSeconds { get; set; } = 12;

    /// <summary>Share of jobs that may fail; default 0.1.</summary>
    [Range(0.0001, 1)]
    public double ErrorRate { get; set; } = 0.1;

    /// <summary>US dollars that a day (UTC) may cost; default 0, which means no limit.</summary>
    [Range(0, 1e9)]
    public double DailyBudgetUsd { get; set; }

    /// <summary>How many times last week's 95th percentile is drift; default 1.5.</summary>
    [Range(1.01, 100)]
    public double DriftFactor { get; set; } = 1.5;

    /// <summary>Fewest jobs that a percentile or rate is judged by; default 20.</summary>
    [Range(1, 1_000_000)]
    public long MinimumJobs { get; set; } = 20;

    /// <summary>Stretch of time that is judged; default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often alerts are judged; default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>An open alert closes below this share of its threshold; default 0.8.</summary>
    [Range(0.01, 1)]
    public double CloseBelow { get; set; } = 0.8;

    /// <summary>How many judgements in a row must be calm before an alert closes; default 3.</summary>
    [Range(1, 1000)]
    public long CalmJudgements { get; set; } = 3;
}
