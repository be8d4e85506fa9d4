using System.Globalization;

namespace Platform.Validation;

/// <summary>
/// Adds up the memory of a process and its descendants every 50 ms and stops the run above the limit. The per-process limit alone
/// would let many processes, or shared memory, take more; control groups are not writable in most containers.
/// </summary>
internal static class MemoryWatch
{
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
                if (TreeBytes(root) <= limitBytes)
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
        return parents.Keys.Where(id => Descends(id, root, parents)).Sum(ResidentBytes);
    }

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
                kilobytes += long.Parse(line.Split(' ', '\t').First(p => p.Length > 0 && char.IsAsciiDigit(p[0])), CultureInfo.InvariantCulture);
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
