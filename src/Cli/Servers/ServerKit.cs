namespace Platform.Cli.Servers;

/// <summary>Where the servers live and what they start with.</summary>
internal sealed record ServerKitOptions
{
    /// <summary>Folder of the state file, the data and the logs. Two kits never share one.</summary>
    public string Folder { get; init; } = DefaultFolder;

    /// <summary>Folder of the programs, shared by all kits of this user.</summary>
    public string Cache { get; init; } = Path.Combine(CacheHome, "programs");

    /// <summary>Variable in which the environment gives the connection string of a role.</summary>
    public static string GivenVariable(string role) => role == ServerRoles.PostgreSql ? "ConnectionStrings__platform" : "ConnectionStrings__messaging";

    /// <summary>Whether connection strings in the environment (<c>ConnectionStrings__platform</c>, <c>ConnectionStrings__messaging</c>) win.</summary>
    public bool UseGiven { get; init; } = true;

    /// <summary>PostgreSQL settings over its defaults, for example <c>synchronous_commit</c> to <c>off</c>. They hold from the next start on.</summary>
    public IReadOnlyDictionary<string, string> PostgreSqlSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Variable that names the folder for a process and its children.</summary>
    public const string FolderVariable = "PLATFORM_SERVERS";

    /// <summary>What PLATFORM_SERVERS says, else <c>servers</c> under PLATFORM_HOME when that is set, else a folder in the user's cache.</summary>
    public static string DefaultFolder =>
        Variable(FolderVariable) ?? (Variable("PLATFORM_HOME") is { } home ? Path.Combine(home, "servers") : Path.Combine(CacheHome, "default"));

    private static string CacheHome =>
        Path.Combine(Variable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "platform", "servers");

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>
/// A real PostgreSQL 17 with pgvector and a real RabbitMQ 4: given by the environment, or in Docker, or out of a Debian file
/// system of its own. They outlive the process that started them until <see cref="StopAsync"/>.
/// </summary>
internal sealed class ServerKit
{
    /// <summary>Name of the user on both servers, and of the first database.</summary>
    public const string User = "platform";

    /// <summary>What a test that must be skipped says.</summary>
    public const string Needed = "needs root or Docker: ./platform servers start";

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(200);

    private readonly string _folder;
    private readonly IServerMachine? _machine;

    private ServerKit(string folder, IServerMachine? machine, Server postgreSql, Server rabbitMq)
    {
        _folder = folder;
        _machine = machine;
        PostgreSql = postgreSql;
        RabbitMq = rabbitMq;
    }

    /// <summary>The database server; its connection string names the database <c>platform</c>.</summary>
    public Server PostgreSql { get; }

    /// <summary>The broker; its connection string is an <c>amqp</c> address.</summary>
    public Server RabbitMq { get; }

    /// <summary>Both.</summary>
    public IReadOnlyList<Server> Servers => [PostgreSql, RabbitMq];

    /// <summary>Starts what does not run yet and waits until both answer. Called twice, it finds the servers of the first call.</summary>
    /// <exception cref="ServersException">There is no way to run them here, or one did not start; says what to do.</exception>
    public static async Task<ServerKit> StartAsync(ServerKitOptions options, IProgress<string>? progress, CancellationToken token)
    {
        progress ??= new Progress<string>();
        var folder = Path.GetFullPath(options.Folder);
        CreatePrivate(folder);
        await using var held = await LockAsync(folder, progress, token);
        var kit = await OpenAsync(options with { Folder = folder }, token);
        if (kit._machine is not null)
            await kit._machine.PrepareAsync(progress, token);
        try
        {
            await Task.WhenAll(kit.Servers.Select(server => server.StartAsync(progress, token)));
            if (kit.PostgreSql.Kind != ServerKinds.Given)
                await kit.CreateDatabaseAsync(User, token);
            return kit;
        }
        catch (Exception)
        {
            // What did start must not be left behind by a start that failed.
            await Task.WhenAll(kit.Servers.Where(server => server.StartedHere).Select(server => server.StopAsync(CancellationToken.None)));
            throw;
        }
    }

