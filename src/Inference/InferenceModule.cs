using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Privacy;
using Platform.Validation;

namespace Platform.Inference;

/// <summary>The door of the worker pool: takes jobs from the bus, asks engines, checks, tests, fixes, and reports to the ledger.</summary>
public static class InferenceModule
{
    /// <summary>What the host sees.</summary>
    public static readonly Module Module = new(ModuleNames.Inference, "worker pool: engines, prompts, tools, the test-and-fix loop")
    {
        Add = AddInference,
        Consume = ConsumeJobs,
    };

    private static void AddInference(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(ReadOptions(builder.Configuration));
        services.AddSingleton(ReadSecurity(builder.Configuration));
        AddEngines(services, builder.Configuration);
        AddWork(services);

        services.AddSubjectData<InferenceSubjects>();
        services.AddSingleton<LedgerClient>();
        services.AddSingleton<ProgressSender>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<JobExecutor>();
        services.AddHostedService(provider => provider.GetRequiredService<JobExecutor>());
        services.AddHostedService<EngineWarmUp>();
    }

    private static void AddEngines(IServiceCollection services, IConfiguration configuration)
    {
        var catalog = EngineCatalog.Read(configuration);
        services.AddSingleton<IEngineProtocol, CerebrasProtocol>();
        services.AddSingleton<IEngineProtocol, ClaudeProtocol>();
        services.AddSingleton<IEngineProtocol, OpenAiProtocol>();
        services.AddSingleton(provider => new EnginePool(catalog, provider.GetServices<IEngineProtocol>()));
        services.AddSingleton<EnginePaces>();
        services.AddSingleton<EngineCall>();
        services.AddSingleton<HedgedCall>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<EngineCaller>();
    }

    private static void AddWork(IServiceCollection services)
    {
        services.AddSingleton<PeerCalls>();
        services.AddSingleton<PatternMemory>();
        services.AddSingleton<MemoryFixes>();
        services.AddSingleton<TestStep>();
        services.AddSingleton<RegressionStep>();
        services.AddSingleton(_ => new CodeValidator(new ValidationOptions { InferUsings = true }));
        services.AddSingleton(provider => new SecurityScanner(new ValidationOptions { InferUsings = true }, new SecurityOptions { HonourComments = provider.GetRequiredService<SecurityPolicy>().HonourComments }));
        services.AddSingleton(provider => new ValidationPipeline(provider.GetRequiredService<CodeValidator>(), provider.GetRequiredService<SecurityScanner>()) { ScansBroken = false });
        services.AddSingleton<CodeChecks>();
        services.AddSingleton<Workspaces>();
        services.AddSingleton<PromptBuilder>();
        services.AddSingleton<McpConnections>();
        services.AddSingleton<IApproach, InstructionsApproach>();
        services.AddSingleton<IApproach, McpApproach>();
        services.AddSingleton<IApproach, TraditionalApproach>();
        services.AddSingleton<PatternReplay>();
        services.AddSingleton<CandidateRace>();
        services.AddSingleton<TestWriter>();
        services.AddSingleton<CodeJob>();
        services.AddSingleton<ContentJob>();
    }

    private static void ConsumeJobs(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<JobConsumer<InteractiveLane>, JobConsumerDefinition<InteractiveLane>>();
        bus.AddConsumer<JobConsumer<BatchLane>, JobConsumerDefinition<BatchLane>>();
        bus.AddSubjectErasure<InferenceSubjects>(ModuleNames.Inference);
        // Every worker hears of every cancellation: a queue of its own, gone when the process is.
        bus.AddConsumer<CancellationConsumer>().Endpoint(endpoint =>
        {
            endpoint.Name = $"temporary-cancellations-{Guid.NewGuid():N}";
            endpoint.Temporary = true;
        });
    }

    /// <summary>What security findings mean, by tenant.</summary>
    internal static SecurityPolicy ReadSecurity(IConfiguration configuration) => SettingsReader.Read<SecurityPolicy>(configuration, "Validation");

    /// <summary>Options are needed before the container is built, so they are bound and checked here.</summary>
    private static InferenceOptions ReadOptions(IConfiguration configuration)
    {
        const string section = "Inference";
        var options = SettingsReader.Read<InferenceOptions>(configuration, section);
        SettingsReader.Check($"{section}:Tools", options.Tools);
        CandidateRace.Check(options);
        foreach (var (name, server) in options.McpServers)
            SettingsReader.Check($"{section}:McpServers:{name}", server);
        return options;
    }
}
