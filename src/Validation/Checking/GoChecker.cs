namespace Platform.Validation;

/// <summary>
/// Go: <c>gofmt -e</c> parses, and where the go command is installed <c>go vet</c> checks what parses, one folder at a time, unless syntax alone is asked for.
/// What vet could not see is said beside a verdict that stays.
/// </summary>
internal sealed class GoChecker(ValidationOptions options, CheckCommand format, CheckCommand vet) : ISyntaxChecker
{
    private readonly CommandChecker formatter = new(options, format);
    private readonly CommandChecker vetter = new(options, vet);

    /// <summary>With the installed commands.</summary>
    public GoChecker(ValidationOptions options)
        : this(options, CheckCommands.Go, CheckCommands.GoVet)
    {
    }

    public async Task<IReadOnlyList<Verdict>> CheckAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var parsed = await formatter.CheckAsync(files, token);
        if (options.SyntaxOnly || parsed.Any(v => v.State != SyntaxState.Ok))
            return parsed;
        var verdicts = parsed.ToArray();
        foreach (var folder in files.Select((file, at) => (File: file, At: at)).GroupBy(f => Path.GetDirectoryName(f.File.Path), StringComparer.Ordinal))
        {
            var members = folder.ToList();
            foreach (var (member, verdict) in members.Zip(await vetter.CheckAsync([.. members.Select(m => m.File)], token)))
                verdicts[member.At] = Merge(verdicts[member.At], verdict);
        }
        return verdicts;
    }

    private static Verdict Merge(Verdict parsed, Verdict vetted) => vetted.State == SyntaxState.Unchecked
        ? Verdict.Of([.. parsed.Diagnostics, new CodeDiagnostic("VetUnchecked", 0, 0, $"types were not checked: {(vetted.Reason == "go is not installed" ? vetted.Reason : $"go vet gave no answer ({vetted.Reason})")}", Severity.Info)])
        : Verdict.Of([.. parsed.Diagnostics, .. vetted.Diagnostics]);
}
