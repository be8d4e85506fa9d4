using System.Diagnostics;
using System.Globalization;
using Platform.Benchmarks.Engines;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>
/// How long a token is on its way: the upstream writes the moment into it and the caller reads it. The same upstream read by HttpClient
/// alone, in turns with the system, is the floor; what lies between them is the system's own: engine client, progress, bus, router, gRPC.
/// </summary>
internal static class Delivery
{
    private const int WarmUp = 5;
    private const int Rounds = 20;
    private const int Tokens = 40;

    // Longer than the 10 ms within which progress is merged: each token then travels alone.
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(15);

    /// <summary>Command <c>delivery [embedded|distributed]</c>.</summary>
    public static Task<int> RunAsync(string[] args) => Shapes.RunAsync(args, MeasureAsync);

    private static async Task MeasureAsync(bool distributed)
    {
        await using var upstream = await StampingEngine.StartAsync(Tokens, Gap);
        using var raw = new RawUpstream(upstream.Address);
        await using var system = await BenchmarkSystem.StartAsync(distributed, EngineSettings.Only(upstream.Address), CancellationToken.None);
        var (through, floor) = (new Quantiles(), new Quantiles());
        for (var round = -WarmUp; round < Rounds; round++)
        {
            var (ours, theirs) = (await ThroughAsync(system, round), await RawAsync(raw));
            if (round < 0)
                continue;
            through.Add(ours);
            floor.Add(theirs);
        }

        var conditions = string.Create(CultureInfo.InvariantCulture, $"{system.Conditions}; one stream, a token every {Gap.TotalMilliseconds} ms, {through.Count} tokens, upstream in the benchmark's process");
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            BenchmarkRow.Of($"delivery {name}, {system.Shape}, from the upstream's write", through.At(share), "ms", "HttpClient alone on the same upstream", floor.At(share), conditions).Print();
            BenchmarkRow.Of($"delivery {name}, {system.Shape}, net of that", through.At(share) - floor.At(share), "ms", "target", distributed ? 3 : 1, conditions).Print();
        }
    }

    private static async Task<IReadOnlyList<double>> ThroughAsync(BenchmarkSystem system, int round)
    {
        var ages = new List<double>();
        using var call = system.Jobs.Generate(BatchRun.Post(round));
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.Token is { Reasoning: false } token)
                ages.AddRange(StampingEngine.Ages(token.Text, Stopwatch.GetTimestamp()));
            else if (call.ResponseStream.Current.WhatCase == JobEvent.WhatOneofCase.Failed)
                throw new InvalidOperationException(call.ResponseStream.Current.Failed.Message);
        }

        return ages;
    }

    private static async Task<IReadOnlyList<double>> RawAsync(RawUpstream raw)
    {
        var ages = new List<double>();
        await raw.StreamAsync(data => ages.AddRange(StampingEngine.Ages(RawUpstream.TextOf(data), Stopwatch.GetTimestamp())));
        return ages;
    }
}
