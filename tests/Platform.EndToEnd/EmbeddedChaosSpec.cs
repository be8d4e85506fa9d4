using Platform.Simulator;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>One process is killed in the middle of its work and started again: the same promises hold.</summary>
public sealed class EmbeddedChaosSpec
{
    private const int Jobs = 60;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 180_000)]
    public async Task KillOfTheProcess_LosesAndDoublesNothing()
    {
        await using var system = await SystemUnderTest.StartEmbeddedAsync(new SimulatorOptions { TimeToFirstToken = TimeSpan.FromSeconds(1), TokensPerSecond = 400 }, Token);
        var batch = await Work.SubmitAsync(system, Jobs, Token);
        await Work.WaitForRunningAsync(system, batch, 4, Token);

        await system.Single!.KillAsync();
        system.Single.Restart();
        await system.Single.WaitUntilReadyAsync(Token);

        await Work.ShouldBeWholeAsync(system, await Work.WaitForEndAsync(system, batch, Token), Token);
    }
}
