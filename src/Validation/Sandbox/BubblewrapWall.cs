using System.Globalization;
using System.Text;

namespace Platform.Validation;

/// <summary>
/// The sandbox built by bubblewrap. As root the walls are built with root's rights and the command then becomes another user; as an
/// ordinary user a user namespace gives the rights to build them, and the command is uid 1000 inside. System calls are filtered (<see cref="SystemCallFilter"/>).
/// </summary>
internal sealed class BubblewrapWall : IWall
{
    private const string FilterAt = "9";
    private readonly string? program = Tool.Find("bwrap");

    public string? Missing => program is null ? "bwrap is not installed" : Tool.Find("prlimit") is null ? "prlimit is not installed" : null;

    public ChildCommand Build(SandboxCommand command, InputFolder input, SandboxOptions options)
    {
        var user = Inside.NewUser();
        List<string> arguments = [.. SystemCallFilter.Bytes is null ? [] : new[] { "--seccomp", FilterAt }, .. SystemView(command, options)];
        arguments.AddRange(["--ro-bind", input.WriteBeside("passwd", Encoding.UTF8.GetBytes(Inside.Users(user))), "/etc/passwd"]);
        arguments.AddRange(["--proc", "/proc", "--dev", "/dev"]);
        foreach (var (path, bytes) in new[] { ("/dev/shm", 1L << 20), ("/tmp", command.Limits.ScratchBytes), (Sandbox.WorkPath, command.Limits.ScratchBytes) })
            arguments.AddRange(["--perms", "1777", "--size", bytes.ToString(CultureInfo.InvariantCulture), "--tmpfs", path]);
        // What lies below a folder that has just been covered is shown again.
        foreach (var path in command.ReadOnlyFolders.Where(Inside.IsCovered))
            arguments.AddRange([.. Parents(path), "--ro-bind", path, path]);
        arguments.AddRange(["--ro-bind", input.Path, Sandbox.InputPath, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", Sandbox.WorkPath]);
        arguments.AddRange(["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]);
        foreach (var (name, value) in Inside.EnvironmentOf(command, Sandbox.WorkPath))
            arguments.AddRange(["--setenv", name, value]);
        arguments.AddRange(["--hostname", "sandbox", "--cap-drop", "ALL"]);
        if (Inside.IsRoot)
            arguments.AddRange(["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--cap-add", "CAP_SETPCAP", "--", .. Inside.AnotherUser(user)]);
        else
            arguments.AddRange(["--unshare-user", "--uid", "1000", "--gid", "1000", "--"]);
        return Filtered([program!, .. arguments, .. Inside.Limited(command)], input);
    }

    /// <summary>Bubblewrap takes the filter from an open file, and only a shell can leave one open for it.</summary>
    private static ChildCommand Filtered(string[] command, InputFolder input) => SystemCallFilter.Bytes is { } filter
        ? new ChildCommand("/bin/sh", ["-c", $"filter=$1; shift; exec \"$@\" {FilterAt}<\"$filter\"", "sh", input.WriteBeside("filter", filter), .. command])
        : new ChildCommand(command[0], command[1..]);

    private static List<string> SystemView(SandboxCommand command, SandboxOptions options)
    {
        var view = new List<string>();
        foreach (var (path, link) in Inside.SystemFolders())
            view.AddRange(link is null ? ["--ro-bind", path, path] : ["--symlink", link, path]);
        // Parents that bubblewrap makes by itself are closed to other users; these are made open first.
        view.AddRange(["--perms", "0755", "--dir", "/etc", "--perms", "0755", "--dir", "/etc/ssl"]);
        foreach (var path in Inside.SystemFiles())
            view.AddRange(["--ro-bind", path, path]);
        foreach (var path in command.ReadOnlyFolders.Where(path => !Inside.IsCovered(path)))
            view.AddRange([.. Parents(path), "--ro-bind", path, path]);
        foreach (var path in Inside.Covered(command, options))
            view.AddRange(["--tmpfs", path]);
        return view;
    }

    private static IEnumerable<string> Parents(string path)
    {
        var parts = path.Trim('/').Split('/');
        return Enumerable.Range(1, parts.Length - 1).SelectMany(n => new[] { "--perms", "0755", "--dir", "/" + string.Join('/', parts[..n]) });
    }
}
