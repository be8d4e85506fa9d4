using System.ComponentModel.DataAnnotations;

namespace Platform.Inference;

/// <summary>Settings of the worker pool, section <c>Inference</c>. Engines and chains stand under <c>Engines</c> and <c>Inference:Chains</c>.</summary>
public sealed class InferenceOptions
{
    /// <summary>Interactive jobs that one worker process runs at a time. Default 32.</summary>
    [Range(1, 10_000)]
    public int InteractiveJobs { get; set; } = 32;

    /// <summary>Batch jobs that one worker process runs at a time, beside the interactive ones. Default 32.</summary>
    [Range(1, 10_000)]
    public int BatchJobs { get; set; } = 32;

    /// <summary>How long running jobs may take to finish at shutdown before they are given back, in seconds. Default 30.</summary>
    [Range(0, 3600)]
    public double DrainSeconds { get; set; } = 30;

    /// <summary>Share of a lease that must be left for work to go on without a renewal. Default 0.1.</summary>
    [Range(0, 0.5)]
    public double LeaseMargin { get; set; } = 0.1;

    /// <summary>Most attempts of the test-and-fix loop unless the request says otherwise. Default 3.</summary>
    [Range(1, 20)]
    public int MaxAttempts { get; set; } = 3;

    /// <summary>Whether a workspace's own tests run before and after an answer: what passed must still pass. Default true.</summary>
    public bool WorkspaceTests { get; set; } = true;

    /// <summary>Engine that writes tests first, by its name under <c>Engines</c>, where the job's chain has it: another than the one that writes the code. Default: the chain's first.</summary>
    public string TestsEngine { get; set; } = "";

    /// <summary>Model that writes tests first: <c>quality</c> (default) or <c>fast</c>.</summary>
    [RegularExpression("quality|fast")]
    public string TestsTier { get; set; } = "quality";

    /// <summary>Upstream calls beyond the first that retries, fallbacks and fixes of one job share. Default 8.</summary>
    [Range(0, 100)]
    public int RetryBudget { get; set; } = 8;

    /// <summary>Time from acceptance to close of an interactive job unless the request says otherwise, in seconds. Default 300.</summary>
    [Range(1, 86_400)]
    public double InteractiveDeadlineSeconds { get; set; } = 300;

    /// <summary>Time from claim to close of a batch job unless the request says otherwise, in seconds. Default 900.</summary>
    [Range(1, 86_400)]
    public double BatchDeadlineSeconds { get; set; } = 900;

    /// <summary>Longest wait for the first token of a stream, in seconds. Default 30.</summary>
    [Range(0.05, 3600)]
    public double FirstTokenSeconds { get; set; } = 30;

    /// <summary>Longest silence inside a stream, in seconds. Default 20.</summary>
    [Range(0.05, 3600)]
    public double IdleGapSeconds { get; set; } = 20;

    /// <summary>Longest wait for an answer that is not streamed, in seconds. Default 120.</summary>
    [Range(0.05, 3600)]
    public double AnswerSeconds { get; set; } = 120;

    /// <summary>Longest wait that an engine may ask for before the next engine is asked instead, in seconds. Default 10; the batch lane allows six times as much.</summary>
    [Range(0, 3600)]
    public double MaxRetryAfterSeconds { get; set; } = 10;

    /// <summary>Shortest pause before an engine is asked again, in milliseconds; pauses grow with jitter up to thirty times this. Default 250.</summary>
    [Range(0, 60_000)]
    public double BackoffMs { get; set; } = 250;

    /// <summary>Times the same engine is asked again for one answer before the next engine is. Default 1.</summary>
    [Range(0, 10)]
    public int RetriesPerEngine { get; set; } = 1;

    /// <summary>
    /// What happens when a stream breaks after its first token: <c>restart</c> (default: it begins anew with a higher draft number), <c>continue</c>
    /// (the next call is given what came so far and writes on; the joint is checked) or <c>fail</c>.
    /// </summary>
    [RegularExpression("restart|continue|fail")]
    public string BrokenStream { get; set; } = "restart";

