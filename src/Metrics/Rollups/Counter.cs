namespace Platform.Metrics.Rollups;

/// <summary>What is counted, in the order of the columns.</summary>
internal enum Counter
{
    Jobs,
    Succeeded,
    Failed,
    Cancelled,
    WithTests,
    PassedFirst,
    PassedAfterFix,
    WithPatterns,
    Fallbacks,
    EngineCalls,
    Retries,
    InputUncached,
    InputCached,
    CacheWritten,
    Output,
    Reasoning,

    /// <summary>Cost in billionths of a US dollar: whole numbers add up the same in any order.</summary>
    CostNano,

    /// <summary>Second calls made because the first was late.</summary>
    Hedges,

    /// <summary>Answers taken from an equal request instead of an engine.</summary>
    SharedAnswers,

    /// <summary>Jobs with patterns that succeeded.</summary>
    WithPatternsSucceeded,

    /// <summary>Patterns that stood in prompts or were replayed.</summary>
    PatternsUsed,

    /// <summary>Jobs whose answer a compiler or parser looked at.</summary>
    Checked,

    /// <summary>Of them without an error.</summary>
    Compiled,

    /// <summary>Attempts after the first.</summary>
    FixAttempts,

    /// <summary>Milliseconds from claim to close, of jobs that engines wrote for.</summary>
    WorkMs,
}

/// <summary>The counters as columns.</summary>
internal static class Counters
{
    /// <summary>Column of each counter.</summary>
    public static readonly IReadOnlyList<string> Columns =
    [
        "jobs", "succeeded", "failed", "cancelled", "with_tests", "passed_first", "passed_after_fix", "with_patterns", "fallbacks",
        "engine_calls", "retries", "input_uncached", "input_cached", "cache_written", "output", "reasoning", "cost_nano", "hedges", "shared_answers",
        "with_patterns_succeeded", "patterns_used", "checked", "compiled", "fix_attempts", "work_ms",
    ];

    /// <summary>How many there are.</summary>
    public static int Count => Columns.Count;
}
