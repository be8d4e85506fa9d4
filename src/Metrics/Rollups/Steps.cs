namespace Platform.Metrics.Rollups;

/// <summary>A stretch of time that is answered from roll-ups of one width.</summary>
/// <param name="StepSeconds">Width of the roll-ups.</param>
/// <param name="FromMs">First bucket, in milliseconds since 1970 UTC.</param>
/// <param name="ToMs">End, not included.</param>
internal readonly record struct Segment(long StepSeconds, long FromMs, long ToMs);

/// <summary>The widths of roll-ups and how a stretch of time is put together from them.</summary>
internal static class Steps
{
    public const long TenSeconds = 10;
    public const long Minute = 60;
    public const long Hour = 3600;
    public const long Day = 86400;

    /// <summary>All of them, widest first.</summary>
    public static readonly IReadOnlyList<long> All = [Day, Hour, Minute, TenSeconds];

    private const long MsPerSecond = 1000;

    /// <summary>Start of the bucket that an instant falls into.</summary>
    public static long Floor(long atMs, long stepSeconds)
    {
        var width = stepSeconds * MsPerSecond;
        return atMs - (atMs % width + width) % width;
    }

    /// <summary>First bucket that starts at an instant or after it.</summary>
    public static long Ceiling(long atMs, long stepSeconds) => Floor(atMs + stepSeconds * MsPerSecond - 1, stepSeconds);

    /// <summary>Covers a stretch with as few roll-ups as possible: wide ones in the middle, narrower ones at the edges.</summary>
    /// <param name="fromMs">Start; rounded down to <paramref name="finest"/>.</param>
    /// <param name="toMs">End, not included; rounded up to <paramref name="finest"/>.</param>
    /// <param name="finest">Narrowest width that is still kept for this stretch.</param>
    public static IReadOnlyList<Segment> Cover(long fromMs, long toMs, long finest = TenSeconds)
    {
        var segments = new List<Segment>();
        Cover(Floor(fromMs, finest), Ceiling(toMs, finest), 0, finest, segments);
        return segments;
    }

    private static void Cover(long from, long to, int widest, long finest, List<Segment> into)
    {
        if (from >= to)
            return;
        for (var i = widest; i < All.Count && All[i] >= finest; i++)
        {
            var (start, end) = (Ceiling(from, All[i]), Floor(to, All[i]));
            if (start >= end)
                continue;
            Cover(from, start, i + 1, finest, into);
            into.Add(new Segment(All[i], start, end));
            Cover(end, to, i + 1, finest, into);
            return;
        }
    }
}
