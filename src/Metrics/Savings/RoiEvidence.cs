namespace Platform.Metrics.Savings;

/// <summary>Code jobs of one approach, team, project and day, added up.</summary>
public sealed class EvidenceRow
{
    /// <summary>Approach that answered.</summary>
    public string Approach { get; set; } = "";

    /// <summary>Label "team" of the jobs.</summary>
    public string Team { get; set; } = "";

    /// <summary>Project of the jobs.</summary>
    public string Project { get; set; } = "";

    /// <summary>1 when memory was withheld.</summary>
    public long Withheld { get; set; }

    /// <summary>Day since 1970 UTC.</summary>
    public long Day { get; set; }

    /// <summary>Jobs that succeeded.</summary>
    public long Succeeded { get; set; }

    /// <summary>Jobs that failed.</summary>
    public long Failed { get; set; }

    /// <summary>Time of the jobs that succeeded, from acceptance to close, in milliseconds.</summary>
    public double TotalMs { get; set; }

    /// <summary>Of that time, what was spent in the queue.</summary>
    public double QueueMs { get; set; }

    /// <summary>Cost of all these jobs, in billionths of a US dollar.</summary>
    public long CostNano { get; set; }
}

/// <summary>Jobs with one verdict.</summary>
public sealed class VerdictRow
{
    /// <summary>One of <see cref="Contracts.Verdicts"/>.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>Jobs whose latest verdict this is.</summary>
    public long Jobs { get; set; }

    /// <summary>Lines that were changed.</summary>
    public long ChangedLines { get; set; }
}

/// <summary>What was measured, as far as anything was.</summary>
/// <param name="Jobs">Code jobs in groups; those of the traditional approach are the baseline.</param>
/// <param name="Baseline">Times of single traditional jobs in milliseconds, the newest ones.</param>
/// <param name="Verdicts">What people said.</param>
public sealed record RoiEvidence(IReadOnlyList<EvidenceRow> Jobs, IReadOnlyList<double> Baseline, IReadOnlyList<VerdictRow> Verdicts)
{
    /// <summary>Nothing was looked at.</summary>
    public static readonly RoiEvidence None = new([], [], []);
}
