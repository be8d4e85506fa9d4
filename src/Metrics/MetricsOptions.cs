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

    /// <summary>Whom to tell of alerts.</summary>
    [Required]
    public WebhookOptions Webhook { get; set; } = new();
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

    /// <summary>People of the team; default 1.</summary>
    [Range(0, RoiInputs.MostPeople)]
    public double People { get; set; } = 1;

    /// <summary>Tasks a day of one person; default 50.</summary>
    [Range(0, RoiInputs.MostTasksPerDay)]
    public double TasksPerDay { get; set; } = RoiInputs.DefaultTasksPerDay;

    /// <summary>Seconds a person takes to read and judge an answer; default 30.</summary>
    [Range(0, RoiInputs.MostSeconds)]
    public double ReviewSeconds { get; set; } = 30;

    /// <summary>Seconds a person takes to change a line of an answer; default 10.</summary>
    [Range(0, RoiInputs.MostSeconds)]
    public double LineSeconds { get; set; } = 10;

    /// <summary>US dollars a month that running the platform costs; default 0.</summary>
    [Range(0, RoiInputs.MostUsd)]
    public double RunningCostMonthUsd { get; set; }

    /// <summary>US dollars a year to aim for; default 250,000.</summary>
    [Range(0, RoiInputs.MostUsd)]
    public double TargetUsd { get; set; } = 250_000;
}
