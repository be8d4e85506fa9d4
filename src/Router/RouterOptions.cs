using System.ComponentModel.DataAnnotations;

namespace Platform.Router;

/// <summary>Settings of the router, section <c>Router</c>.</summary>
public sealed class RouterOptions
{
    /// <summary>Most bytes of UTF-8 a task may have. Default 262,144 (256 KiB).</summary>
    [Range(1, 16 * 1024 * 1024)]
    public int MaxTaskBytes { get; set; } = 256 * 1024;

    /// <summary>Most bytes of all files and tests of one request together. Default 4 MiB.</summary>
    [Range(1, 64 * 1024 * 1024)]
    public int MaxFileBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Most items of one batch. Default 100,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxBatchItems { get; set; } = 100_000;

    /// <summary>Most bytes of all items of one batch together. Default 2 GiB.</summary>
    [Range(1_024, 1L << 40)]
    public long MaxBatchBytes { get; set; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Most bytes of an uploaded workspace bundle. Default 16 MiB.</summary>
    [Range(1, 256 * 1024 * 1024)]
    public int MaxWorkspaceBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>How long a lease lasts without renewal, in seconds. Default 30.</summary>
    [Range(1, 3600)]
    public double LeaseSeconds { get; set; } = 30;

    /// <summary>How long a sent job may wait for a claim before it is sent again, in seconds; doubles with each ticket, to 15 minutes. Default 30.</summary>
    [Range(1, 3600)]
    public double ResendSeconds { get; set; } = 30;

    /// <summary>How often the sweep looks for jobs and outbox rows that are due, in milliseconds. Default 250.</summary>
    [Range(10, 60_000)]
    public int SweepMs { get; set; } = 250;

    /// <summary>Leases after which a job is given up as a dead letter. Default 5.</summary>
    [Range(1, 100)]
    public int MaxDeliveries { get; set; } = 5;

    /// <summary>Batch jobs that may be on the queue and not yet claimed; the rest wait in the ledger, where fairness is decided. Default 128.</summary>
    [Range(1, 100_000)]
    public int BatchWindow { get; set; } = 128;

    /// <summary>Weights of tenants in the batch lane, by tenant, 0.01 to 1,000; a tenant not named weighs 1.</summary>
    public Dictionary<string, double> TenantWeights { get; set; } = [];

    /// <summary>Head start of one step of priority, in seconds: a job that waited this much longer goes first all the same. Default 60.</summary>
    [Range(0, 86_400)]
    public double PrioritySeconds { get; set; } = 60;

    /// <summary>Jobs a tenant may have open. Default 250,000.</summary>
    [Range(1, 10_000_000)]
    public int MaxOpenJobs { get; set; } = 250_000;

    /// <summary>US dollars a tenant may spend on engines in one UTC day; 0 means no limit. Default 0.</summary>
    [Range(0, 1e9)]
    public double DailyBudgetUsd { get; set; }

    /// <summary>
    /// US dollars held back for each open job until its cost is known, when there is a budget; also what a job of a batch with a cost limit is expected to
    /// cost before others of it are closed. Default 0.02.
    /// </summary>
    [Range(0, 1e6)]
    public double ReserveUsd { get; set; } = 0.02;

    /// <summary>How long the memory may take to say whether there is something to replay, in milliseconds; after that the job is generated. Default 250.</summary>
    [Range(1, 10_000)]
    public int RecallMs { get; set; } = 250;

    /// <summary>Expected lines from which a change counts as large. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int LargeLines { get; set; } = 1_000;

    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    internal TimeSpan Resend => TimeSpan.FromSeconds(ResendSeconds);
}
