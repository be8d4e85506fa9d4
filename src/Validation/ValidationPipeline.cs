namespace Platform.Validation;

/// <summary>Syntax, security and style of files as one report: what decides about generated code before its tests run.</summary>
/// <param name="validator">Compiles or parses.</param>
/// <param name="scanner">Looks for what is dangerous.</param>
public sealed class ValidationPipeline(CodeValidator validator, SecurityScanner scanner)
{
    /// <summary>A pipeline of its own validator and scanner.</summary>
    public ValidationPipeline(ValidationOptions options, SecurityOptions? security = null)
        : this(new CodeValidator(options), new SecurityScanner(options, security))
    {
    }

    /// <summary>Whether code that does not compile is scanned too; default true. False where it is thrown away or mended, and scanned then.</summary>
    public bool ScansBroken { get; init; } = true;

    /// <summary>Checks and scans; at the same time where everything is scanned.</summary>
    /// <exception cref="ArgumentException">Too many files, a file too long, an unknown language, an unsafe path, or two files of one path.</exception>
    public async Task<ValidationReport> RunAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        validator.Guard(files);
        var scanning = ScansBroken ? scanner.ScanAsync(files, token) : null;
        var report = await validator.ValidateAsync(files, token);
        var verdicts = await (scanning ?? ScanSoundAsync(files, report, token));
        return new ValidationReport([.. report.Files.Zip(verdicts, (file, verdict) => file with { Security = verdict.Findings, SecurityUnchecked = verdict.Unchecked })
            .Zip(files, (file, given) => file with { Style = StyleChecks.Of(given, validator.Options.Style, token) })]);
    }

    // The files of a language are one program: one that is broken takes the others with it.
    private async Task<IReadOnlyList<SecurityVerdict>> ScanSoundAsync(IReadOnlyList<SourceFile> files, ValidationReport report, CancellationToken token)
    {
        var broken = report.Files.Where(f => f.Syntax == SyntaxState.Error).Select(f => f.Language).ToHashSet(StringComparer.Ordinal);
        if (broken.Count == 0)
            return await scanner.ScanAsync(files, token);
        var sound = new Queue<SecurityVerdict>(await scanner.ScanAsync([.. files.Where(f => !broken.Contains(f.Language))], token));
        return [.. files.Select(f => broken.Contains(f.Language) ? new SecurityVerdict([], "not scanned: the code does not compile") : sound.Dequeue())];
    }
}
