using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Platform.Inference;

/// <summary>Puts tool calls together: some servers send each whole in one chunk, others in fragments by index.</summary>
internal sealed class ToolCallAssembler
{
    private const int LongestArguments = 8 * 1024 * 1024;
    private const int MostCalls = 256;
    private readonly SortedDictionary<int, Draft> drafts = [];
    private long characters;

    /// <summary>Whether any call has begun.</summary>
    public bool Any => drafts.Count > 0;

    /// <summary>Takes a call or a fragment of one.</summary>
    /// <exception cref="EngineException">There are too many, or they are too long.</exception>
    public void Add(WireToolCall call)
    {
        var index = call.Index ?? drafts.Count;
        if (!drafts.TryGetValue(index, out var draft))
            drafts[index] = draft = new Draft();
        draft.Id ??= call.Id;
        if (!string.IsNullOrEmpty(call.Function?.Name))
            draft.Name ??= call.Function.Name;
        draft.Arguments.Append(call.Function?.Arguments);
        characters += call.Function?.Arguments?.Length ?? 0;
        if (characters > LongestArguments || drafts.Count > MostCalls)
            throw new EngineException(FailureKind.StreamError, $"The engine wrote more than {MostCalls} tool calls or {LongestArguments:N0} characters of arguments.");
    }

    /// <summary>The calls. Arguments that are no JSON object stay with the call as an error, so that the engine can be told.</summary>
    public IList<AIContent> Build() =>
        [.. drafts.Select(AIContent (draft) => FunctionCallContent.CreateFromParsedArguments(
            draft.Value.Arguments.ToString(), draft.Value.Id ?? $"call{draft.Key}", draft.Value.Name ?? "", Parse))];

    private static Dictionary<string, object?> Parse(string arguments) =>
        string.IsNullOrWhiteSpace(arguments) ? [] : JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments, AIJsonUtilities.DefaultOptions) ?? [];

    private sealed class Draft
    {
        public string? Id { get; set; }

        public string? Name { get; set; }

        public StringBuilder Arguments { get; } = new();
    }
}
