using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Platform.Validation;

/// <summary>Builds Roslyn compilations of given files with the defaults of a lone .cs file.</summary>
internal static class CSharpCompiler
{
    /// <summary>Name of the added file that holds the implicit usings; its diagnostics are never shown.</summary>
    public const string ImplicitUsingsPath = "ImplicitUsings.g.cs";

    private const string ImplicitUsings =
        "global using System;global using System.Collections.Generic;global using System.IO;global using System.Linq;"
        + "global using System.Net.Http;global using System.Threading;global using System.Threading.Tasks;";

    private const int EveryWarning = 9999;

    private static readonly CSharpParseOptions Plain = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);
    private static readonly CSharpParseOptions Documented = Plain.WithDocumentationMode(DocumentationMode.Diagnose);

    // Every compilation grows from one of these: the references of a validator are read and resolved once, which costs more than compiling a small file.
    private static readonly Lazy<CSharpCompilation> Framework = new(() => CSharpCompilation.Create("suite", [], CSharpReferences.Framework,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, concurrentBuild: false, warningLevel: EveryWarning)));
    private static readonly Lazy<CSharpCompilation> Testing = new(() => Framework.Value.AddReferences(CSharpReferences.Xunit));
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, CSharpCompilation> Packages = [];
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, CSharpCompilation> TestedPackages = [];
    private static readonly ConditionalWeakTable<SourceFile, SyntaxTree> Parsed = [];

    /// <summary>A file's tree, parsed once for as long as the file is held: of the files of a fix one changes at a time.</summary>
    public static SyntaxTree Parse(SourceFile file, CancellationToken token) => Parsed.GetValue(file, f => Parse(f.Path, f.Text, token));

    /// <summary>
    /// Parses a file with the latest language version, keeping its path for diagnostics and stack traces. The parser reads nested types by recursion and would end
    /// the process on a file of many open brackets, so such a file becomes an error that says so.
    /// </summary>
    public static SyntaxTree Parse(string path, string text, CancellationToken token = default, bool documentation = false) =>
        CSharpSyntaxTree.ParseText(SourceText.From(BracketDepth.Exceeds(text) ? $"#error nested deeper than {BracketDepth.Most} levels" : text, Encoding.UTF8), documentation ? Documented : Plain, path, token);

    /// <summary>A compilation against the framework: a program when the files hold an entry point, else a library.</summary>
    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees, ValidationOptions options, IEnumerable<MetadataReference>? more = null, string extraUsings = "")
    {
        var all = trees.ToList();
        var isProgram = options.Output == ProgramKind.Program || (options.Output == ProgramKind.Inferred && all.Any(HasEntryPoint));
        var kind = isProgram ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary;
        if (options.ImplicitUsings || extraUsings.Length > 0)
            all.Add(Parse(ImplicitUsingsPath, (options.ImplicitUsings ? ImplicitUsings : "") + extraUsings, default, options.Documentation));
        var settings = Framework.Value.Options.WithOutputKind(kind).WithAllowUnsafe(options.AllowUnsafe)
            .WithNullableContextOptions(options.Nullable ? NullableContextOptions.Enable : NullableContextOptions.Disable);
        return GroundOf(options.References, more).WithOptions(settings).AddSyntaxTrees(all);
    }

    private static CSharpCompilation GroundOf(IReadOnlyList<string> references, IEnumerable<MetadataReference>? more)
    {
        var tested = ReferenceEquals(more, CSharpReferences.Xunit);
        var ground = references.Count == 0
            ? tested ? Testing.Value : Framework.Value
            : (tested ? TestedPackages : Packages).GetValue(references, r => (tested ? Testing.Value : Framework.Value).AddReferences(CSharpReferences.FromPaths(r)));
        return more is null || tested ? ground : ground.AddReferences(more);
    }

    /// <summary>The same, with the implicit usings where the options leave that open and fewer errors are left with them.</summary>
    public static CSharpCompilation Infer(ValidationOptions options, Func<ValidationOptions, CSharpCompilation> compile, CancellationToken token) => Judge(options, compile, token).Compilation;

    /// <summary>The same with what the compiler says, which costs more than all else and is not asked for twice.</summary>
    public static (CSharpCompilation Compilation, IReadOnlyList<Diagnostic> Diagnostics) Judge(ValidationOptions options, Func<ValidationOptions, CSharpCompilation> compile, CancellationToken token)
    {
        var plain = compile(options);
        var found = plain.GetDiagnostics(token);
        if (!options.InferUsings || options.ImplicitUsings || Errors(found) is not (> 0 and var errors))
            return (plain, found);
        var usual = compile(options with { ImplicitUsings = true });
        var others = usual.GetDiagnostics(token);
        return Errors(others) < errors ? (usual, others) : (plain, found);
    }

    private static int Errors(IReadOnlyList<Diagnostic> diagnostics) => diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);

    /// <summary>True for top-level statements or a static <c>Main</c> in a type.</summary>
    public static bool HasEntryPoint(SyntaxTree tree)
    {
        var root = (CompilationUnitSyntax)tree.GetRoot();
        return HasTopLevelStatements(tree)
            || root.DescendantNodes(n => n is not BlockSyntax).OfType<MethodDeclarationSyntax>().Any(m => m.Identifier.Text == "Main" && m.Modifiers.Any(SyntaxKind.StaticKeyword) && m.Parent is TypeDeclarationSyntax);
    }

    /// <summary>True when the file has statements outside any type.</summary>
    public static bool HasTopLevelStatements(SyntaxTree tree) =>
        ((CompilationUnitSyntax)tree.GetRoot()).Members.Any(m => m is GlobalStatementSyntax);

    /// <summary>A Roslyn diagnostic as ours; hidden ones are left out by the caller.</summary>
    public static CodeDiagnostic Convert(Diagnostic diagnostic)
    {
        var start = diagnostic.Location.GetLineSpan().StartLinePosition;
        var severity = diagnostic.Severity switch
        {
            DiagnosticSeverity.Error => Severity.Error,
            DiagnosticSeverity.Warning => Severity.Warning,
            _ => Severity.Info,
        };
        return new CodeDiagnostic(diagnostic.Id, start.Line + 1, start.Character + 1, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), severity);
    }
}
