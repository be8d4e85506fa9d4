using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Inference;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>The engine layer alone: a chain of engines at a simulator, and one job that asks them.</summary>
internal sealed class AskingBench : IAsyncDisposable
{
    private AskingBench(SimulatorServer simulator, EnginePool pool, InferenceOptions options, TimeProvider time)
    {
        (Simulator, Pool, Options) = (simulator, pool, options);
        Paces = new EnginePaces(time);
        var hedged = new HedgedCall(new EngineCall(options, Paces, time), Paces, options, time);
        Caller = new EngineCaller(hedged, new AnswerCache(options, time), options, time, NullLogger<EngineCaller>.Instance);
    }

    public SimulatorServer Simulator { get; }

    public EnginePool Pool { get; }

    public InferenceOptions Options { get; }

    public EnginePaces Paces { get; }

    public EngineCaller Caller { get; }

    public static async Task<AskingBench> StartAsync(SimulatorOptions? simulated = null, InferenceOptions? options = null, Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var simulator = await SimulatorServer.StartAsync(simulated ?? new SimulatorOptions { TokensPerSecond = 0 });
        options ??= new InferenceOptions { BackoffMs = 1 };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Engines.Settings(simulator, settings)).Build();
        var pool = new EnginePool(EngineCatalog.Read(configuration), [new CerebrasProtocol(options), new ClaudeProtocol(), new OpenAiProtocol(options)]);
        return new AskingBench(simulator, pool, options, time ?? TimeProvider.System);
    }

    /// <summary>A job of another tenant.</summary>
    public JobRun Run(GenerateRequest request, string tenant, params string[] engines) => Run(Jobs.Of(request, tenant: tenant), true, engines);

    /// <summary>A job with its own figures.</summary>
    public JobRun Run(GenerateRequest? request = null, bool fallback = true, params string[] engines) => Run(Jobs.Of(request ?? Jobs.Content()), fallback, engines);

    private JobRun Run(Job job, bool fallback, string[] engines)
    {
        var claim = new ClaimReply { Granted = true, Fence = 1, LeaseMs = 30_000, Job = job, Fallback = fallback };
        var budget = new JobBudget(Options.RetryBudget, job.Request.MaxCostUsd, DateTimeOffset.UtcNow.AddMinutes(5), waitingIsFree: false, TimeProvider.System);
        var chain = engines.Select(name => Pool.All.Single(engine => engine.Name == name)).ToList();
        return new JobRun(claim, new JobProgress(job.Id, 1, TimeProvider.System) { Watched = true }, budget, chain, TimeProvider.System);
    }

    public Task<EngineAnswer> AskAsync(JobRun run, bool stream = true, string prompt = "Write a post about rye bread.", int maxTokens = 512) =>
        Caller.AskAsync(run, Request(stream, prompt, maxTokens), TestContext.Current.CancellationToken);

    public static EngineRequest Request(bool stream, string prompt, int maxTokens) => new()
    {
        Messages = [new ChatMessage(ChatRole.System, "You write social posts."), new ChatMessage(ChatRole.User, prompt)],
        Tier = ModelTiers.Quality,
        MaxOutputTokens = maxTokens,
        Stream = stream,
    };

    public async ValueTask DisposeAsync()
    {
        Pool.Dispose();
        Paces.Dispose();
        await Simulator.DisposeAsync();
    }
}
