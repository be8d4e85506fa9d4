using Microsoft.Extensions.AI;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>One call with as much of the code base as fits, for tasks that need more context than the fast engine holds.</summary>
internal sealed class TraditionalApproach(EngineCaller caller, PromptBuilder prompts) : IApproach
{
    public string Name => Approaches.Traditional;

    public List<ChatMessage> Open(JobRun run, Material material) => prompts.Code(run, Name, material, withWorkspace: true);

    public async Task<EngineAnswer> AnswerAsync(JobRun run, List<ChatMessage> conversation, Material material, CancellationToken token)
    {
        var answer = await caller.AskAsync(run, SingleCall(run, conversation), token);
        conversation.Add(answer.Message);
        return answer;
    }

    // Always streamed: long answers outlive the time that servers and proxies keep a silent connection.
    public EngineRequest SingleCall(JobRun run, List<ChatMessage> conversation) =>
        new() { Messages = conversation, Tier = run.Tier, MaxOutputTokens = OutputLimits.Large(run), Stream = true };
}
