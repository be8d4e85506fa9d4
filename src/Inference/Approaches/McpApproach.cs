using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>An engine with tools in a loop: it looks around the workspace until it knows enough, then answers with whole files.</summary>
internal sealed class McpApproach(
    EngineCaller caller, PromptBuilder prompts, CodeChecks checks, PatternMemory memory, McpConnections servers, InferenceOptions options, TimeProvider time, ILoggerFactory logs) : IApproach
{
    public string Name => Approaches.Mcp;

    public List<ChatMessage> Open(JobRun run, Material material) => prompts.Code(run, Name, material, withTree: true);

    public async Task<EngineAnswer> AnswerAsync(JobRun run, List<ChatMessage> conversation, Material material, CancellationToken token)
    {
        var builtIn = new BuiltInTools(run, material.Workspace, checks, memory);
        await using var session = await ToolSession.OpenAsync(run, builtIn, servers, options.Tools, time, logs, token);
        for (var turn = 1; ; turn++)
        {
            var last = turn >= options.Tools.MaxTurns || session.IsUsedUp;
            var answer = await caller.AskAsync(run, Request(run, conversation, session, last), token);
            conversation.Add(answer.Message);
            if (answer.ToolCalls.Count == 0)
                return answer;
            if (last)
                throw new JobException(FailureCodes.EngineUnavailable, $"{answer.Engine.Name} still asks for tools after {turn} turns (Inference:Tools:MaxTurns) and gives no answer.", transient: true);
            var results = await session.CallAsync(answer.ToolCalls, token);
            conversation.Add(new ChatMessage(ChatRole.Tool, [.. results]));
            run.Progress.Restart("tools were called; the answer begins anew");
        }
    }

    /// <summary>On the last turn no tool may be called; the tools stay listed, because earlier turns mention them.</summary>
    private static EngineRequest Request(JobRun run, List<ChatMessage> conversation, ToolSession session, bool last) => new()
    {
        Messages = conversation,
        Tier = run.Tier,
        MaxOutputTokens = OutputLimits.Large(run),
        Tools = session.Tools,
        ToolMode = last ? ChatToolMode.None : ChatToolMode.Auto,
        Stream = true,
    };
}
