using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Counts calls, tokens and money of one job and of its current attempt. Failed and cancelled calls count as well: what an
/// engine worked before it broke is billed.
/// </summary>
internal sealed class Tally
{
    private readonly Lock gate = new();

    /// <summary>Upstream calls made, failed ones included.</summary>
    public int Calls { get; private set; }

    /// <summary>Times an engine was asked again.</summary>
    public int Retries { get; private set; }

    /// <summary>Second calls made because the first was late.</summary>
    public int Hedges { get; private set; }

    /// <summary>Answers taken from an equal request instead of an engine.</summary>
    public int Shared { get; private set; }

    /// <summary>Fallbacks in words.</summary>
    public List<string> Fallbacks { get; } = [];

    /// <summary>Engines that were asked and gave no answer, each once.</summary>
    public SortedSet<string> FailedEngines { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether any answer came from a simulator.</summary>
    public bool Simulated { get; private set; }

    /// <summary>Tokens of the job.</summary>
    public TokenUsage Usage { get; } = new();

    /// <summary>Money of the job, in US dollars.</summary>
    public decimal CostUsd { get; private set; }

    /// <summary>Tokens of the current attempt.</summary>
    public TokenUsage AttemptUsage { get; private set; } = new();

    /// <summary>Money of the current attempt.</summary>
    public decimal AttemptCostUsd { get; private set; }

    /// <summary>Raw usage of the current attempt.</summary>
    public List<string> AttemptRaw { get; private set; } = [];

    /// <summary>Time from claim to the job's first token, in milliseconds; null before it.</summary>
    public double? FirstTokenMs { get; set; }

    /// <summary>Begins the figures of another attempt.</summary>
    public void BeginAttempt()
    {
        AttemptUsage = new TokenUsage();
        AttemptCostUsd = 0;
        AttemptRaw = [];
    }

    /// <summary>Counts a call that is about to be made.</summary>
    public void Call(bool simulated)
    {
        lock (gate)
        {
            Calls++;
            Simulated |= simulated;
        }
    }

    /// <summary>Counts a call of the same engine again.</summary>
    public void Retry()
    {
        lock (gate)
            Retries++;
    }

    /// <summary>Counts a second call beside a late one.</summary>
    public void Hedge()
    {
        lock (gate)
            Hedges++;
    }

    /// <summary>Counts an answer that another request paid for.</summary>
    public void Share(bool simulated)
    {
        lock (gate)
        {
            Shared++;
            Simulated |= simulated;
        }
    }

    /// <summary>Notes that another engine was asked.</summary>
    public void FallBack(string words)
    {
        lock (gate)
            Fallbacks.Add(words);
    }

    /// <summary>Notes that an engine was asked and gave no answer.</summary>
    public void GaveNothing(string engine)
    {
        lock (gate)
            FailedEngines.Add(engine);
    }

    /// <summary>Marks the job as simulated once an answer says so.</summary>
    public void MarkSimulated() => Simulated = true;

    /// <summary>Counts what a call used.</summary>
    public void Use(TokenUsage usage, decimal costUsd, string raw)
    {
        lock (gate)
        {
            Pricing.Add(Usage, usage);
            Pricing.Add(AttemptUsage, usage);
            CostUsd += costUsd;
            AttemptCostUsd += costUsd;
            AttemptRaw.Add(raw);
        }
    }
}

/// <summary>Splits usage into classes and prices each by itself.</summary>
internal static class Pricing
{
    private const decimal PerMillion = 1_000_000m;
    private const string CacheWriteKey = "CacheCreationInputTokens";

    /// <summary>
    /// Tokens by class. The abstraction's input count includes cached and cache-written tokens; they are taken out here, because
    /// they cost differently.
    /// </summary>
    public static TokenUsage Split(UsageDetails? details)
    {
        if (details is null)
            return new TokenUsage();
        var cached = details.CachedInputTokenCount ?? 0;
        var written = details.AdditionalCounts?.GetValueOrDefault(CacheWriteKey) ?? 0;
        return new TokenUsage
        {
            InputUncached = Math.Max(0, (details.InputTokenCount ?? 0) - cached - written),
            InputCached = cached,
            CacheWritten = written,
            Output = details.OutputTokenCount ?? 0,
            Reasoning = details.ReasoningTokenCount ?? 0,
        };
    }

    /// <summary>Cost in US dollars. Reasoning is part of the output and is not counted twice.</summary>
    public static decimal Cost(TokenUsage usage, ModelPrice price)
    {
        var reasoning = Math.Min(usage.Reasoning, usage.Output);
        return ((usage.InputUncached * price.Input) + (usage.InputCached * price.CachedInput) + (usage.CacheWritten * price.CacheWrite)
            + ((usage.Output - reasoning) * price.Output) + (reasoning * price.Reasoning)) / PerMillion;
    }

    /// <summary>What a call costs at most: the whole prompt at the dearest input price, the whole output limit.</summary>
    public static decimal Most(long promptTokens, int maxOutputTokens, ModelPrice price) =>
        ((promptTokens * Math.Max(price.Input, price.CacheWrite)) + (maxOutputTokens * Math.Max(price.Output, price.Reasoning))) / PerMillion;

    /// <summary>Adds one usage to another.</summary>
    public static void Add(TokenUsage sum, TokenUsage usage)
    {
        sum.InputUncached += usage.InputUncached;
        sum.InputCached += usage.InputCached;
        sum.CacheWritten += usage.CacheWritten;
        sum.Output += usage.Output;
        sum.Reasoning += usage.Reasoning;
    }

    /// <summary>Usage as JSON, for engines whose client does not hand out the raw object, and for estimates.</summary>
    public static string Raw(TokenUsage usage, bool estimated) => JsonSerializer.Serialize(new
    {
        estimated,
        input_uncached = usage.InputUncached,
        input_cached = usage.InputCached,
        cache_written = usage.CacheWritten,
        output = usage.Output,
        reasoning = usage.Reasoning,
    });
}

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
