using Platform.Inference;
using Platform.Simulator;

namespace Platform.Tests.Inference;

/// <summary>Who answers after one call failed.</summary>
internal enum Answered
{
    /// <summary>That very call: nothing was wrong with its answer.</summary>
    AtOnce,

    /// <summary>The same engine, asked again.</summary>
    Again,

    /// <summary>The next engine of the chain, asked at once: the first cannot help, or asks for too long a pause.</summary>
    Elsewhere,
}

/// <summary>What is counted for the call that failed.</summary>
internal enum Billed
{
    /// <summary>Nothing: the engine refused the call.</summary>
    Nothing,

    /// <summary>The prompt, estimated: the engine took the call and nothing of an answer came.</summary>
    Prompt,

    /// <summary>The prompt and the text so far, estimated: the engine broke before it said what it used.</summary>
    Written,

    /// <summary>What the engine said.</summary>
    Said,
}

/// <summary>One engine, one fault, streamed or whole: what must come of it. <c>docs/faults.md</c> is printed from these.</summary>
internal sealed record FaultCell(string Engine, string Fault, bool Stream)
{
    /// <summary>Whether the caller has seen part of an answer when it fails; null when nothing fails.</summary>
    public bool? AfterFirstToken { get; init; }

    /// <summary>Who answers when one call fails and the rest is healthy.</summary>
    public Answered Answered { get; init; } = Answered.Again;

    /// <summary>What the failed call costs.</summary>
    public Billed Billed { get; init; }

    /// <summary>Upstream calls when every call fails so and no other engine may be asked.</summary>
    public int EndlessCalls { get; init; } = 2;

    /// <summary>How the job fails then; null when it does not.</summary>
    public string? EndlessCode { get; init; } = FailureCodes.EngineUnavailable;

    /// <summary>Upstream calls when one call fails.</summary>
    public int Calls => Answered == Answered.AtOnce ? 1 : 2;

    /// <summary>Times the same engine is asked again.</summary>
    public int Retries => Answered == Answered.Again ? 1 : 0;

    /// <summary>Times another engine is asked.</summary>
    public int Fallbacks => Answered == Answered.Elsewhere ? 1 : 0;

    /// <summary>Draft of the answer that the caller ends up with: a text that was begun is taken back by a higher one.</summary>
    public int Draft => AfterFirstToken == true ? 2 : 1;
}

/// <summary>Every cell of engine x fault x streamed or whole.</summary>
internal static class FaultMatrix
{
    public const string Cerebras = "Cerebras";
    public const string Claude = "Claude";
    public const string Local = "Local";

    public static readonly IReadOnlyList<string> Engines = [Cerebras, Claude, Local];

    public static readonly IReadOnlyList<FaultCell> Cells =
        [.. SimulatorOptions.FaultNames.SelectMany(fault => new[] { true, false }.SelectMany(stream => Engines.Select(engine => Expect(new FaultCell(engine, fault, stream)))))];

    public static FaultCell Of(string engine, string fault, bool stream) => Cells.Single(cell => cell.Engine == engine && cell.Fault == fault && cell.Stream == stream);

    /// <summary>The engine that stands behind another in these chains.</summary>
    public static string Next(string engine) => engine == Claude ? Cerebras : Claude;

    private static FaultCell Expect(FaultCell cell) => cell.Fault switch
    {
        "split-utf8" or "crlf" => cell with { Answered = Answered.AtOnce, EndlessCalls = 1, EndlessCode = null },
        "401" or "402" or "404-model" or "429-day" => Refused(cell) with { Answered = Answered.Elsewhere, EndlessCalls = 1 },
        // Cerebras says of its full queue that it should not be asked again.
        "429-queue" or "529" when cell.Engine == Cerebras => Refused(cell) with { Answered = Answered.Elsewhere, EndlessCalls = 1 },
        "429-requests" or "429-tokens" => Refused(cell) with { Answered = Answered.Elsewhere },
        "408" or "422" or "429-queue" or "500" or "502-html" or "503" or "529" => Refused(cell),
        "mid-stream-error" or "mid-stream-error-early" when !cell.Stream => Refused(cell),
        "mid-stream-error" or "cut" or "cut-clean" or "stall" when cell.Stream => cell with { AfterFirstToken = true, Billed = Billed.Written },
        "empty" => cell with { AfterFirstToken = false, Billed = Billed.Said },
        "length" => cell with { AfterFirstToken = true, Billed = Billed.Said, EndlessCalls = Growths(cell.Engine), EndlessCode = FailureCodes.Truncated },
        _ => cell with { AfterFirstToken = false, Billed = Billed.Prompt },
    };

    private static FaultCell Refused(FaultCell cell) => cell with { AfterFirstToken = false, Billed = Billed.Nothing };

    /// <summary>An answer that reached its limit of 512 tokens is asked for with twice the limit, up to the model's own.</summary>
    private static int Growths(string engine) => engine switch
    {
        Cerebras => 8,
        Claude => 9,
        _ => 5,
    };
}
