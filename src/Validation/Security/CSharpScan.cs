using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Platform.Validation;

/// <summary>Runs the CA security rules in-process on one compilation of all C# files, and the rules of our own beside them.</summary>
internal sealed class CSharpScan(ValidationOptions options, SecurityOptions security) : ISecurityScan
{
    private static readonly Dictionary<string, string[]> Twins = new()
    {
        ["SEC101"] = ["CA3001"],
        ["SEC102"] = ["CA3006"],
        ["SEC104"] = ["CA3075", "CA3077"],
        ["SEC109"] = ["CA3002"],
    };

    private readonly Lazy<CSharpCompilation> empty = new(() => Prepare(options, security));

    public bool Together => true;

    public bool Reads(SourceFile file) => file.Language == "csharp";

    public async Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        if (files.FirstOrDefault(f => BracketDepth.Exceeds(f.Text)) is { } nested)
            return [.. files.Select(_ => ScanVerdict.NotChecked($"'{nested.Path}' is nested deeper than {BracketDepth.Most} levels"))];
        var trees = await Task.Run(() => files.Select(f => CSharpCompiler.Parse(f.Path, f.Text, token)).ToList(), token);
        if (trees.FindIndex(t => SyntaxDepth.Exceeds(t, SyntaxDepth.Most, token)) is >= 0 and var deep)
            return [.. files.Select(_ => ScanVerdict.NotChecked($"'{files[deep].Path}' is nested deeper than {SyntaxDepth.Most} levels"))];
        // References are bound once: a compilation made from another by adding trees shares what that one has read.
        var compilation = empty.Value.AddSyntaxTrees(trees);
        if (trees.Any(CSharpCompiler.HasEntryPoint))
            compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.ConsoleApplication));
        using var time = CancellationTokenSource.CreateLinkedTokenSource(token);
        time.CancelAfter(options.ToolTimeout);
        try
        {
            var found = await Task.Run(() => AnalyseAsync(compilation, trees, time.Token), time.Token);
            var reason = CSharpAnalyzers.All.IsEmpty ? $"the CA rules did not run: '{CSharpAnalyzers.Folder}' holds no analyzers" : null;
            return [.. trees.Select(t => new ScanVerdict(Findings.Merge(found[t]), reason))];
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return [.. files.Select(_ => ScanVerdict.NotChecked($"the C# analysis took longer than {options.ToolTimeout.TotalSeconds:F0} s"))];
        }
    }

    private async Task<ILookup<SyntaxTree, SecurityFinding>> AnalyseAsync(CSharpCompilation compilation, List<SyntaxTree> trees, CancellationToken token)
    {
        var own = trees.SelectMany(t => CSharpRules.Find(t, compilation.GetSemanticModel(t), token).Select(f => (Tree: t, Finding: f)));
        var analysed = CSharpAnalyzers.All.IsEmpty ? [] : await RunAnalyzersAsync(compilation, token);
        var theirs = analysed.Where(d => d.Location.SourceTree is not null && CSharpAnalyzers.RuleIds.Contains(d.Id)).Select(d => (Tree: d.Location.SourceTree!, Finding: Convert(d))).ToList();
        return theirs.Concat(own.Where(o => !IsTwin(o.Finding, o.Tree))).ToLookup(f => f.Tree, f => f.Finding);

        // What a CA rule says at the same place, ours need not repeat.
        bool IsTwin(SecurityFinding finding, SyntaxTree tree) => Twins.TryGetValue(finding.Rule, out var twins) && theirs.Any(t => t.Tree == tree && t.Finding.Line == finding.Line && twins.Contains(t.Finding.Rule));
    }

    private async Task<ImmutableArray<Diagnostic>> RunAnalyzersAsync(CSharpCompilation compilation, CancellationToken token)
    {
        // An analyzer that breaks on odd code must not take the others with it; what it would have said is lost, as in a build.
        var settings = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: (_, _, _) => { }, concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: !security.HonourComments);
        return await compilation.WithAnalyzers(CSharpAnalyzers.All, settings).GetAnalyzerDiagnosticsAsync(token);
    }

    private static SecurityFinding Convert(Diagnostic diagnostic)
    {
        var message = diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        return SecurityRules.Find(diagnostic.Id).At(diagnostic.Location.GetLineSpan().StartLinePosition.Line + 1, message);
    }

    private static CSharpCompilation Prepare(ValidationOptions options, SecurityOptions security)
    {
        var all = CSharpCompiler.Compile([], options with { AllowUnsafe = true }, PackageShapes.Missing(options.References));
        var on = CSharpAnalyzers.RuleIds.ToImmutableDictionary(id => id, _ => ReportDiagnostic.Warn);
        var settings = all.Options.WithSpecificDiagnosticOptions(on);
        return all.WithOptions(security.HonourComments ? settings : settings.WithSyntaxTreeOptionsProvider(new NothingIsGenerated()));
    }

    /// <summary>Rules pass over generated files; a comment that calls a file generated must not help an author who may not silence findings.</summary>
    private sealed class NothingIsGenerated : SyntaxTreeOptionsProvider
    {
        public override GeneratedKind IsGenerated(SyntaxTree tree, CancellationToken cancellationToken) => GeneratedKind.NotGenerated;

        public override bool TryGetDiagnosticValue(SyntaxTree tree, string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }

        public override bool TryGetGlobalDiagnosticValue(string diagnosticId, CancellationToken cancellationToken, out ReportDiagnostic severity)
        {
            severity = default;
            return false;
        }
    }
}
