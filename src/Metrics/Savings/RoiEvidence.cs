namespace Platform.Metrics.Savings;

/// <summary>Code jobs of one approach, team, project, kind of task and day, added up.</summary>
public sealed class EvidenceRow
{
    /// <summary>Approach that answered.</summary>
    public string Approach { get; set; } = "";

    /// <summary>Label "team" of the jobs.</summary>
    public string Team { get; set; } = "";

    /// <summary>Project of the jobs.</summary>
    public string Project { get; set; } = "";

    /// <summary>Language of the answers.</summary>
    public string Language { get; set; } = "";

    /// <summary>1 when the answers had to pass tests.</summary>
    public long Tests { get; set; }

    /// <summary>1 when memory was withheld.</summary>
    public long Withheld { get; set; }

    /// <summary>1 when memory had something for the jobs, withheld or not.</summary>
    public long Known { get; set; }

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

    /// <summary>Time of the jobs that failed, in milliseconds.</summary>
    public double FailedMs { get; set; }

    /// <summary>Cost of all these jobs, in billionths of a US dollar.</summary>
    public long CostNano { get; set; }
}

/// <summary>A job of the traditional approach that may stand for work without the platform.</summary>
public sealed class BaselineRow
{
    /// <summary>Language of the answer.</summary>
    public string Language { get; set; } = "";

    /// <summary>1 when the answer had to pass tests.</summary>
    public long Tests { get; set; }

    /// <summary>Time from acceptance to close, in milliseconds.</summary>
    public double TotalMs { get; set; }
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
public sealed record RoiEvidence
{
    /// <summary>Nothing was looked at.</summary>
    public static readonly RoiEvidence None = new();

    /// <summary>Code jobs in groups.</summary>
    public IReadOnlyList<EvidenceRow> Jobs { get; init; } = [];

    /// <summary>Single jobs that the baseline is measured on, the newest ones.</summary>
    public IReadOnlyList<BaselineRow> Baseline { get; init; } = [];

    /// <summary>What people said.</summary>
    public IReadOnlyList<VerdictRow> Verdicts { get; init; } = [];

    /// <summary>What became of answers that were accepted.</summary>
    public IReadOnlyList<AcceptedLife> Accepted { get; init; } = [];

    /// <summary>When all this was read, in milliseconds since 1970 UTC.</summary>
    public long ReadMs { get; init; }
}
