using System.Diagnostics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Benchmarks.Jobs;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Inference;
using Platform.V1;

namespace Platform.Benchmarks.Engines;

/// <summary>What the engine client, and the whole engine layer over it, add to a streamed call over HttpClient alone: same upstream, in turns, one at a time.</summary>
internal static class ClientLatency
{
    private const int WarmUp = 300;
    private const int Calls = 1_500;
    private const int Tokens = 20;

    /// <summary>Command <c>client</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using var upstream = await StampingEngine.StartAsync(Tokens, TimeSpan.Zero, "word");
        using var raw = new RawUpstream(upstream.Address);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(EngineSettings.Only(upstream.Address)).Build();
        var options = new InferenceOptions();
        using var pool = new EnginePool(EngineCatalog.Read(configuration), [new CerebrasProtocol(options), new ClaudeProtocol(), new OpenAiProtocol(options)]);
        using var paces = new EnginePaces(TimeProvider.System);
        var hedged = new HedgedCall(new EngineCall(options, paces, TimeProvider.System), paces, options, TimeProvider.System);
        var caller = new EngineCaller(hedged, new AnswerCache(options, TimeProvider.System), options, TimeProvider.System, NullLogger<EngineCaller>.Instance);
        var engine = pool.All.Single(one => one.Name == "Stamp");
        var (alone, client, layer) = (new Quantiles(), new Quantiles(), new Quantiles());
        for (var i = -WarmUp; i < Calls; i++)
        {
            var times = (await TimeAsync(() => raw.StreamAsync(static _ => { })), await TimeAsync(() => AskAsync(engine)), await TimeAsync(() => caller.AskAsync(Run(engine, options), Request(), default)));
            if (i < 0)
                continue;
            alone.Add(times.Item1);
            client.Add(times.Item2);
            layer.Add(times.Item3);
        }

        var conditions = FormattableString.Invariant($"a whole streamed answer of {Tokens} events over loopback, {Calls} calls one at a time in turns");
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99) })
        {
            BenchmarkRow.Of($"call by the engine client {name}", client.At(share), "ms", "HttpClient alone", alone.At(share), conditions).Print();
            BenchmarkRow.Of($"call by the engine layer {name} (turn, deadlines, secret scan, cost, progress)", layer.At(share), "ms", "HttpClient alone", alone.At(share), conditions).Print();
        }

        BenchmarkRow.Of("added by the engine client p50", client.At(0.5) - alone.At(0.5), "ms", "HttpClient alone", alone.At(0.5), conditions).Print();
        BenchmarkRow.Of("added by the engine layer p50", layer.At(0.5) - alone.At(0.5), "ms", "HttpClient alone", alone.At(0.5), conditions).Print();
        return 0;
    }

    private static async Task<double> TimeAsync(Func<Task> call)
    {
        var start = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task AskAsync(Engine engine)
    {
        await foreach (var update in engine.Client.GetStreamingResponseAsync(Messages(), new ChatOptions { ModelId = engine.Entry.Quality.Id, MaxOutputTokens = 512 }))
            GC.KeepAlive(update);
    }

    private static JobRun Run(Engine engine, InferenceOptions options)
    {
        var job = new Job { Id = JobId.New(DateTimeOffset.UtcNow), Tenant = "bench", Request = BatchRun.Post(1), Route = new RouteDecision { Approach = Approaches.Instructions } };
        var claim = new ClaimReply { Granted = true, Fence = 1, LeaseMs = 30_000, Job = job, Fallback = true };
        var budget = new JobBudget(options.RetryBudget, 0, DateTimeOffset.UtcNow.AddMinutes(5), waitingIsFree: false, TimeProvider.System);
        return new JobRun(claim, new JobProgress(job.Id, 1, TimeProvider.System) { Watched = true }, budget, [engine], TimeProvider.System);
    }

    private static EngineRequest Request() => new() { Messages = Messages(), Tier = ModelTiers.Quality, MaxOutputTokens = 512, Stream = true };

    private static List<ChatMessage> Messages() => [new ChatMessage(ChatRole.System, "You write social posts."), new ChatMessage(ChatRole.User, "Write a post about rye bread.")];
}
