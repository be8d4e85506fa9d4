using Platform.V1;

namespace Platform.Benchmarks.Jobs;

/// <summary>Jobs a second and processor time a job through the whole system with a zero-latency engine, beside what the bus alone moves on the same broker in the same run.</summary>
internal static class JobRate
{
    // Long enough that the just-in-time compiler is done.
    private const int WarmUp = 2_000;
    private const int CodeWarmUp = 600;
    private const int Posts = 4_000;
    private const int CodeJobs = 1_000;
    private const int Messages = 5_000;
    private const double TargetPosts = 300;
    private const double TargetCodeJobs = 100;

    /// <summary>Command <c>jobs [embedded|distributed]</c>.</summary>
    public static Task<int> RunAsync(string[] args) => Shapes.RunAsync(args, MeasureAsync);

    private static async Task MeasureAsync(bool distributed)
    {
        await using var simulator = await SimulatorProcess.StartAsync();
        await using var system = await BenchmarkSystem.StartAsync(distributed, EngineSettings.Simulated(simulator.Address), CancellationToken.None);
        await BatchRun.PerSecondAsync(system, WarmUp, BatchRun.Post);
        var posts = await RateAsync(system, "content", Posts, BatchRun.Post, TargetPosts);
        await BatchRun.PerSecondAsync(system, CodeWarmUp, static number => BatchRun.Code(CodeJobs + number));
        await RateAsync(system, "code", CodeJobs, BatchRun.Code, TargetCodeJobs);
        var hops = await BusRate.TwoHopsPerSecondAsync(system.Broker, Messages);
        BenchmarkRow.Of($"content jobs beside the bus alone, {system.Shape}", posts, "jobs/s", "MassTransit alone, two hops, messages/s", hops, system.Conditions).Print();
    }

    private static async Task<double> RateAsync(BenchmarkSystem system, string kind, int count, Func<int, GenerateRequest> request, double target)
    {
        var before = system.ProcessorTime;
        var perSecond = await BatchRun.PerSecondAsync(system, count, request);
        var used = (system.ProcessorTime - before).TotalMilliseconds / count;
        BenchmarkRow.Of($"{kind} jobs, {system.Shape}", perSecond, "jobs/s", "target", target, system.Conditions).Print();
        BenchmarkRow.Of($"processor time a {kind} job, {system.Shape}", used, "ms", "one core at the target rate", 1000 / target, $"{system.Conditions}; servers and Simulator not counted").Print();
        return perSecond;
    }
}
