using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Platform.Contracts;
using Platform.Contracts.Engines;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Router;

/// <summary>The router's door: the edge, the routing matrix and the job ledger.</summary>
public static class RouterModule
{
    /// <summary>How the host sees it.</summary>
    public static readonly Module Module = new(ModuleNames.Router, "accepts requests, decides the approach, keeps the job ledger, streams back")
    {
        Add = AddRouter,
        Map = MapRouter,
        Consume = Consume,
    };

    private static void AddRouter(IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<RouterOptions>("Router");
        builder.AddDatabase(ModuleNames.Router, typeof(RouterModule).Assembly);

        builder.AddPrivacy();
        services.AddSingleton<JobSealing>().AddSubjectData<RouterSubjects>();
        services.AddSingleton<IRetainedData, ClosedJobs>();
        services.AddSingleton<Intake>().AddSingleton<JobStore>().AddSingleton<LeaseStore>().AddSingleton<DispatchStore>().AddSingleton<BatchStore>()
            .AddSingleton<FeedbackStore>().AddSingleton<WorkspaceStore>().AddSingleton<WatcherStore>().AddSingleton<Switches>();

        services.AddSingleton<RequestRules>().AddSingleton<Quota>().AddSingleton<Admission>().AddSingleton<Arrivals>().AddSingleton<BatchAdmission>().AddSingleton<Cancellation>().AddSingleton<BatchKeeper>();
        services.AddSingleton<IRouteRule, ForcedRule>().AddSingleton<IRouteRule, ReplayRule>().AddSingleton<IRouteRule, ComplexityRule>()
            .AddSingleton<IRouteRule, ContextRule>().AddSingleton<IRouteRule, WorkspaceRule>().AddSingleton<IRouteRule, SizeRule>().AddSingleton<IRouteRule, DefaultRule>();
        // Read at once, so that a wrong setting ends the start and not the first request.
        services.TryAddSingleton(EngineCatalog.Read(builder.Configuration));
        services.AddSingleton<MemoryLookup>().AddSingleton<RouteTable>();

        services.AddSingleton<JobFeed>().AddSingleton<JobWatch>().AddSingleton<JobRuns>().AddSingleton<ChatDoor>().AddSingleton<Announcer>().AddSingleton<Pulses>().AddSingleton(new Replica());
        services.AddSingleton<JobSender>().AddHostedService<Dispatcher>().AddHostedService<OutboxRelay>();
    }

    private static void MapRouter(WebApplication app)
    {
        app.MapGrpcService<GenerationGrpc>();
        app.MapGrpcService<LedgerGrpc>();
        ChatDoor.Map(app);
    }

    private static void Consume(IBusRegistrationConfigurator bus)
    {
        // The queue's name is this process's own: it must be the one that Announcer and JobWatch give out.
        var here = bus.Select(service => service.ImplementationInstance).OfType<Replica>().Single();
        bus.AddConsumer<ProgressConsumer>().Endpoint(endpoint => Temporary(endpoint, here));
        bus.AddConsumer<EndConsumer>().Endpoint(endpoint => Temporary(endpoint, here));
        bus.AddSubjectErasure<RouterSubjects>(ModuleNames.Router);
    }

    private static void Temporary(IEndpointRegistrationConfigurator endpoint, Replica here)
    {
        endpoint.Name = here.Queue;
        endpoint.Temporary = true;
        endpoint.ConfigureConsumeTopology = false;
    }
}
