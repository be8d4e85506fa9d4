using System.Diagnostics;
using System.Globalization;

namespace Platform.Cli.Servers;

/// <summary>
/// Runs programs of a <see cref="DebianRoot"/> in mount, process and IPC namespaces of their own. The root is read-only
/// there and one data folder is writable as <c>/srv</c>. When the outer process ends, even by kill -9, the kernel ends all that ran
/// inside and drops the mounts: nothing can be left behind.
/// </summary>
/// <param name="root">The file system.</param>
/// <param name="data">Full path of the data folder.</param>
/// <param name="user">User inside, which also owns the data.</param>
internal sealed class Namespace(string root, string data, string user)
{
    private const string Enter = """
        set -eu
        root=$1 data=$2 user=$3
        shift 3
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=1777 shm "$root/dev/shm"
        mount -t tmpfs -o mode=1777 tmp "$root/tmp"
        mount -t tmpfs -o mode=0755 run "$root/run"
        mount --bind "$data" "$root/srv"
        mount -o remount,bind,ro "$root"
        chroot "$root" chown -R "$user:$user" /srv
        exec chroot --userspec="$user:$user" "$root" "$@"
        """;

    // The lock lives as long as the server: a second one on the same data, started by somebody who does not know of the
    // first, would see process 1 in the pid file as itself and go ahead.
    private const string Detach = """
        log=$1 lock=$2
        shift 2
        exec 9>"$lock" >"$log" 2>&1 </dev/null
        flock --nonblock 9 || { echo "The data folder is in use by another server process."; exit 1; }
        exec setsid env "$@"
        """;

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="ServersException">It did not exit with 0.</exception>
    public Task RunAsync(IReadOnlyList<string> program, CancellationToken token)
    {
        Directory.CreateDirectory(data);
        return new ExternalCommand("/usr/bin/env", Arguments(program)) { Folder = "/" }.DemandAsync(token);
    }

    /// <summary>Starts a program that outlives this process and this terminal, with its output in a log file.</summary>
    /// <returns>Its process id (of the outer process: killing that kills all inside) and start time.</returns>
    public (int Pid, long Start) Launch(IReadOnlyList<string> program, string log)
    {
        Directory.CreateDirectory(data);
        var start = new ProcessStartInfo("/bin/sh", ["-c", Detach, "sh", log, $"{data}.lock", .. Arguments(program)])
        {
            WorkingDirectory = "/",
        };
        using var process = Process.Start(start)!;
        return (process.Id, StartTime(process.Id) ?? throw new ServersException($"The server ended at once; see {log}."));
    }

    /// <summary>Whether that process still runs, and is not a later one with the same id.</summary>
    public static bool Runs(int pid, long start) => pid > 0 && StartTime(pid) == start;

    /// <summary>Sends a signal to the program inside, waits, and kills what is left.</summary>
    public static async Task StopAsync(int pid, long start, Signal signal, CancellationToken token)
    {
        if (Runs(pid, start))
        {
            signal.SendTo(InnerProcess(pid) ?? pid);
            var asked = Stopwatch.StartNew();
            while (Runs(pid, start) && asked.Elapsed < Grace)
                await Task.Delay(Poll, token);
        }

        await KillAsync(pid, start, token);
    }

    /// <summary>Kills everything inside at once and waits until it is gone.</summary>
    public static async Task KillAsync(int pid, long start, CancellationToken token)
    {
        // The inner process, whose end the kernel completes only when all others have ended; the outer one follows it.
        if (Runs(pid, start))
            Signal.Kill.SendTo(InnerProcess(pid) ?? pid);
        while (Runs(pid, start))
            await Task.Delay(Poll, token);
    }

    /// <summary>Arguments of <c>env</c>: the program inherits nothing of this process's environment, which may hold keys.</summary>
    private List<string> Arguments(IReadOnlyList<string> program) =>
        ["-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "unshare", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--", "/bin/sh", "-c", Enter, "sh", root, data, user, .. program];

    /// <summary>The one child of the outer process: the first process of the namespace, whose end ends all others.</summary>
    private static int? InnerProcess(int pid)
    {
        try
        {
            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Length == 0 ? null : int.Parse(children[0], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Start time of a living process in ticks since boot; null for none and for a zombie.</summary>
    private static long? StartTime(int pid)
    {
        const int state = 0, startTime = 19;
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            // The second field is the program's name in brackets and may hold anything.
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return fields[state] is "Z" or "X" ? null : long.Parse(fields[startTime], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