    /// <summary>Approaches whose interactive calls get a second call when the first token is later than usual (95th percentile). Default none: a hedged call is paid twice.</summary>
    public List<string> Hedge { get; set; } = [];

    /// <summary>Candidates that interactive jobs with tests let compete, by approach: the first that passes wins, the rest is cancelled and paid. Default none.</summary>
    public Dictionary<string, int> Race { get; set; } = [];

    /// <summary>How long the answer to a request that its caller calls deterministic may be given again to the same tenant, in seconds; 0 shares calls in flight only. Default 300.</summary>
    [Range(0, 86_400)]
    public double AnswerCacheSeconds { get; set; } = 300;

    /// <summary>Most characters of answers kept for that. Default 32,000,000.</summary>
    [Range(0, 1_000_000_000)]
    public long AnswerCacheCharacters { get; set; } = 32_000_000;

    /// <summary>Examples from memory asked for one prompt. Default 5.</summary>
    [Range(0, 50)]
    public int Examples { get; set; } = 5;

    /// <summary>Most characters of examples in one prompt. Default 16,000.</summary>
    [Range(0, 1_000_000)]
    public int ExampleCharacters { get; set; } = 16_000;

    /// <summary>Most characters of the caller's files in one prompt. Default 400,000.</summary>
    [Range(1_000, 10_000_000)]
    public int FileCharacters { get; set; } = 400_000;

    /// <summary>How long the memory may take to answer, in milliseconds; a job goes on without it. Default 2,000.</summary>
    [Range(1, 60_000)]
    public int RecallMs { get; set; } = 2_000;

    /// <summary>Request bodies from this many bytes on are compressed where the engine takes gzip. Default 32,768.</summary>
    [Range(1, int.MaxValue)]
    public int GzipFromBytes { get; set; } = 32_768;

    /// <summary>Open connections to the engines and check their models at start. Default true.</summary>
    public bool WarmUp { get; set; } = true;

    /// <summary>Limits of tools.</summary>
    public ToolOptions Tools { get; set; } = new();

    /// <summary>MCP servers whose tools the <c>mcp</c> approach may use beside the built-in ones, by name.</summary>
    public Dictionary<string, StdioServerOptions> McpServers { get; set; } = [];
}

/// <summary>Limits of the tool loop, section <c>Inference:Tools</c>.</summary>
public sealed class ToolOptions
{
    /// <summary>Most turns of one answer. Default 12.</summary>
    [Range(1, 100)]
    public int MaxTurns { get; set; } = 12;

    /// <summary>Most tool calls of one job. Default 60.</summary>
    [Range(1, 1_000)]
    public int MaxCalls { get; set; } = 60;

    /// <summary>Most characters of one tool result; the rest is cut and the cut is said. Default 32,000.</summary>
    [Range(100, 1_000_000)]
    public int MaxResultCharacters { get; set; } = 32_000;

    /// <summary>Most characters of all tool results of one job. Default 400,000.</summary>
    [Range(100, 10_000_000)]
    public int MaxTotalCharacters { get; set; } = 400_000;

    /// <summary>Time one tool call may take, in seconds. Default 30.</summary>
    [Range(0.1, 600)]
    public double Seconds { get; set; } = 30;
}

/// <summary>One MCP server that speaks over standard input and output, section <c>Inference:McpServers:NAME</c>.</summary>
public sealed class StdioServerOptions
{
    /// <summary>Program to start.</summary>
    [Required]
    public string Command { get; set; } = "";

    /// <summary>Its arguments.</summary>
    public List<string> Arguments { get; set; } = [];

    /// <summary>Its environment. Nothing else is inherited but PATH and HOME, so that it cannot see the platform's keys.</summary>
    public Dictionary<string, string> Environment { get; set; } = [];

    /// <summary>Tools that may be used; empty means all.</summary>
    public List<string> Tools { get; set; } = [];
}
