using System.Globalization;

namespace Platform.Validation;

/// <summary>What every wall puts around the command itself: the fixed environment, the limits, the copy of the input.</summary>
internal static class Inside
{
    /// <summary>True when this process is root and must not let the child be.</summary>
    public static bool IsRoot { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root";

    /// <summary>The environment of the tested code: fixed words and what the command adds, nothing of ours.</summary>
    public static Dictionary<string, string> EnvironmentOf(SandboxCommand command, string home)
    {
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = home,
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["TZ"] = "UTC",
        };
        foreach (var (name, value) in command.Environment)
            environment[name] = value;
        return environment;
    }

    /// <summary>The command behind its limits. Data segment rather than address space: runtimes reserve far more than they use.</summary>
    public static List<string> Limited(SandboxCommand command)
    {
        var limits = command.Limits;
        var seconds = Math.Ceiling(limits.Time.TotalSeconds) * Environment.ProcessorCount + 1;
        string[] prlimit =
        [
            "prlimit", "--core=0", $"--nofile={limits.OpenFiles}", $"--nproc={limits.Processes}", $"--fsize={limits.FileBytes}", $"--data={limits.MemoryBytes}",
            "--memlock=65536", "--msgqueue=0", $"--cpu={seconds.ToString(CultureInfo.InvariantCulture)}", "--",
        ];
        string[] copy = ["/bin/sh", "-c", $"cp -r {Sandbox.InputPath}/. . && exec \"$@\"", "sh"];
        return [.. prlimit, .. command.CopyInput ? copy : [], .. command.Arguments];
    }

    /// <summary>A user for one run when we are root: one per run, so that runs cannot signal each other or share a process limit. An ordinary user is 1000 inside.</summary>
    public static int NewUser() => IsRoot ? Random.Shared.Next(20000, 60000) : 1000;

    /// <summary>The list of users inside. Without one, programs that look themselves up in it, NuGet's restore among them, wait for ever.</summary>
    public static string Users(int id) => $"sandbox:x:{id}:{id}::{Sandbox.WorkPath}:/bin/sh\n";

    /// <summary>The user the code runs as when we are root.</summary>
    public static string[] AnotherUser(int id) => ["setpriv", $"--reuid={id}", $"--regid={id}", "--clear-groups", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];

    /// <summary>System folders to show read-only, with the links that merged-/usr systems have.</summary>
    public static IEnumerable<(string Path, string? LinkTo)> SystemFolders()
    {
        yield return ("/usr", null);
        foreach (var name in new[] { "bin", "sbin", "lib", "lib32", "lib64" })
        {
            var path = "/" + name;
            if (new DirectoryInfo(path) is { Exists: true } folder)
                yield return (path, folder.LinkTarget);
        }
    }

    /// <summary>The few files of /etc that programs need to start.</summary>
    public static IEnumerable<string> SystemFiles() =>
        new[] { "/etc/alternatives", "/etc/ld.so.cache", "/etc/ssl/openssl.cnf" }.Where(Path.Exists);

    /// <summary>Whether a path lies below a folder that is memory-backed inside.</summary>
    public static bool IsCovered(string path) => path.StartsWith("/tmp/", StringComparison.Ordinal) || path.StartsWith(Sandbox.WorkPath + "/", StringComparison.Ordinal);

    /// <summary>Hidden folders that lie below something shown and so need covering.</summary>
    public static IEnumerable<string> Covered(SandboxCommand command, SandboxOptions options)
    {
        string[] shown = ["/usr", .. command.ReadOnlyFolders];
        return options.HiddenPaths.Select(Path.GetFullPath).Where(h => Directory.Exists(h) && shown.Any(s => h.StartsWith(s.TrimEnd('/') + "/", StringComparison.Ordinal)));
    }
}
