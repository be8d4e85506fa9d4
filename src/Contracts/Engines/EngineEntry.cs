namespace Platform.Contracts.Engines;

/// <summary>The protocols an engine can speak.</summary>
public enum EngineKind
{
    /// <summary>The Cerebras inference API.</summary>
    Cerebras,

    /// <summary>The Anthropic Messages API.</summary>
    Anthropic,

    /// <summary>Any server with OpenAI's chat completions: Ollama, llama.cpp, vLLM, a gateway.</summary>
    OpenAi,
}

/// <summary>One configured engine: where it is, which models it offers, and what it allows.</summary>
public sealed record EngineEntry
{
    /// <summary>Name under <c>Engines</c>; shown in routes, results and figures.</summary>
    public required string Name { get; init; }

    /// <summary>Protocol it speaks.</summary>
    public required EngineKind Kind { get; init; }

    /// <summary>Base address; <c>/v1</c> at its end makes no difference.</summary>
    public required Uri BaseUrl { get; init; }

    /// <summary>Key; empty when the server wants none, or in a process that does not call engines.</summary>
    public SecretText ApiKey { get; init; }

    /// <summary>Whether it is asked: it has a key, or needs none, or <c>Enabled</c> says so.</summary>
    public required bool Enabled { get; init; }

    /// <summary>Declared to be a simulator (<c>Simulated</c>): never shares a chain with real engines.</summary>
    public bool Simulated { get; init; }

    /// <summary>Model of tier <c>quality</c>: code and content.</summary>
    public required EngineModel Quality { get; init; }

    /// <summary>Model of tier <c>fast</c>: classification and real-time work.</summary>
    public required EngineModel Fast { get; init; }

    /// <summary>Most calls at a time from one worker process.</summary>
    public int MaxConcurrency { get; init; }

    /// <summary>Requests a minute the account allows; 0 = unknown, learned from the headers.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute the account allows; 0 = unknown, learned from the headers.</summary>
    public int TokensPerMinute { get; init; }

    /// <summary>Kinds of jobs it may answer (<c>Kinds</c>), from <see cref="JobKinds"/>; all by default.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = JobKinds.All;

    /// <summary>Deviations of the server, from <see cref="EngineQuirks"/>.</summary>
    public IReadOnlyList<string> Quirks { get; init; } = [];

    /// <summary>The model of a tier; anything but <c>fast</c> means quality.</summary>
    public EngineModel Model(string tier) => tier == ModelTiers.Fast ? Fast : Quality;

    /// <summary>Whether the server deviates in this way.</summary>
    public bool Has(string quirk) => Quirks.Contains(quirk);
}

/// <summary>One model of an engine.</summary>
/// <param name="Id">Id sent upstream.</param>
/// <param name="ContextTokens">Tokens that prompt and answer may have together.</param>
/// <param name="MaxOutputTokens">Most tokens of one answer, reasoning included.</param>
/// <param name="Price">What it costs.</param>
public sealed record EngineModel(string Id, int ContextTokens, int MaxOutputTokens, ModelPrice Price)
{
    /// <summary>Members that every request to it carries, from <see cref="EngineRequestFields"/>.</summary>
    public IReadOnlyDictionary<string, object> RequestFields { get; init; } = new Dictionary<string, object>();
}

/// <summary>Prices in US dollars per million tokens, by class, on a date: prices change, and old jobs keep theirs.</summary>
/// <param name="Input">Prompt tokens at the full price.</param>
/// <param name="CachedInput">Prompt tokens read from the engine's cache.</param>
/// <param name="CacheWrite">Prompt tokens written to the engine's cache.</param>
/// <param name="Output">Tokens of the answer, reasoning included unless that has a price of its own.</param>
/// <param name="AsOf">Day on which the prices were read.</param>
public sealed record ModelPrice(decimal Input, decimal CachedInput, decimal CacheWrite, decimal Output, DateOnly AsOf)
{
    /// <summary>Tokens of the reasoning; the price of the output unless configured.</summary>
    public decimal Reasoning { get; init; } = Output;
}

/// <summary>Names of the model tiers.</summary>
public static class ModelTiers
{
    /// <summary>Content and code.</summary>
    public const string Quality = "quality";

    /// <summary>Classification and real-time work.</summary>
    public const string Fast = "fast";
}

/// <summary>Deviations of OpenAI-compatible servers, as <c>Engines:NAME:Quirks</c> lists them (comma separated).</summary>
public static class EngineQuirks
{
    /// <summary>The output limit is called <c>max_tokens</c> (Ollama).</summary>
    public const string MaxTokensField = "max_tokens";

    /// <summary>Refuses <c>stream_options</c>.</summary>
    public const string NoStreamOptions = "no_stream_options";

    /// <summary>Refuses <c>temperature</c>, or takes its default only.</summary>
    public const string NoTemperature = "no_temperature";

    /// <summary>Refuses <c>tool_choice</c> (vLLM without a tool parser).</summary>
    public const string NoToolChoice = "no_tool_choice";

    /// <summary>Takes request bodies compressed with gzip.</summary>
    public const string Gzip = "gzip";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [MaxTokensField, NoStreamOptions, NoTemperature, NoToolChoice, Gzip];
}

/// <summary>A secret that prints as stars, so that no log, error or record can show it by accident.</summary>
/// <param name="Value">The secret itself, for the one place that sends it.</param>
public readonly record struct SecretText(string? Value)
{
    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(Value);

    /// <summary>Stars, or nothing when empty.</summary>
    public override string ToString() => IsEmpty ? "" : "***";
}
