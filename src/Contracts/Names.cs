namespace Platform.Contracts;

/// <summary>Names of the modules, as <c>--modules</c> and <c>Peers:NAME</c> spell them.</summary>
public static class ModuleNames
{
    /// <summary>The edge and the ledger.</summary>
    public const string Router = "router";

    /// <summary>The worker pool.</summary>
    public const string Inference = "inference";

    /// <summary>The pattern memory.</summary>
    public const string Patterns = "patterns";

    /// <summary>Content.</summary>
    public const string Maya = "maya";

    /// <summary>Figures and the console.</summary>
    public const string Metrics = "metrics";

    /// <summary>The sandbox for generated code.</summary>
    public const string Runner = "runner";

    /// <summary>Every module, in start order.</summary>
    public static readonly IReadOnlyList<string> All = [Router, Inference, Patterns, Maya, Metrics, Runner];
}

/// <summary>The four ways to answer a request.</summary>
public static class Approaches
{
    /// <summary>Replay from memory, no engine.</summary>
    public const string Pattern = "pattern";

    /// <summary>One call of the fast engine.</summary>
    public const string Instructions = "instructions";

    /// <summary>The fast engine with tools in a loop.</summary>
    public const string Mcp = "mcp";

    /// <summary>The large-context engine.</summary>
    public const string Traditional = "traditional";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Pattern, Instructions, Mcp, Traditional];
}

/// <summary>States of a job: <c>queued -> running -> succeeded | failed | cancelled</c>.</summary>
public static class JobStates
{
    /// <summary>Stored and waiting.</summary>
    public const string Queued = "queued";

    /// <summary>Leased by a worker.</summary>
    public const string Running = "running";

    /// <summary>Closed with a result.</summary>
    public const string Succeeded = "succeeded";

    /// <summary>Closed without one.</summary>
    public const string Failed = "failed";

    /// <summary>Closed on request.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Queued, Running, Succeeded, Failed, Cancelled];

    /// <summary>Whether a job in this state will not change again.</summary>
    public static bool IsClosed(string state) => state is Succeeded or Failed or Cancelled;
}

/// <summary>The two lanes. Each has a queue and a concurrency of its own, so that batches never starve people.</summary>
public static class Lanes
{
    /// <summary>Somebody waits.</summary>
    public const string Interactive = "interactive";

    /// <summary>Nobody waits.</summary>
    public const string Batch = "batch";

    /// <summary>Batch jobs whose batch may not run now. A place in the ledger only: no queue and no caller knows it.</summary>
    public const string Held = "held";

    /// <summary>All that a caller may name.</summary>
    public static readonly IReadOnlyList<string> All = [Interactive, Batch];

    /// <summary>Name of the lane's queue on the bus.</summary>
    public static string Queue(string lane) => $"jobs-{lane}";
}

/// <summary>What a job makes.</summary>
public static class JobKinds
{
    /// <summary>Program code.</summary>
    public const string Code = "code";

    /// <summary>Posts and other text.</summary>
    public const string Content = "content";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Code, Content];
}

/// <summary>Labels of requests that mean something to the platform itself.</summary>
public static class RequestLabels
{
    /// <summary>Team that a request is for: figures are told apart by it.</summary>
    public const string Team = "team";
}

/// <summary>Verdicts of a caller on a result.</summary>
public static class Verdicts
{
    /// <summary>Used as it was.</summary>
    public const string Accepted = "accepted";

    /// <summary>Used after a change.</summary>
    public const string Edited = "edited";

    /// <summary>Not used.</summary>
    public const string Rejected = "rejected";

    /// <summary>Used, and taken back later.</summary>
    public const string Reverted = "reverted";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Accepted, Edited, Rejected, Reverted];
}
