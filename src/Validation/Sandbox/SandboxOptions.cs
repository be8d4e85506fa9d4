namespace Platform.Validation;

/// <summary>How generated code is kept away from everything else.</summary>
public enum SandboxKind
{
    /// <summary>No sandbox works here; nothing generated is run.</summary>
    None,

    /// <summary>bubblewrap: own namespaces, a file system of its own, another user.</summary>
    Bubblewrap,

    /// <summary>The same walls built from <c>unshare</c>, <c>mount</c> and <c>setpriv</c>, where bubblewrap is absent.</summary>
    Namespaces,

    /// <summary>Only limits on time, memory and files: generated code can read what this user can. Never chosen unless allowed.</summary>
    ProcessLimits,
}

/// <summary>Where and how the sandbox is built.</summary>
public sealed record SandboxOptions
{
    /// <summary>Run tests with process limits only when no real sandbox works; default false.</summary>
    public bool AllowUnsandboxed { get; init; }

    /// <summary>Sandboxes to try, the best first; default bubblewrap, then namespaces.</summary>
    public IReadOnlyList<SandboxKind> Kinds { get; init; } = [SandboxKind.Bubblewrap, SandboxKind.Namespaces];

    /// <summary>Folders that must not be seen inside even if they lie below <c>/usr</c>: the data directory, the working tree.</summary>
    public IReadOnlyList<string> HiddenPaths { get; init; } = [];

    /// <summary>Where the input folder of a run is made; default the system's temporary folder.</summary>
    public string TemporaryPath { get; init; } = System.IO.Path.GetTempPath();
}

/// <summary>Which sandbox is in use.</summary>
/// <param name="Kind">The sandbox chosen by trying it out.</param>
/// <param name="Reason">Why no sandbox, or only a weak one, is in use; null when a real one works.</param>
public sealed record SandboxStatus(SandboxKind Kind, string? Reason);
