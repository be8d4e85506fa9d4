using Platform.V1;

namespace Platform.Contracts.Messages;

/// <summary>A job is ready. Sent to a lane's queue; whoever receives it must claim the job from the ledger before touching it.</summary>
public sealed record GenerationRequested
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its tenant, for tracing only: the ledger's answer is what counts.</summary>
    public required string Tenant { get; init; }
}

/// <summary>What a worker has to say about a running job, coalesced. Losing one loses nothing: the report carries the whole.</summary>
public sealed record GenerationProgress
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Number of the worker's lease.</summary>
    public required long Fence { get; init; }

    /// <summary>A <see cref="JobEvents"/> message.</summary>
    public required byte[] Events { get; init; }
}

/// <summary>
/// A job is closed. Published by the outbox once per job in effect: receivers record the job id in the same
/// transaction as what they do about it, since a message may arrive again.
/// </summary>
public sealed record JobClosed
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The <see cref="Job"/> with request and result; of a job with a subject only what holds no text: figures and names.</summary>
    public required byte[] Job { get; init; }

    /// <summary>Pseudonym of the subject; empty when there is none.</summary>
    public string SubjectId { get; init; } = "";

    /// <summary>Of a job with a subject the whole <see cref="Job"/>, sealed under the subject's key; empty otherwise.</summary>
    public byte[] Sealed { get; init; } = [];

    /// <summary>Where <see cref="Sealed"/> stands, for whoever seals or opens it.</summary>
    public static string PlaceOf(string jobId) => $"bus.job_closed:{jobId}";

    /// <summary>Reads the job.</summary>
    public Job Read() => V1.Job.Parser.ParseFrom(Job);
}

/// <summary>
/// A running job is to be cancelled. Published to every worker, so that the one that runs it stops within a second;
/// the heartbeat says the same a little later, should this message be lost.
/// </summary>
public sealed record CancellationAsked
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Fence of the lease under which it ran when it was cancelled; 0 for whichever runs.</summary>
    public long Fence { get; init; }
}

/// <summary>A caller said what became of a result.</summary>
public sealed record FeedbackGiven
{
    /// <summary>Id of the feedback; counts once.</summary>
    public required string FeedbackId { get; init; }

    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>One of <see cref="Verdicts"/>.</summary>
    public required string Verdict { get; init; }

    /// <summary>Unified diff of an edit; empty otherwise.</summary>
    public required string Diff { get; init; }

    /// <summary>When, in milliseconds since 1970 UTC.</summary>
    public required long AtMs { get; init; }
}

/// <summary>A subject's data key is destroyed: every module drops what it holds of the subject.</summary>
public sealed record SubjectErased
{
    /// <summary>Id of the request; counts once.</summary>
    public required string RequestId { get; init; }

    /// <summary>Tenant of the subject.</summary>
    public required string Tenant { get; init; }

    /// <summary>Pseudonym of the subject, as modules know it; its name is gone.</summary>
    public required string SubjectId { get; init; }
}

/// <summary>A module has dropped what it held of a subject.</summary>
public sealed record SubjectDropped
{
    /// <summary>Id of the request.</summary>
    public required string RequestId { get; init; }

    /// <summary>The module.</summary>
    public required string Module { get; init; }

    /// <summary>Rows erased, by kind.</summary>
    public required Dictionary<string, long> Erased { get; init; }

    /// <summary>What may stand on platforms outside, "platform:post id".</summary>
    public required List<string> Remote { get; init; }
}
