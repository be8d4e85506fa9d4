namespace Platform.Inference;

/// <summary>What went wrong with an upstream call; decides whether it is tried again, there or elsewhere.</summary>
internal enum FailureKind
{
    /// <summary>The engine is full for everybody (429 queue_exceeded, 529).</summary>
    QueuePressure,

    /// <summary>The account's requests for this window are used up.</summary>
    RequestQuota,

    /// <summary>The account's tokens for this window are used up.</summary>
    TokenQuota,

    /// <summary>5xx, or an error page of the edge.</summary>
    ServerError,

    /// <summary>408, 409, or the connection broke before an answer began.</summary>
    Network,

    /// <summary>The answer ended before it said that it was complete.</summary>
    Truncated,

    /// <summary>The engine reported an error inside its stream.</summary>
    StreamError,

    /// <summary>No first token within the deadline.</summary>
    FirstToken,

    /// <summary>The stream fell silent.</summary>
    IdleGap,

    /// <summary>The answer reached the output limit: it is not complete.</summary>
    OutputLimit,

    /// <summary>Neither text nor a tool call.</summary>
    Empty,

    /// <summary>422: the engine could not follow the schema.</summary>
    Schema,

    /// <summary>The request is wrong in the engine's eyes.</summary>
    BadRequest,

    /// <summary>Prompt and answer do not fit the model.</summary>
    ContextOverflow,

    /// <summary>The key is missing, wrong, or not allowed.</summary>
    Unauthorized,

    /// <summary>The account has no credit, or its spending limit is reached.</summary>
    PaymentRequired,

    /// <summary>The model does not exist or is withdrawn.</summary>
    ModelGone,

    /// <summary>The engine refuses the content.</summary>
    Refused,

    /// <summary>It failed so often that it is not asked for a while; nothing was sent.</summary>
    CircuitOpen,
}

/// <summary>An upstream call failed. The message names engine and cause, never prompt or key.</summary>
internal sealed class EngineException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What went wrong.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>HTTP status, when there was one.</summary>
    public int? Status { get; init; }

    /// <summary>How long the engine asks to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The engine said not to try again (<c>x-should-retry: false</c>).</summary>
    public bool Final { get; init; }

    /// <summary>Whether a call went out at all.</summary>
    public bool Sent { get; init; } = true;

    /// <summary>What came of the answer before it broke.</summary>
    public string Partial { get; set; } = "";

    /// <summary>Whether the same engine may be asked again for this job.</summary>
    public bool MayRetry => !Final && Kind is FailureKind.QueuePressure or FailureKind.CircuitOpen or FailureKind.RequestQuota or FailureKind.TokenQuota or FailureKind.ServerError
        or FailureKind.Network or FailureKind.Truncated or FailureKind.StreamError or FailureKind.FirstToken or FailureKind.IdleGap
        or FailureKind.OutputLimit or FailureKind.Empty or FailureKind.Schema;

    /// <summary>Whether another engine may help: everything but a refusal of the content.</summary>
    public bool MayFallBack => Kind != FailureKind.Refused;

    /// <summary>Whether this engine cannot help this job any more, however often it is asked.</summary>
    public bool RulesOutEngine => Kind is FailureKind.Unauthorized or FailureKind.PaymentRequired or FailureKind.ModelGone
        or FailureKind.ContextOverflow or FailureKind.BadRequest;

    /// <summary>The failure was reported inside a stream that had begun: the engine had said 200 and was at work, whatever it failed of.</summary>
    public bool InStream { get; init; }

    /// <summary>Whether the engine had taken the call, so that it is billed though it failed.</summary>
    public bool WasAccepted => InStream || Kind is FailureKind.Truncated or FailureKind.StreamError or FailureKind.FirstToken or FailureKind.IdleGap
        or FailureKind.OutputLimit or FailureKind.Empty or FailureKind.Refused;

    /// <summary>Whether trying the job again later can help.</summary>
    public bool Transient => Kind is not (FailureKind.BadRequest or FailureKind.ContextOverflow or FailureKind.Refused or FailureKind.OutputLimit);
}
