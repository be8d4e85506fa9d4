using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Metrics.Alerts;
using Platform.Metrics.Experiments;
using Platform.Metrics.Exposition;
using Platform.Metrics.Measures;
using Platform.Metrics.Pages;
using Platform.Metrics.Recording;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Metrics;

/// <summary>The door of the metrics module: figures, return on investment, alerts and the web console.</summary>
public static class MetricsModule
{
    /// <summary>The module as the host sees it.</summary>
    public static Module Module { get; } = new(ModuleNames.Metrics, "figures, return on investment, alerts and the web console")
    {
        Add = Add,
        Map = Map,
        Consume = Consume,
    };

    private static void Add(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MetricsOptions>(MetricsOptions.Section);
        services.AddSingleton<IValidateOptions<MetricsOptions>, MetricsOptionsCheck>();

        builder.AddDatabase(ModuleNames.Metrics, typeof(MetricsModule).Assembly);
        services.AddSubjectData<MetricsSubjects>();
        services.AddSingleton<FiguresStore>();
        services.AddSingleton<FiguresQuery>();
        services.AddSingleton<MeasuresQuery>();
        services.AddSingleton<MemoryUse>();
        services.AddSingleton<ExperimentTrail>();
        services.AddSingleton<DeliveryStore>();
        services.AddSingleton<AlertStore>();
        services.AddSingleton<AlertSettings>();
        services.AddSingleton<AlertMeasures>();
        services.AddSingleton<AlertRehearsal>();
        services.AddSingleton<IQueueAge, RouterQueueAge>();

        services.AddSingleton<FiguresVersion>();
        services.AddSingleton<JobInstruments>();
        services.AddSingleton<EvidenceQuery>();
        services.AddSingleton<RoiLedger>();
        AddRunning<EventRecorder>(services);
        AddRunning<AlertWatch>(services);
        AddRunning<WebhookCourier>(services);
        AddRunning<ExperimentWatch>(services);
        AddRunning<Housekeeping>(services);
        AddRunning<InstrumentTable>(services);

        services.AddConsolePages();
    }

    private static void Map(WebApplication app)
    {
        app.MapGrpcService<MetricsGrpc>();
        app.MapGet(Caller.ScrapePath, Scrape);
        app.MapConsolePages();
    }

    /// <summary>No tenant among the tags, but sums over all of them: not for a tenant's key.</summary>
    private static IResult Scrape(HttpContext context, InstrumentTable table) => Caller.Of(context).MayScrape
        ? Results.Text(PrometheusText.Write(table), PrometheusText.ContentType)
        : Results.Json(new { error = "These figures are of all tenants together: they need an administrator's key, or the one of Access:ScrapeKeyHash." }, statusCode: StatusCodes.Status403Forbidden);

    private static void Consume(IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<JobClosedConsumer, JobClosedEndpoint>();
        bus.AddConsumer<FeedbackConsumer, FeedbackEndpoint>();
        bus.AddConsumer<EngagementConsumer, EngagementEndpoint>();
        bus.AddConsumer<PostsChangedConsumer, PostsChangedEndpoint>();
        bus.AddSubjectErasure<MetricsSubjects>(ModuleNames.Metrics);
    }

    private static void AddRunning<T>(IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(static provider => provider.GetRequiredService<T>());
    }
}
