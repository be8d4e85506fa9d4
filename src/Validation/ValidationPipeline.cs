namespace Platform.Validation;

/// <summary>Syntax and security of files as one report: what decides about generated code before its tests run.</summary>
/// <param name="validator">Compiles or parses.</param>
/// <param name="scanner">Looks for what is dangerous.</param>
public sealed class ValidationPipeline(CodeValidator validator, SecurityScanner scanner)
{
    /// <summary>A pipeline of its own validator and scanner.</summary>
    public ValidationPipeline(ValidationOptions options, SecurityOptions? security = null)
        : this(new CodeValidator(options), new SecurityScanner(options, security))
    {
    }

    /// <summary>Checks and scans at the same time.</summary>
    /// <exception cref="ArgumentException">Too many files, a file too long, an unknown language, an unsafe path, or two files of one path.</exception>
    public async Task<ValidationReport> RunAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        validator.Guard(files);
        var scanning = scanner.ScanAsync(files, token);
        var report = await validator.ValidateAsync(files, token);
        var verdicts = await scanning;
        return new ValidationReport([.. report.Files.Zip(verdicts, (file, verdict) => file with { Security = verdict.Findings, SecurityUnchecked = verdict.Unchecked })]);
    }
}
