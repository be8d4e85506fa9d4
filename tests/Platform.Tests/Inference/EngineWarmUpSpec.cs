using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Inference;
using Platform.Simulator;

namespace Platform.Tests.Inference;

/// <summary>What is done and said before the first job.</summary>
public sealed class EngineWarmUpSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Start_WarmsTheConnection_AndSaysNothingWhenAllIsRight()
    {
        await using var bench = await AskingBench.StartAsync();

        (await WarnedAsync(bench)).ShouldBeEmpty();

        bench.Simulator.WarmUps.ShouldBe(1);
    }

    [Fact]
    public async Task Start_WithAModelThatIsNotThere_NamesIt()
    {
        await using var bench = await AskingBench.StartAsync(new SimulatorOptions { TokensPerSecond = 0, Models = ["gpt-oss-120b"] }, settings: new() { ["Engines:Cerebras:Models:Quality"] = "gone-by-now" });

        (await WarnedAsync(bench)).ShouldHaveSingleItem().ShouldContain("does not list the configured model 'gone-by-now'");
    }

    [Fact]
    public async Task Start_WithALargerContextThanTheCatalogueSays_SaysSo()
    {
        await using var bench = await AskingBench.StartAsync(settings: new() { ["Engines:Cerebras:ContextTokens"] = "9000000" });

        (await WarnedAsync(bench)).ShouldContain(line => line.Contains("public catalogue differs") && line.Contains("ContextTokens is 9,000,000"));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"data": {}}""")]
    [InlineData("""{"data": [1, {"id": 2}, {"id": "gpt-oss-120b", "limits": {"max_context_length": "many"}}]}""")]
    public async Task Catalogue_ThatIsNone_IsNoDifference(string list)
    {
        await using var bench = await AskingBench.StartAsync();
        var entry = bench.Run(null, true, "Cerebras").Chain[0].Entry;
        try
        {
            PublicCatalogue.Differences(entry, list).ShouldBeEmpty();
        }
        catch (System.Text.Json.JsonException failure)
        {
            failure.Message.ShouldContain("data");
        }
    }

    private static async Task<IReadOnlyCollection<string>> WarnedAsync(AskingBench bench)
    {
        var log = new Lines();
        using var warmUp = new EngineWarmUp(bench.Pool, new InferenceOptions { WarmUp = true }, log);
        await warmUp.StartAsync(Token);
        await warmUp.ExecuteTask!.WaitAsync(Limits.Patience, Token);
        return log.Warnings;
    }

    private sealed class Lines : ILogger<EngineWarmUp>
    {
        public ConcurrentQueue<string> Warnings { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
                Warnings.Enqueue(formatter(state, exception));
        }
    }
}
