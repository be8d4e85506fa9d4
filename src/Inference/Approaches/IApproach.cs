using Microsoft.Extensions.AI;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>A way to get an answer for a code job from engines.</summary>
internal interface IApproach
{
    /// <summary>One of <see cref="Approaches"/>.</summary>
    string Name { get; }

    /// <summary>The messages that open the conversation.</summary>
    List<ChatMessage> Open(JobRun run, Material material);

    /// <summary>A complete answer; what was said on the way is added to the conversation, the answer included.</summary>
    /// <exception cref="JobException">No engine gave one.</exception>
    Task<EngineAnswer> AnswerAsync(JobRun run, List<ChatMessage> conversation, Material material, CancellationToken token);

    /// <summary>The request for one answer, when one call is the whole approach; null when it takes several.</summary>
    EngineRequest? SingleCall(JobRun run, List<ChatMessage> conversation) => null;
}

/// <summary>How long an answer may be: tight, because engines reserve the whole limit from the quota.</summary>
internal static class OutputLimits
{
    private const int Reasoning = 2_048;
    private const int TokensPerLine = 16;

    /// <summary>For code.</summary>
    public static int Code(JobRun run) => run.Request.MaxOutputTokens > 0
        ? run.Request.MaxOutputTokens
        : run.Request.ExpectedLines > 0 ? Math.Clamp(Reasoning + (run.Request.ExpectedLines * TokensPerLine), 4_096, 32_768) : 8_192;

    /// <summary>For whole contexts, whose answers are long.</summary>
    public static int Large(JobRun run) => run.Request.MaxOutputTokens > 0 ? run.Request.MaxOutputTokens : Math.Max(Code(run), 16_384);

    /// <summary>For content.</summary>
    public static int Content(JobRun run) => run.Request.MaxOutputTokens > 0 ? run.Request.MaxOutputTokens : Reasoning;
}
