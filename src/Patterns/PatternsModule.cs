using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>The door of the pattern memory: what it adds to a host, what it maps and what it consumes.</summary>
public static class PatternsModule
{
    /// <summary>How the host sees it.</summary>
    public static readonly Module Module = new(ModuleNames.Patterns, "finds verified code by words and vectors, learns from every outcome")
    {
        Add = AddPatterns,
        Map = MapPatterns,
        Consume = Consume,
    };

    private static void AddPatterns(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<PatternsOptions>("Patterns");
        builder.AddDatabase(ModuleNames.Patterns, typeof(PatternsModule).Assembly, erases: true);
        services.AddSettings<EmbedderOptions>("Patterns:Embedder");
        services.TryAddSingleton(provider => Embedder.GeneratorOf(provider.GetRequiredService<IOptions<EmbedderOptions>>().Value, provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddSingleton(provider => new PatternCore(
            provider.GetRequiredKeyedService<Database>(ModuleNames.Patterns),
            provider.GetRequiredService<DataDirectory>().File("patterns"),
            provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(),
            provider.GetRequiredService<IOptions<PatternsOptions>>().Value,
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        services.AddHostedService<Retention>();
        services.AddSubjectData<PatternSubjects>();
        services.AddSingleton(provider => provider.GetRequiredService<PatternCore>().Catalog)
            .AddSingleton(provider => provider.GetRequiredService<PatternCore>().Recall)
            .AddSingleton(provider => provider.GetRequiredService<PatternCore>().Recommendation)
            .AddSingleton(provider => provider.GetRequiredService<PatternCore>().Fixes)
            .AddSingleton(provider => provider.GetRequiredService<PatternCore>().Jobs)
            .AddSingleton(provider => provider.GetRequiredService<PatternCore>().Feedback);
    }

    private static void MapPatterns(WebApplication app) => app.MapGrpcService<PatternsGrpc>();

    private static void Consume(IBusRegistrationConfigurator bus)
    {
        // One at a time: two jobs that teach near-equal patterns update the same rows in another order, and PostgreSQL ends one of them as a deadlock.
        bus.AddConsumer<JobClosedConsumer>().Endpoint(e => (e.Name, e.ConcurrentMessageLimit) = ("patterns-jobs", 1));
        bus.AddConsumer<FeedbackConsumer>().Endpoint(e => e.Name = "patterns-feedback");
        bus.AddSubjectErasure<PatternSubjects>(ModuleNames.Patterns);
    }
}
