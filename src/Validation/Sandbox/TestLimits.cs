namespace Platform.Validation;

/// <summary>What a test run may use. Each limit holds for the run as a whole unless it says otherwise.</summary>
public sealed record TestLimits
{
    /// <summary>The limits used when a caller gives none.</summary>
    public static TestLimits Default { get; } = new();

    /// <summary>Wall-clock time until everything is killed; default 30 s.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Memory in bytes, per process and for all processes together; default 2 GiB.</summary>
    public long MemoryBytes { get; init; } = 2L << 30;

    /// <summary>Processes and threads; default 160 (a .NET or Node process alone has about 20 threads).</summary>
    public int Processes { get; init; } = 160;

    /// <summary>Size of one written file in bytes; default 16 MiB.</summary>
    public long FileBytes { get; init; } = 16L << 20;

    /// <summary>Size of the throw-away folder and of the temporary folder, each, in bytes; default 64 MiB.</summary>
    public long ScratchBytes { get; init; } = 64L << 20;

    /// <summary>Bytes of standard output and of standard error, each, before the run is stopped; default 1 MiB.</summary>
    public int OutputBytes { get; init; } = 1 << 20;
}
