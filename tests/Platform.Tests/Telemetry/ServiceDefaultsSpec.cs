using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.ServiceDefaults;
using Platform.Tests.Peering;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.Tests.Telemetry;

[Collection(TelemetryAlone.Name)]
public sealed class ServiceDefaultsSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Spans_OfAPeerCall_ShareATraceAndAreNamedAfterTheProcedure()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        using var source = new ActivitySource("Platform.Test");
        string trace;
        await using (var app = await StartAsync(receiver.Settings))
        {
            using var activity = source.StartActivity("work").ShouldNotBeNull();
            trace = activity.TraceId.ToString();
            await new Ledger.LedgerClient(app.Services.GetRequiredService<IPeers>().For(ModuleNames.Router)).ClaimAsync(new ClaimRequest(), cancellationToken: Token);
            // A request's span ends after its answer has been read: a stop waits for that.
            await app.StopAsync(Token);
        }

        var spans = receiver.Spans.Where(span => span.Trace == trace).ToList();
        spans.Select(span => span.Source).ShouldBe(["Platform.Test", "Grpc.Net.Client", "System.Net.Http", "Microsoft.AspNetCore"], ignoreOrder: true);
        spans.ShouldAllBe(span => span.Service == "spec");
        var server = spans.Single(span => span.Source == "Microsoft.AspNetCore");
        var http = spans.Single(span => span.Source == "System.Net.Http");
        var client = spans.Single(span => span.Source == "Grpc.Net.Client");
        server.Name.ShouldBe("platform.v1.Ledger/Claim");
        server.Tags["rpc.method"].ShouldBe("Claim");
        client.Name.ShouldBe("platform.v1.Ledger/Claim");
        server.Parent.ShouldBe(http.Id);
        http.Parent.ShouldBe(client.Id);
    }

    [Fact]
    public async Task Spans_OfRequests_NameTheRouteAndKeepTheQueryBack()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var app = await StartAsync(receiver.Settings))
        {
            using var http = new HttpClient { BaseAddress = Address(app) };
            await http.GetStringAsync("/things/7?token=s3cret", Token);
            await http.GetAsync("/broken", Token);
            await http.GetAsync("/health", Token);
            await http.GetAsync("/alive", Token);
            await app.StopAsync(Token);
        }

        var servers = receiver.Spans.Where(span => span.Source == "Microsoft.AspNetCore" && span.Service == "spec").ToList();
        servers.ShouldContain(span => span.Name == "GET /things/{id}" && span.Tags["http.response.status_code"] == "200");
        servers.ShouldContain(span => span.Name == "GET /broken" && span.Tags["error.type"] == "System.InvalidTimeZoneException");
        servers.ShouldNotContain(span => span.Tags.GetValueOrDefault("url.path") == "/health" || span.Tags.GetValueOrDefault("url.path") == "/alive");
        receiver.Spans.SelectMany(span => span.Tags.Values.Append(span.Name)).ShouldNotContain(text => text.Contains("s3cret"));
    }

    [Fact]
    public async Task LogsAndMetrics_AreExportedWhenTheHostEnds()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using (var app = await StartAsync(receiver.Settings))
        {
            app.Services.GetRequiredService<ILogger<ServiceDefaultsSpec>>().LogWarning("A line about {Subject}", "spools");
            using var http = new HttpClient { BaseAddress = Address(app) };
            await http.GetStringAsync("/things/7", Token);
            await app.StopAsync(Token);
        }

        receiver.Logs.ShouldContain("A line about spools");
        receiver.Metrics.ShouldContain("http.server.request.duration");
    }

    [Fact]
    public async Task Telemetry_WithoutAnEndpoint_IsOff()
    {
        await using var app = await StartAsync([]);
        using var source = new ActivitySource("Platform.TestOff");

        source.HasListeners().ShouldBeFalse();
    }

    [Fact]
    public async Task Health_FollowsTheRegisteredChecks_AliveDoesNot()
    {
        var check = new SwitchedCheck();
        await using var app = await StartAsync([], services => services.AddSingleton<IHealthCheck>(check));
        using var http = new HttpClient { BaseAddress = Address(app) };

        (await http.GetAsync("/health", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
        check.Status = HealthStatus.Unhealthy;
        var answer = await http.GetAsync("/health", Token);

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldNotContain("10.0.0.1");
        (await http.GetAsync("/alive", Token)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Health_WhileTheHostStops_IsUnhealthy()
    {
        await using var app = await StartAsync([]);
        app.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);

        report.Status.ShouldBe(HealthStatus.Unhealthy);
    }

    private static async Task<WebApplication> StartAsync(Dictionary<string, string?> settings, Action<IServiceCollection>? add = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "spec" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenInMemory();
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.AddServiceDefaults();
        builder.Services.AddGrpc();
        builder.Services.AddPeers(builder.Configuration);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapServiceDefaults();
        app.MapGrpcService<PeerHost.TellingLedger>();
        app.MapGet("/things/{id}", (string id) => id);
        app.MapGet("/broken", string () => throw new InvalidTimeZoneException());
        await app.StartAsync(Token);
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
        .First(address => address.Contains("127.0.0.1", StringComparison.Ordinal)));

    private sealed class SwitchedCheck : IHealthCheck
    {
        public HealthStatus Status { get; set; } = HealthStatus.Healthy;

        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(new HealthCheckResult(Status, "server 10.0.0.1 is silent"));
    }
}
