using Platform.Simulator;
using Platform.Tests.Simulator;

namespace Platform.Tests.Host;

/// <summary>gRPC for Node, which shares no code with this system, decides whether the doors speak gRPC: unary, streams, errors, health, reflection.</summary>
public sealed class ForeignClientSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NodeClient_UnaryStreamsAndErrors_AllPass()
    {
        var folder = NodeScripts.Folder("@grpc/grpc-js");
        await using var engine = await SimulatorServer.StartAsync(new() { TokensPerSecond = 0 }, Token);
        await using var host = await TestHost.StartAsync(settings: Settings(engine));

        var (exit, output) = await NodeScripts.RunAsync(folder, "grpc-client.mjs", host.Doors.Grpc.Authority, Token);

        exit.ShouldBe(0, output);
        output.ShouldContain("0 failed");
        output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBeGreaterThan(10);
    }

    private static Dictionary<string, string?> Settings(SimulatorServer engine)
    {
        var settings = new Dictionary<string, string?> { ["Patterns:WithheldShare"] = "0" };
        foreach (var name in new[] { "Cerebras", "Claude" })
        {
            settings[$"Engines:{name}:BaseUrl"] = engine.Address.ToString();
            settings[$"Engines:{name}:ApiKey"] = "simulated";
            settings[$"Engines:{name}:Simulated"] = "true";
        }

        return settings;
    }
}
