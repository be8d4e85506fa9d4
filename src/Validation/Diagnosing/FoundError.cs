namespace Platform.Validation;

/// <summary>One error that a tool or a dying program printed, in the form that fix memory and explanations are asked with.</summary>
/// <param name="Language">The language whose tool or runtime printed it.</param>
/// <param name="Code">The tool's own id (<c>CS0103</c>, <c>E0425</c>, <c>TS2304</c>), the exception's type (<c>KeyError</c>, <c>NullReferenceException</c>), <c>panic</c>, or empty where the tool has none.</param>
/// <param name="Message">What it says, in one line of at most 1,000 characters.</param>
/// <param name="Path">The file as printed; of a trace, the innermost file that belongs to no library. Empty when none is named.</param>
/// <param name="Line">Line in that file, from 1; 0 when unknown.</param>
/// <param name="Column">Column in that line, from 1; 0 when unknown.</param>
public sealed record FoundError(string Language, string Code, string Message, string Path, int Line, int Column)
{
    /// <summary>The calls of a stack trace, innermost first, at most 100; empty for what a compiler says.</summary>
    public IReadOnlyList<TraceCall> Calls { get; init; } = [];

    /// <summary>True for the end of a running program, false for what a compiler or parser says.</summary>
    public bool IsTrace { get; init; }

    /// <summary>An error of a running program; its place is that of the innermost call in code of its own.</summary>
    internal static FoundError Trace(string language, string code, string message, IReadOnlyList<TraceCall> calls)
    {
        var place = calls.FirstOrDefault(c => c.Path.Length > 0 && !c.IsLibrary);
        return new FoundError(language, code, message, place?.Path ?? "", place?.Line ?? 0, place?.Column ?? 0) { Calls = calls, IsTrace = true };
    }
}

/// <summary>One call of a stack trace.</summary>
/// <param name="Method">The called method as printed; empty when the trace does not name it.</param>
/// <param name="Path">Its file; empty when not printed.</param>
/// <param name="Line">The line that was being run, from 1; 0 when unknown.</param>
/// <param name="Column">The column, from 1; 0 when unknown.</param>
public sealed record TraceCall(string Method, string Path, int Line, int Column)
{
    private static readonly string[] Folders = ["node:", "/rustc/", "/usr/lib/", "/usr/local/go/", "/go/src/runtime/", "site-packages/", "dist-packages/", "node_modules/", "<frozen ", "<internal"];
    private static readonly string[] Packages = ["java.", "javax.", "jdk.", "sun.", "java.base/", "System.", "Microsoft.", "runtime."];

    /// <summary>True for code of a runtime or a package.</summary>
    public bool IsLibrary => Folders.Any(f => Path.Contains(f, StringComparison.Ordinal)) || Packages.Any(p => Method.StartsWith(p, StringComparison.Ordinal));
}
