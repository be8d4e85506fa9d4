using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>What the ledger is reckoned from, beside the inputs of the published formulas.</summary>
public sealed record LedgerInputs
{
    /// <summary>Inputs of the published formulas.</summary>
    public required RoiInputs Roi { get; init; }

    /// <summary>People who do the tasks.</summary>
    public double People { get; init; } = 1;

    /// <summary>Jobs behind the actual time; 0 when none were looked at.</summary>
    public long Jobs { get; init; }

    /// <summary>Jobs that the verdicts are spread over; null for all of them.</summary>
    public long? JudgedOf { get; init; }

    /// <summary>Jobs that failed beside them.</summary>
    public long FailedJobs { get; init; }

    /// <summary>Seconds that a failed job took until it was given up.</summary>
    public double FailedSeconds { get; init; }

    /// <summary>Verdicts on these jobs.</summary>
    public Judgement Judgement { get; init; } = new();

    /// <summary>Cost of the engines a task, in US dollars.</summary>
    public double EngineCostUsd { get; init; }

    /// <summary>Seconds of a review.</summary>
    public double ReviewSeconds { get; init; }

    /// <summary>Seconds of a changed line.</summary>
    public double LineSeconds { get; init; }

    /// <summary>Running cost a month, in US dollars.</summary>
    public double RunningCostMonthUsd { get; init; }
}
