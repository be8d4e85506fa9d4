using Platform.Metrics.Rollups;

namespace Platform.Metrics.Alerts;

/// <summary>What rules judge: real jobs of one tenant, simulated ones never.</summary>
internal sealed record AlertFigures
{
    private static readonly Dictionary<string, Rollup> Nothing = [];

    /// <summary>By approach, over the window of the options.</summary>
    public IReadOnlyDictionary<string, Rollup> Recent { get; init; } = Nothing;

    /// <summary>By approach, over the last hour.</summary>
    public IReadOnlyDictionary<string, Rollup> LastHour { get; init; } = Nothing;

    /// <summary>By approach, over the same hour of the same weekday a week ago.</summary>
    public IReadOnlyDictionary<string, Rollup> HourLastWeek { get; init; } = Nothing;

    /// <summary>Cost since midnight UTC, in US dollars.</summary>
    public double TodayUsd { get; init; }

    /// <summary>Hours since midnight UTC.</summary>
    public double TodayHours { get; init; }

    /// <summary>The slowest job of the window by approach, where it was beyond its limit.</summary>
    public IReadOnlyDictionary<string, string> Slowest { get; init; } = new Dictionary<string, string>();

    /// <summary>What engines did over the window.</summary>
    public IReadOnlyList<EngineCount> Engines { get; init; } = [];

    /// <summary>Minutes in which jobs waited and none closed; null when nobody could be asked.</summary>
    public double? StuckMinutes { get; init; }
}
