using System.Text.Json;
using Microsoft.Extensions.AI;
using Platform.Contracts.Engines;
using Platform.V1;

namespace Platform.Inference;

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
