namespace Platform.Validation;

/// <summary>What is known about a file's syntax and meaning.</summary>
public enum SyntaxState
{
    /// <summary>Checked, and free of errors.</summary>
    Ok,

    /// <summary>At least one error.</summary>
    Error,

    /// <summary>Not checked, or not checkable in full; the report's reason says what is missing.</summary>
    Unchecked,
}

/// <summary>How much a finding matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Suspicious, not fatal.</summary>
    Warning,

    /// <summary>The code does not compile, or cannot be parsed.</summary>
    Error,
}

/// <summary>One message of a compiler or checker.</summary>
/// <param name="Code">The tool's own id (<c>CS1002</c>), or the error's kind (<c>SyntaxError</c>).</param>
/// <param name="Line">Line from 1; 0 when unknown.</param>
/// <param name="Column">Column from 1; 0 when unknown.</param>
/// <param name="Message">What is wrong, in the tool's words.</param>
/// <param name="Severity">Only errors make a file invalid.</param>
public sealed record CodeDiagnostic(string Code, int Line, int Column, string Message, Severity Severity);

/// <summary>Everything found in one file.</summary>
/// <param name="Path">The file's path as given.</param>
/// <param name="Language">The file's language.</param>
/// <param name="Syntax">The verdict.</param>
/// <param name="Reason">For <see cref="SyntaxState.Unchecked"/>: the missing tool or package; else null.</param>
/// <param name="Diagnostics">Messages in order of place.</param>
/// <param name="Security">Security findings in order of place.</param>
public sealed record FileReport(
    string Path, string Language, SyntaxState Syntax, string? Reason, IReadOnlyList<CodeDiagnostic> Diagnostics, IReadOnlyList<SecurityFinding> Security)
{
    /// <summary>What the security scan could not look at and why; null when all of it ran, or when only syntax was asked for.</summary>
    public string? SecurityUnchecked { get; init; }

    /// <summary>Remarks on style and size, in order of place; they never make a file invalid. Empty when only syntax was asked for.</summary>
    public IReadOnlyList<CodeDiagnostic> Style { get; init; } = [];

    /// <summary>The messages that make the file invalid.</summary>
    public IEnumerable<CodeDiagnostic> Errors => Diagnostics.Where(d => d.Severity == Severity.Error);
}

/// <summary>The verdict on a set of files, in the order they were given.</summary>
/// <param name="Files">One report per file.</param>
public sealed record ValidationReport(IReadOnlyList<FileReport> Files)
{
    /// <summary>True when no file has an error; a file that could not be checked does not make this false.</summary>
    public bool Ok => Files.All(f => f.Syntax != SyntaxState.Error);

    /// <summary>Number of errors in all files.</summary>
    public int ErrorCount => Files.Sum(f => f.Errors.Count());
}
