using System.Collections.Concurrent;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>A claimed job while this worker runs it: request, engines, budgets, figures, and what it says.</summary>
internal sealed class JobRun(ClaimReply claim, JobProgress progress, JobBudget budget, IReadOnlyList<Engine> chain, TimeProvider time)
{
    private readonly long claimedAt = time.GetTimestamp();

    /// <summary>The job.</summary>
    public Job Job => claim.Job;

    /// <summary>What is asked for.</summary>
    public GenerateRequest Request => claim.Job.Request;

    /// <summary>Whose it is.</summary>
    public string Tenant => claim.Job.Tenant;

    /// <summary>Approach that the route decided.</summary>
    public string Approach => claim.Job.Route?.Approach is { Length: > 0 } approach ? approach : Approaches.Instructions;

    /// <summary>"quality" or "fast".</summary>
    public string Tier => Request.Tier.Length > 0 ? Request.Tier : claim.Job.Route?.Tier ?? "";

    /// <summary>Language of the answer; the router may have left it open.</summary>
    public string Language { get; set; } = claim.Job.Request.Language;

    /// <summary>Whether nobody waits for it.</summary>
    public bool IsBatch => Request.Lane == Lanes.Batch;

    /// <summary>Whether it makes content, not code.</summary>
    public bool IsContent => Request.Kind == JobKinds.Content;

    /// <summary>What it says.</summary>
    public JobProgress Progress => progress;

    /// <summary>What it may use.</summary>
    public JobBudget Budget => budget;

    /// <summary>What it used, and the money that earlier leases spent.</summary>
    public Tally Tally { get; } = Begun(claim);

    /// <summary>Engines in the order in which they are asked.</summary>
    public IReadOnlyList<Engine> Chain => chain;

    /// <summary>Engines that cannot help this job any more; the values say nothing.</summary>
    public ConcurrentDictionary<string, bool> RuledOut { get; } = [];

    /// <summary>Whether another engine may be asked when the first fails: the switch as it stood at the claim.</summary>
    public bool FallbackAllowed => claim.Fallback;

    /// <summary>Attempt of the test-and-fix loop, from 1.</summary>
    public int Attempt { get; set; } = 1;

    /// <summary>Attempts so far.</summary>
    public List<Attempt> Attempts { get; } = [];

    /// <summary>Whether memory was withheld on purpose, to measure what it brings.</summary>
    public bool MemoryWithheld { get; set; }

    /// <summary>What memory had for it, withheld or not; null when it did not answer.</summary>
    public int? MemoryFound { get; set; }

    /// <summary>Tools that were called.</summary>
    public List<ToolCall> Tools { get; } = [];

    /// <summary>Characters that tools returned.</summary>
    public int ToolCharacters { get; set; }

    /// <summary>Jitter; the same for the same lease, so that a run can be looked at again.</summary>
    public Random Random { get; } = new(HashCode.Combine(claim.Job.Id, claim.Fence));

    /// <summary>Milliseconds since the claim.</summary>
    public double SinceClaimMs => time.GetElapsedTime(claimedAt).TotalMilliseconds;

    /// <summary>Milliseconds from acceptance to the claim.</summary>
    public double QueueMs => Math.Max(0, (time.GetUtcNow().ToUnixTimeMilliseconds() - SinceClaimMs) - claim.Job.CreatedMs);

    /// <summary>What earlier leases spent counts against the job's limit and belongs to its cost, not to any attempt of this lease.</summary>
    private static Tally Begun(ClaimReply claim)
    {
        var tally = new Tally();
        if (claim.SpentUsd <= 0)
            return tally;
        tally.Use(new TokenUsage(), (decimal)claim.SpentUsd, "");
        tally.BeginAttempt();
        return tally;
    }
}
