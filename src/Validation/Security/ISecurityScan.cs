namespace Platform.Validation;

/// <summary>What one scan says about one file.</summary>
/// <param name="Findings">What was found.</param>
/// <param name="Unchecked">What could not be looked at and why; null when everything was.</param>
internal sealed record ScanVerdict(IReadOnlyList<SecurityFinding> Findings, string? Unchecked = null)
{
    public static ScanVerdict Clean { get; } = new([]);

    public static ScanVerdict NotChecked(string reason) => new([], reason);
}

/// <summary>One family of security rules. Code is read, never run.</summary>
internal interface ISecurityScan
{
    /// <summary>True when the files are looked at as one program; else each file stands alone, and so does its cached verdict.</summary>
    bool Together { get; }

    /// <summary>Whether the rules have anything to say about such a file.</summary>
    bool Reads(SourceFile file);

    /// <summary>One verdict per file, in order.</summary>
    Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token);
}

/// <summary>A scan of single files that needs no other process.</summary>
internal abstract class FileScan : ISecurityScan
{
    public bool Together => false;

    public abstract bool Reads(SourceFile file);

    /// <summary>Everything the rules find in one file.</summary>
    protected abstract IEnumerable<SecurityFinding> Find(SourceFile file);

    public Task<IReadOnlyList<ScanVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token) => Task.Run<IReadOnlyList<ScanVerdict>>(() =>
    {
        var verdicts = new List<ScanVerdict>();
        foreach (var file in files)
        {
            token.ThrowIfCancellationRequested();
            verdicts.Add(new ScanVerdict([.. Find(file)]));
        }
        return verdicts;
    }, token);
}
