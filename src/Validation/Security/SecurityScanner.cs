namespace Platform.Validation;

/// <summary>What the scan says about one file.</summary>
/// <param name="Findings">Findings in order of place.</param>
/// <param name="Unchecked">What could not be looked at and why; null when everything was.</param>
public sealed record SecurityVerdict(IReadOnlyList<SecurityFinding> Findings, string? Unchecked);

/// <summary>Looks for what is dangerous in code, secrets and dependencies. Code is read, never run. Safe to use from many threads; it keeps verdicts by content, so keep it.</summary>
public sealed class SecurityScanner
{
    private readonly SecurityOptions security;
    private readonly IReadOnlyList<ISecurityScan> scans;
    private readonly VerdictCache<ScanVerdict> known;

    /// <summary>A scanner with fixed options.</summary>
    /// <param name="options">References and time limits, as for validation.</param>
    /// <param name="security">What the scan itself may do; null for the defaults.</param>
    public SecurityScanner(ValidationOptions options, SecurityOptions? security = null)
    {
        this.security = security ?? new SecurityOptions();
        known = new VerdictCache<ScanVerdict>(this.security.CachedVerdicts, v => v.Unchecked is null);
        scans =
        [
            new CSharpScan(options, this.security),
            new PythonScan(options, this.security),
            new BanditScan(options, this.security),
            new ScriptScan(),
            new ShellScan(),
            new SecretScan(this.security),
            new DependencyScan(),
        ];
    }

    /// <summary>Scans files; C# files as one program, every other one alone.</summary>
    public async Task<IReadOnlyList<SecurityVerdict>> ScanAsync(IReadOnlyList<SourceFile> files, CancellationToken token)
    {
        var verdicts = files.Select(_ => new List<ScanVerdict>()).ToList();
        foreach (var scan in scans)
        {
            var members = Enumerable.Range(0, files.Count).Where(i => scan.Reads(files[i])).ToList();
            if (members.Count == 0)
                continue;
            var found = await known.GetAsync(scan.GetType().Name, [.. members.Select(i => files[i])], scan.Together, asked => scan.ScanAsync(asked, token));
            foreach (var (at, verdict) in members.Zip(found))
                verdicts[at].Add(verdict);
        }
        return [.. verdicts.Select(Join)];
    }

    private SecurityVerdict Join(List<ScanVerdict> verdicts)
    {
        var all = Findings.Merge(verdicts.SelectMany(v => v.Findings));
        var reasons = verdicts.Select(v => v.Unchecked).OfType<string>().ToList();
        if (all.Count > security.MaxFindings)
        {
            reasons.Add($"{all.Count - security.MaxFindings} more findings of lower severity are not shown");
            all = Findings.Merge(all.OrderByDescending(f => f.Severity).Take(security.MaxFindings));
        }
        return new SecurityVerdict(all, reasons.Count == 0 ? null : string.Join("; ", reasons));
    }
}
