using System.Text;
using Microsoft.Extensions.AI;
using Platform.V1;

namespace Platform.Inference;

/// <summary>Gathers an answer from its pieces and says whether it is complete.</summary>
internal sealed class AnswerBuilder(Engine engine, string model, long promptTokens)
{
    private const int LongestAnswer = 8 * 1024 * 1024;
    private readonly StringBuilder text = new();
    private readonly StringBuilder thought = new();
    private readonly List<AIContent> opaque = [];
    private readonly List<FunctionCallContent> calls = [];
    private UsageDetails? usage;
    private string? raw;
    private ChatFinishReason? finish;
    private bool assumed;
    private bool callBegun;

    /// <summary>A count before the end is a beginning: Claude says one output token before it writes the first.</summary>
    private bool Counted => usage is not null && finish is not null;

    /// <summary>Whether anything of an answer has come.</summary>
    public bool Begun => text.Length + thought.Length + calls.Count > 0 || callBegun;

    /// <summary>Whether the engine said that its answer is complete.</summary>
    public bool Finished => finish is not null;

    /// <summary>Its text so far, without reasoning.</summary>
    public string Text => text.ToString();

    /// <summary>Model that answered.</summary>
    public string Model { get; private set; } = model;

    /// <summary>Why the engine stopped, for the trace.</summary>
    public string? Finish => finish?.Value;

    /// <summary>Tokens by class: as counted by the engine, or estimated where it broke before it said them.</summary>
    public TokenUsage Usage => usage is not null ? (Counted ? Pricing.Split(usage) : SoFar(usage)) : Begun || assumed ? Estimate() : new TokenUsage();

    /// <summary>Usage as the engine sent it, when that is the last word on it.</summary>
    public string RawUsage => Counted && raw is not null ? raw : Pricing.Raw(Usage, estimated: !Counted);

    /// <summary>The engine took the call and was then left or broke: it worked on the prompt, so the prompt counts even if nothing came back.</summary>
    public void AssumeBilled() => assumed = true;

    /// <summary>Takes a piece of a stream.</summary>
    /// <returns>Text and reasoning in it.</returns>
    public (string Text, string Thought) Add(ChatResponseUpdate update)
    {
        Note(update.ModelId, update.FinishReason, update.AdditionalProperties);
        return Add(update.Contents);
    }

    /// <summary>Takes a whole answer.</summary>
    public (string Text, string Thought) Add(ChatResponse response)
    {
        Note(response.ModelId, response.FinishReason, response.AdditionalProperties);
        usage = response.Usage ?? usage;
        return Add([.. response.Messages.SelectMany(message => message.Contents)]);
    }

    /// <summary>The answer, if it is one.</summary>
    /// <exception cref="EngineException">It was cut by the output limit, refused, or empty.</exception>
    public (string Text, IReadOnlyList<FunctionCallContent> Calls, ChatMessage Message) Build()
    {
        if (finish == ChatFinishReason.Length)
            throw new EngineException(FailureKind.OutputLimit, $"{engine.Name} reached the output limit before the answer was complete.");
        if (finish == ChatFinishReason.ContentFilter)
            throw new EngineException(FailureKind.Refused, $"{engine.Name} refuses to answer this task.");
        if (finish is null)
            throw new EngineException(FailureKind.Truncated, $"{engine.Name} did not say that its answer is complete.");
        if (calls.Count == 0 && string.IsNullOrWhiteSpace(text.ToString()))
            throw new EngineException(FailureKind.Empty, $"{engine.Name} sent an empty answer.");
        var contents = new List<AIContent>();
        if (opaque.Count > 0)
            contents.AddRange(opaque);
        else if (thought.Length > 0)
            contents.Add(new TextReasoningContent(thought.ToString()));
        if (text.Length > 0)
            contents.Add(new TextContent(text.ToString()));
        contents.AddRange(calls);
        return (text.ToString(), calls, new ChatMessage(ChatRole.Assistant, contents));
    }

    private (string Text, string Thought) Add(IList<AIContent> contents)
    {
        string piece = "", reasoning = "";
        foreach (var content in contents)
        {
            switch (content)
            {
                case TextReasoningContent { ProtectedData: not null } sealedThought:
                    // Thinking that the engine signed must go back unchanged, or the next turn is refused.
                    opaque.Add(sealedThought);
                    reasoning += sealedThought.Text;
                    break;
                case TextReasoningContent part:
                    reasoning += part.Text;
                    break;
                case TextContent part:
                    piece += part.Text;
                    break;
                case FunctionCallContent call:
                    calls.Add(call);
                    break;
                case UsageContent { Details: var details }:
                    usage = details;
                    break;
            }
        }

        text.Append(piece);
        thought.Append(reasoning);
        return text.Length + thought.Length <= LongestAnswer
            ? (piece, reasoning)
            : throw new EngineException(FailureKind.StreamError, $"{engine.Name} wrote more than {LongestAnswer:N0} characters.");
    }

    private void Note(string? answeredBy, ChatFinishReason? reason, AdditionalPropertiesDictionary? facts)
    {
        if (!string.IsNullOrEmpty(answeredBy))
            Model = answeredBy;
        finish = reason ?? finish;
        callBegun |= facts?.ContainsKey(WireContent.ToolPart) == true;
        if (facts?.TryGetValue(WireContent.RawUsage, out var sent) == true)
            raw = sent as string;
    }

    private TokenUsage SoFar(UsageDetails said)
    {
        var (counted, written) = (Pricing.Split(said), Estimate());
        counted.Output = Math.Max(counted.Output, written.Output);
        counted.Reasoning = Math.Max(counted.Reasoning, written.Reasoning);
        return counted;
    }

    private TokenUsage Estimate() => new()
    {
        InputUncached = promptTokens,
        Output = TokenEstimate.Of(text.Length + thought.Length),
        Reasoning = TokenEstimate.Of(thought.Length),
    };
}
