using System.Globalization;

namespace Platform.Cli.Servers;

/// <summary>Servers out of a <see cref="DebianRoot"/>, as processes of this machine that listen on 127.0.0.1 only.</summary>
/// <param name="root">Where the programs are.</param>
/// <param name="folder">Where the data and the logs are.</param>
/// <param name="settings">PostgreSQL settings over its defaults.</param>
internal sealed class DebianMachine(DebianRoot root, string folder, IReadOnlyDictionary<string, string> settings) : IServerMachine
{
    private const string PostgreSqlPrograms = "/usr/lib/postgresql/17/bin";
    private const string RabbitMqPrograms = "/usr/lib/rabbitmq/bin";
    private const string Node = "rabbit@localhost";
    private const int LogLines = 15;

    /// <inheritdoc />
    public string Kind => ServerKinds.Debian;

    /// <inheritdoc />
    public string? ContainerName(string role) => null;

    /// <inheritdoc />
    public Task PrepareAsync(IProgress<string> progress, CancellationToken token) => root.PrepareAsync(progress, token);

    /// <inheritdoc />
    public async Task LaunchAsync(ServerRecord server, CancellationToken token)
    {
        var inside = Inside(server.Role);
        if (server.Role == ServerRoles.PostgreSql)
            await InitialiseAsync(inside, server, token);
        else
            await ConfigureAsync(server, token);
        var program = server.Role == ServerRoles.PostgreSql ? PostgreSql(server) : RabbitMq(server, "rabbitmq-server");
        (server.Pid, server.PidStart) = inside.Launch(program, LogFile(server.Role));
    }

    /// <inheritdoc />
    public Task<bool> RunsAsync(ServerRecord server, CancellationToken token) => Task.FromResult(Namespace.Runs(server.Pid, server.PidStart));

    /// <inheritdoc />
    public Task StopAsync(ServerRecord server, CancellationToken token) =>
        Namespace.StopAsync(server.Pid, server.PidStart, server.Role == ServerRoles.PostgreSql ? Signal.Interrupt : Signal.Terminate, token);

    /// <inheritdoc />
    public Task KillAsync(ServerRecord server, CancellationToken token) => Namespace.KillAsync(server.Pid, server.PidStart, token);

    /// <inheritdoc />
    public async Task AddVirtualHostAsync(ServerRecord broker, string name, CancellationToken token)
    {
        await Inside(broker.Role).RunAsync([.. RabbitMq(broker, "rabbitmqctl"), "-n", Node, "add_vhost", name], token);
        await Inside(broker.Role).RunAsync([.. RabbitMq(broker, "rabbitmqctl"), "-n", Node, "set_permissions", "-p", name, ServerKit.User, ".*", ".*", ".*"], token);
    }

    /// <inheritdoc />
    public async Task<string> LogAsync(ServerRecord server, CancellationToken token)
    {
        var log = LogFile(server.Role);
        return File.Exists(log) ? ExternalCommand.Tail(await File.ReadAllTextAsync(log, token), LogLines) : "";
    }

    /// <inheritdoc />
    public Task DeleteDataAsync(ServerRecord server, CancellationToken token)
    {
        if (Directory.Exists(DataFolder(server.Role)))
            Directory.Delete(DataFolder(server.Role), recursive: true);
        File.Delete(LogFile(server.Role));
        return Task.CompletedTask;
    }

    private Namespace Inside(string role) => new(root.Path, DataFolder(role), role == ServerRoles.PostgreSql ? "postgres" : "rabbitmq");

    private string DataFolder(string role) => Path.Combine(folder, role);

    private string LogFile(string role) => Path.Combine(folder, $"{role}.log");

    /// <summary>Makes the cluster beside its final name: an interrupted initdb is done again.</summary>
    private async Task InitialiseAsync(Namespace inside, ServerRecord server, CancellationToken token)
    {
        var data = DataFolder(server.Role);
        if (Directory.Exists(Path.Combine(data, "cluster")))
            return;
        Directory.CreateDirectory(data);
        var password = Path.Combine(data, "password");
        await File.WriteAllTextAsync(password, server.Password, token);
        const string script = $"""
            rm -rf /srv/new && {PostgreSqlPrograms}/initdb -D /srv/new --username={ServerKit.User} --pwfile=/srv/password --auth=scram-sha-256 \
              --encoding=UTF8 --locale-provider=builtin --locale=C.UTF-8 && mv /srv/new /srv/cluster
            """;
        await inside.RunAsync(["/bin/sh", "-c", script], token);
        File.Delete(password);
    }

    private IReadOnlyList<string> PostgreSql(ServerRecord server)
    {
        var all = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = server.Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "/tmp",
            // Each module of each process keeps a pool of its own.
            ["max_connections"] = "300",
        };
        foreach (var (name, value) in settings)
            all[name] = value;
        return [$"{PostgreSqlPrograms}/postgres", "-D", "/srv/cluster", .. all.SelectMany(one => new[] { "-c", $"{one.Key}={one.Value}" })];
    }

    /// <summary>Writes the broker's configuration: here and not in its environment, where other users could read the password.</summary>
    private async Task ConfigureAsync(ServerRecord server, CancellationToken token)
    {
        var data = DataFolder(server.Role);
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{server.Port}
            distribution.listener.interface = 127.0.0.1
            distribution.listener.port_range.min = {server.InnerPorts[0]}
            distribution.listener.port_range.max = {server.InnerPorts[0]}
            default_user = {ServerKit.User}
            default_pass = {server.Password}
            disk_free_limit.absolute = 50MB
            log.console = true
            log.console.level = warning
            log.file = false

            """, token);
        await File.WriteAllTextAsync(Path.Combine(data, "enabled_plugins"), "[].\n", token);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(data, "rabbitmq.conf"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static IReadOnlyList<string> RabbitMq(ServerRecord server, string program) =>
    [
        "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/srv",
        $"RABBITMQ_NODENAME={Node}", $"ERL_EPMD_PORT={server.InnerPorts[1]}", "ERL_EPMD_ADDRESS=127.0.0.1",
        "RABBITMQ_CONFIG_FILE=/srv/rabbitmq.conf", "RABBITMQ_CONF_ENV_FILE=/dev/null", "RABBITMQ_ENABLED_PLUGINS_FILE=/srv/enabled_plugins",
        "RABBITMQ_MNESIA_BASE=/srv/mnesia", "RABBITMQ_LOG_BASE=/tmp",
        // Schedulers must not spin for work on a machine they share with the modules.
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none",
        $"{RabbitMqPrograms}/{program}",
    ];
}
