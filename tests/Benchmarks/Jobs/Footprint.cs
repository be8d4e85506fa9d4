using System.Diagnostics;
using System.Runtime;

namespace Platform.Benchmarks.Jobs;

/// <summary>What this process holds at a moment of rest. Sockets and files are counted on Linux only and are 0 elsewhere.</summary>
internal sealed record Footprint(double ManagedMegabytes, double ResidentMegabytes, int Sockets, int Files, int Threads, long Timers, int TemporaryFiles, int Running)
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Collects what can be collected, then looks.</summary>
    /// <param name="running">Jobs that still run.</param>
    public static Footprint Take(int running)
    {
        for (var i = 0; i < 3; i++)
        {
            GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        var open = Open();
        return new Footprint(
            GC.GetTotalMemory(forceFullCollection: true) / Megabyte,
            process.WorkingSet64 / Megabyte,
            open.Count(target => target.StartsWith("socket:", StringComparison.Ordinal)),
            open.Count(target => target.StartsWith('/')),
            process.Threads.Count,
            Timer.ActiveCount,
            Directory.EnumerateFiles(Path.GetTempPath(), "*", SearchOption.AllDirectories).Count(path => !path.Contains("platform-bench-", StringComparison.Ordinal)),
            running);
    }

    private static List<string> Open()
    {
        const string folder = "/proc/self/fd";
        return Directory.Exists(folder) ? [.. Directory.EnumerateFileSystemEntries(folder).Select(Target)] : [];
    }

    /// <summary>A descriptor may be gone by now: the one of this very listing is.</summary>
    private static string Target(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
