namespace Platform.Simulator.Limits;

/// <summary>What the simulator knows of a model: window and output limit in tokens, natural pace, whether it reasons aloud.</summary>
internal sealed record ModelProfile(string Id, int Context, int MaxOutput, double TokensPerSecond, int FirstTokenMs, bool Reasons);

/// <summary>The models of autumn 2026 and the defaults for every other id.</summary>
internal static class ModelProfiles
{
    private static readonly ModelProfile OtherCerebras = new("", 131_072, 40_960, 2_000, 30, false);
    private static readonly ModelProfile OtherOpenAi = new("", 131_072, 32_768, 100, 200, false);
    private static readonly ModelProfile OtherClaude = new("claude", 200_000, 64_000, 80, 500, false);

    /// <summary>Ids that Cerebras has withdrawn: they answer 404 with a code of its own.</summary>
    private static readonly HashSet<string> Archived = new(StringComparer.Ordinal)
    {
        "gemma-4-31b", "zai-glm-4.7", "zai-glm-4.6", "llama3.1-8b", "llama3.1-70b", "qwen-3-235b-a22b-instruct-2507",
        "qwen-3-235b-a22b-thinking-2507", "qwen-3-235b-a22b", "qwen-3-32b", "llama-3.3-70b", "qwen-3-coder-480b",
        "llama-4-scout-17b-16e-instruct", "llama-4-maverick-17b-128e-instruct", "deepseek-r1-distill-llama-70b",
    };

    public static IReadOnlyList<ModelProfile> Cerebras { get; } =
    [
        new("gpt-oss-120b", 131_072, 40_960, 3_000, 30, true),
        new("qwen-3.8-27b", 131_072, 40_960, 1_500, 30, true),
    ];

    public static IReadOnlyList<string> Claude { get; } = ["claude-opus-4-8", "claude-sonnet-5", "claude-sonnet-4-6", "claude-haiku-4-5"];

    public static bool IsArchived(SimulatorEngine engine, string model) => engine == SimulatorEngine.Cerebras && Archived.Contains(model);

    public static ModelProfile Find(SimulatorEngine engine, string model)
    {
        if (engine == SimulatorEngine.Anthropic || model.StartsWith("claude", StringComparison.Ordinal))
            return OtherClaude;
        if (engine == SimulatorEngine.OpenAi)
            return OtherOpenAi;
        foreach (var profile in Cerebras)
        {
            if (profile.Id == model)
                return profile;
        }

        return OtherCerebras;
    }

    /// <summary>The pace of a model under these options.</summary>
    public static Pace PaceOf(ModelProfile profile, string model, SimulatorOptions options)
    {
        var own = options.ModelTokensPerSecond.Where(rate => model.StartsWith(rate.Key, StringComparison.Ordinal)).OrderByDescending(rate => rate.Key.Length).Select(rate => (double?)rate.Value).FirstOrDefault();
        var rate = own ?? options.TokensPerSecond ?? profile.TokensPerSecond;
        var first = options.TimeToFirstToken ?? (rate <= 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(profile.FirstTokenMs));
        return new Pace(first, rate);
    }
}
