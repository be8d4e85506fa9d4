using System.CommandLine;

namespace Platform.Cli.Servers;

/// <summary><c>platform servers start|stop|status</c>.</summary>
internal static class ServersCommand
{
    private static readonly Option<bool> Delete = new("--delete") { Description = "Delete their data too." };

    /// <summary>The command, to be added to the root.</summary>
    public static Command Create() => new(
        "servers", "Real PostgreSQL 17 with pgvector and RabbitMQ 4 on this machine: in Docker if it answers, else (as root on Debian or Ubuntu) out of a folder of their own.")
    {
        CommandRun.Bind(new Command("start", "Starts them, or finds them running, and says how to reach them."), StartAsync),
        CommandRun.Bind(new Command("stop", "Stops what 'start' started; the data stays for the next start.") { Delete }, StopAsync),
        CommandRun.Bind(new Command("status", "Says whether they run, and how to reach them."), StatusAsync),
    };

    private static async Task<int> StartAsync(CommandRun run, CancellationToken token)
    {
        var kit = await ServerKit.StartAsync(new ServerKitOptions(), new ProgressLines(run), token);
        return Show(run, await DescribeAsync(kit, token));
    }

    private static async Task<int> StopAsync(CommandRun run, CancellationToken token)
    {
        var kit = await ServerKit.FindAsync(new ServerKitOptions { UseGiven = false }, token);
        if (kit is not null)
            await kit.StopAsync(run.Get(Delete), token);
        return Show(run, ServersDocument.None);
    }

    private static async Task<int> StatusAsync(CommandRun run, CancellationToken token)
    {
        var kit = await ServerKit.FindAsync(new ServerKitOptions(), token);
        return Show(run, kit is null ? ServersDocument.None : await DescribeAsync(kit, token));
    }

    private static async Task<ServersDocument> DescribeAsync(ServerKit kit, CancellationToken token)
    {
        var servers = new List<ServerDocument>();
        foreach (var server in kit.Servers)
            servers.Add(new ServerDocument(server.Role, server.Kind, await server.RunsAsync(token), server.Port, server.Pid));
        var running = servers.TrueForAll(server => server.Running);
        var kind = servers.Select(server => server.Kind).Distinct().Count() == 1 ? servers[0].Kind : "mixed";
        return new ServersDocument(running, kind, running ? kit.PostgreSql.Connection : null, running ? kit.RabbitMq.Connection : null, servers);
    }

    private static int Show(CommandRun run, ServersDocument document)
    {
        if (run.Json)
        {
            CommandRun.Print(document);
            return ExitCodes.Success;
        }

        foreach (var server in document.Servers)
            Console.Out.WriteLine($"{server.Role,-11} {(server.Running ? "running" : "stopped")} ({server.Kind}){(server.Port > 0 ? $" on 127.0.0.1:{server.Port}" : "")}");
        Console.Out.WriteLine(document.Running
            ? $"export ConnectionStrings__platform='{document.Platform}'\nexport ConnectionStrings__messaging='{document.Messaging}'"
            : "Not running. Start them with: platform servers start");
        return ExitCodes.Success;
    }
}

/// <summary>What <c>--json</c> prints.</summary>
/// <param name="Running">Whether both answer.</param>
/// <param name="Kind">"given", "docker", "debian" or "mixed"; null when there are none.</param>
/// <param name="Platform">Connection string of the database, when both run.</param>
/// <param name="Messaging">Address of the broker, when both run.</param>
/// <param name="Servers">Each server.</param>
internal sealed record ServersDocument(bool Running, string? Kind, string? Platform, string? Messaging, IReadOnlyList<ServerDocument> Servers)
{
    /// <summary>Nothing runs.</summary>
    public static readonly ServersDocument None = new(false, null, null, null, []);
}

/// <summary>One server in <see cref="ServersDocument"/>.</summary>
/// <param name="Role">"postgresql" or "rabbitmq".</param>
/// <param name="Kind">"given", "docker" or "debian".</param>
/// <param name="Running">Whether it answers.</param>
/// <param name="Port">Port on 127.0.0.1; 0 for a given server.</param>
/// <param name="Pid">Process id; 0 when it has none here.</param>
internal sealed record ServerDocument(string Role, string Kind, bool Running, int Port, int Pid);

/// <summary>Says messages as they come and in order, on standard error.</summary>
internal sealed class ProgressLines(CommandRun run) : IProgress<string>
{
    /// <inheritdoc />
    public void Report(string value)
    {
        lock (run)
            run.Say(value);
    }
}
