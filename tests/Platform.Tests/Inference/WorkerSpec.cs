using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Inference;
using Platform.Simulator;
using Platform.Simulator.Scripts;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Inference;

/// <summary>A worker from ticket to report: claims, heartbeats, progress, cancellation, lost leases, shutdown.</summary>
public sealed class WorkerSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task ContentJob_IsReportedWithEverythingThatWasCounted()
    {
        await using var worker = await WorkerProcess.StartAsync();
        var request = Jobs.Content();
        request.System = "You are the voice of a bakery.";

        var report = await worker.RunAsync(request);

        report.State.ShouldBe(JobStates.Succeeded);
        var result = report.Result;
        result.Text.ShouldBe(worker.Simulator.Calls.Single().Answer.Trim());
        (result.Engine, result.Approach, result.EngineCalls, result.Simulated, result.PromptVersion).ShouldBe(("Cerebras", Approaches.Instructions, 1, true, $"content@{TaskFingerprint.PromptVersion}"));
        result.Usage.Output.ShouldBeGreaterThan(0);
        result.CostUsd.ShouldBeGreaterThan(0);
        result.FirstTokenMs.ShouldBeGreaterThan(0);
        result.TotalMs.ShouldBeGreaterThanOrEqualTo(result.FirstTokenMs);
        result.Attempts.Single().RawUsage.Single().ShouldContain("completion_tokens");
        worker.Simulator.Calls.Single().Prompt.ShouldContain("You are the voice of a bakery.");
        worker.Backends.Ledger.Tenants.ShouldContain("acme");
    }

    [Theory]
    [InlineData("Cerebras", JobStates.Failed, 0)]
    [InlineData("Cerebras,Claude", JobStates.Succeeded, 1)]
    public async Task FailingEngine_NeverSendsTheTextToAnEngineThatTheTenantDidNotAccept(string allowed, string state, int callsToClaude)
    {
        await using var worker = await WorkerProcess.StartAsync(settings: new() { ["Inference:AllowedEngines:acme"] = allowed, ["Inference:BackoffMs"] = "1" });
        worker.Simulator.FailNext("500", calls: 2);

        var report = await worker.RunAsync(Jobs.Content());

        report.State.ShouldBe(state);
        worker.Simulator.Calls.Count(call => call.Engine == SimulatorEngine.Anthropic).ShouldBe(callsToClaude);
    }

    [Fact]
    public async Task Job_IsStreamedToItsWatcherInOrderAndWhole()
    {
        await using var worker = await WorkerProcess.StartAsync(new SimulatorOptions { TokensPerSecond = 400, TimeToFirstToken = TimeSpan.Zero });

        var report = await worker.RunAsync(Jobs.Content());

        await WaitForAsync(() => worker.Watched.LastOrDefault()?.Number == report.LastNumber);
        var events = worker.Watched.ToList();
        events.Select(said => said.Number).ShouldBeInOrder();
        events[0].EngineStarted.Engine.ShouldBe("Cerebras");
        string.Concat(events.Where(said => said.Token is { Reasoning: false }).Select(said => said.Token.Text)).Trim().ShouldBe(report.Result.Text);
        report.Events.Select(said => said.WhatCase).ShouldBe([JobEvent.WhatOneofCase.EngineStarted]);
    }

    [Fact]
    public async Task BatchJob_TakesTheOtherLaneAndIsNotStreamed()
    {
        await using var worker = await WorkerProcess.StartAsync();
        var request = Jobs.Content();
        request.Lane = Lanes.Batch;

        var report = await worker.RunAsync(request);

        report.State.ShouldBe(JobStates.Succeeded);
        worker.Simulator.Calls.Single().Stream.ShouldBeFalse();
    }

    [Fact]
    public async Task WithoutAnEngine_TheJobFailsAndSaysHowToConfigureOne()
    {
        await using var worker = await WorkerProcess.StartAsync(settings: new() { ["Engines:Cerebras:ApiKey"] = "", ["Engines:Claude:ApiKey"] = "" });

        var report = await worker.RunAsync(Jobs.Content());

        report.State.ShouldBe(JobStates.Failed);
        report.Failure.Code.ShouldBe("no_engine");
        report.Failure.Message.ShouldContain("Engines:Cerebras:ApiKey");
    }

    [Fact]
    public async Task Cancellation_ReachesTheUpstreamCallAndIsReportedWithItsCost()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow());
        var id = await worker.SendAsync(Jobs.Content());
        await WaitForAsync(() => worker.Watched.Any(said => said.Token is { Reasoning: false }));

        await worker.Services.GetRequiredService<MassTransit.IBus>().Publish(new CancellationAsked { JobId = id }, Token);

        var report = await worker.Backends.Ledger.ReportOf(id).WaitAsync(Limits.Patience, Token);
        report.State.ShouldBe(JobStates.Cancelled);
        report.Failure.Code.ShouldBe("cancelled");
        report.Failure.Partial.CostUsd.ShouldBeGreaterThan(0);
        report.Failure.Partial.Text.ShouldNotBeEmpty();
        await WaitForAsync(() => worker.Simulator.Calls.Single().Aborted);
    }

    [Theory]
    [InlineData(1, JobStates.Cancelled)]
    [InlineData(7, JobStates.Succeeded)]
    public async Task Cancellation_ThatOvertakesTheClaim_StopsTheJobOfThatLeaseOnly(long fence, string state)
    {
        await using var worker = await WorkerProcess.StartAsync();
        var request = Jobs.Content();
        var id = worker.Backends.Ledger.Add(Jobs.Of(request));
        worker.Services.GetRequiredService<JobExecutor>().Cancel(id, fence);

        await worker.SendAsync(id, request);

        (await worker.Backends.Ledger.ReportOf(id).WaitAsync(Limits.Patience, Token)).State.ShouldBe(state);
    }

    [Fact]
    public async Task Heartbeat_ThatSaysCancel_StopsTheJob()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow());
        worker.Backends.Ledger.Lease = TimeSpan.FromSeconds(1.5);
        worker.Backends.Ledger.OnRenew = _ => new RenewReply { Held = true, Cancel = true };

        var report = await worker.RunAsync(Jobs.Content());

        report.State.ShouldBe(JobStates.Cancelled);
        worker.Backends.Ledger.Renewals.First().Events.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task LostLease_StopsTheWorkAndReportsNothing()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow());
        worker.Backends.Ledger.Lease = TimeSpan.FromSeconds(1.5);
        worker.Backends.Ledger.OnRenew = _ => new RenewReply { Held = false };

        var id = await worker.SendAsync(Jobs.Content());

        await WaitForAsync(() => worker.Simulator.Calls is [{ Aborted: true }]);
        await WaitForAsync(() => worker.Services.GetRequiredService<Platform.Inference.JobExecutor>().Count == 0);
        worker.Backends.Ledger.ReportOf(id).IsCompleted.ShouldBeFalse();
        worker.Backends.Ledger.Released.ShouldBeEmpty();
    }

    [Fact]
    public async Task Heartbeat_StoresTheTextWithTheNumberItReachesTo()
    {
        await using var worker = await WorkerProcess.StartAsync(new SimulatorOptions { TokensPerSecond = 15, TimeToFirstToken = TimeSpan.Zero });
        worker.Backends.Ledger.Lease = TimeSpan.FromSeconds(1.2);

        var report = await worker.RunAsync(Jobs.Content());

        var stored = worker.Backends.Ledger.Renewals.Last(renewal => renewal.Snapshot is not null);
        report.Result.Text.ShouldStartWith(stored.Snapshot.Text.Trim());
        stored.SnapshotNumber.ShouldBeLessThanOrEqualTo(report.LastNumber);
        string.Concat(worker.Watched.Where(said => said.Number <= stored.SnapshotNumber && said.Token is { Reasoning: false }).Select(said => said.Token.Text)).Length
            .ShouldBeLessThanOrEqualTo(stored.Snapshot.Text.Length);
    }

    [Fact]
    public async Task Shutdown_GivesBackWhatDoesNotFinishInTime()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow(), new() { ["Inference:DrainSeconds"] = "0" });
        var id = await worker.SendAsync(Jobs.Content());
        await worker.Backends.Ledger.ClaimOf(id).WaitAsync(Limits.Patience, Token);
        await WaitForAsync(() => worker.Simulator.Calls.Count == 1);

        await worker.StopAsync();

        worker.Backends.Ledger.Released.ShouldBe([id]);
        worker.Backends.Ledger.ReportOf(id).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task LaterLease_MaySpendOnlyWhatEarlierOnesLeft()
    {
        await using var worker = await WorkerProcess.StartAsync();
        (worker.Backends.Ledger.SpentUsd, worker.Backends.Ledger.MaxCostUsd) = (0.02, 0.0200001);

        var report = await worker.RunAsync(Jobs.Content());

        (report.State, report.Failure.Code).ShouldBe((JobStates.Failed, "cost_limit"));
        report.Failure.Partial.CostUsd.ShouldBe(0.02, 1e-9);
        worker.Simulator.TotalCalls.ShouldBe(0);
    }

    [Fact]
    public async Task LaterLease_ReportsTheCostOfAll()
    {
        await using var worker = await WorkerProcess.StartAsync();
        worker.Backends.Ledger.SpentUsd = 0.02;

        var result = (await worker.RunAsync(Jobs.Content())).Result;

        var own = result.Attempts.Single().CostUsd;
        own.ShouldBeInRange(1e-9, 0.01);
        result.CostUsd.ShouldBe(0.02 + own, 1e-9);
    }

    [Fact]
    public async Task HeartbeatAndRelease_SayWhatTheJobCostSoFar()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow(), new() { ["Inference:DrainSeconds"] = "0" });
        (worker.Backends.Ledger.SpentUsd, worker.Backends.Ledger.Lease) = (0.02, TimeSpan.FromSeconds(3));
        var id = await worker.SendAsync(Jobs.Content());
        await worker.Backends.Ledger.ClaimOf(id).WaitAsync(Limits.Patience, Token);
        await WaitForAsync(() => !worker.Backends.Ledger.Renewals.IsEmpty);

        await worker.StopAsync();

        worker.Backends.Ledger.Renewals.ShouldAllBe(renewal => renewal.SpentUsd >= 0.0199999);
        worker.Backends.Ledger.ReleasedUsd.ShouldHaveSingleItem().ShouldBeGreaterThan(0.02);
    }

    [Fact]
    public async Task Ticket_ForWhichNoPlaceComesFree_IsGivenUpUnclaimedBeforeTheBrokersTimeout()
    {
        var clock = new HurriedClock();
        var peers = Substitute.For<IPeers>();
        var invoker = Substitute.For<global::Grpc.Core.CallInvoker>();
        peers.For(ModuleNames.Router).Returns(invoker);
        var full = new Platform.Inference.JobExecutor(null!, new InferenceOptions { InteractiveJobs = 0 }, clock, NullLogger<Platform.Inference.JobExecutor>.Instance);
        var consumer = new JobConsumer<InteractiveLane>(full, new LedgerClient(peers, clock), clock, NullLogger<JobConsumer<InteractiveLane>>.Instance);
        var ticket = Substitute.For<MassTransit.ConsumeContext<GenerationRequested>>();
        ticket.Message.Returns(new GenerationRequested { JobId = "j", Tenant = "t" });

        await consumer.Consume(ticket).WaitAsync(Limits.Patience, Token);

        clock.Waits.ShouldHaveSingleItem().ShouldBeLessThan(TimeSpan.FromMinutes(20));
        invoker.ReceivedCalls().ShouldBeEmpty();
    }

    [Fact]
    public async Task Shutdown_LetsRunningJobsFinish()
    {
        await using var worker = await WorkerProcess.StartAsync(new SimulatorOptions { TokensPerSecond = 200 });
        var id = await worker.SendAsync(Jobs.Content());
        await WaitForAsync(() => worker.Simulator.Calls.Count == 1);

        await worker.StopAsync();

        (await worker.Backends.Ledger.ReportOf(id).WaitAsync(Limits.Patience, Token)).State.ShouldBe(JobStates.Succeeded);
        worker.Backends.Ledger.Released.ShouldBeEmpty();
    }

    [Fact]
    public async Task Report_IsTriedAgainUntilItGetsThrough()
    {
        await using var worker = await WorkerProcess.StartAsync();
        worker.Backends.Ledger.FailingReports = 3;

        (await worker.RunAsync(Jobs.Content())).State.ShouldBe(JobStates.Succeeded);
    }

    [Fact]
    public async Task Deadline_EndsTheJob()
    {
        await using var worker = await WorkerProcess.StartAsync(Slow());
        var request = Jobs.Content();
        request.DeadlineMs = 500;

        var report = await worker.RunAsync(request);

        report.State.ShouldBe(JobStates.Failed);
        report.Failure.Code.ShouldBe("deadline");
        await WaitForAsync(() => worker.Simulator.Calls is [{ Aborted: true }]);
    }

    [Fact]
    public async Task ManyJobs_RunNoMoreAtATimeThanThereArePlaces()
    {
        await using var worker = await WorkerProcess.StartAsync(new SimulatorOptions { TokensPerSecond = 300 }, new() { ["Inference:InteractiveJobs"] = "3" });
        long most = 0;
        using var watching = new Timer(_ => most = Math.Max(most, worker.Simulator.ActiveCalls), null, 0, 5);

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => worker.RunAsync(Jobs.Content())));

        most.ShouldBeInRange(1, 3);
        worker.Simulator.TotalCalls.ShouldBe(12);
    }

    /// <summary>Slow enough to be caught in the middle.</summary>
    private static SimulatorOptions Slow() => new() { TokensPerSecond = 2, TimeToFirstToken = TimeSpan.Zero, Script = SimulatorScript.Parse($"rules:\n- match: ''\n  answers: ['{string.Join(' ', Enumerable.Repeat("bread", 400))}']") };

    internal static async Task WaitForAsync(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limits.Patience);
        while (!condition())
            await Task.Delay(10, limit.Token);
    }

    [Fact]
    public async Task JobThatHasJustEnded_MayStillBeAskedToStop()
    {
        // A shutdown walks over the running jobs while they end.
        var claim = new ClaimReply { Granted = true, Fence = 1, LeaseMs = 30_000, Job = Jobs.Of(Jobs.Content()) };
        using var budget = new JobBudget(0, 0, DateTimeOffset.UtcNow.AddHours(1), waitingIsFree: false, TimeProvider.System);
        var run = new JobRun(claim, new JobProgress(claim.Job.Id, 1, TimeProvider.System), budget, [], TimeProvider.System);
        var lease = new Lease(null!, claim, TimeProvider.System.GetTimestamp(), run, new InferenceOptions(), TimeProvider.System, NullLogger.Instance);

        await lease.DisposeAsync();

        Should.NotThrow(() => lease.Stop(StopReason.Shutdown));
    }
}
