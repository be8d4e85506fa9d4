using System.Diagnostics;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>From the caller's cancellation to the end of the upstream call: what is not stopped is still paid for.</summary>
internal static class Cancel
{
    private const int WarmUp = 3;
    private const int Jobs = 40;
    private const double TargetMs = 1_000;
    private const double SlowPace = 20;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    /// <summary>Command <c>cancel [embedded|distributed]</c>.</summary>
    public static Task<int> RunAsync(string[] args) => Shapes.RunAsync(args, MeasureAsync);

    private static async Task MeasureAsync(bool distributed)
    {
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = SlowPace, TimeToFirstToken = TimeSpan.Zero });
        await using var system = await BenchmarkSystem.StartAsync(distributed, EngineSettings.Simulated(simulator.Address), CancellationToken.None);
        var times = new Quantiles();
        for (var i = -WarmUp; i < Jobs; i++)
        {
            var took = await OneAsync(system, simulator, i);
            if (i >= 0)
                times.Add(took);
        }

        foreach (var (name, share) in new[] { ("p50", 0.5), ("highest", 1.0) })
            BenchmarkRow.Of($"cancellation to the end of the upstream call {name}, {system.Shape}", times.At(share), "ms", "target", TargetMs, $"{system.Conditions}; {times.Count} streaming jobs, one at a time, looked at every millisecond").Print();
    }

    private static async Task<double> OneAsync(BenchmarkSystem system, SimulatorServer simulator, int number)
    {
        using var call = system.Jobs.Generate(BatchRun.Post(number));
        var id = "";
        while (await call.ResponseStream.MoveNext(CancellationToken.None) && call.ResponseStream.Current.WhatCase != JobEvent.WhatOneofCase.Token)
            id = call.ResponseStream.Current.JobId;
        var asked = Stopwatch.GetTimestamp();
        await system.Jobs.CancelJobAsync(new CancelJobRequest { JobId = id, Reason = "measured" });
        while (!simulator.Calls[^1].Aborted)
        {
            if (Stopwatch.GetElapsedTime(asked) > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"Job {id} was cancelled and its call still runs.");
            await Task.Delay(Look);
        }

        return Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
    }
}
