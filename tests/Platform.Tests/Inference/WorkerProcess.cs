using System.Collections.Concurrent;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Inference;
using Platform.Simulator;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>The inference module as a host runs it, on an in-memory bus, against <see cref="Backends"/> and the simulator.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const string WatchQueue = "progress-test";
    private readonly IHost host;

    private WorkerProcess(IHost host, Backends backends, SimulatorServer simulator, ConcurrentQueue<GenerationProgress> progress) =>
        (this.host, Backends, Simulator, Progress) = (host, backends, simulator, progress);

    public Backends Backends { get; }

    public SimulatorServer Simulator { get; }

    public ConcurrentQueue<GenerationProgress> Progress { get; }

    public IServiceProvider Services => host.Services;

    /// <summary>Events that watchers received, in the order of their arrival.</summary>
    public IEnumerable<JobEvent> Watched => Progress.SelectMany(message => JobEvents.Parser.ParseFrom(message.Events).Events);

    public static async Task<WorkerProcess> StartAsync(SimulatorOptions? simulated = null, Dictionary<string, string?>? settings = null, TimeProvider? time = null)
    {
        var simulator = await SimulatorServer.StartAsync(simulated ?? new SimulatorOptions { TokensPerSecond = 0 });
        var backends = await Backends.StartAsync();
        backends.Ledger.Watcher = $"exchange:{WatchQueue}?temporary=true";
        var progress = new ConcurrentQueue<GenerationProgress>();
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(Engines.Settings(simulator, settings));
        builder.Services.AddLogging();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<IPeers>(backends);
        builder.Services.AddSingleton(progress);
        builder.Services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            InferenceModule.Module.Consume(bus);
            bus.AddConsumer<Watcher>().Endpoint(endpoint =>
            {
                endpoint.Name = WatchQueue;
                endpoint.Temporary = true;
                endpoint.ConfigureConsumeTopology = false;
            });
            bus.UsingInMemory(static (context, transport) => transport.ConfigureEndpoints(context));
        });
        InferenceModule.Module.Add(builder);
        var host = builder.Build();
        await host.StartAsync();
        return new WorkerProcess(host, backends, simulator, progress);
    }

    /// <summary>Puts a job into the ledger and its ticket on the bus.</summary>
    public Task<string> SendAsync(GenerateRequest request, string approach = Approaches.Instructions, string tenant = "acme") =>
        SendAsync(Backends.Ledger.Add(Jobs.Of(request, approach, tenant)), request, tenant);

    /// <summary>Puts the ticket of a job that the ledger has on the bus.</summary>
    public async Task<string> SendAsync(string id, GenerateRequest request, string tenant = "acme")
    {
        var lane = request.Lane.Length > 0 ? request.Lane : Lanes.Interactive;
        var endpoint = await Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{Lanes.Queue(lane)}"));
        await endpoint.Send(new GenerationRequested { JobId = id, Tenant = tenant });
        return id;
    }

    /// <summary>Runs a job to its report.</summary>
    public async Task<ReportRequest> RunAsync(GenerateRequest request, string approach = Approaches.Instructions)
    {
        var id = await SendAsync(request, approach);
        return await Backends.Ledger.ReportOf(id).WaitAsync(Limits.Patience, TestContext.Current.CancellationToken);
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        await Simulator.DisposeAsync();
        await Backends.DisposeAsync();
    }

    private sealed class Watcher(ConcurrentQueue<GenerationProgress> progress) : IConsumer<GenerationProgress>
    {
        public Task Consume(ConsumeContext<GenerationProgress> context)
        {
            progress.Enqueue(context.Message);
            return Task.CompletedTask;
        }
    }
}

/// <summary>How long a test waits for what must happen; never a measure of speed.</summary>
internal static class Limits
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
}

/// <summary>Jobs as the ledger hands them out.</summary>
internal static class Jobs
{
    public static Job Of(GenerateRequest request, string approach = Approaches.Instructions, string tenant = "acme") => new()
    {
        Id = JobId.New(DateTimeOffset.UtcNow),
        Tenant = tenant,
        State = JobStates.Running,
        Request = request,
        Route = new RouteDecision { Approach = approach, Tier = "quality" },
        CreatedMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
    };

    public static GenerateRequest Code(string task = "Write a class Greeter with a static method Run that returns its input.", string language = "csharp") =>
        new() { Task = task, Language = language };

    public static GenerateRequest Content(string task = "Write a post about rye bread.") => new() { Task = task, Kind = JobKinds.Content };
}

/// <summary>Configuration of engines that are all one simulator.</summary>
internal static class Engines
{
    /// <summary>Stands for the address of the simulator's OpenAI-compatible server, which is known only once it runs.</summary>
    public const string OpenAiAddress = "{openai}";

    public static Dictionary<string, string?> Settings(SimulatorServer simulator, Dictionary<string, string?>? more = null)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Engines:Cerebras:BaseUrl"] = simulator.Address.ToString(),
            ["Engines:Cerebras:ApiKey"] = "csk-test",
            ["Engines:Cerebras:Simulated"] = "true",
            ["Engines:Claude:BaseUrl"] = simulator.Address.ToString(),
            ["Engines:Claude:ApiKey"] = "sk-ant-test",
            ["Engines:Claude:Simulated"] = "true",
            ["Inference:WarmUp"] = "false",
            ["Inference:BackoffMs"] = "1",
        };
        foreach (var (key, value) in more ?? [])
            settings[key] = value == OpenAiAddress ? simulator.OpenAiAddress.ToString() : value;
        return settings;
    }
}
