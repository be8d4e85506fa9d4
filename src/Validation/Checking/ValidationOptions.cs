namespace Platform.Validation;

/// <summary>How code is checked.</summary>
public sealed record ValidationOptions
{
    /// <summary>Compile C# with the SDK's implicit usings; default false, as for a lone file.</summary>
    public bool ImplicitUsings { get; init; }

    /// <summary>Look at C# as text only: for files whose project is not at hand, where unknown names say nothing. Default false.</summary>
    public bool SyntaxOnly { get; init; }

    /// <summary>Nullable reference types on; default true.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>Allow <c>unsafe</c> blocks; default false.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Assemblies of the workspace that C# may use beside the base class library: full paths of .dll files.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Time that one external checker may take; default 20 s.</summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most files in one call; default 1,000.</summary>
    public int MaxFiles { get; init; } = 1000;

    /// <summary>Most characters in one file; default 1 Mi.</summary>
    public int MaxFileLength { get; init; } = 1 << 20;

    /// <summary>Verdicts kept by content; default 500.</summary>
    public int CachedReports { get; init; } = 500;
}
