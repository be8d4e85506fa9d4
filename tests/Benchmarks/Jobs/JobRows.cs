using System.Diagnostics;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>Jobs a second, admission and delivery through the whole system with a zero-latency engine.</summary>
internal static class JobRows
{
    private const int WarmUp = 2_000;
    private const int Batch = 4_000;
    private const int Streams = 200;
    private const double TargetJobsPerSecond = 300;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>Command <c>jobs [embedded|distributed]</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var distributed = args is ["distributed", ..];
        await using var system = await BenchmarkSystem.StartAsync(distributed, CancellationToken.None);
        await ThroughputAsync(system, WarmUp);
        var perSecond = await ThroughputAsync(system, Batch);
        BenchmarkRow.Of("content jobs end to end", perSecond, "jobs/s", "target", TargetJobsPerSecond, system.Conditions).Print();
        await LatencyAsync(system, distributed);
        return 0;
    }

    private static async Task<double> ThroughputAsync(BenchmarkSystem system, int count)
    {
        var clock = Stopwatch.StartNew();
        using var call = system.Jobs.SubmitBatch();
        for (var i = 0; i < count; i++)
        {
            var request = new GenerateRequest { Task = $"Write a post about release {i}.", Kind = JobKinds.Content, Platform = "x" };
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = $"row{i}", Request = request });
        }

        await call.RequestStream.CompleteAsync();
        var id = (await call).Id;
        while (true)
        {
            var batch = await system.Jobs.GetBatchAsync(new GetBatchRequest { BatchId = id });
            if (batch.Queued + batch.Running == 0)
                return batch.Succeeded == count ? count / clock.Elapsed.TotalSeconds : throw new InvalidOperationException($"{batch.Succeeded} of {count} jobs succeeded.");
            await Task.Delay(LookEvery);
        }
    }

    /// <summary>Admission: request sent to upstream call seen. Delivery: upstream call seen to first token at the caller, so it holds the engine's own time too.</summary>
    private static async Task LatencyAsync(BenchmarkSystem system, bool distributed)
    {
        var admission = new List<double>();
        var delivery = new List<double>();
        for (var i = 0; i < Streams; i++)
        {
            var marker = $"latency probe {Guid.NewGuid():N}";
            var sent = DateTimeOffset.UtcNow;
            DateTimeOffset? received = null;
            using var call = system.Jobs.Generate(new GenerateRequest { Task = $"Write a C# method for {marker}.", Language = "csharp" });
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
                received ??= call.ResponseStream.Current.WhatCase == JobEvent.WhatOneofCase.Token ? DateTimeOffset.UtcNow : null;
            if (system.Simulator.Calls.LastOrDefault(each => each.Prompt.Contains(marker, StringComparison.Ordinal)) is not { } seen || received is null)
                continue;
            admission.Add((seen.Time - sent).TotalMilliseconds);
            delivery.Add((received.Value - seen.Time).TotalMilliseconds);
        }

        Print("admission p50", admission, 0.5, distributed ? 25 : 15, system.Conditions);
        Print("admission p99", admission, 0.99, distributed ? 25 : 15, system.Conditions);
        Print("first token after the upstream call p50", delivery, 0.5, distributed ? 3 : 1, system.Conditions);
        Print("first token after the upstream call p99", delivery, 0.99, distributed ? 3 : 1, system.Conditions);
    }

    private static void Print(string name, List<double> values, double quantile, double target, string conditions)
    {
        values.Sort();
        BenchmarkRow.Of(name, values[(int)(quantile * (values.Count - 1))], "ms", "target", target, conditions).Print();
    }
}
