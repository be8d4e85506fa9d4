using Microsoft.Extensions.AI;

namespace Platform.Inference;

/// <summary>Rough token counts, for limits and for calls that broke before the engine said what they used.</summary>
internal static class TokenEstimate
{
    private const double CharactersPerToken = 3.6;

    public static long Of(int characters) => (long)Math.Ceiling(characters / CharactersPerToken);

    public static long Of(IEnumerable<ChatMessage> messages) => messages.Sum(message => 4 + message.Contents.Sum(Of));

    private static long Of(AIContent content) => content switch
    {
        TextContent text => Of(text.Text.Length),
        TextReasoningContent thought => Of(thought.Text.Length),
        FunctionResultContent { Result: string result } => Of(result.Length),
        FunctionCallContent call => 16 + Of(call.Arguments?.Sum(argument => argument.Value?.ToString()?.Length ?? 4) ?? 0),
        _ => 16,
    };
}
