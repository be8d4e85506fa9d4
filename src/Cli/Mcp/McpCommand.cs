using System.CommandLine;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Platform.Cli.Mcp;

/// <summary><c>platform mcp</c>: a Model Context Protocol server on standard input and output, for editors and agents.</summary>
internal static class McpCommand
{
    private const string Instructions =
        "Search the pattern memory before writing code that may exist already. Validate what you wrote. What a tool calls unchecked was not checked; what it calls simulated did not come from a real engine.";

    public static Command Create() =>
        CommandRun.Bind(new Command("mcp", "Speaks MCP on standard input and output: search, validate, fix, check posts, generate."), RunAsync);

    private static async Task<int> RunAsync(CommandRun run, CancellationToken token)
    {
        var options = new McpServerOptions
        {
            ServerInfo = new Implementation { Name = "platform", Version = "1.0.0" },
            ServerInstructions = Instructions,
            ToolCollection = new EditorTools(run).All(),
        };
        await using var server = McpServer.Create(new StdioServerTransport("platform"), options);
        await server.RunAsync(token);
        return ExitCodes.Success;
    }
}
