namespace Platform.Validation;

/// <summary>What a test run may use. Each limit holds for the run as a whole unless it says otherwise.</summary>
public sealed record TestLimits
{
    /// <summary>The limits used when a caller gives none.</summary>
    public static TestLimits Default { get; } = new();

    /// <summary>The limits of a run of a whole workspace's tests, which may build it first.</summary>
    public static TestLimits Workspace { get; } = new()
    {
        Time = TimeSpan.FromMinutes(5),
        MemoryBytes = 4L << 30,
        Processes = 800,
        FileBytes = 256L << 20,
        ScratchBytes = 2L << 30,
        OutputBytes = 8 << 20,
        OpenFiles = 4096,
    };

    /// <summary>Wall-clock time until everything is killed; default 30 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Memory in bytes, per process and for all processes together; default 2 GiB.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Processes and threads; default 160 (a .NET or Node process alone has about 20 threads).</summary>
    public int Processes { get; init; } = 160;

    /// <summary>Files that one process may hold open; default 256.</summary>
    public int OpenFiles { get; init; } = 256;

    /// <summary>Size of one written file in bytes; default 16 MiB.</summary>
    public long FileBytes { get; init; } = 16L << 20;

    /// <summary>Size of the throw-away folder and of the temporary folder, each, in bytes; default 64 MiB.</summary>
    public long ScratchBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of standard output and of standard error, each, before the run is stopped; default 1 MiB.</summary>
    public int OutputBytes { get; init; } = 1 << 20;
}
