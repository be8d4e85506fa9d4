using System.Security.Cryptography;
using System.Text;

namespace Platform.Cli.Servers;

/// <summary>Servers in containers, published on 127.0.0.1 only; their data lives in named volumes.</summary>
/// <param name="folder">Folder of the state file; containers and volumes are named after it, so that two folders never meet.</param>
/// <param name="settings">PostgreSQL settings over its defaults.</param>
internal sealed class DockerMachine(string folder, IReadOnlyDictionary<string, string> settings) : IServerMachine
{
    private const string Docker = "docker";
    private const string PostgreSqlImage = "pgvector/pgvector:pg17";
    private const string RabbitMqImage = "rabbitmq:4";
    private const string LogLines = "15";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly string _id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..8];

    /// <inheritdoc />
    public string Kind => ServerKinds.Docker;

    /// <inheritdoc />
    public string ContainerName(string role) => $"platform-{_id}-{role}";

    /// <summary>Whether a Docker engine answers; a client alone is not enough.</summary>
    public static async Task<bool> AnswersAsync(CancellationToken token) =>
        await new ExternalCommand(Docker, "info", "--format", "{{.ServerVersion}}").TryAsync(Patience, token) is { Succeeded: true };

    /// <inheritdoc />
    public async Task PrepareAsync(IProgress<string> progress, CancellationToken token)
    {
        foreach (var image in new[] { PostgreSqlImage, RabbitMqImage })
        {
            if ((await new ExternalCommand(Docker, "image", "inspect", image).RunAsync(token)).Succeeded)
                continue;
            progress.Report($"Pulling {image}");
            await new ExternalCommand(Docker, "pull", "--quiet", image).DemandAsync(token);
        }
    }

    /// <inheritdoc />
    public async Task LaunchAsync(ServerRecord server, CancellationToken token)
    {
        // A container of an earlier start may stand on other ports; the data is in the volume.
        await RemoveAsync(server, token);
        var secret = server.Role == ServerRoles.PostgreSql ? "POSTGRES_PASSWORD" : "RABBITMQ_DEFAULT_PASS";
        await new ExternalCommand(Docker, [.. server.Role == ServerRoles.PostgreSql ? PostgreSql(server, secret) : RabbitMq(server, secret)])
        {
            // By name only on the command line, where other users could read it.
            Environment = new Dictionary<string, string?> { [secret] = server.Password },
        }.DemandAsync(token);
    }

    /// <inheritdoc />
    public async Task<bool> RunsAsync(ServerRecord server, CancellationToken token)
    {
        var result = await new ExternalCommand(Docker, "inspect", "--format", "{{.State.Running}}", server.Container!).RunAsync(token);
        return result.Succeeded && result.Output.Trim() == "true";
    }

    /// <inheritdoc />
    public async Task StopAsync(ServerRecord server, CancellationToken token)
    {
        await new ExternalCommand(Docker, "stop", "--time", "20", server.Container!).RunAsync(token);
        await RemoveAsync(server, token);
    }

    /// <inheritdoc />
    public Task KillAsync(ServerRecord server, CancellationToken token) => new ExternalCommand(Docker, "kill", server.Container!).RunAsync(token);

    /// <inheritdoc />
    public async Task AddVirtualHostAsync(ServerRecord broker, string name, CancellationToken token)
    {
        await new ExternalCommand(Docker, "exec", broker.Container!, "rabbitmqctl", "add_vhost", name).DemandAsync(token);
        await new ExternalCommand(Docker, "exec", broker.Container!, "rabbitmqctl", "set_permissions", "-p", name, ServerKit.User, ".*", ".*", ".*").DemandAsync(token);
    }

    /// <inheritdoc />
    public async Task<string> LogAsync(ServerRecord server, CancellationToken token) =>
        (await new ExternalCommand(Docker, "logs", "--tail", LogLines, server.Container!).RunAsync(token)).Output;

    /// <inheritdoc />
    public async Task DeleteDataAsync(ServerRecord server, CancellationToken token) =>
        await new ExternalCommand(Docker, "volume", "rm", "--force", server.Container!).RunAsync(token);

    private static Task RemoveAsync(ServerRecord server, CancellationToken token) =>
        new ExternalCommand(Docker, "rm", "--force", server.Container!).RunAsync(token);

    private IEnumerable<string> PostgreSql(ServerRecord server, string secret) =>
    [
        .. Run(server, 5432, "/var/lib/postgresql/data", secret), "--env", $"POSTGRES_USER={ServerKit.User}", "--shm-size", "256m", PostgreSqlImage,
        "-c", "max_connections=300", .. settings.SelectMany(one => new[] { "-c", $"{one.Key}={one.Value}" }),
    ];

    private static IEnumerable<string> RabbitMq(ServerRecord server, string secret) =>
        // The node's name holds the host's: a new container must find the old one's data.
        [.. Run(server, 5672, "/var/lib/rabbitmq", secret), "--env", $"RABBITMQ_DEFAULT_USER={ServerKit.User}", "--hostname", "platform", RabbitMqImage];

    private static IEnumerable<string> Run(ServerRecord server, int port, string data, string secret) =>
        ["run", "--detach", "--name", server.Container!, "--publish", $"127.0.0.1:{server.Port}:{port}", "--volume", $"{server.Container}:{data}", "--env", secret];
}
