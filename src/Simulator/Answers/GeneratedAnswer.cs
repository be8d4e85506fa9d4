using Platform.Simulator.Http;

namespace Platform.Simulator.Answers;

/// <summary>
/// Makes up an answer of the kind that the prompt asks for: a tool call, JSON, code, a social post or a sentence. Rules only,
/// the same for the same seed and prompt; nothing here claims to be a model.
/// </summary>
internal static class GeneratedAnswer
{
    public static Answer Write(ChatRequest request, int seed)
    {
        var dice = new Dice(Dice.Hash(request.Prompt, unchecked((ulong)seed * 0x9E3779B97F4A7C15) ^ 14695981039346656037));
        var facts = new PromptFacts(request.Prompt, request.LastUser);
        if (ToolChoice.Pick(request, facts) is { } tool)
            return new Answer { ToolCalls = [new(tool.Name, SchemaSample.Write(tool.Parameters, facts, ref dice))], Finish = Finish.ToolCalls };
        if (request.Schema is { } schema)
            return new Answer { Text = SchemaSample.Write(schema, facts, ref dice) };
        return new Answer { Text = WriteText(request, facts, ref dice) };
    }

    private static string WriteText(ChatRequest request, PromptFacts facts, ref Dice dice)
    {
        if (facts.WantsJsonArray)
            return JsonSample.Array(facts, ref dice);
        if (request.WantsJson || facts.WantsJsonObject)
            return JsonSample.Object(facts, ref dice);
        return facts.Subject switch
        {
            Subject.Code => CodeSample.Write(facts, ref dice),
            Subject.Post => PostText.Write(facts, ref dice),
            _ => Prose(facts, ref dice),
        };
    }

    private static string Prose(PromptFacts facts, ref Dice dice)
    {
        var words = facts.KeyWords;
        return words.Count == 0
            ? "This is a simulated answer."
            : $"This is a simulated answer about {dice.Pick(words)}, {dice.Pick(words)} and {dice.Pick(words)}.";
    }
}
