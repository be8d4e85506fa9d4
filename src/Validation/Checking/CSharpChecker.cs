using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Compiles C# in-process. Errors that follow from a package nobody gave us are reported as that, not as faults of the code.</summary>
internal sealed class CSharpChecker(ValidationOptions options) : ISyntaxChecker
{
    /// <summary>Code of the message that names a namespace from a package that is not referenced.</summary>
    public const string MissingPackageCode = "PKG0001";

    public Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token) =>
        Task.Run(() => Check(files, token), token);

    private IReadOnlyList<Verdict> Check(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var trees = files.Select(f => options.Documentation ? CSharpCompiler.Parse(f.Path, f.Text, token, documentation: true) : CSharpCompiler.Parse(f, token)).ToList();
        if (options.SyntaxOnly)
            return [.. trees.Select(t => Verdict.Of([.. t.GetDiagnostics(token).Select(CSharpCompiler.Convert)]))];
        var (compilation, diagnostics) = CSharpCompiler.Judge(options, o => CSharpCompiler.Compile(trees, o), token);
        // What the added usings themselves give rise to is nobody's.
        var byTree = diagnostics
            .Where(d => d.Location.SourceTree?.FilePath != CSharpCompiler.ImplicitUsingsPath && d.Severity != DiagnosticSeverity.Hidden)
            .ToLookup(d => d.Location.SourceTree ?? trees[0]);
        var packages = ExternalPackages.Find(compilation, trees, token);
        return [.. trees.Select(t => Judge(t, byTree[t], packages))];
    }

    private static Verdict Judge(SyntaxTree tree, IEnumerable<Diagnostic> diagnostics, ExternalPackages packages)
    {
        var found = diagnostics.OrderBy(d => d.Location.SourceSpan.Start).ToList();
        var missing = packages.UsedBy(tree);
        if (missing.Count == 0)
            return Verdict.Of([.. found.Select(CSharpCompiler.Convert)]);
        var messages = found.Select(d => Soften(CSharpCompiler.Convert(d))).ToList();
        messages.InsertRange(0, missing.Select(m => new CodeDiagnostic(
            MissingPackageCode, m.Line, 1, $"The namespace '{m.Namespace}' is in no referenced assembly; it belongs to a package that is not here.", Severity.Warning)));
        if (messages.Any(m => m.Severity == Severity.Error))
            return Verdict.Of(messages);
        return new Verdict(SyntaxState.Unchecked, "needs packages that are not referenced: " + string.Join(", ", missing.Select(m => m.Namespace).Distinct()), messages);
    }

    // A missing package makes its types, members and extension methods unknown; anything else is the code's own fault.
    private static CodeDiagnostic Soften(CodeDiagnostic message) =>
        message.Severity == Severity.Error && ExternalPackages.Consequences.Contains(message.Code) ? message with { Severity = Severity.Warning } : message;
}
