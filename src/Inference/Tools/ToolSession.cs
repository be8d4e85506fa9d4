using System.Diagnostics;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// The tools of one job: the built-in ones over an in-memory MCP connection, and those of the operator's servers. Every call has a
/// time limit and a size limit; what fails is said to the engine, which can do without.
/// </summary>
internal sealed class ToolSession : IAsyncDisposable
{
    private const int ShownCharacters = 400;

    private readonly JobRun run;
    private readonly McpConnections servers;
    private readonly ToolOptions limits;
    private readonly TimeProvider time;
    private readonly Dictionary<string, McpClientTool> tools = new(StringComparer.Ordinal);
    private readonly HashSet<string> foreign = new(StringComparer.Ordinal);
    private readonly McpServer server;
    private readonly Task serving;
    private readonly CancellationTokenSource closing = new();
    private McpClient? client;
    private readonly Lock gate = new();
    private int begun;

    private ToolSession(JobRun run, McpConnections servers, ToolOptions limits, TimeProvider time, McpServer server)
    {
        (this.run, this.servers, this.limits, this.time, this.server) = (run, servers, limits, time, server);
        begun = run.Tools.Count;
        serving = server.RunAsync(closing.Token);
    }

    /// <summary>What the engine may call.</summary>
    public IList<AITool> Tools => [.. tools.Values];

    /// <summary>Whether the job used up its calls or characters.</summary>
    public bool IsUsedUp => begun >= limits.MaxCalls || run.ToolCharacters >= limits.MaxTotalCharacters;

    /// <summary>Connects the tools of a job.</summary>
    public static async Task<ToolSession> OpenAsync(
        JobRun run, BuiltInTools builtIn, McpConnections servers, ToolOptions limits, TimeProvider time, ILoggerFactory logs, CancellationToken token)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var collection = new McpServerPrimitiveCollection<McpServerTool>();
        foreach (var tool in builtIn.All())
            collection.Add(tool);
        var server = McpServer.Create(
            new StreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream()),
            new McpServerOptions { ServerInfo = new Implementation { Name = "platform", Version = "1" }, ToolCollection = collection });
        var session = new ToolSession(run, servers, limits, time, server);
        try
        {
            session.client = await McpClient.CreateAsync(new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()), cancellationToken: token);
            foreach (var tool in await session.client.ListToolsAsync(cancellationToken: token))
                session.tools[tool.Name] = tool;
            foreach (var (name, tool) in await servers.ToolsAsync(token))
            {
                if (session.tools.TryAdd(name, tool))
                    session.foreign.Add(name);
            }

            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls the tools that an engine asked for, side by side, and gives their results in order.</summary>
    public async Task<IReadOnlyList<FunctionResultContent>> CallAsync(IReadOnlyList<FunctionCallContent> asked, CancellationToken token) =>
        await Task.WhenAll(asked.Select(call => CallAsync(call, token)));

    public async ValueTask DisposeAsync()
    {
        // Closing the connection is what stops a tool that is still running: cancelling a call does not reach it.
        if (client is not null)
            await client.DisposeAsync();
        await closing.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
        closing.Dispose();
    }

    private async Task<FunctionResultContent> CallAsync(FunctionCallContent asked, CancellationToken token)
    {
        using var activity = InferenceTelemetry.Source.StartActivity($"execute_tool {asked.Name}", ActivityKind.Internal);
        activity?.SetTag("gen_ai.operation.name", "execute_tool").SetTag("gen_ai.tool.name", asked.Name).SetTag("gen_ai.tool.call.id", asked.CallId);
        var start = time.GetTimestamp();
        var (text, failed) = await RunAsync(asked, token);
        var used = new ToolCall
        {
            Name = asked.Name,
            Arguments = Shorten(JsonSerializer.Serialize(asked.Arguments, AIJsonUtilities.DefaultOptions)),
            Result = Shorten(text),
            Failed = failed,
            Ms = time.GetElapsedTime(start).TotalMilliseconds,
        };
        lock (gate)
        {
            run.ToolCharacters += text.Length;
            run.Tools.Add(used);
        }

        run.Progress.Say(said => said.ToolCall = used);
        if (failed)
            activity?.SetStatus(ActivityStatusCode.Error);
        return new FunctionResultContent(asked.CallId, Marked(asked.Name, text));
    }

    private async Task<(string Text, bool Failed)> RunAsync(FunctionCallContent asked, CancellationToken token)
    {
        if (asked.Exception is not null)
            return ($"error: the arguments of {asked.Name} are no JSON object.", true);
        if (!tools.TryGetValue(asked.Name, out var tool))
            return ($"error: there is no tool '{asked.Name}'. The tools are {string.Join(", ", tools.Keys)}.", true);
        if (Interlocked.Increment(ref begun) > limits.MaxCalls || run.ToolCharacters >= limits.MaxTotalCharacters)
            return ("error: no tool calls are left for this job. Give the final answer now.", true);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(limits.Seconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, limit.Token);
        try
        {
            var result = await tool.CallAsync(asked.Arguments?.ToDictionary(), cancellationToken: either.Token);
            return (Cut(Text(result)), result.IsError == true);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return ($"error: {asked.Name} took longer than {limits.Seconds:0.#} s.", true);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            await servers.LookAfterAsync(asked.Name, token);
            return ($"error: {asked.Name} failed: {failure.Message}", true);
        }
    }

    /// <summary>What a tool says is data, whoever runs it. Only our own tools may bring blocks with an origin of their own: an operator's could forge them.</summary>
    private string Marked(string tool, string text) => !foreign.Contains(tool) && DataBlock.Begins(text) ? text : DataBlock.Of($"tool:{tool}", text);

    private static string Text(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private string Cut(string text) => text.Length <= limits.MaxResultCharacters
        ? text
        : $"{text[..limits.MaxResultCharacters]}\n(cut: {text.Length - limits.MaxResultCharacters:N0} more characters; ask for a smaller part)";

    private static string Shorten(string text) => text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "...";
}
