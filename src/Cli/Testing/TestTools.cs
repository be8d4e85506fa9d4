using Platform.Cli.Servers;

namespace Platform.Cli.Testing;

/// <summary>Programs that suites need beside .NET; installs those that are missing where this process may.</summary>
internal static class TestTools
{
    // bubblewrap: sandbox; node, npm: JavaScript and foreign clients; chromium: console; python3, bandit: Python; rustc, javac: their messages; debootstrap: servers.
    private static readonly (string Program, string Package)[] Wanted =
    [
        ("bwrap", "bubblewrap"), ("node", "nodejs"), ("npm", "npm"), ("chromium", "chromium"), ("python3", "python3"), ("debootstrap", "debootstrap"),
        ("bandit", "bandit"), ("rustc", "rustc"), ("javac", "default-jdk-headless"),
    ];

    /// <summary>Installs what is missing as root on Debian or Ubuntu; else says what is missing.</summary>
    public static async Task PrepareAsync(IProgress<string> progress, CancellationToken token)
    {
        var missing = Wanted.Where(tool => !IsOnPath(tool.Program)).Select(tool => tool.Package).ToList();
        if (missing.Count == 0)
            return;
        if (AptPackages.CanInstall)
            await AptPackages.InstallAsync(missing, progress, token);
        else
            progress.Report($"Not installed here, so some tests will be skipped: {string.Join(", ", missing)}");
    }

    /// <summary>Whether a program is on the path.</summary>
    public static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, program)) || (OperatingSystem.IsWindows() && File.Exists(Path.Combine(folder, $"{program}.exe"))));
}
