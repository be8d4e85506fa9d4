using Platform.Contracts;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>What stands beside the sums: times by approach, hours by day, shares of teams and projects, and the control group of memory.</summary>
internal static class RoiBreakdown
{
    private const double MsPerSecond = 1000, SecondsPerHour = 3600, NanoPerUnit = 1e9;
    private const long MsPerDay = 86_400_000;
    private const int MostShares = 20;

    /// <summary>Adds it.</summary>
    /// <param name="roi">What was reckoned so far.</param>
    /// <param name="platform">Jobs of the platform.</param>
    /// <param name="isMeasured">Whether the actual time is that of these jobs.</param>
    public static void Add(Roi roi, List<EvidenceRow> platform, bool isMeasured)
    {
        if (isMeasured)
            roi.WaitingSeconds = platform.Sum(j => j.QueueMs) / roi.Jobs / MsPerSecond;
        roi.WorkingSeconds = roi.ActualSeconds - roi.WaitingSeconds;
        foreach (var approach in platform.Where(j => j.Succeeded > 0).GroupBy(j => j.Approach).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var seconds = Mean([.. approach]) ?? 0;
            roi.Speeds.Add(new ApproachSpeed { Approach = approach.Key, Jobs = approach.Sum(j => j.Succeeded), Seconds = seconds, Speedup = seconds > 0 ? roi.BaselineSeconds / seconds : 0, Published = PublishedOf(approach.Key) });
        }

        foreach (var day in platform.GroupBy(j => j.Day).OrderBy(g => g.Key))
            roi.Days.Add(new DaySaving { AtMs = day.Key * MsPerDay, Hours = Hours(roi, [.. day]) });
        roi.Teams.Add(SharesOf(roi, platform, static j => j.Team));
        roi.Projects.Add(SharesOf(roi, platform, static j => j.Project));
        roi.Control = ControlOf(platform);
    }

    /// <summary>Mean time of the jobs that succeeded, in seconds; null when none did.</summary>
    public static double? Mean(IReadOnlyCollection<EvidenceRow> rows)
    {
        var jobs = rows.Sum(r => r.Succeeded);
        return jobs == 0 ? null : rows.Sum(r => r.TotalMs) / jobs / MsPerSecond;
    }

    private static double PublishedOf(string approach) => approach switch
    {
        Approaches.Instructions => RoiInputs.PublishedInstructionsSpeedup,
        Approaches.Mcp => RoiInputs.PublishedMcpSpeedup,
        _ => 0,
    };

    private static IEnumerable<RoiShare> SharesOf(Roi roi, List<EvidenceRow> platform, Func<EvidenceRow, string> name) =>
        platform.GroupBy(name, StringComparer.Ordinal).Select(g => (g.Key, Rows: g.ToList(), Jobs: g.Sum(j => j.Succeeded)))
            .OrderByDescending(g => g.Jobs).ThenBy(g => g.Key, StringComparer.Ordinal).Take(MostShares)
            .Select(g => new RoiShare { Name = g.Key, Jobs = g.Jobs, Seconds = Mean(g.Rows) ?? 0, Hours = Hours(roi, g.Rows), Usd = Hours(roi, g.Rows) * roi.Rate, CostUsd = g.Rows.Sum(j => j.CostNano) / NanoPerUnit });

    /// <summary>Hours that jobs saved; what failed ones took is lost.</summary>
    private static double Hours(Roi roi, IReadOnlyCollection<EvidenceRow> rows) =>
        (roi.BaselineSeconds * rows.Sum(r => r.Succeeded) - rows.Sum(r => r.TotalMs + r.FailedMs) / MsPerSecond) / SecondsPerHour;

    /// <summary>
    /// By lot, so jobs are compared as they were dealt: replays stay among those with memory, since a task that could have been replayed is dealt to the
    /// others too. In both groups only jobs for which memory had something: elsewhere it cannot bring anything. The pattern memory reckons alike.
    /// </summary>
    private static MemoryControl ControlOf(List<EvidenceRow> platform)
    {
        (long Jobs, long Succeeded) Of(long withheld)
        {
            var rows = platform.Where(j => j.Known > 0 && j.Withheld == withheld).ToList();
            return (rows.Sum(r => r.Succeeded + r.Failed), rows.Sum(r => r.Succeeded));
        }

        var (with, without) = (Of(0), Of(1));
        var (lift, low, high) = ShareDifference.Of(with.Succeeded, with.Jobs, without.Succeeded, without.Jobs);
        return new MemoryControl
        {
            WithJobs = with.Jobs,
            WithSucceeded = with.Succeeded,
            WithheldJobs = without.Jobs,
            WithheldSucceeded = without.Succeeded,
            Lift = lift,
            LiftLow = low,
            LiftHigh = high,
        };
    }
}
