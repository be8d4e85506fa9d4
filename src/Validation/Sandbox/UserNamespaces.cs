namespace Platform.Validation;

/// <summary>Whether this kernel lets an ordinary user make user namespaces, without which it cannot build walls.</summary>
internal static class UserNamespaces
{
    // Setting, the value that forbids, and the value that allows.
    private static readonly (string File, string Forbids, string Allows)[] Switches =
    [
        ("user/max_user_namespaces", "0", "15000"),
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
    ];

    /// <summary>Which setting forbids them and what would allow them, in one sentence; null when none does.</summary>
    /// <param name="settings">Where the kernel shows its settings.</param>
    public static string? Obstacle(string settings = "/proc/sys")
    {
        foreach (var (file, forbids, allows) in Switches)
        {
            if (Read(Path.Combine(settings, file)) == forbids)
                return $"The kernel forbids user namespaces to ordinary users ({file.Replace('/', '.')} = {forbids}); the sandbox needs them unless it runs as root. 'sysctl {file.Replace('/', '.')}={allows}' allows them.";
        }
        return null;
    }

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Kernels without the setting do not forbid by it.
        }
    }
}
