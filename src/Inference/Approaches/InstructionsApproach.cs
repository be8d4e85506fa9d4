using Microsoft.Extensions.AI;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>One call at a low temperature: constraints first, then the task, examples under a budget, and what failed before.</summary>
internal sealed class InstructionsApproach(EngineCaller caller, PromptBuilder prompts) : IApproach
{
    public string Name => Approaches.Instructions;

    public List<ChatMessage> Open(JobRun run, Material material) => prompts.Code(run, Name, material);

    public async Task<EngineAnswer> AnswerAsync(JobRun run, List<ChatMessage> conversation, Material material, CancellationToken token)
    {
        var answer = await caller.AskAsync(run, SingleCall(run, conversation), token);
        conversation.Add(answer.Message);
        return answer;
    }

    public EngineRequest SingleCall(JobRun run, List<ChatMessage> conversation) =>
        new() { Messages = conversation, Tier = run.Tier, MaxOutputTokens = OutputLimits.Code(run), Stream = !run.IsBatch };
}
