using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;

namespace Platform.Validation;

/// <summary>Code and tests compiled to one assembly.</summary>
/// <param name="Assembly">The bytes, with debug information inside; null when it does not compile.</param>
/// <param name="IsXunit">Xunit tests, or else a program.</param>
/// <param name="Problem">Why there is no assembly, in one sentence.</param>
/// <param name="Errors">The compiler's errors.</param>
internal sealed record SuiteBuild(byte[]? Assembly, bool IsXunit, string? Problem, IReadOnlyList<string> Errors)
{
    /// <summary>The probes in the code; null when none were asked for, or when the code does not compile with them.</summary>
    public CoverageProbes? Probes { get; init; }

    // An import that is one too many says so by one of these.
    private static readonly HashSet<string> Ambiguous = ["CS0104", "CS0121", "CS0229", "CS0433", "CS0434", "CS0435", "CS0576", "CS9223", "CS0118"];

    private static readonly ValidationOptions WithUsings = new() { ImplicitUsings = true, AllowUnsafe = true };

    /// <summary>Compiles as a test project would, with implicit usings; without them when only that compiles.</summary>
    public static SuiteBuild Of(TestRun run, CancellationToken token)
    {
        var code = run.Code.Where(IsOwn).Select(f => CSharpCompiler.Parse(f.Path, f.Text, token)).ToList();
        var tests = run.Tests.Where(IsOwn).Select(f => CSharpCompiler.Parse(f.Path, f.Text, token)).ToList();
        Join(ref code, ref tests);
        var isXunit = code.Concat(tests).Any(XunitShape.Matches);
        if (!isXunit && !code.Concat(tests).Any(CSharpCompiler.HasEntryPoint))
            return new SuiteBuild(null, false, code.Concat(tests).SelectMany(t => t.GetDiagnostics(token)).Any(d => d.Severity == DiagnosticSeverity.Error)
                ? "The code does not compile." : "There is neither an xunit test nor a program to run.", Describe(code.Concat(tests).SelectMany(t => t.GetDiagnostics(token))));
        if (run.Coverage && Probed(code, tests, isXunit, token) is { } measured)
            return measured;
        var first = Compile(code, tests, isXunit, WithUsings, token);
        if (first.Assembly is not null)
            return first;
        var second = Compile(code, tests, isXunit, WithUsings with { ImplicitUsings = false }, token);
        return second.Assembly is not null ? second : first;
    }

    // Code that the probes do not fit is tested without them, and not measured.
    private static SuiteBuild? Probed(List<SyntaxTree> code, List<SyntaxTree> tests, bool isXunit, CancellationToken token)
    {
        if (code.Concat(tests).Any(t => t.GetDiagnostics(token).Any(d => d.Severity == DiagnosticSeverity.Error)))
            return null;
        var probes = new CoverageProbes();
        List<SyntaxTree> probed = [.. code.Select(t => probes.Add(t, token)), probes.Recorder()];
        foreach (var usings in new[] { true, false })
        {
            if (Compile(probed, tests, isXunit, WithUsings with { ImplicitUsings = usings }, token) is { Assembly: not null } built)
                return built with { Probes = probes };
        }
        return null;
    }

    /// <summary>True for what the compiler reads; other files are there for the tests to read.</summary>
    public static bool IsOwn(SourceFile file) => file.Language == "csharp";

    // Some test sets are the second half of one file: stub and tests make sense only when joined.
    private static void Join(ref List<SyntaxTree> code, ref List<SyntaxTree> tests)
    {
        static bool Broken(SyntaxTree tree) => tree.GetDiagnostics().Any(d => d.Severity == DiagnosticSeverity.Error);
        if (code.Count != 1 || tests.Count != 1 || !Broken(code[0]) || !Broken(tests[0]))
            return;
        var joined = CSharpCompiler.Parse(code[0].FilePath, code[0].GetText() + "\n" + tests[0].GetText());
        if (!Broken(joined))
            (code, tests) = ([joined], []);
    }

    /// <summary>Code and tests in one compilation, to look at what is wrong between them.</summary>
    public static CSharpCompilation Diagnose(IReadOnlyList<SourceFile> codeFiles, IReadOnlyList<SourceFile> testFiles, IReadOnlyList<string> references, CancellationToken token) =>
        Judge(codeFiles, testFiles, references, token).Compilation;

    /// <summary>The same with what the compiler says; with implicit usings, or without them where they make names ambiguous and fewer errors are left.</summary>
    public static (CSharpCompilation Compilation, IReadOnlyList<Diagnostic> Diagnostics) Judge(IReadOnlyList<SourceFile> codeFiles, IReadOnlyList<SourceFile> testFiles, IReadOnlyList<string> references, CancellationToken token)
    {
        var options = WithUsings with { References = references };
        var code = codeFiles.Select(f => CSharpCompiler.Parse(f, token)).ToList();
        var tests = testFiles.Where(IsOwn).Select(f => CSharpCompiler.Parse(f, token)).ToList();
        Join(ref code, ref tests);
        var isXunit = code.Concat(tests).Any(XunitShape.Matches);
        var first = Assemble(code, tests, isXunit, options, token);
        var found = first.GetDiagnostics(token);
        if (!found.Any(d => d.Severity == DiagnosticSeverity.Error && Ambiguous.Contains(d.Id)))
            return (first, found);
        var second = Assemble(code, tests, isXunit, options with { ImplicitUsings = false }, token);
        var others = second.GetDiagnostics(token);
        return Errors(others) < Errors(found) ? (second, others) : (first, found);

        static int Errors(IReadOnlyList<Diagnostic> diagnostics) => diagnostics.Count(d => d.Severity == DiagnosticSeverity.Error);
    }

    private static SuiteBuild Compile(List<SyntaxTree> code, List<SyntaxTree> tests, bool isXunit, ValidationOptions options, CancellationToken token)
    {
        using var assembly = new MemoryStream();
        var result = Assemble(code, tests, isXunit, options, token)
            .Emit(assembly, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.Embedded), cancellationToken: token);
        if (result.Success)
            return new SuiteBuild(assembly.ToArray(), isXunit, null, []);
        var errors = Describe(result.Diagnostics);
        return new SuiteBuild(null, isXunit, "Code and tests do not compile: " + errors[0], errors);
    }

    private static CSharpCompilation Assemble(List<SyntaxTree> code, List<SyntaxTree> tests, bool isXunit, ValidationOptions options, CancellationToken token)
    {
        var usings = isXunit ? "global using Xunit;" : "";
        var compilation = CSharpCompiler.Compile([.. code, .. tests], options, isXunit ? CSharpReferences.Xunit : null, usings);
        if (isXunit && !code.Concat(tests).Any(CSharpCompiler.HasTopLevelStatements))
            compilation = compilation.WithOptions(compilation.Options.WithOutputKind(OutputKind.DynamicallyLinkedLibrary));
        return compilation.AddSyntaxTrees(XunitShape.Fillers(compilation, tests, token));
    }

    private static List<string> Describe(IEnumerable<Diagnostic> diagnostics) =>
        [.. diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d =>
        {
            var found = CSharpCompiler.Convert(d);
            return $"{d.Location.SourceTree?.FilePath}({found.Line},{found.Column}): {found.Code}: {found.Message}";
        })];
}
