using Platform.Simulator;
using Shouldly;
using Xunit;

namespace Platform.Tests.Simulator;

/// <summary>The vendors' own clients decide whether the simulator is faithful: each runs its script of checks in Node.</summary>
public sealed class OfficialClientTests
{
    [Theory]
    [InlineData("cerebras.mjs", "")]
    [InlineData("openai.mjs", "openai/v1")]
    [InlineData("anthropic.mjs", "")]
    public async Task Client_UnaryStreamToolsAndErrors_AllPass(string file, string path)
    {
        var folder = NodeScripts.Folder("@anthropic-ai/sdk");
        await using var server = await SimulatorServer.StartAsync(new() { TokensPerSecond = 0, Script = FaultsByPrompt() }, TestContext.Current.CancellationToken);

        var (exit, output) = await NodeScripts.RunAsync(folder, file, new Uri(server.Address, path).ToString().TrimEnd('/'), TestContext.Current.CancellationToken);

        exit.ShouldBe(0, output);
        output.ShouldContain("0 failed");
        output.Split('\n').Count(line => line.StartsWith("ok ", StringComparison.Ordinal)).ShouldBeGreaterThan(6);
    }

    /// <summary>A prompt <c>play NAME</c> plays that fault; two more prompts fail once and then recover.</summary>
    private static SimulatorScript FaultsByPrompt()
    {
        var rules = SimulatorOptions.FaultNames.Select(name => $"  - {{ name: '{name}', match: '^play {name}$', answers: [{{ text: 'Größe 日本語, a text long enough for a few events of a stream', fault: '{name}' }}] }}");
        return SimulatorScript.Parse($"""
            rules:
            {string.Join('\n', rules)}
              - match: flaky once
                answers: [fault: '503', recovered]
              - match: queue once
                answers: [fault: 429-queue, too late]
            """);
    }
}
