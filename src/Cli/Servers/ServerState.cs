using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.Cli.Servers;

/// <summary>Real servers cannot be had, or one of them failed; the message says what to do.</summary>
internal sealed class ServersException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The two kinds of server.</summary>
internal static class ServerRoles
{
    /// <summary>The database.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary>The broker.</summary>
    public const string RabbitMq = "rabbitmq";
}

/// <summary>Where a server comes from.</summary>
internal static class ServerKinds
{
    /// <summary>A connection string in the environment; never started, stopped or killed here.</summary>
    public const string Given = "given";

    /// <summary>A container.</summary>
    public const string Docker = "docker";

    /// <summary>A Debian file system of our own.</summary>
    public const string Debian = "debian";
}

/// <summary>One server as the state file remembers it.</summary>
internal sealed class ServerRecord
{
    /// <summary>One of <see cref="ServerRoles"/>.</summary>
    public required string Role { get; init; }

    /// <summary>One of <see cref="ServerKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>What modules connect with.</summary>
    public string Connection { get; set; } = "";

    /// <summary>Password of the user <c>platform</c>; made once, so that the data stays reachable.</summary>
    public string Password { get; init; } = "";

    /// <summary>Port on 127.0.0.1.</summary>
    public int Port { get; set; }

    /// <summary>Further ports of the broker: Erlang distribution and its port mapper.</summary>
    public int[] InnerPorts { get; set; } = [];

    /// <summary>Process id, 0 when it has none here.</summary>
    public int Pid { get; set; }

    /// <summary>Start time of that process in clock ticks since boot: tells it from a later one with the same id.</summary>
    public long PidStart { get; set; }

    /// <summary>Name of the container, if it is one.</summary>
    public string? Container { get; init; }

    /// <summary>Gives it ports that are free now.</summary>
    public void TakePorts()
    {
        var ports = FreePort.Take(Role == ServerRoles.RabbitMq ? 3 : 1);
        (Port, InnerPorts) = (ports[0], ports[1..]);
    }
}

/// <summary>The state file of a folder: which servers it has and how to reach them.</summary>
internal sealed class ServerState
{
    private const string FileName = "state.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>The servers.</summary>
    public List<ServerRecord> Servers { get; init; } = [];

    /// <summary>Reads the file; null when there is none or an interrupted write left it unreadable.</summary>
    public static ServerState? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ServerState>(File.ReadAllText(Path.Combine(folder, FileName)), Json);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file whole or not at all; only its owner may read it, since it holds passwords.</summary>
    public void Write(string folder)
    {
        var target = Path.Combine(folder, FileName);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        lock (Servers)
        {
            using (var file = new FileStream($"{target}.new", options))
                JsonSerializer.Serialize(file, this, Json);
            File.Move($"{target}.new", target, overwrite: true);
        }
    }

    /// <summary>Forgets the servers.</summary>
    public static void Delete(string folder) => File.Delete(Path.Combine(folder, FileName));

    /// <summary>Adds a server that was never started.</summary>
    public ServerRecord Add(string role, IServerMachine machine)
    {
        var record = new ServerRecord
        {
            Role = role,
            Kind = machine.Kind,
            Container = machine.ContainerName(role),
            Password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
        };
        Servers.Add(record);
        return record;
    }

    /// <summary>The server of a role, if there is one.</summary>
    public ServerRecord? Find(string role) => Servers.Find(server => server.Role == role);
}
