using System.Collections.Concurrent;

namespace Platform.Validation;

/// <summary>Finds programs: system folders first, so that a version manager's shim in a home folder is the last choice.</summary>
internal static class Tool
{
    private static readonly string[] SystemFolders = ["/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin"];
    private static readonly ConcurrentDictionary<string, string?> Known = new();

    /// <summary>The absolute path of a program, or null when it is not installed.</summary>
    public static string? Find(string name) => Known.GetOrAdd(name, Search);

    private static string? Search(string name)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        var folders = OperatingSystem.IsWindows() ? path.Split(';') : [.. SystemFolders, .. path.Split(':')];
        var names = OperatingSystem.IsWindows() ? new[] { name + ".exe", name + ".cmd" } : [name];
        return folders.Where(f => f.Length > 0).SelectMany(f => names.Select(n => Path.Combine(f, n))).FirstOrDefault(File.Exists);
    }
}
