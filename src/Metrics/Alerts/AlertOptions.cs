using System.ComponentModel.DataAnnotations;

namespace Platform.Metrics;

/// <summary>Thresholds of alerts, section <c>Metrics:Alerts</c>. A tenant may set its own in the console.</summary>
public sealed record AlertOptions
{
    /// <summary>95th percentile of <c>instructions</c> that is too slow, in seconds; default 15, 0 switches it off.</summary>
    [Range(0, 86400)]
    public double InstructionsSeconds { get; set; } = 15;

    /// <summary>95th percentile of <c>mcp</c> that is too slow, in seconds; default 12, 0 switches it off.</summary>
    [Range(0, 86400)]
    public double McpSeconds { get; set; } = 12;

    /// <summary>Share of jobs that may fail; default 0.1, 0 switches it off.</summary>
    [Range(0, 1)]
    public double ErrorRate { get; set; } = 0.1;

    /// <summary>US dollars that a day (UTC) may cost; default 0, which means no limit.</summary>
    [Range(0, 1e9)]
    public double DailyBudgetUsd { get; set; }

    /// <summary>Hours of a day after which its cost is projected to the whole day and held against the budget; default 3, 0 switches that off.</summary>
    [Range(0, 24)]
    public double BurnAfterHours { get; set; } = 3;

    /// <summary>How many times last week's 95th percentile is drift; default 1.5, 0 switches it off.</summary>
    [Range(0, 100)]
    public double DriftFactor { get; set; } = 1.5;

    /// <summary>Minutes in which jobs waited and none closed, that are too many; default 10, 0 switches it off.</summary>
    [Range(0, 1440)]
    public double QueueMinutes { get; set; } = 10;

    /// <summary>Share of its requests that an engine may leave without an answer, with at least <see cref="EngineRequests"/> of them; default 0.9, 0 switches it off.</summary>
    [Range(0, 1)]
    public double EngineFailures { get; set; } = 0.9;

    /// <summary>Fewest requests that an engine is judged by; default 5.</summary>
    [Range(1, 1_000_000)]
    public long EngineRequests { get; set; } = 5;

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

/// <summary>Whom to tell when an alert opens or closes, section <c>Metrics:Webhook</c>.</summary>
public sealed class WebhookOptions
{
    /// <summary>Address that gets a signed POST; https, or http on loopback. Empty tells nobody. It is never logged: such addresses often hold a secret.</summary>
    public string Url { get; set; } = "";

    /// <summary>Secret that signs what is sent; at least 16 characters.</summary>
    public string Secret { get; set; } = "";
}
