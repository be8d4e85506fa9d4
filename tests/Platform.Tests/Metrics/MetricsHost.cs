using System.Net;
using System.Text.RegularExpressions;
using Grpc.Net.Client;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.Metrics;
using Platform.ServiceDefaults;
using Platform.Storage;
using Shouldly;

namespace Platform.Tests.Metrics;

/// <summary>The metrics module on a real Kestrel, with SQLite, the in-memory bus and peers that are fakes behind real gRPC.</summary>
internal sealed partial class MetricsHost : IAsyncDisposable
{
    /// <summary>Header of a caller who is no administrator.</summary>
    public const string PlainUser = "x-test-plain-user";

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-console-").FullName;
    private readonly WebApplication _app;
    private readonly CookieContainer _cookies = new();

    private MetricsHost(int httpPort)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration["PLATFORM_HOME"] = _folder;
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenInMemory();
            kestrel.Listen(IPAddress.Loopback, httpPort, door => door.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, door => door.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddGrpc();
        builder.Services.AddPeers(builder.Configuration);
        builder.AddStorage();
        MetricsModule.Module.Add(builder);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            MetricsModule.Module.Consume(bus);
            bus.UsingInMemory(static (context, transport) => transport.ConfigureEndpoints(context));
        });
        builder.Services.AddSingleton<IConsoleSessions>(new NoSessions());
        builder.Services.AddSingleton(Ledger).AddSingleton(Router).AddSingleton(Memory).AddSingleton(Maya);
        _app = builder.Build();
        _app.Use((context, next) =>
        {
            var tenant = context.Request.Headers[Caller.TenantHeader].ToString();
            new Caller(tenant.Length == 0 ? Caller.DefaultTenant : tenant, IsAdmin: !context.Request.Headers.ContainsKey(PlainUser), IsService: false, "").AttachTo(context);
            return next(context);
        });
        _app.UseAntiforgery();
        _app.MapGrpcService<FakeRouter>();
        _app.MapGrpcService<FakeLedger>();
        _app.MapGrpcService<FakeMemory>();
        _app.MapGrpcService<FakeMaya>();
        MetricsModule.Module.Map(_app);
    }

    public FakeLedger Ledger { get; } = new();

    public FakeRouter Router { get; } = new();

    public FakeMemory Memory { get; } = new();

    public FakeMaya Maya { get; } = new();

    public HttpClient Http { get; private set; } = null!;

    public V1.Metrics.MetricsClient Grpc { get; private set; } = null!;

    public static async Task<MetricsHost> StartAsync(int httpPort = 0)
    {
        var host = new MetricsHost(httpPort);
        await host._app.StartAsync(CancellationToken.None);
        var doors = host.Get<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Where(a => a.Contains("127.0.0.1", StringComparison.Ordinal)).Select(a => new Uri(a)).ToList();
        host.Http = new HttpClient(new HttpClientHandler { CookieContainer = host._cookies, AllowAutoRedirect = false }) { BaseAddress = doors[0] };
        host.Grpc = new V1.Metrics.MetricsClient(GrpcChannel.ForAddress(doors[1]));
        return host;
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>A page's HTML.</summary>
    public async Task<string> PageAsync(string path)
    {
        var response = await Http.GetAsync(new Uri(path, UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Sends a form as the page offers it: with its hidden fields.</summary>
    public Task<HttpResponseMessage> SendAsync(string path, string form, params (string Name, string Value)[] fields) => SendAsync(path, form, path, fields);

    /// <summary>Sends the fields of a page's form to another address.</summary>
    public async Task<HttpResponseMessage> SendAsync(string path, string form, string to, params (string Name, string Value)[] fields)
    {
        var page = await PageAsync(path);
        var start = page.IndexOf($"value=\"{form}\"", StringComparison.Ordinal);
        start.ShouldBeGreaterThan(0, $"{path} has no form {form}");
        var token = Token().Match(page).Groups[1].Value;
        var all = fields.Append((Name: "_handler", Value: form)).Append((Name: "__RequestVerificationToken", Value: WebUtility.HtmlDecode(token)));
        return await Http.PostAsync(new Uri(to, UriKind.Relative), new FormUrlEncodedContent(all.Select(f => KeyValuePair.Create(f.Name, f.Value))));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Nobody signs in here: who looks is set above.</summary>
    private sealed class NoSessions : IConsoleSessions
    {
        public Task<SignInOutcome> SignInAsync(Microsoft.AspNetCore.Http.HttpContext context, string key) => Task.FromResult(SignInOutcome.WrongKey);

        public void SignOut(Microsoft.AspNetCore.Http.HttpContext context)
        {
        }
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
