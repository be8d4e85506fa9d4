namespace Platform.Validation;

/// <summary>
/// Runs a command where it can do no harm: no network, no environment, no view of home, data or working tree, another user, limits on
/// time, memory, processes, files and output; everything dies with this process. Results come back by standard output alone.
/// </summary>
internal sealed class Sandbox
{
    /// <summary>Where input files are seen inside, read-only.</summary>
    public const string InputPath = "/in";

    /// <summary>The writable throw-away folder inside; it is memory-backed and vanishes with the run.</summary>
    public const string WorkPath = "/work";

    private readonly SandboxOptions options;
    private readonly IWall? wall;

    private Sandbox(SandboxOptions options, IWall? wall, SandboxStatus status) => (this.options, this.wall, Status) = (options, wall, status);

    /// <summary>Which sandbox is in use, and why none is when none is.</summary>
    public SandboxStatus Status { get; }

    /// <summary>True when the paths inside are those of this class; false when only process limits are in force.</summary>
    public bool HasOwnFiles => Status.Kind is SandboxKind.Bubblewrap or SandboxKind.Namespaces;

    /// <summary>Tries the allowed kinds in order by running a trivial command in each, and keeps the first that works.</summary>
    public static async Task<Sandbox> OpenAsync(SandboxOptions options, CancellationToken token)
    {
        var reasons = new List<string>();
        foreach (var kind in options.Kinds.Where(k => k is not (SandboxKind.None or SandboxKind.ProcessLimits)))
        {
            IWall wall = kind == SandboxKind.Bubblewrap ? new BubblewrapWall() : new NamespaceWall();
            var sandbox = new Sandbox(options, wall, new SandboxStatus(kind, null));
            var problem = wall.Missing ?? await sandbox.ProbeAsync(token);
            if (problem is null)
                return sandbox;
            reasons.Add($"{kind}: {problem}");
        }
        var reason = "No sandbox works here (" + string.Join("; ", reasons) + ").";
        if (OperatingSystem.IsLinux() && !Inside.IsRoot && UserNamespaces.Obstacle() is { } obstacle)
            reason += " " + obstacle;
        return options.AllowUnsandboxed
            ? new Sandbox(options, new LimitsOnly(), new SandboxStatus(SandboxKind.ProcessLimits, reason + " Generated code runs with limits of memory, size and time only: it can read what this user can read, reach the network and leave processes behind."))
            : new Sandbox(options, null, new SandboxStatus(SandboxKind.None, reason + " Install bubblewrap, or allow runs with process limits only: --allow-unsandboxed, of a host Runner:AllowUnsandboxed=true."));
    }

    /// <summary>Runs one command; throws <see cref="InvalidOperationException"/> when there is no sandbox.</summary>
    public async Task<ChildResult> RunAsync(SandboxCommand command, CancellationToken token)
    {
        if (wall is null)
            throw new InvalidOperationException(Status.Reason);
        using var input = new InputFolder(options.TemporaryPath, command.Files);
        var child = wall.Build(command, input, options) with { Input = command.Input };
        return await ChildProcess.RunAsync(child, command.Limits, token, watchMemory: true);
    }

    private async Task<string?> ProbeAsync(CancellationToken token)
    {
        var files = new Dictionary<string, byte[]> { ["probe"] = "ready"u8.ToArray() };
        var command = new SandboxCommand(["/bin/sh", "-c", "cat probe && test ! -e /root && test ! -e /home"], files)
        {
            CopyInput = true,
            Limits = new TestLimits { Time = TimeSpan.FromSeconds(5) },
        };
        try
        {
            var result = await RunAsync(command, token);
            return result is { ExitCode: 0, Output: "ready" } ? null : FirstLine(result);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string FirstLine(ChildResult result) =>
        result.TimedOut ? "the trial run timed out" : result.Error.Split('\n')[0].Trim() is { Length: > 0 } line ? line : $"the trial run ended with code {result.ExitCode}";
}

/// <summary>Turns a sandbox command into the command line that builds the walls around it.</summary>
internal interface IWall
{
    /// <summary>The program that is not installed, or null when all are there.</summary>
    string? Missing { get; }

    /// <summary>The outer command for one run.</summary>
    ChildCommand Build(SandboxCommand command, InputFolder input, SandboxOptions options);
}
