using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Platform.ServiceDefaults.Health;

/// <summary>Readiness and liveness over HTTP.</summary>
internal static class HealthExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static void AddPlatformHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DrainCheck>("drain");
        // A module says that it has something to check by registering an IHealthCheck; MassTransit adds its bus by itself.
        services.AddOptions<HealthCheckServiceOptions>().Configure<IEnumerable<IHealthCheck>>((options, checks) =>
        {
            foreach (var (number, check) in checks.Index())
                options.Registrations.Add(new HealthCheckRegistration($"{check.GetType().Name}-{number}", check, HealthStatus.Unhealthy, [], Patience));
        });
    }

    public static void MapPlatformHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteAsync });
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = static _ => false });
    }

    /// <summary>Names and states only: a description may speak of servers that are nobody's business outside.</summary>
    private static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Status.ToString()),
        }));
    }
}
