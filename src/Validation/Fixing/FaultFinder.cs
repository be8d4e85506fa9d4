using Microsoft.CodeAnalysis;

namespace Platform.Validation;

/// <summary>Says what is wrong with files: alone first, then, for C#, compiled together with their tests.</summary>
/// <param name="validator">Compiles.</param>
/// <param name="context">Files that are compiled with the given ones and are no one's to mend. Of their faults only those count that a change brought.</param>
internal sealed class FaultFinder(CodeValidator validator, IReadOnlyList<SourceFile> context)
{
    private HashSet<(string, string, string)>? old;

    /// <summary>Codes of warnings that are worth fixing because the code fails when it reaches them.</summary>
    private static readonly HashSet<string> FailsWhenRun = ["UndefinedName", "UnknownAttribute"];

    /// <summary>True where packages are compiled against, which are not there when tests run.</summary>
    public bool HasReferences => validator.Options.References.Count > 0;

    /// <summary>All faults of the files.</summary>
    public async Task<FaultList> FindAsync(IReadOnlyList<SourceFile> files, IReadOnlyList<SourceFile> tests, CancellationToken token)
    {
        var report = await validator.ValidateAsync([.. files, .. context], token);
        var found = report.Files.SelectMany(f => f.Diagnostics.Where(Counts).Select(e => (f.Path, Error: e))).ToList();
        var given = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        old ??= [.. found.Where(f => !given.Contains(f.Path)).Select(Key)];
        var own = ParserFirst(files, [.. found.Where(f => given.Contains(f.Path) || !old.Contains(Key(f)))], token);
        if (own.Count > 0 || tests.Count == 0 || tests[0].Language != "csharp" || report.Files.Any(f => f.Syntax == SyntaxState.Unchecked))
            return new FaultList(own, own.Count, WithTests: false);
        var compilation = await Task.Run(() => SuiteBuild.Diagnose([.. files.Concat(context).Where(f => f.Language == "csharp")], tests, validator.Options.References, token), token);
        var known = files.Concat(tests).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var joint = compilation.GetDiagnostics(token)
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } tree && known.Contains(tree.FilePath))
            .Select(d => (d.Location.SourceTree!.FilePath, CSharpCompiler.Convert(d)))
            .ToList();
        return new FaultList(joint, 0, WithTests: true);
    }

    // What the compiler says of names and types follows from a text that the parser did not understand, and may fill the page above the cause.
    private static List<(string Path, CodeDiagnostic Error)> ParserFirst(IReadOnlyList<SourceFile> files, List<(string Path, CodeDiagnostic Error)> faults, CancellationToken token)
    {
        var unread = files.Where(f => f.Language == "csharp" && faults.Any(x => x.Path == f.Path))
            .SelectMany(f => CSharpCompiler.Parse(f.Path, f.Text, token).GetDiagnostics(token).Select(d => (f.Path, Found: CSharpCompiler.Convert(d))))
            .Select(d => (d.Path, d.Found.Code, d.Found.Line, d.Found.Column)).ToHashSet();
        return unread.Count == 0 ? faults : [.. faults.OrderBy(f => unread.Contains((f.Path, f.Error.Code, f.Error.Line, f.Error.Column)) ? 0 : 1)];
    }

    private static (string, string, string) Key((string Path, CodeDiagnostic Error) fault) => (fault.Path, fault.Error.Code, fault.Error.Message);

    private static bool Counts(CodeDiagnostic found) => found.Severity == Severity.Error || FailsWhenRun.Contains(found.Code);
}
