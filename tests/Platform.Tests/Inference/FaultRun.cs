using System.Text.Json;
using Platform.Inference;
using Platform.Simulator;
using Platform.Tests.Simulator;

namespace Platform.Tests.Inference;

/// <summary>
/// Plays one cell of the matrix. The worker's clock stands still except where something waits for it: a pause between calls, or a
/// deadline of an engine that fell silent. So no cell depends on how fast the machine is.
/// </summary>
internal sealed class FaultRun(AskingBench bench, ManualClock clock)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PastEveryDeadline = TimeSpan.FromHours(2);
    private SimulatedCall? waitedFor;

    public static async Task<(AskingBench Bench, FaultRun Run)> StartAsync()
    {
        var clock = new ManualClock();
        var options = new InferenceOptions { BackoffMs = 1, FirstTokenSeconds = 3600, IdleGapSeconds = 3600, AnswerSeconds = 3600 };
        var bench = await AskingBench.StartAsync(new SimulatorOptions { TokensPerSecond = 0, SlowFirstByte = TimeSpan.FromMinutes(10) }, options, Settings(), clock);
        return (bench, new FaultRun(bench, clock));
    }

    /// <summary>Three engines, each with prices of its own.</summary>
    public static Dictionary<string, string?> Settings() => new()
    {
        ["Engines:Local:Kind"] = "openai",
        ["Engines:Local:BaseUrl"] = Inference.Engines.OpenAiAddress,
        ["Engines:Local:Models:Quality"] = "local-model",
        ["Engines:Local:MaxOutputTokens"] = "8192",
        ["Engines:Local:PriceInput"] = "0.11",
        ["Engines:Local:PriceOutput"] = "0.22",
        ["Engines:Local:Simulated"] = "true",
    };

    /// <summary>Asks, and moves the clock where the worker waits for it.</summary>
    public async Task<EngineAnswer> AskAsync(JobRun run, bool stream)
    {
        var asked = bench.AskAsync(run, stream);
        while (await Task.WhenAny(asked, Task.Delay(Look, TestContext.Current.CancellationToken)) != asked)
        {
            if (bench.Simulator.ActiveCalls == 0)
                clock.Advance(Step);
            else if (bench.Simulator.Calls.LastOrDefault() is { } call && call != waitedFor && HoldsBack(call, run, stream))
            {
                waitedFor = call;
                clock.Advance(PastEveryDeadline);
            }
        }

        return await asked;
    }

    /// <summary>What a bill comes to, reckoned from the usage that was stored.</summary>
    public static decimal PriceOf(string raw, Engine engine)
    {
        var price = engine.Entry.Quality.Price;
        var usage = Bill.Read(raw);
        return ((usage.Input * price.Input) + (usage.Cached * price.CachedInput) + (usage.Written * price.CacheWrite) + (usage.Output * price.Output)) / 1_000_000m;
    }

    private static bool HoldsBack(SimulatedCall call, JobRun run, bool stream) => call.Fault switch
    {
        "stall" => !stream || run.Progress.HasText,
        "stall-early" or "slow-first-byte" => true,
        _ => false,
    };
}

/// <summary>A stored usage: an engine's own words, or an estimate.</summary>
internal sealed record Bill(bool Estimated, long Input, long Cached, long Written, long Output)
{
    public static Bill Read(string raw)
    {
        var json = JsonElement.Parse(raw);
        if (!json.TryGetProperty("prompt_tokens", out var prompt))
            return new(json.GetProperty("estimated").GetBoolean(), Of(json, "input_uncached"), Of(json, "input_cached"), Of(json, "cache_written"), Of(json, "output"));
        var cached = json.TryGetProperty("prompt_tokens_details", out var details) ? Of(details, "cached_tokens") : 0;
        return new(false, prompt.GetInt64() - cached, cached, 0, Of(json, "completion_tokens"));
    }

    private static long Of(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
