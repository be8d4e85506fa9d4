using System.Text;

namespace Platform.Validation;

/// <summary>
/// The same walls as bubblewrap's, built by a short shell script inside <c>unshare</c>: a root of tmpfs with read-only binds,
/// pivoted into, then another user without rights. Works for root, and for an ordinary user where user namespaces are open.
/// </summary>
internal sealed class NamespaceWall : IWall
{
    private static readonly string[] Needed = ["unshare", "setpriv", "prlimit", "mount", "umount", "pivot_root", "sh"];

    public string? Missing => Needed.FirstOrDefault(n => Tool.Find(n) is null) is { } name ? name + " is not installed" : null;

    public ChildCommand Build(SandboxCommand command, InputFolder input, SandboxOptions options)
    {
        string[] user = Inside.IsRoot ? [] : ["--user", "--map-root-user"];
        var id = Inside.NewUser();
        string[] outer =
        [
            "--pdeathsig", "KILL", "--", Tool.Find("unshare")!, .. user, "--net", "--ipc", "--uts", "--pid", "--mount", "--fork", "--kill-child=KILL",
            "--propagation", "private", "--", "/bin/sh", "-c", Script(command, input, options, id), "sh",
        ];
        string[] drop = Inside.IsRoot
            ? Inside.AnotherUser(id)
            : ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--", "setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all", "--"];
        return new ChildCommand(Tool.Find("setpriv")!, [.. outer, .. drop, .. Inside.Limited(command)])
        {
            Environment = Inside.EnvironmentOf(command, Sandbox.WorkPath),
        };
    }

    private static string Script(SandboxCommand command, InputFolder input, SandboxOptions options, int user)
    {
        var script = new StringBuilder("set -e\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\numask 022\n");
        script.Append($"mount -t tmpfs -o mode=755,size=1m,nosuid,nodev root {Quote(input.RootPath)}\ncd {Quote(input.RootPath)}\n");
        foreach (var (path, link) in Inside.SystemFolders())
            script.Append(link is null ? Bind(path, path, folder: true) : $"ln -s {Quote(link)} {Quote("." + path)}\n");
        foreach (var path in Inside.SystemFiles())
            script.Append(Bind(path, path, Directory.Exists(path)));
        script.Append($"mkdir -p ./etc\nprintf '%s' {Quote(Inside.Users(user))} > ./etc/passwd\n");
        foreach (var path in command.ReadOnlyFolders.Where(path => !Inside.IsCovered(path)))
            script.Append(Bind(path, path, Directory.Exists(path)));
        foreach (var path in Inside.Covered(command, options))
            script.Append($"mount -t tmpfs -o size=4k,mode=000 hidden {Quote("." + path)}\n");
        script.Append(Bind(input.Path, Sandbox.InputPath, folder: true));
        foreach (var path in new[] { "/tmp", Sandbox.WorkPath })
            script.Append($"mkdir .{path}\nmount -t tmpfs -o mode=1777,nosuid,nodev,size={command.Limits.ScratchBytes} scratch .{path}\n");
        // What lies below a folder that has just been covered is shown again.
        foreach (var path in command.ReadOnlyFolders.Where(Inside.IsCovered))
            script.Append(Bind(path, path, Directory.Exists(path)));
        script.Append("mkdir proc dev old\nmount -t proc -o nosuid,nodev,noexec proc proc\n");
        // Memory that belongs to no process, in a namespace that is this run's own. Where the kernel keeps the setting to itself, the watch over the machine's memory is what is left.
        script.Append("echo 0 2>/dev/null > proc/sys/kernel/shmmni || true\n");
        // One more user namespace is made below; those within it would be a way to mount again. For root the setting would be the machine's.
        if (!Inside.IsRoot)
            script.Append("echo 1 2>/dev/null > proc/sys/user/max_user_namespaces || true\n");
        script.Append("for d in null zero full random urandom; do : > dev/$d; mount --bind /dev/$d dev/$d; done\nln -s /proc/self/fd dev/fd\n");
        script.Append("mkdir dev/shm\nmount -t tmpfs -o mode=1777,nosuid,nodev,size=1m shm dev/shm\n");
        script.Append("pivot_root . old\ncd /\numount -l old\nrmdir old\nmount -o remount,bind,ro,nosuid,nodev /\n");
        // Not exec: this shell stays as the first process, so that killing it ends all others whatever user they became.
        script.Append($"cd {Sandbox.WorkPath}\nunset PWD OLDPWD\nPATH=/usr/bin:/bin:/usr/sbin\nset +e\n\"$@\"\nexit $?\n");
        return script.ToString();
    }

    private static string Bind(string source, string target, bool folder)
    {
        var at = Quote("." + target);
        var make = folder ? $"mkdir -p {at}" : $"mkdir -p $(dirname {at})\n: > {at}";
        return $"{make}\nmount --rbind {Quote(source)} {at}\nmount -o remount,bind,ro,nosuid {at}\n";
    }

    private static string Quote(string text) => "'" + text.Replace("'", "'\\''") + "'";
}
