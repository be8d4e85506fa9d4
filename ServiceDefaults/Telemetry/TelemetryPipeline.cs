using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Platform.ServiceDefaults.Telemetry;

/// <summary>
/// Traces, metrics and logs over OTLP, from the sources that the runtime, the drivers and the modules have themselves. Endpoint,
/// protocol and headers are the standard <c>OTEL_*</c> settings.
/// </summary>
internal sealed class TelemetryPipeline : IDisposable
{
    private const string EndpointKey = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string NameKey = "OTEL_SERVICE_NAME";
    private const string HttpTagsSwitch = "Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData";

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Grpc.Net.Client", "Npgsql", "MassTransit", "Platform.*"];

    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql", "MassTransit", "Platform.*",
    ];

    private readonly OpenTelemetrySdk _sdk;

    public TelemetryPipeline(IConfiguration configuration, IHostEnvironment environment) => _sdk = OpenTelemetrySdk.Create(builder =>
    {
        // Ours, so that the settings may stand in any source of the host's configuration and not in the environment only.
        builder.Services.AddSingleton(configuration);
        builder.ConfigureResource(resource => resource.AddService(configuration[NameKey] ?? environment.ApplicationName));
        builder.WithTracing(traces => traces.AddSource(Sources).AddProcessor(new SpanCleaner()));
        builder.WithMetrics(metrics => metrics.AddMeter(Meters));
        builder.WithLogging(_ => { }, logs => logs.IncludeFormattedMessage = true);
        builder.UseOtlpExporter();
    });

    /// <summary>Where the host's log lines go.</summary>
    public ILoggerFactory Logs => _sdk.GetLoggerFactory();

    /// <summary>Whether somebody wants to receive telemetry.</summary>
    public static bool IsWanted(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointKey]);

    /// <summary>Lets the server put standard tags on its spans; must run before the server is built.</summary>
    public static void EnableHttpTags() => AppContext.SetSwitch(HttpTagsSwitch, false);

    /// <summary>Sends what is still waiting.</summary>
    public void Dispose() => _sdk.Dispose();
}

/// <summary>Gives the host's log lines to the pipeline. The pipeline is not this provider's to dispose.</summary>
internal sealed class TelemetryLoggerProvider(TelemetryPipeline pipeline) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => pipeline.Logs.CreateLogger(categoryName);

    public void Dispose()
    {
        // Nothing of its own.
    }
}

/// <summary>Registers telemetry.</summary>
internal static class TelemetryExtensions
{
    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        TelemetryPipeline.EnableHttpTags();
        services.AddSingleton(_ => new TelemetryPipeline(configuration, environment));
        services.AddSingleton<ILoggerProvider, TelemetryLoggerProvider>();
        services.AddSingleton<IStartupFilter, SpanTags>();
    }
}
