using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Maya's door: content that fits every platform, campaigns, local classification.</summary>
public static class MayaModule
{
    /// <summary>How the host sees it.</summary>
    public static readonly Module Module = new(ModuleNames.Maya, "writes and checks content, plans campaigns, classifies text")
    {
        Add = AddMaya,
        Map = static app => app.MapGrpcService<ContentGrpc>(),
        Consume = static bus =>
        {
            bus.AddConsumer<JobClosedConsumer, JobClosedDefinition>();
            bus.AddSubjectErasure<MayaSubjects>(ModuleNames.Maya);
            bus.AddConsumer<EngagementConsumer, EngagementDefinition>();
        },
    };

    private static void AddMaya(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MayaOptions>("Maya");
        services.AddSettings<ModerationOptions>("Maya:Moderation");
        services.AddSingleton<IValidateOptions<ModerationOptions>, ModerationOptions.Check>();
        // Read at once, so that a wrong setting ends the start and not the first request.
        services.TryAddSingleton(EngineCatalog.Read(builder.Configuration));
        services.AddSingleton<EngineModeration>().AddSingleton<UnsureClassifier>();
        builder.AddDatabase(ModuleNames.Maya, typeof(MayaModule).Assembly);
        builder.AddPrivacy();
        services.AddSingleton<CampaignSealing>().AddSingleton<PostSealing>().AddSubjectData<MayaSubjects>();
        foreach (var retained in RetainedRows.Classes)
            services.AddSingleton<IRetainedData>(provider => new RetainedRows(provider.GetRequiredKeyedService<Database>(ModuleNames.Maya), retained));
        services.AddSingleton<PostStore>().AddSingleton<ComparedPosts>().AddSingleton<CampaignStore>();
        services.AddSingleton<StrategyStore>().AddSingleton<CampaignBriefs>().AddSingleton<CampaignStrategist>();
        services.AddSingleton<OutcomeStore>().AddSingleton<OutcomeModels>().AddSingleton<LearningDesk>();
        services.AddSingleton<ProfileStore>().AddSingleton<ProfileDesk>().AddSingleton<PostBackgrounds>();
        services.AddSingleton<CampaignEstimator>().AddSingleton<RepeatStore>().AddSingleton<PostRepeater>().AddSingleton<PostRegenerator>().AddSingleton<PostIntake>();
        services.AddSingleton<UnfinishedSweep>().AddHostedService(provider => provider.GetRequiredService<UnfinishedSweep>());
        services.AddSingleton<CampaignComparer>().AddHostedService(provider => provider.GetRequiredService<CampaignComparer>());
        services.AddSingleton<ExperimentStore>().AddSingleton<ExperimentDesk>();
        services.AddSingleton<ContentNews>().AddHostedService<NewsService>();
        services.AddSingleton<PostEffects>().AddSingleton<PostDesk>().AddSingleton<PostReviews>().AddSingleton<CampaignDesk>();
        services.AddSingleton<CampaignSubmitter>().AddHostedService(provider => provider.GetRequiredService<CampaignSubmitter>());
    }
}
