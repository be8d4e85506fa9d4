using System.Globalization;

namespace Platform.Validation;

/// <summary>
/// Adds up the memory of a process and its descendants every 50 ms, files in memory included, and stops the run above the limit. The per-process limit alone
/// would let many processes, or shared memory, take more; control groups are not writable in most containers. Whatever escapes the sum (buffers of sockets,
/// segments that no process holds) is met by the last rule: the run ends before the machine has no memory left.
/// </summary>
internal static class MemoryWatch
{
    /// <summary>Memory of the machine that no run may eat into.</summary>
    private const long LeastLeft = 128L << 20;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);

    /// <summary>True when the limit was exceeded and <paramref name="stop"/> was cancelled for it.</summary>
    public static async Task<bool> RunAsync(int root, long limitBytes, CancellationTokenSource stop)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                if (TreeBytes(root) <= limitBytes && AvailableBytes() > LeastLeft)
                    continue;
                await stop.CancelAsync();
                return true;
            }
        }
        catch (OperationCanceledException)
        {
            // The run ended first.
        }
        return false;
    }

    private static long TreeBytes(int root)
    {
        var parents = new Dictionary<int, int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && ParentOf(id) is { } parent)
                parents[id] = parent;
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return parents.Keys.Where(id => Descends(id, root, parents)).Sum(id => ResidentBytes(id) + MemoryFileBytes(id, seen));
    }

    /// <summary>Memory that files without a name hold; each file counts once, however many processes have it open.</summary>
    private static long MemoryFileBytes(int id, HashSet<string> seen)
    {
        var bytes = 0L;
        try
        {
            foreach (var path in Directory.EnumerateFiles($"/proc/{id}/fd"))
            {
                if (new FileInfo(path).LinkTarget is { } target && target.StartsWith("/memfd:", StringComparison.Ordinal) && seen.Add(Identity(id, path) ?? path))
                    bytes += LengthOf(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process ended, or is not ours to look into; then the walls are what holds it.
        }

        return bytes;
    }

    /// <summary>Length of what is open there; the link itself has one of its own.</summary>
    private static long LengthOf(string path)
    {
        try
        {
            using var open = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.GetLength(open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0; // Closed between listing and opening; the others still count.
        }
    }

    /// <summary>The node behind an open file.</summary>
    private static string? Identity(int id, string path) =>
        (Read($"/proc/{id}/fdinfo/{Path.GetFileName(path)}") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal));

    private static long AvailableBytes() =>
        (Read("/proc/meminfo") ?? "").Split('\n').FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is { } line ? Kilobytes(line) * 1024 : long.MaxValue;

    private static long Kilobytes(string line) => long.Parse(line.Split(' ', '\t').First(p => p.Length > 0 && char.IsAsciiDigit(p[0])), CultureInfo.InvariantCulture);

    private static bool Descends(int id, int root, Dictionary<int, int> parents)
    {
        for (var hops = 0; hops < 1000; hops++)
        {
            if (id == root)
                return true;
            if (!parents.TryGetValue(id, out id))
                return false;
        }
        return false;
    }

    private static int? ParentOf(int id)
    {
        // "pid (name) state ppid ..."; the name may hold spaces and brackets, so read from the last bracket.
        if (Read($"/proc/{id}/stat") is not { } stat)
            return null;
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var parent) ? parent : null;
    }

    private static long ResidentBytes(int id)
    {
        long kilobytes = 0;
        foreach (var line in (Read($"/proc/{id}/status") ?? "").Split('\n'))
        {
            if (line.StartsWith("RssAnon:", StringComparison.Ordinal) || line.StartsWith("RssShmem:", StringComparison.Ordinal))
                kilobytes += Kilobytes(line);
        }
        return kilobytes * 1024;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // The process ended between listing and reading.
        }
    }
}
