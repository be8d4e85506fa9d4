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

    /// <summary>All faults of the files; <paramref name="tests"/> are those of C# that are compiled with them.</summary>
    public async Task<FaultList> FindAsync(IReadOnlyList<SourceFile> files, IReadOnlyList<SourceFile> tests, CancellationToken token)
    {
        SourceFile[] all = [.. files, .. context];
        var report = await validator.ValidateAsync(all, token);
        var found = report.Files.SelectMany(f => f.Diagnostics.Where(Counts).Select(e => (f.Path, Error: e))).Where(f => !IsDeclaredElsewhere(f, all)).ToList();
        var given = files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        old ??= [.. found.Where(f => !given.Contains(f.Path)).Select(Key)];
        var (own, unread) = ParserFirst(files, [.. found.Where(f => given.Contains(f.Path) || !old.Contains(Key(f)))], token);
        if (own.Count > 0 || tests.Count == 0 || report.Files.Any(f => f.Syntax == SyntaxState.Unchecked))
            return new FaultList(own, own.Count, WithTests: false) { Unread = unread };
        var (_, diagnostics) = await Task.Run(() => SuiteBuild.Judge([.. files.Concat(context).Where(f => f.Language == "csharp")], tests, validator.Options.References, token), token);
        var known = files.Concat(tests).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var joint = diagnostics
            .Where(d => d.Severity == DiagnosticSeverity.Error && d.Location.SourceTree is { } tree && known.Contains(tree.FilePath))
            .Select(d => (d.Location.SourceTree!.FilePath, CSharpCompiler.Convert(d)))
            .ToList();
        return new FaultList(joint, 0, WithTests: true);
    }

    // What the compiler says of names and types follows from a text that the parser did not understand, and may fill the page above the cause.
    private static (List<(string Path, CodeDiagnostic Error)> Faults, int Unread) ParserFirst(IReadOnlyList<SourceFile> files, List<(string Path, CodeDiagnostic Error)> faults, CancellationToken token)
    {
        var unread = files.Where(f => f.Language == "csharp" && faults.Any(x => x.Path == f.Path))
            .SelectMany(f => CSharpCompiler.Parse(f, token).GetDiagnostics(token).Select(d => (f.Path, Found: CSharpCompiler.Convert(d))))
            .Select(d => (d.Path, d.Found.Code, d.Found.Line, d.Found.Column)).ToHashSet();
        var languages = files.ToDictionary(f => f.Path, f => f.Language, StringComparer.Ordinal);
        return ([.. faults.OrderBy(f => IsUnread(f) ? 0 : 1)], faults.Count(IsUnread));

        // The other checkers say nothing of meaning that is an error.
        bool IsUnread((string Path, CodeDiagnostic Error) fault) => languages.GetValueOrDefault(fault.Path, "csharp") == "csharp"
            ? unread.Contains((fault.Path, fault.Error.Code, fault.Error.Line, fault.Error.Column))
            : fault.Error.Severity == Severity.Error && !FailsWhenRun.Contains(fault.Error.Code);
    }

    // Scripts of a page share their names, and each is judged alone.
    private static bool IsDeclaredElsewhere((string Path, CodeDiagnostic Error) fault, IReadOnlyList<SourceFile> files) =>
        fault.Error.Code == "UndefinedName" && files.Any(f => f.Path == fault.Path && f.Language == "javascript")
        && files.Any(f => f.Path != fault.Path && f.Language == "javascript" && ScriptNames.IsDeclared(f.Text, fault.Error.Message.Split(' ')[0]));

    private static (string, string, string) Key((string Path, CodeDiagnostic Error) fault) => (fault.Path, fault.Error.Code, fault.Error.Message);

    private static bool Counts(CodeDiagnostic found) => found.Severity == Severity.Error || FailsWhenRun.Contains(found.Code);
}
