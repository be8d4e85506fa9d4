using System.Diagnostics;
using Platform.Benchmarks.Engines;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>How long a request takes until the upstream call comes in: durable write, memory lookup, ticket, claim, prompt.</summary>
internal static class Admission
{
    private const int WarmUp = 20;
    private const int Requests = 150;

    // What is learned from a job after its end would else fall into the next one's time.
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    private const string Answer = "```csharp\npublic static class Stamp\n{\n    public static int One() => 1;\n}\n```";

    /// <summary>Command <c>admission [embedded|distributed]</c>.</summary>
    public static Task<int> RunAsync(string[] args) => Shapes.RunAsync(args, MeasureAsync);

    private static async Task MeasureAsync(bool distributed)
    {
        await using var upstream = await StampingEngine.StartAsync(1, TimeSpan.Zero, Answer);
        using var raw = new RawUpstream(upstream.Address);
        await using var system = await BenchmarkSystem.StartAsync(distributed, EngineSettings.Only(upstream.Address), CancellationToken.None);
        foreach (var (kind, request) in new (string, Func<int, GenerateRequest>)[] { ("code", BatchRun.Code), ("content", BatchRun.Post) })
        {
            var (ours, floor) = (new Quantiles(), new Quantiles());
            for (var i = -WarmUp; i < Requests; i++)
            {
                var (through, alone) = (await ThroughAsync(system, upstream, request(i)), await RawAsync(raw, upstream));
                await Task.Delay(Rest);
                if (i < 0)
                    continue;
                ours.Add(through);
                floor.Add(alone);
            }

            var conditions = FormattableString.Invariant($"{system.Conditions}; one at a time with {Rest.TotalMilliseconds:0} ms of rest between, {ours.Count} requests; HttpClient alone takes {floor.At(0.5):0.00} ms (p50) to the same upstream");
            foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99) })
                BenchmarkRow.Of($"admission {name}, {kind}, {system.Shape}", ours.At(share), "ms", "target for p50", distributed ? 25 : 15, conditions).Print();
        }
    }

    private static async Task<double> ThroughAsync(BenchmarkSystem system, StampingEngine upstream, GenerateRequest request)
    {
        var sent = Stopwatch.GetTimestamp();
        using var call = system.Jobs.Generate(request);
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            if (call.ResponseStream.Current.WhatCase == JobEvent.WhatOneofCase.Failed)
                throw new InvalidOperationException(call.ResponseStream.Current.Failed.Message);
        }

        return Stopwatch.GetElapsedTime(sent, upstream.LastCall).TotalMilliseconds;
    }

    private static async Task<double> RawAsync(RawUpstream raw, StampingEngine upstream)
    {
        var sent = Stopwatch.GetTimestamp();
        await raw.StreamAsync(static _ => { });
        return Stopwatch.GetElapsedTime(sent, upstream.LastCall).TotalMilliseconds;
    }
}
