namespace Platform.Cli.Servers;

/// <summary>Installs Debian packages on this machine, saying so.</summary>
internal static class AptPackages
{
    private static readonly Dictionary<string, string?> Quiet = new() { ["DEBIAN_FRONTEND"] = "noninteractive", ["LC_ALL"] = "C" };

    /// <summary>Whether this process may install packages: root on a machine with apt.</summary>
    public static bool CanInstall => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/bin/apt-get");

    /// <summary>Installs them, with fresh package lists.</summary>
    /// <exception cref="ServersException">apt-get failed; says what it printed.</exception>
    public static async Task InstallAsync(IReadOnlyList<string> packages, IProgress<string> progress, CancellationToken token)
    {
        progress.Report($"Installing {string.Join(", ", packages)} with apt-get");
        await new ExternalCommand("apt-get", "update", "-q") { Environment = Quiet }.DemandAsync(token);
        await new ExternalCommand("apt-get", ["install", "-y", "-q", "--no-install-recommends", .. packages]) { Environment = Quiet }.DemandAsync(token);
    }
}
