using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Maya;
using Platform.ServiceDefaults;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>The maya module in a real host with its own store and an in-memory bus; only the router is a fake.</summary>
internal sealed class MayaHost : IAsyncDisposable
{
    private readonly string _home;
    private readonly WebApplication _app;

    public MayaHost(FakeGeneration? router = null, string? home = null, params (string Key, string Value)[] settings)
    {
        (_home, OwnsHome) = (home ?? Directory.CreateTempSubdirectory("maya-").FullName, home is null);
        Router = router ?? new FakeGeneration();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value)).Append(new("PLATFORM_HOME", _home)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenInMemory());
        builder.Services.AddSingleton(TimeProvider.System).AddSingleton(new BusTraits(IsDurable: false)).AddSingleton(Router).AddGrpc();
        builder.Services.AddPeers(builder.Configuration);
        builder.AddStorage();
        MayaModule.Module.Add(builder);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            MayaModule.Module.Consume(bus);
            bus.UsingInMemory((context, transport) => transport.ConfigureEndpoints(context));
        });
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            new Caller(context.Request.Headers[Caller.TenantHeader] is [{ Length: > 0 } tenant] ? tenant : Caller.DefaultTenant, false, false, "").AttachTo(context);
            return next(context);
        });
        _app.MapGrpcService<FakeGeneration>();
        MayaModule.Module.Map(_app);
    }

    public FakeGeneration Router { get; }

    public string Home => _home;

    /// <summary>Whether the folder goes with the host; not when a second host is to find it.</summary>
    public bool OwnsHome { get; init; }

    public Content.ContentClient Client => new(_app.Services.GetRequiredService<IPeers>().For(ModuleNames.Maya));

    public IServiceProvider Services => _app.Services;

    public async Task<MayaHost> StartAsync()
    {
        await _app.StartAsync();
        return this;
    }

    public Task PublishAsync(JobClosed message) => _app.Services.GetRequiredService<IBus>().Publish(message);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        if (OwnsHome)
            Directory.Delete(_home, recursive: true);
    }
}
