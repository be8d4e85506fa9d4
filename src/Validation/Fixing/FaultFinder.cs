using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Says what is wrong with files: alone first, then, for C#, compiled together with their tests.</summary>
internal sealed class FaultFinder(CodeValidator validator)
{
    /// <summary>Codes of warnings that are worth fixing because the code fails when it reaches them.</summary>
    private static readonly HashSet<string> FailsWhenRun = ["UndefinedName", "UnknownAttribute"];

    /// <summary>All faults of the files.</summary>
    public async Task<FaultList> FindAsync(IReadOnlyList<SourceFile> files, IReadOnlyList<SourceFile> tests, CancellationToken token)
    {
        var report = await validator.ValidateAsync(files, token);
        var own = report.Files.SelectMany(f => f.Diagnostics.Where(Counts).Select(e => (f.Path, e))).ToList();
        if (own.Count > 0 || tests.Count == 0 || tests[0].Language != "csharp" || report.Files.Any(f => f.Syntax == SyntaxState.Unchecked))
            return new FaultList(own, own.Count, WithTests: false);
        var compilation = await Task.Run(() => SuiteBuild.Diagnose([.. files.Where(f => f.Language == "csharp")], tests, token), token);
        var known = files.Concat(tests).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var joint = compilation.GetDiagnostics(token)
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } tree && known.Contains(tree.FilePath))
            .Select(d => (d.Location.SourceTree!.FilePath, CSharpCompiler.Convert(d)))
            .ToList();
        return new FaultList(joint, 0, WithTests: true);
    }

    private static bool Counts(CodeDiagnostic found) => found.Severity == Severity.Error || FailsWhenRun.Contains(found.Code);
}
