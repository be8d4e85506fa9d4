using System.Globalization;

namespace Platform.Cli.Servers;

/// <summary>
/// A Debian 13 file system with PostgreSQL 17, pgvector and RabbitMQ 4, made once with debootstrap in a cache folder.
/// It is built beside its final name and renamed when complete, so a half-made one is never used; debootstrap runs in
/// mount and process namespaces of its own, so an interrupted one leaves no mount and no process.
/// </summary>
/// <param name="cache">Folder that holds it.</param>
internal sealed class DebianRoot(string cache)
{
    private const string Suite = "trixie";
    private const string Packages = "postgresql-17-pgvector,rabbitmq-server";
    private const string PostgreSqlPrograms = "usr/lib/postgresql/17/bin";
    private const int Locked = 75;

    // Also when this process is killed: the lock goes with the script, and the next start waits for it and finds its work.
    // --one-file-system: were anything mounted in there, it must not be emptied.
    private const string Build = """
        set -eu
        path=$1 suite=$2 packages=$3
        shift 3
        rm -rf --one-file-system -- "$path.part"
        debootstrap --variant=minbase --include="$packages" "$suite" "$path.part" "$@"
        echo '127.0.0.1 localhost' >"$path.part/etc/hosts"
        rm -rf --one-file-system -- "$path.part/var/cache/apt" "$path.part/var/lib/apt/lists"
        mv "$path.part" "$path"
        """;

    private static readonly TimeSpan LockPause = TimeSpan.FromSeconds(1);

    /// <summary>The file system.</summary>
    public string Path { get; } = System.IO.Path.Combine(cache, Suite);

    /// <summary>Whether it is complete.</summary>
    public bool IsReady => File.Exists(System.IO.Path.Combine(Path, PostgreSqlPrograms, "postgres"));

    /// <summary>Why it cannot be made on this machine; null when it can.</summary>
    public static string? Obstacle()
    {
        if (!OperatingSystem.IsLinux())
            return "this is not Linux";
        if (!Environment.IsPrivilegedProcess)
            return "this user is not root";
        return Distribution() is "debian" or "ubuntu" ? null : "this is neither Debian nor Ubuntu";
    }

    /// <summary>Makes it, unless it is there; waits while another process makes it.</summary>
    /// <exception cref="ServersException">A step failed; says which and what it printed.</exception>
    public async Task PrepareAsync(IProgress<string> progress, CancellationToken token)
    {
        if (IsReady)
            return;
        Directory.CreateDirectory(cache);
        if (await new ExternalCommand("debootstrap", "--version").TryAsync(TimeSpan.FromSeconds(30), token) is null)
            await AptPackages.InstallAsync(["debootstrap"], progress, token);
        progress.Report($"Fetching PostgreSQL 17, pgvector and RabbitMQ 4 into {cache} (once; takes a minute or two)");
        string[] mirror = Mirror() is { } address ? [address] : [];
        var build = new ExternalCommand("flock",
        [
            "--nonblock", "--conflict-exit-code", $"{Locked}", "--no-fork", System.IO.Path.Combine(cache, "lock"),
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
            "/bin/sh", "-c", Build, "sh", Path, Suite, Packages, .. mirror,
        ]);
        while (!IsReady)
        {
            var result = await build.RunAsync(token);
            if (result.ExitCode == Locked)
                await Task.Delay(LockPause, token);
            else if (!result.Succeeded)
                throw new ServersException($"debootstrap could not make {Path}: {ExternalCommand.Tail(result.Output)}");
        }
    }

    /// <summary>The mirror this Debian machine itself installs from; null lets debootstrap take its own default.</summary>
    private static string? Mirror()
    {
        if (Distribution() != "debian")
            return null;
        var sources = Directory.Exists("/etc/apt/sources.list.d") ? Directory.GetFiles("/etc/apt/sources.list.d") : [];
        return sources.Append("/etc/apt/sources.list").Where(File.Exists).Select(file => FindMirror(File.ReadAllText(file))).FirstOrDefault(found => found is not null);
    }

    /// <summary>First address in an apt source file (either format) whose path ends in <c>/debian</c>: the main archive, not security or a third party's.</summary>
    internal static string? FindMirror(string sources) =>
        sources.Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("URIs:", StringComparison.OrdinalIgnoreCase) || line.StartsWith("deb ", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(word => word.StartsWith("http", StringComparison.OrdinalIgnoreCase) && word.TrimEnd('/').EndsWith("/debian", StringComparison.Ordinal));

    private static string Distribution()
    {
        const string file = "/etc/os-release";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(text => text.StartsWith("ID=", StringComparison.Ordinal)) : null;
        return (line?[3..].Trim('"') ?? "").ToLower(CultureInfo.InvariantCulture);
    }
}
