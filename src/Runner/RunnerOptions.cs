using System.ComponentModel.DataAnnotations;
using Platform.Validation;

namespace Platform.Runner;

/// <summary>Settings of the runner, section <c>Runner</c>.</summary>
public sealed class RunnerOptions
{
    /// <summary>Test runs at a time. Default: half of the processors, at least 1.</summary>
    [Range(1, 256)]
    public int Concurrency { get; set; } = Math.Max(1, Environment.ProcessorCount / 2);

    /// <summary>Time of one run when the caller gives none, in seconds. Default 20.</summary>
    [Range(1, 600)]
    public double TimeoutSeconds { get; set; } = 20;

    /// <summary>Most time a caller may ask for, in seconds. Default 120.</summary>
    [Range(1, 3600)]
    public double MaxTimeoutSeconds { get; set; } = 120;

    /// <summary>Most time of a run of a workspace's own tests, which builds it first, in seconds. Default 300.</summary>
    [Range(1, 3600)]
    public double WorkspaceTimeoutSeconds { get; set; } = 300;

    /// <summary>Memory of one run, in MiB. Default 2,048: less is too little for some .NET test suites.</summary>
    [Range(64, 65_536)]
    public int MemoryMiB { get; set; } = 2_048;

    /// <summary>Run code with process limits only when no sandbox works. Default false: then tests are unchecked and nothing runs.</summary>
    public bool AllowUnsandboxed { get; set; }

    internal TestLimits WorkspaceLimits(long timeoutMs)
    {
        var most = TimeSpan.FromSeconds(WorkspaceTimeoutSeconds);
        var time = timeoutMs > 0 ? TimeSpan.FromMilliseconds(timeoutMs) : most;
        return TestLimits.Workspace with { Time = time < most ? time : most, MemoryBytes = Math.Max((long)MemoryMiB << 20, TestLimits.Workspace.MemoryBytes) };
    }

    internal TestLimits Limits(long timeoutMs)
    {
        var time = timeoutMs > 0 ? TimeSpan.FromMilliseconds(timeoutMs) : TimeSpan.FromSeconds(TimeoutSeconds);
        var most = TimeSpan.FromSeconds(MaxTimeoutSeconds);
        return TestLimits.Default with { Time = time < most ? time : most, MemoryBytes = (long)MemoryMiB << 20 };
    }
}
