namespace Platform.Simulator.Answers;

/// <summary>A text for a JSON field, chosen by the field's name.</summary>
internal static class FieldText
{
    public static string Write(string name, PromptFacts facts, ref Dice dice)
    {
        var lower = name.ToLowerInvariant();
        if (SchemaSample.IsPath(lower))
            return facts.Paths.Count > 0 ? facts.Paths[0] : "README.md";
        if (lower is "code" or "source" or "snippet")
            return CodeSample.Body(facts.Language ?? "csharp", facts);
        if (lower is "language")
            return facts.Language ?? "csharp";
        if (lower is "text" or "post" or "posts" or "content" or "body" or "caption" or "message" or "tweet" || lower.StartsWith("post_", StringComparison.Ordinal))
            return PostText.Write(facts, ref dice);
        if (lower is "hook" or "hooks")
            return PostText.Opening(facts, ref dice);
        if (lower is "calls_to_action" or "call_to_action")
            return PostText.Closing(facts, ref dice);
        return facts.KeyWords.Count == 0 ? "simulated" : $"{dice.Pick(facts.KeyWords)} {dice.Pick(facts.KeyWords)}".ToLowerInvariant();
    }
}
