using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Benchmarks.Jobs;
using Platform.Contracts;
using Platform.Host;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Benchmarks.Engines;

/// <summary>
/// How much of an engine's quota a worker uses, and how many of its calls are answered 429: a whole embedded host with more batch work than
/// the quota allows, told of the quota by nothing but the response headers. Host and Simulator share a clock that may run faster than the wall's.
/// </summary>
internal static class QuotaUse
{
    private const double TargetUsed = 95;
    private const double TargetRefused = 1;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    // The smallest quota needs a fast clock, the largest one that leaves time for the calls themselves.
    private static readonly (int PerMinute, double Factor, int Seconds)[] Quotas = [(5, 15, 600), (300, 2, 60), (1_000, 1, 40)];

    /// <summary>Command <c>quota</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        foreach (var (perMinute, factor, seconds) in Quotas)
            await MeasureAsync(perMinute, factor, TimeSpan.FromSeconds(seconds));
        return 0;
    }

    private static async Task MeasureAsync(int perMinute, double factor, TimeSpan window)
    {
        var clock = new ScaledTime(factor);
        await using var simulator = await SimulatorServer.StartAsync(new SimulatorOptions { TokensPerSecond = 0, RequestsPerMinute = perMinute, CallLogCapacity = 100_000, Clock = clock });
        var home = Directory.CreateTempSubdirectory("platform-bench-");
        await using (var host = Build(simulator.Address, home.FullName, clock))
            await MeasureAsync(perMinute, factor, window, clock, simulator, host);
        home.Delete(recursive: true);
    }

    private static async Task MeasureAsync(int perMinute, double factor, TimeSpan window, ScaledTime clock, SimulatorServer simulator, WebApplication host)
    {
        await host.StartAsync();
        using var channel = GrpcChannel.ForAddress(host.Services.GetRequiredService<OpenDoors>().Grpc);
        // The bucket is full at first and refills as time passes.
        var allowed = perMinute + (perMinute * window.TotalMinutes);
        await BatchRun.SubmitAsync(new Generation.GenerationClient(channel), (int)(allowed * 1.3), Batch);
        while (simulator.TotalCalls == 0)
            await Task.Delay(Look);
        var end = simulator.Calls[0].Time + window;
        while (clock.GetUtcNow() < end)
            await Task.Delay(Look);

        var calls = simulator.Calls.Where(call => call.Time <= end && call.Completed).ToList();
        var (answered, refused) = (calls.Count(call => call.Status == 200), calls.Count(call => call.Status == 429));
        var conditions = FormattableString.Invariant(
            $"window of {window.TotalSeconds:0} s on a clock {factor} times as fast as the wall's, from a full bucket: {allowed:0} calls allowed, {answered} answered, {refused} refused; embedded host, one worker, quota learned from the headers");
        BenchmarkRow.Of($"quota used at {perMinute} requests a minute", 100 * answered / allowed, "%", "target", TargetUsed, conditions).Print();
        BenchmarkRow.Of($"calls answered 429 at {perMinute} requests a minute", 100.0 * refused / calls.Count, "%", "target, at most", TargetRefused, conditions).Print();
        await host.StopAsync();
    }

    private static GenerateRequest Batch(int number)
    {
        var request = BatchRun.Post(number);
        request.Lane = Lanes.Batch;
        return request;
    }

    private static WebApplication Build(Uri simulator, string home, TimeProvider clock) => PlatformHost.Build(HostArguments.Embedded with
    {
        Overrides = new Dictionary<string, string?>
        {
            ["PLATFORM_HOME"] = home,
            ["HTTP_PORT"] = "0",
            ["GRPC_PORT"] = "0",
            ["Engines:Cerebras:BaseUrl"] = simulator.ToString(),
            ["Engines:Cerebras:ApiKey"] = "simulated",
            ["Engines:Cerebras:Simulated"] = "true",
            ["Inference:DrainSeconds"] = "0",
        },
        Adjust = builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(clock);
        },
    });
}
