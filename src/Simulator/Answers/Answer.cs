using Platform.Simulator.Limits;

namespace Platform.Simulator.Answers;

/// <summary>Why an answer ended, in the words of the chat completion APIs.</summary>
internal static class Finish
{
    public const string Stop = "stop";
    public const string Length = "length";
    public const string ToolCalls = "tool_calls";
    public const string ContentFilter = "content_filter";

    public static IReadOnlyList<string> All { get; } = [Stop, Length, ToolCalls, ContentFilter];
}

/// <summary>One call of a tool; <paramref name="Arguments"/> is a JSON object as text.</summary>
internal sealed record AnswerToolCall(string Name, string Arguments)
{
    public int Tokens { get; } = TokenCount.Of(Name) + TokenCount.Of(Arguments);
}

/// <summary>What the simulated model says, or the fault that a script puts in its place.</summary>
internal sealed record Answer
{
    public string Text { get; init; } = "";

    public string Reasoning { get; init; } = "";

    public IReadOnlyList<AnswerToolCall> ToolCalls { get; init; } = [];

    public string Finish { get; init; } = Answers.Finish.Stop;

    /// <summary>The stop sequence that ended the text, or null.</summary>
    public string? StoppedBy { get; init; }

    public string? Fault { get; init; }

    /// <summary>Wait before the first token when a script sets one for this answer.</summary>
    public TimeSpan? FirstToken { get; init; }

    public int Tokens => TokenCount.Of(Reasoning) + TokenCount.Of(Text) + ToolCalls.Sum(call => call.Tokens);
}
