namespace Platform.Contracts.Engines;

/// <summary>Defaults of the two engines that everybody knows. Model ids live for months: configuration overrides each value.</summary>
internal static class BuiltInEngines
{
    private const string Cerebras = "Cerebras";
    private const string Claude = "Claude";

    private static readonly EngineModel GptOss = new("gpt-oss-120b", 131_072, 40_960, new(0.35m, 0.35m, 0.35m, 0.75m, new(2026, 11, 1)));
    private static readonly EngineModel Sonnet = new("claude-sonnet-5", 1_000_000, 128_000, new(2m, 0.20m, 2.50m, 10m, new(2026, 9, 29)));
    private static readonly EngineModel Haiku = new("claude-haiku-4-5", 200_000, 64_000, new(1m, 0.10m, 1.25m, 5m, new(2026, 9, 29)));

    private static readonly EngineEntry[] All =
    [
        new()
        {
            Name = Cerebras, Kind = EngineKind.Cerebras, BaseUrl = new("https://api.cerebras.ai"), Enabled = false,
            Quality = GptOss, Fast = GptOss, MaxConcurrency = 64, Quirks = [EngineQuirks.Gzip],
        },
        // Sonnet 5 refuses every temperature but its default.
        new()
        {
            Name = Claude, Kind = EngineKind.Anthropic, BaseUrl = new("https://api.anthropic.com"), Enabled = false,
            Quality = Sonnet, Fast = Haiku, MaxConcurrency = 16, Quirks = [EngineQuirks.NoTemperature],
        },
    ];

    public static IEnumerable<string> Names => All.Select(engine => engine.Name);

    public static EngineEntry? Find(string name) => All.FirstOrDefault(engine => engine.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    public static IReadOnlyList<string> Chain(string approach) => approach == Approaches.Traditional ? [Claude, Cerebras] : [Cerebras, Claude];
}
