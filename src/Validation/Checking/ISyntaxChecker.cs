namespace Platform.Validation;

/// <summary>What a checker says about one file.</summary>
internal sealed record Verdict(SyntaxState State, string? Reason, IReadOnlyList<CodeDiagnostic> Diagnostics)
{
    public static Verdict Ok { get; } = new(SyntaxState.Ok, null, []);

    public static Verdict Unchecked(string reason) => new(SyntaxState.Unchecked, reason, []);

    /// <summary>Error when one of the diagnostics is one, else Ok.</summary>
    public static Verdict Of(IReadOnlyList<CodeDiagnostic> diagnostics) =>
        new(diagnostics.Any(d => d.Severity == Severity.Error) ? SyntaxState.Error : SyntaxState.Ok, null, diagnostics);
}

/// <summary>Checks files of one language in one go, so that they may refer to each other where the language asks for it. Code is parsed or compiled, never run.</summary>
internal interface ISyntaxChecker
{
    /// <summary>True when a file's verdict does not depend on the others.</summary>
    bool JudgesAlone => false;

    /// <summary>One verdict per file, in order.</summary>
    Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token);
}
