using System.Text;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace Platform.Inference;

/// <summary>
/// The operator's MCP servers: each is one child process of this worker, started when the first job needs it and shared by the
/// jobs after it. A server that does not start, or dies, costs its tools, never a job; the next job starts it again.
/// </summary>
internal sealed partial class McpConnections(InferenceOptions options, ILogger<McpConnections> log) : IAsyncDisposable
{
    private static readonly TimeSpan PingLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);
    private static readonly string[] Inherited = ["PATH", "HOME", "LANG", "TMPDIR", "SystemRoot"];

    private readonly SemaphoreSlim gate = new(1);
    private readonly Dictionary<string, McpClient> clients = [];
    private Dictionary<string, McpClientTool>? tools;

    /// <summary>Their tools under names that no two share: server and tool, in the letters that engines accept.</summary>
    public async Task<IReadOnlyDictionary<string, McpClientTool>> ToolsAsync(CancellationToken token)
    {
        if (options.McpServers.Count == 0)
            return new Dictionary<string, McpClientTool>();
        await gate.WaitAsync(token);
        try
        {
            return tools ??= await ConnectAsync(token);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>After a failed call of one of their tools: a server that does not answer any more is let go, so that the next job starts it again.</summary>
    public async Task LookAfterAsync(string tool, CancellationToken token)
    {
        await gate.WaitAsync(token);
        try
        {
            if (options.McpServers.Keys.FirstOrDefault(name => tool.StartsWith(ToolName(name, ""), StringComparison.Ordinal)) is not { } name
                || !clients.TryGetValue(name, out var client) || await AnswersAsync(client, token))
                return;
            LogDied(name);
            clients.Remove(name);
            tools = null;
            await client.DisposeAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values)
            await client.DisposeAsync();
        gate.Dispose();
    }

    private async Task<Dictionary<string, McpClientTool>> ConnectAsync(CancellationToken token)
    {
        var found = new Dictionary<string, McpClientTool>(StringComparer.Ordinal);
        foreach (var (name, server) in options.McpServers)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
            limit.CancelAfter(StartLimit);
            try
            {
                if (!clients.TryGetValue(name, out var client))
                    clients[name] = client = await McpClient.CreateAsync(Transport(name, server), cancellationToken: limit.Token);
                foreach (var tool in await client.ListToolsAsync(cancellationToken: limit.Token))
                {
                    if (server.Tools.Count == 0 || server.Tools.Contains(tool.Name))
                        found[ToolName(name, tool.Name)] = tool.WithName(ToolName(name, tool.Name));
                }
            }
            catch (Exception failure) when (!token.IsCancellationRequested)
            {
                LogNotStarted(name, server.Command, failure.Message);
            }
        }

        return found;
    }

    private static async Task<bool> AnswersAsync(McpClient client, CancellationToken token)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(PingLimit);
        try
        {
            await client.PingAsync(cancellationToken: limit.Token);
            return true;
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            return false;
        }
    }

    private static StdioClientTransport Transport(string name, StdioServerOptions server)
    {
        var environment = Inherited.Select(key => (key, Value: Environment.GetEnvironmentVariable(key))).Where(pair => pair.Value is not null).ToDictionary(pair => pair.key, pair => pair.Value);
        foreach (var (key, value) in server.Environment)
            environment[key] = value;
        return new StdioClientTransport(new StdioClientTransportOptions
        {
            Name = name,
            Command = server.Command,
            Arguments = server.Arguments,
            InheritEnvironmentVariables = false,
            EnvironmentVariables = environment,
        });
    }

    private static string ToolName(string server, string tool)
    {
        var name = new StringBuilder();
        foreach (var letter in $"{server}_{tool}".Take(64))
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '_');
        return name.ToString();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The MCP server '{Name}' does not answer any more; the next job starts it again.")]
    private partial void LogDied(string name);

    [LoggerMessage(Level = LogLevel.Error, Message = "The MCP server '{Name}' ({Command}) could not be started: {Reason} Its tools are missing.")]
    private partial void LogNotStarted(string name, string command, string reason);
}
