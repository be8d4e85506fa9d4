using Npgsql;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Simulator;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Real processes, real database, real broker, and something dies in the middle: none lost, none doubled, learned and counted once.</summary>
public sealed class DistributedChaosSpec(RealServers servers)
{
    private const int Jobs = 60;

    /// <summary>Slow enough that more than fifty jobs are in flight when something dies.</summary>
    private static readonly SimulatorOptions Slow = new() { TimeToFirstToken = TimeSpan.FromSeconds(3), TokensPerSecond = 400 };

    private static readonly Dictionary<string, string?> Wide = new() { ["Inference:BatchJobs"] = "64", ["Inference:InteractiveJobs"] = "64" };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task KillOfAWorker_LosesAndDoublesNothing()
    {
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, Slow, 2, Token, Wide);
        var batch = await Work.SubmitAsync(system, Jobs, Token);
        await Work.WaitForRunningAsync(system, batch, 50, Token);

        await system.Cluster!.Of(ModuleNames.Inference)[0].KillAsync();

        await Work.ShouldBeWholeAsync(system, await Work.WaitForEndAsync(system, batch, Token), Token);
    }

    [Fact(Timeout = 300_000)]
    public async Task FrozenWorker_WhoseLeaseRanOut_IsRefusedWhenItComesBack()
    {
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, Slow, 2, Token, Wide);
        var batch = await Work.SubmitAsync(system, Jobs, Token);
        await Work.WaitForRunningAsync(system, batch, 50, Token);
        var frozen = system.Cluster!.Of(ModuleNames.Inference)[0];

        frozen.Freeze();
        var whole = await Work.WaitForEndAsync(system, batch, Token);
        await Task.Delay(TimeSpan.FromSeconds(8), Token);
        frozen.Thaw();

        await Work.ShouldBeWholeAsync(system, whole, Token);
        var listed = await system.Jobs.ListJobsAsync(new ListJobsRequest { BatchId = batch, PageSize = 500 }, cancellationToken: Token);
        listed.Jobs.Count(job => job.Fence > 1).ShouldBeGreaterThan(0, "no lease ran out, so nothing was shown");
    }

    [Fact(Timeout = 300_000)]
    public async Task KillOfTheRouter_BetweenCommitAndPublish_LosesNothing()
    {
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, Slow, 1, Token, Wide);
        var router = system.Cluster!.Of(ModuleNames.Router)[0];
        var batch = await Work.SubmitAsync(system, Jobs, Token);
        await Work.WaitForRunningAsync(system, batch, 50, Token);

        // Without a broker nothing can be published: the job is committed and its ticket is not sent when the router dies.
        Assert.SkipWhen(servers.Kit.RabbitMq.Kind == ServerKinds.Given, "the broker is not ours to kill");
        await servers.Kit.RabbitMq.KillAsync(Token);
        var submitted = system.Jobs.SubmitAsync(new GenerateRequest { Task = "Write a C# class Last with a method that returns 1.", Language = "csharp", IdempotencyKey = "last" }, cancellationToken: Token);
        await Work.EventuallyAsync(() => IsStoredAsync(router), Token);
        await router.KillAsync();
        await Should.ThrowAsync<Grpc.Core.RpcException>(async () => await submitted);
        await servers.Kit.RabbitMq.StartAsync(null, Token);
        router.Restart();
        await router.WaitUntilReadyAsync(Token);

        var whole = await Work.WaitForEndAsync(system, batch, Token);
        whole.Succeeded.ShouldBe(Jobs, system.Logs());
        var last = await system.Jobs.SubmitAsync(new GenerateRequest { Task = "Write a C# class Last with a method that returns 1.", Language = "csharp", IdempotencyKey = "last" }, cancellationToken: Token);
        await Work.EventuallyAsync(async () => JobStates.IsClosed((await system.Jobs.GetJobAsync(new GetJobRequest { JobId = last.Id }, cancellationToken: Token)).State), Token);
        (await system.Jobs.GetJobAsync(new GetJobRequest { JobId = last.Id }, cancellationToken: Token)).State.ShouldBe(JobStates.Succeeded, system.Logs());
    }

    [Fact(Timeout = 300_000)]
    public async Task RestartOfTheBroker_LosesAndDoublesNothing()
    {
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, Slow, 2, Token, Wide);
        var batch = await Work.SubmitAsync(system, Jobs, Token);
        await Work.WaitForRunningAsync(system, batch, 50, Token);

        await servers.Kit.RabbitMq.RestartAsync(Token);

        await Work.ShouldBeWholeAsync(system, await Work.WaitForEndAsync(system, batch, Token), Token);
    }

    /// <summary>Looks into the ledger itself: the router is about to be killed and cannot be asked.</summary>
    private static async Task<bool> IsStoredAsync(Platform.Cli.Cluster.HostProcess router)
    {
        await using var connection = new NpgsqlConnection(router.Setting("ConnectionStrings__platform"));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("select count(*) from router.idempotency where key = 'last'", connection);
        return (long)(await command.ExecuteScalarAsync(Token))! == 1;
    }
}
