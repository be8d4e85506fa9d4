namespace Platform.Validation;

/// <summary>One command to run inside a sandbox.</summary>
/// <param name="Arguments">Program and arguments, with paths as seen inside.</param>
/// <param name="Files">Input files by relative path; seen read-only below <see cref="Sandbox.InputPath"/>.</param>
internal sealed record SandboxCommand(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, byte[]> Files)
{
    /// <summary>Copy the input into the writable throw-away folder first.</summary>
    public bool CopyInput { get; init; }

    /// <summary>Text for standard input.</summary>
    public string Input { get; init; } = "";

    /// <summary>Environment beside the fixed one.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Folders and files outside <c>/usr</c> that the program needs, read-only, at the same path inside.</summary>
    public IReadOnlyList<string> ReadOnlyFolders { get; init; } = [];

    /// <summary>The limits of this run.</summary>
    public TestLimits Limits { get; init; } = TestLimits.Default;
}
