using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.ServiceDefaults.Health;
using Platform.ServiceDefaults.Telemetry;

namespace Platform.ServiceDefaults;

/// <summary>What every process of the system has, whatever modules it runs: telemetry and health.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>
    /// Adds health checks, and telemetry over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. Call it before the modules are added,
    /// so that what they say while starting is exported too.
    /// </summary>
    /// <param name="builder">The host being built.</param>
    public static void AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.AddPlatformHealth();
        if (TelemetryPipeline.IsWanted(builder.Configuration))
            builder.Services.AddTelemetry(builder.Configuration, builder.Environment);
    }

    /// <summary>
    /// Maps <c>/health</c> (200 when every registered <c>IHealthCheck</c> is content and the host does not drain, else 503) and
    /// <c>/alive</c> (200 as long as requests are served).
    /// </summary>
    /// <param name="app">The host.</param>
    public static void MapServiceDefaults(this WebApplication app) => app.MapPlatformHealth();
}
