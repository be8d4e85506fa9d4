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

    private static readonly ILookup<SyntaxTree, SecurityFinding> Nothing = Enumerable.Empty<Diagnostic>().ToLookup(d => d.Location.SourceTree!, Convert);

    private const int FilesOfOneThread = 8;
    private static readonly TimeSpan TimePerFile = TimeSpan.FromSeconds(0.25);

    private readonly Lazy<CSharpCompilation> empty = new(() => Prepare(options, security));
    private readonly Lazy<CSharpCompilation> usual = new(() => Prepare(options with { ImplicitUsings = true }, security));
    private HarmlessCode? harmless;

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
        var isProgram = trees.Any(CSharpCompiler.HasEntryPoint);
        CSharpCompilation On(CSharpCompilation ground) => isProgram ? ground.AddSyntaxTrees(trees).WithOptions(ground.Options.WithOutputKind(OutputKind.ConsoleApplication)) : ground.AddSyntaxTrees(trees);
        // A rule is blind to a type it cannot find: the usings that make the code compile must be there for it too.
        var compilation = options.InferUsings
            ? await Task.Run(() => CSharpCompiler.Infer(options, o => On(o.ImplicitUsings ? usual.Value : empty.Value), token), token)
            : On(empty.Value);
        var own = await Task.Run(() => trees.Select(t => CSharpRules.Find(t, compilation.GetSemanticModel(t), token).ToList()).ToList(), token);
        // A library of the workspace may hand out anything under any name.
        var isHarmless = options.References.Count == 0 && await Task.Run(() => (harmless ??= new HarmlessCode(empty.Value)).Covers(trees, token), token);
        var (theirs, reason) = isHarmless ? (Nothing, null) : await AnalyseAsync(compilation, trees.Count, token);
        return [.. trees.Zip(own, (tree, ours) => new ScanVerdict(Join([.. theirs[tree]], ours), reason))];
    }

    /// <summary>What the CA rules find; nothing, with the reason, when they are not there or take too long.</summary>
    private async Task<(ILookup<SyntaxTree, SecurityFinding> Found, string? Unchecked)> AnalyseAsync(CSharpCompilation compilation, int files, CancellationToken token)
    {
        var limit = options.ToolTimeout + (files * TimePerFile);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(token);
        time.CancelAfter(limit);
        try
        {
            var diagnostics = CSharpAnalyzers.All.IsEmpty ? [] : await Task.Run(() => RunAnalyzersAsync(compilation, files > FilesOfOneThread, time.Token), time.Token);
            var found = diagnostics.Where(d => d.Location.SourceTree is not null && CSharpAnalyzers.RuleIds.Contains(d.Id)).ToLookup(d => d.Location.SourceTree!, Convert);
            return (found, CSharpAnalyzers.All.IsEmpty ? $"the CA rules did not run: '{CSharpAnalyzers.Folder}' holds no analyzers" : null);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return (Nothing, $"the CA rules took longer than {limit.TotalSeconds:F0} s");
        }
    }

    private async Task<ImmutableArray<Diagnostic>> RunAnalyzersAsync(CSharpCompilation compilation, bool concurrent, CancellationToken token)
    {
        // An analyzer that breaks on odd code must not take the others with it; what it would have said is lost, as in a build.
        var settings = new CompilationWithAnalyzersOptions(new AnalyzerOptions([]), onAnalyzerException: (_, _, _) => { }, concurrent, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: !security.HonourComments);
        return await compilation.WithAnalyzers(CSharpAnalyzers.All, settings).GetAnalyzerDiagnosticsAsync(token);
    }

    /// <summary>What a CA rule says at a place, ours need not repeat.</summary>
    private static IReadOnlyList<SecurityFinding> Join(IReadOnlyList<SecurityFinding> theirs, IReadOnlyList<SecurityFinding> ours) =>
        Findings.Merge([.. theirs, .. ours.Where(o => !Twins.TryGetValue(o.Rule, out var twins) || !theirs.Any(t => t.Line == o.Line && twins.Contains(t.Rule)))]);

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
