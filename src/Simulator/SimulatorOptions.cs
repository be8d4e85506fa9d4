using System.Globalization;
using Platform.Simulator.Faults;

namespace Platform.Simulator;

/// <summary>The HTTP APIs that the simulator can stand in for.</summary>
public enum SimulatorEngine
{
    /// <summary>The Cerebras chat API: strict bodies, flat errors, usage and timings in the finish chunk.</summary>
    Cerebras,

    /// <summary>The Anthropic Messages API: named stream events, wrapped errors.</summary>
    Anthropic,

    /// <summary>A generic OpenAI-compatible server: lenient bodies, wrapped errors, usage in a chunk of its own.</summary>
    OpenAi,
}

/// <summary>What the simulator listens on, how fast it is, what it answers and how it fails.</summary>
public sealed record SimulatorOptions
{
    /// <summary>TCP port on 127.0.0.1; 0 (the default) takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>
    /// The one API to serve. Null (the default) serves all on one port: Cerebras at <c>/v1/chat/completions</c>, Anthropic at
    /// <c>/v1/messages</c> and the OpenAI-compatible server at <c>/openai/v1/chat/completions</c>.
    /// </summary>
    public SimulatorEngine? Engine { get; init; }

    /// <summary>Wait before the first token. Null: as the model does (Cerebras 30 ms, Claude 500 ms), or none when <see cref="TokensPerSecond"/> is 0.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>Pace of every model in tokens per second; 0 = unlimited, no waiting at all. Null: as the model does (gpt-oss 3,000, Claude 80).</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Pace of single models in tokens per second, by the start of the model id; wins over <see cref="TokensPerSecond"/>.</summary>
    public IReadOnlyDictionary<string, double> ModelTokensPerSecond { get; init; } = new Dictionary<string, double>();

    /// <summary>Seed of ids, generated texts and fault draws: same seed and same calls give the same answers. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>
    /// Rate 0..1 by fault name (<see cref="FaultNames"/>); a name may be bound to one API, as in <c>anthropic:529</c>.
    /// The rates that meet in one API may add up to 1 at most.
    /// </summary>
    public IReadOnlyDictionary<string, double> Faults { get; init; } = new Dictionary<string, double>();

    /// <summary>Scripted answers, tried before the generated ones; null = none.</summary>
    public SimulatorScript? Script { get; init; }

    /// <summary>Requests per minute for each model, a token bucket with continuous refill; null = unlimited and no rate-limit headers.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Uncached tokens per minute for each model, reserved before the call runs; all tokens get three times as much. Null = unlimited.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>The one key that is accepted. Null (the default) accepts any key, and on the OpenAI-compatible server none at all.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The model ids that exist. Null (the default) accepts every id except those that Cerebras has withdrawn.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>
    /// Whether Cerebras takes <c>json_object</c> in a stream, and an answer format beside tools. Its reference says no, its change log and some models say yes.
    /// </summary>
    public bool MixesJson { get; init; }

    /// <summary>How long the fault <c>slow-first-byte</c> holds the answer back. Default 10 s.</summary>
    public TimeSpan SlowFirstByte { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many of the newest calls <see cref="SimulatorServer.Calls"/> keeps; 0 = none. Default 512.</summary>
    public int CallLogCapacity { get; init; } = 512;

    /// <summary>Clock behind pace, token buckets and prefix cache; tests put their own here.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Every fault name that <see cref="Faults"/>, <c>--fault</c> and script files understand.</summary>
    public static IReadOnlyList<string> FaultNames => Fault.Names;

    /// <summary>Reads one <c>--fault NAME=RATE</c> argument.</summary>
    /// <exception cref="ArgumentException">The name is unknown or the rate is no number from 0 to 1.</exception>
    public static KeyValuePair<string, double> ParseFault(string argument)
    {
        var split = argument.IndexOf('=', StringComparison.Ordinal);
        if (split < 1 || !double.TryParse(argument.AsSpan(split + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var rate))
            throw new ArgumentException($"fault: '{argument}' is not NAME=RATE; a good value is 429-queue=0.05");
        FaultSchedule.Entry.Parse(argument[..split], rate);
        return new(argument[..split], rate);
    }

    /// <summary>Checks every value.</summary>
    /// <exception cref="ArgumentException">Names the option, the value found and its limits.</exception>
    public void Validate()
    {
        Require(Port is >= 0 and <= 65535, "port", Port, "0 to 65535");
        Require(TokensPerSecond is null or (>= 0 and <= 1_000_000), "tokens-per-second", TokensPerSecond, "0 to 1,000,000");
        Require(ModelTokensPerSecond.Values.All(rate => rate is >= 0 and <= 1_000_000), "model tokens per second", string.Join(",", ModelTokensPerSecond.Values), "0 to 1,000,000 each");
        Require(TimeToFirstToken is null || (TimeToFirstToken >= TimeSpan.Zero && TimeToFirstToken <= TimeSpan.FromMinutes(10)), "ttft-ms", TimeToFirstToken?.TotalMilliseconds, "0 to 600,000 ms");
        Require(SlowFirstByte >= TimeSpan.Zero && SlowFirstByte <= TimeSpan.FromMinutes(10), "slow first byte", SlowFirstByte, "0 to 10 minutes");
        Require(RequestsPerMinute is null or > 0, "requests per minute", RequestsPerMinute, "1 or more");
        Require(TokensPerMinute is null or > 0, "tokens per minute", TokensPerMinute, "1 or more");
        Require(CallLogCapacity is >= 0 and <= 1_000_000, "call log capacity", CallLogCapacity, "0 to 1,000,000");
    }

    private static void Require(bool valid, string name, object? value, string limits)
    {
        if (!valid)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}: {value} is out of range; allowed is {limits}"));
    }
}