    /// <summary>Variable in which the environment gives the connection string of a role.</summary>
    public static string GivenVariable(string role) => role == ServerRoles.PostgreSql ? "ConnectionStrings__platform" : "ConnectionStrings__messaging";

    /// <summary>Whether connection strings in the environment name both servers.</summary>
    public static bool AreGiven => Given(ServerRoles.PostgreSql) is not null && Given(ServerRoles.RabbitMq) is not null;

    /// <summary>The servers of a folder as they are now; null when none was ever started there and none is given.</summary>
    public static async Task<ServerKit?> FindAsync(ServerKitOptions options, CancellationToken token)
    {
        var folder = Path.GetFullPath(options.Folder);
        var known = ServerState.Read(folder) is { Servers.Count: > 0 };
        var given = options.UseGiven && (Given(ServerRoles.PostgreSql) ?? Given(ServerRoles.RabbitMq)) is not null;
        return known || given ? await OpenAsync(options with { Folder = folder }, token) : null;
    }

    /// <summary>Creates a database with the vector type, unless it is there, and gives its connection string.</summary>
    public Task<string> CreateDatabaseAsync(string name, CancellationToken token) =>
        ServerProbe.CreateDatabaseAsync(PostgreSql.ServerConnection, name, token);

    /// <summary>Deletes a database.</summary>
    public Task DropDatabaseAsync(string name, CancellationToken token) => ServerProbe.DropDatabaseAsync(PostgreSql.ServerConnection, name, token);

    /// <summary>Creates a virtual host on the broker and gives its address; a given broker's own address comes back unchanged.</summary>
    public Task<string> CreateVirtualHostAsync(string name, CancellationToken token) => RabbitMq.CreateVirtualHostAsync(name, token);

    /// <summary>Stops both in order; given ones are left alone. The data stays for the next start unless it is to be deleted too.</summary>
    public async Task StopAsync(bool deleteData, CancellationToken token)
    {
        await using var held = await LockAsync(_folder, new Progress<string>(), token);
        await Task.WhenAll(Servers.Select(server => server.StopAsync(token)));
        if (!deleteData)
            return;
        await Task.WhenAll(Servers.Select(server => server.DeleteDataAsync(token)));
        ServerState.Delete(_folder);
    }

    /// <summary>Creates a folder that only its owner may enter: data and passwords are in it.</summary>
    private static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Start and stop are done by one process at a time; others wait.</summary>
    private static async Task<FileStream> LockAsync(string folder, IProgress<string> progress, CancellationToken token)
    {
        for (var said = false; ; said = true)
        {
            try
            {
                return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                if (!said)
                    progress.Report($"Waiting for another process that starts or stops the servers of {folder}");
                await Task.Delay(LockPause, token);
            }
        }
    }

    private static Server? Given(string role) =>
        Environment.GetEnvironmentVariable(GivenVariable(role)) is { Length: > 0 } connection
            ? Server.Given(role, connection)
            : null;

    private static async Task<ServerKit> OpenAsync(ServerKitOptions options, CancellationToken token)
    {
        var postgreSql = options.UseGiven ? Given(ServerRoles.PostgreSql) : null;
        var rabbitMq = options.UseGiven ? Given(ServerRoles.RabbitMq) : null;
        if (postgreSql is not null && rabbitMq is not null)
            return new ServerKit(options.Folder, null, postgreSql, rabbitMq);
        var state = ServerState.Read(options.Folder) ?? new ServerState();
        var machine = await ServerMachines.ChooseAsync(options, state, token);
        return new ServerKit(options.Folder, machine, postgreSql ?? Own(ServerRoles.PostgreSql), rabbitMq ?? Own(ServerRoles.RabbitMq));

        Server Own(string role) => new(machine, state.Find(role) ?? state.Add(role, machine), () => state.Write(options.Folder));
    }
}
