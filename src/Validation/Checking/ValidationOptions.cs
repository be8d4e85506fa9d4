namespace Platform.Validation;

/// <summary>What files of C# make together.</summary>
public enum ProgramKind
{
    /// <summary>A program when they hold an entry point, else a library.</summary>
    Inferred,

    /// <summary>A program: an entry point is asked for.</summary>
    Program,

    /// <summary>A library.</summary>
    Library,
}

/// <summary>How code is checked.</summary>
public sealed record ValidationOptions
{
    /// <summary>Compile C# with the SDK's implicit usings; default false, as for a lone file.</summary>
    public bool ImplicitUsings { get; init; }

    /// <summary>Add the SDK's implicit usings to C# where that leaves fewer errors: for files whose project is not known. Default false.</summary>
    public bool InferUsings { get; init; }

    /// <summary>Look at C# as text only: for files whose project is not at hand, where unknown names say nothing. Default false.</summary>
    public bool SyntaxOnly { get; init; }

    /// <summary>Nullable reference types on; default true.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>Allow <c>unsafe</c> blocks; default false.</summary>
    public bool AllowUnsafe { get; init; }

    /// <summary>Check documentation comments too; default false.</summary>
    public bool Documentation { get; init; }

    /// <summary>What C# files make together; default inferred from them.</summary>
    public ProgramKind Output { get; init; }

    /// <summary>Assemblies of the workspace that C# may use beside the base class library: full paths of .dll files.</summary>
    public IReadOnlyList<string> References { get; init; } = [];

    /// <summary>Time that one external checker may take; default 20 s.</summary>
    public TimeSpan ToolTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Most files in one call; default 1,000.</summary>
    public int MaxFiles { get; init; } = 1000;

    /// <summary>Most characters in one file; default 1 Mi.</summary>
    public int MaxFileLength { get; init; } = 1 << 20;

    /// <summary>Limits of style and size; what is beyond them is reported and never fatal. Null reports nothing.</summary>
    public StyleLimits? Style { get; init; } = new();

    /// <summary>Verdicts kept by content, of a file or of files that were judged together; default 5,000.</summary>
    public int CachedReports { get; init; } = 5_000;
}
