#:sdk Aspire.AppHost.Sdk@13.1.0
#:package Aspire.Hosting.PostgreSQL@13.1.0
#:package Aspire.Hosting.RabbitMQ@13.1.0
#:property PublishAot=false

// The whole system on one screen. `aspire run` or `dotnet run apphost.cs` starts it here, `azd up` publishes it.
// File-based, so that Platform.sln needs no Aspire package (docs/adr/0006); tests/Platform.Tests/AppHost holds it to the code.

using System.Security.Cryptography;
using System.Text;

var builder = DistributedApplication.CreateBuilder(args);
var publishing = builder.ExecutionContext.IsPublishMode;

// Keys. The hash of the administrator's key: printf %s KEY | sha256sum. An engine whose key is empty is not used.
var adminKeyHash = builder.AddParameter("admin-key-hash", secret: true);
var cerebrasKey = builder.AddParameter("cerebras-api-key", secret: true);
var claudeKey = builder.AddParameter("claude-api-key", secret: true);

// What modules show each other: made anew for a run here, asked for when publishing. The hash alone shows nothing.
var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
var serviceKey = builder.AddParameter("service-key", () => secret, secret: true);
var serviceKeyHash = builder.AddParameter("service-key-hash", () => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret))));

// Published, the database is one that is backed up, with the extension `vector` allowed: a connection string is asked for. Keys of people are in
// a database of their own, whose backups live for days only (docs/adr/0013); what wraps them is asked for and never in a database.
var masterKey = builder.AddParameter("master-key", secret: true);
var postgres = publishing ? null : builder.AddPostgres("postgres").WithImage("pgvector/pgvector", "pg17").WithDataVolume();
IResourceBuilder<IResourceWithConnectionString> platform = postgres is null ? builder.AddConnectionString("platform") : postgres.AddDatabase("platform");
IResourceBuilder<IResourceWithConnectionString> keys = postgres is null ? builder.AddConnectionString("keys") : postgres.AddDatabase("keys");

// The broker holds nothing that the ledger does not know: published, it needs no volume.
var messaging = builder.AddRabbitMQ("messaging").WithManagementPlugin();
if (!publishing)
    messaging.WithDataVolume();

var router = Module("router");
var patterns = Module("patterns");
var maya = Module("maya");
var metrics = Module("metrics");
var inference = Module("inference").WithReplicas(2);

// Generated code runs in the runner: no secret, no database, no broker. Published, it is an image of its own with what tests need, and without a door to the outside.
IResourceBuilder<IResourceWithEndpoints> runner = publishing
    ? Doors(builder.AddDockerfile("runner", "..", "src/Runner/Dockerfile")).WithEnvironment("Access__ServiceKeyHash", serviceKeyHash)
    : Process("runner", "runner").WithEnvironment("Access__ServiceKeyHash", serviceKeyHash);

foreach (var module in new[] { router, inference })
{
    module.WithEnvironment("Engines__Cerebras__ApiKey", cerebrasKey);
    module.WithEnvironment("Engines__Claude__ApiKey", claudeKey);
}

router.WithExternalHttpEndpoints();
metrics.WithEndpoint("http", endpoint => endpoint.IsExternal = true);
List<IResourceBuilder<ProjectResource>> callers = [router, patterns, maya, metrics, inference];
if (publishing)
{
    // A container app has one door to the outside: gRPC on the router, HTTP on a second replica of it.
    router.WithEndpoint("http", endpoint => endpoint.IsExternal = false);
    callers.Add(Module("router", "router-http").WithEndpoint("http", endpoint => endpoint.IsExternal = true));
}

foreach (var caller in callers)
{
    foreach (var peer in new IResourceBuilder<IResourceWithEndpoints>[] { router, patterns, maya, metrics, runner })
        caller.WithEnvironment($"Peers__{peer.Resource.Name}", peer.GetEndpoint("grpc"));
}

builder.Build().Run();

// A module with the database, the broker and the credential of the others.
IResourceBuilder<ProjectResource> Module(string module, string? name = null) =>
    Process(name ?? module, module)
        .WithEnvironment("Access__ServiceKey", serviceKey)
        .WithEnvironment("Sealing__MasterKey", masterKey)
        .WithReference(platform).WaitFor(platform)
        .WithReference(keys).WaitFor(keys)
        .WithReference(messaging).WaitFor(messaging);

// One process of the host. It has its own port keys, since several copies of a project would otherwise share their settings.
IResourceBuilder<ProjectResource> Process(string name, string module) =>
    Doors(builder.AddProject(name, "../src/Host/Host.csproj", project => { project.ExcludeLaunchProfile = true; project.ExcludeKestrelEndpoints = true; })
        .WithArgs("--modules", module)
        .WithEndpointsInEnvironment(_ => false));

// The two doors of a process, and the administrator's key.
IResourceBuilder<T> Doors<T>(IResourceBuilder<T> process)
    where T : IResourceWithEndpoints, IResourceWithEnvironment
{
    process.WithHttpEndpoint(targetPort: publishing ? 8080 : null, name: "http", env: "HTTP_PORT")
        .WithHttpEndpoint(targetPort: publishing ? 8081 : null, name: "grpc", env: "GRPC_PORT")
        .WithEndpoint("grpc", endpoint => endpoint.Transport = "http2")
        .WithEnvironment("Access__AdminKeyHash", adminKeyHash)
        .WithHttpHealthCheck("/health", endpointName: "http");
    // In a container others come from outside; here only this machine does.
    return publishing ? process.WithEnvironment("Doors__Address", "0.0.0.0") : process;
}
