using Platform.Simulator;
using Platform.Tests.Simulator;

namespace Platform.Tests.Cli;

/// <summary><c>platform mcp</c> as an editor meets it: the official client package decides.</summary>
public sealed class McpCommandSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OfficialClient_ListsAndCallsEveryTool()
    {
        var folder = NodeScripts.Folder("@modelcontextprotocol/sdk");
        using var home = new PlatformHome();
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 0 }, Token);
        var environment = new Dictionary<string, string>
        {
            ["PLATFORM_HOME"] = home.Data,
            ["Engines__Cerebras__BaseUrl"] = engine.Address.ToString(),
            ["Engines__Cerebras__ApiKey"] = "simulated",
            ["Engines__Cerebras__Simulated"] = "true",
        };

        var (exit, output) = await NodeScripts.RunAsync(folder, "mcp-client.mjs", ["dotnet", Path.Combine(AppContext.BaseDirectory, "platform.dll"), "mcp"], environment, Token);

        exit.ShouldBe(0, output);
        output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBe(6, output);
    }
}
