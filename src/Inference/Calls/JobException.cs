namespace Platform.Inference;

/// <summary>Why a job cannot succeed. Caught in one place and reported as the job's failure; it is an outcome, not a defect.</summary>
internal sealed class JobException(string code, string message, bool transient, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Machine-readable class, from <see cref="FailureCodes"/>.</summary>
    public string Code { get; } = code;

    /// <summary>Whether trying again later can help.</summary>
    public bool Transient { get; } = transient;
}

/// <summary>Classes of failures that a job reports.</summary>
internal static class FailureCodes
{
    /// <summary>No engine is configured, or none that the tenant accepts.</summary>
    public const string NoEngine = "no_engine";

    /// <summary>Every engine of the chain failed.</summary>
    public const string EngineUnavailable = "engine_unavailable";

    /// <summary>The answer reached the output limit and no engine allows more.</summary>
    public const string Truncated = "truncated";

    /// <summary>An engine refuses the content.</summary>
    public const string Refused = "refused";

    /// <summary>Prompt and answer fit no engine of the chain.</summary>
    public const string ContextTooLarge = "context_too_large";

    /// <summary>The code has errors after the last attempt.</summary>
    public const string InvalidCode = "invalid_code";

    /// <summary>The tests fail after the last attempt.</summary>
    public const string TestsFailed = "tests_failed";

    /// <summary>Tests were to be written and none came that can be used.</summary>
    public const string NoTests = "no_tests";

    /// <summary>Time ran out.</summary>
    public const string Deadline = "deadline";

    /// <summary>The next call could cost more than the job may.</summary>
    public const string CostLimit = "cost_limit";

    /// <summary>The workspace cannot be read.</summary>
    public const string Workspace = "workspace_unavailable";

    /// <summary>Cancelled on request.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A defect of the worker; its log has the details.</summary>
    public const string Internal = "internal";
}
