using System.Diagnostics;

namespace Platform.Benchmarks;

/// <summary>How long something takes, in milliseconds.</summary>
internal static class Timed
{
    public static double Run(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    public static async Task<double> RunAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
