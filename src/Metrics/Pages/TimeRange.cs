namespace Platform.Metrics.Pages;

/// <summary>A stretch of time up to now that a page looks at.</summary>
/// <param name="Name">Name, as addresses spell it.</param>
/// <param name="Seconds">Length.</param>
/// <param name="StepSeconds">Width of a bucket in its charts.</param>
public sealed record TimeRange(string Name, long Seconds, long StepSeconds)
{
    /// <summary>From minutes to a month.</summary>
    public static readonly IReadOnlyList<TimeRange> All = [new("10m", 600, 10), new("1h", 3600, 60), new("24h", 86400, 3600), new("7d", 7 * 86400, 3600), new("30d", 30 * 86400, 86400)];

    /// <summary>Those that are long enough to speak of rates.</summary>
    public static readonly IReadOnlyList<TimeRange> Long = [.. All.Skip(2), new("90d", 90 * 86400, 86400)];

    /// <summary>Finds one by its name; the last day otherwise.</summary>
    public static TimeRange Find(string? name) => Long.Concat(All).FirstOrDefault(r => r.Name == name) ?? All[2];

    /// <summary>Start of its first bucket, in milliseconds since 1970 UTC.</summary>
    public long FromMs(long nowMs) => Rollups.Steps.Floor(nowMs - Seconds * 1000, StepSeconds);

    /// <summary>End of its last bucket.</summary>
    public long ToMs(long nowMs) => Rollups.Steps.Ceiling(nowMs, StepSeconds);
}
