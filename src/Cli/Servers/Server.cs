using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Platform.Cli.Servers;

/// <summary>One server of a <see cref="ServerKit"/>. Each can be stopped, killed and started again by itself; ports and data stay.</summary>
internal sealed class Server
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PortPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly IServerMachine? _machine;
    private readonly ServerRecord _record;
    private readonly Action _save;

    /// <summary>A server of our own.</summary>
    /// <param name="machine">What runs it.</param>
    /// <param name="record">What is remembered of it.</param>
    /// <param name="save">Writes the state file.</param>
    public Server(IServerMachine machine, ServerRecord record, Action save)
    {
        _machine = machine;
        _record = record;
        _save = save;
    }

    private Server(ServerRecord record)
    {
        _record = record;
        _save = static () => { };
    }

    /// <summary>One of <see cref="ServerRoles"/>.</summary>
    public string Role => _record.Role;

    /// <summary>One of <see cref="ServerKinds"/>.</summary>
    public string Kind => _record.Kind;

    /// <summary>What modules connect with.</summary>
    public string Connection => _record.Connection;

    /// <summary>Port on 127.0.0.1; 0 for a given server.</summary>
    public int Port => _record.Port;

    /// <summary>Process id; 0 for containers and given servers.</summary>
    public int Pid => _record.Pid;

    /// <summary>Whether this object started it (it did not run before).</summary>
    public bool StartedHere { get; private set; }

    /// <summary>Connection string of a database that is always there.</summary>
    public string ServerConnection => Kind == ServerKinds.Given
        ? Connection
        : new NpgsqlConnectionStringBuilder(Connection) { Database = "postgres" }.ConnectionString;

    private string Title => Role == ServerRoles.PostgreSql ? "PostgreSQL" : "RabbitMQ";

    /// <summary>A server somebody else runs.</summary>
    public static Server Given(string role, string connection) =>
        new(new ServerRecord { Role = role, Kind = ServerKinds.Given, Connection = connection });

    /// <summary>Whether it lives and answers.</summary>
    public async Task<bool> RunsAsync(CancellationToken token) =>
        (_machine is null || await _machine.RunsAsync(_record, token))
        && await ServerProbe.ObstacleAsync(Role, _machine is null ? Connection : ServerProbeConnection, token) is null;

    /// <summary>Starts it unless it runs, and waits until it answers.</summary>
    /// <exception cref="ServersException">It ended or stayed silent; carries the end of its log.</exception>
    public async Task StartAsync(IProgress<string>? progress, CancellationToken token)
    {
        if (_machine is not null && !await _machine.RunsAsync(_record, token))
        {
            await ChoosePortsAsync(token);
            progress?.Report($"Starting {Title} on port {Port}");
            await _machine.LaunchAsync(_record, token);
            StartedHere = true;
            _save();
        }

        await WaitAsync(token);
    }

    /// <summary>Stops it in order. A given server is left alone.</summary>
    public Task StopAsync(CancellationToken token) => _machine?.StopAsync(_record, token) ?? Task.CompletedTask;

    /// <summary>Ends it as a crash would: kill -9 of all its processes.</summary>
    /// <exception cref="ServersException">It is a given server.</exception>
    public Task KillAsync(CancellationToken token) => Own().KillAsync(_record, token);

    /// <summary>Stops it in order and starts it again on the same port.</summary>
    /// <exception cref="ServersException">It is a given server, or did not come back.</exception>
    public async Task RestartAsync(CancellationToken token)
    {
        await Own().StopAsync(_record, token);
        await StartAsync(null, token);
    }

    /// <summary>Deletes its data; it must not run.</summary>
    public Task DeleteDataAsync(CancellationToken token) => _machine?.DeleteDataAsync(_record, token) ?? Task.CompletedTask;

    /// <summary>Adds a virtual host and gives its address; a given broker's own address comes back unchanged.</summary>
    public async Task<string> CreateVirtualHostAsync(string name, CancellationToken token)
    {
        if (_machine is null)
            return Connection;
        await _machine.AddVirtualHostAsync(_record, name, token);
        return $"{Connection}/{Uri.EscapeDataString(name)}";
    }

    private string ServerProbeConnection => Role == ServerRoles.PostgreSql ? ServerConnection : Connection;

    private IServerMachine Own() =>
        _machine ?? throw new ServersException($"{Title} was given by a connection string in the environment; it is not this command's to stop.");

    /// <summary>Keeps the ports it had, so that clients find it again, unless somebody else holds them for longer than a dying server does.</summary>
    private async Task ChoosePortsAsync(CancellationToken token)
    {
        var waited = Stopwatch.StartNew();
        while (Port > 0 && !PortsAreFree() && waited.Elapsed < PortPatience)
            await Task.Delay(Poll, token);
        if (Port == 0 || !PortsAreFree())
            _record.TakePorts();
        _record.Connection = Role == ServerRoles.PostgreSql
            ? string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={Port};Username={ServerKit.User};Password={_record.Password};Database={ServerKit.User}")
            : string.Create(CultureInfo.InvariantCulture, $"amqp://{ServerKit.User}:{_record.Password}@127.0.0.1:{Port}");
    }

    private bool PortsAreFree() => FreePort.IsFree(Port) && _record.InnerPorts.All(FreePort.IsFree);

    private async Task WaitAsync(CancellationToken token)
    {
        var waited = Stopwatch.StartNew();
        while (await ServerProbe.ObstacleAsync(Role, ServerProbeConnection, token) is { } obstacle)
        {
            var ended = _machine is not null && !await _machine.RunsAsync(_record, token);
            if (ended || waited.Elapsed > Patience)
                throw new ServersException($"{Title} {(ended ? "ended while starting" : $"did not answer within {Patience.TotalSeconds:0} s")}: {obstacle}{await LogAsync(token)}");
            await Task.Delay(Poll, token);
        }
    }

    private async Task<string> LogAsync(CancellationToken token) =>
        _machine is null ? "" : $"\n{await _machine.LogAsync(_record, token)}";
}
