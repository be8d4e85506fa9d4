using Platform.Contracts;
using Platform.Router;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>What the ledger's stores promise, on either engine.</summary>
public abstract class LedgerStoreSpec(bool onServer)
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private static readonly TimeSpan Resend = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Reclaim_OfACancelledJob_ClosesItAndPublishesItsEnd()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        (await ledger.ClaimAsync(id)).ShouldNotBeNull();
        await ledger.CancelAsync(id);

        ledger.Time.Now += TimeSpan.FromMinutes(1);
        var reclaimed = await ledger.Leases.ReclaimAsync(Token);

        reclaimed.ShouldBe(new ReclaimedLeases(Requeued: 0, Dead: 0, Cancelled: 1));
        var job = (await ledger.FindAsync(id)).ToJob();
        (job.State, job.Failure.Code, job.ClosedMs).ShouldBe((JobStates.Cancelled, "cancelled", ledger.Time.Now.ToUnixTimeMilliseconds()));
        (await ledger.ClosedAsync()).ShouldBe([id]);
        (await ledger.PickAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Waiting_TellsTheOldestJobOfEachTenantThatMayRun()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        (await ledger.Dispatch.WaitingAsync(Token)).ShouldBeEmpty();
        var held = await ledger.SubmitAsync();
        ledger.Time.Now += TimeSpan.FromMinutes(1);
        var running = await ledger.SubmitAsync(Lanes.Interactive);
        ledger.Time.Now += TimeSpan.FromMinutes(1);
        var oldest = ledger.Time.Now.ToUnixTimeMilliseconds();
        await ledger.SubmitAsync();
        // More of them than any page: a queue that grows must not hide its end.
        ledger.Time.Now += TimeSpan.FromMinutes(1);
        await ledger.SubmitBatchAsync(600);
        await ledger.ClaimAsync(running);
        await ledger.Database.WriteAsync(c => Dapper.SqlMapper.ExecuteAsync(c, $"update jobs set lane = '{Lanes.Held}' where id = @held", new { held }), Token);

        (await ledger.Dispatch.WaitingAsync(Token)).Select(w => (w.Tenant, w.OldestMs)).ShouldBe([("acme", oldest)]);
    }

    [Fact]
    public async Task Release_OfACancelledJob_ClosesItWithWhatItCost()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        var claim = (await ledger.ClaimAsync(id)).ShouldNotBeNull();
        await ledger.CancelAsync(id);

        var row = await ledger.Leases.ReleaseAsync(new ReleaseRequest { JobId = id, Fence = claim.Fence, SpentUsd = 0.02 }, Token);

        row.ShouldNotBeNull().State.ShouldBe(JobStates.Cancelled);
        var job = (await ledger.FindAsync(id)).ToJob();
        (job.State, job.Failure.Code, job.Result.CostUsd).ShouldBe((JobStates.Cancelled, "cancelled", 0.02));
        (await ledger.ClosedAsync()).ShouldBe([id]);
    }

    [Fact]
    public async Task Release_WithAnOldFence_ChangesNothing()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        var claim = (await ledger.ClaimAsync(id)).ShouldNotBeNull();

        (await ledger.Leases.ReleaseAsync(new ReleaseRequest { JobId = id, Fence = claim.Fence - 1, SpentUsd = 9 }, Token)).ShouldBeNull();

        var row = await ledger.FindAsync(id);
        (row.State, row.CostUsd).ShouldBe((JobStates.Running, 0));
    }

    [Fact]
    public async Task Cancel_OfABatch_ClosesWhatWaitsAndMarksWhatRuns()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(3);
        var ids = await ledger.IdsAsync(batch);
        await ledger.ClaimAsync(ids[0]);

        var (waiting, none) = await ledger.Jobs.CancelAsync("acme", "batch_id", batch, "", running: false, Token);
        var (nothing, running) = await ledger.Jobs.CancelAsync("acme", "batch_id", batch, "", running: true, Token);

        waiting.Select(job => job.Id).ShouldBe(ids.Skip(1), ignoreOrder: true);
        none.ShouldBeEmpty();
        nothing.ShouldBeEmpty();
        running.Select(job => (job.Id, job.Fence)).ShouldBe([(ids[0], 1L)]);
        (await ledger.ClosedAsync()).ShouldBe(ids.Skip(1), ignoreOrder: true);
    }

    [Fact]
    public async Task LostWorker_LeavesWhatItSpent_ToTheNextClaimTheBudgetsAndTheFinalCost()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(1);
        var id = (await ledger.IdsAsync(batch)).Single();
        var first = (await ledger.ClaimAsync(id)).ShouldNotBeNull();
        await ledger.Leases.RenewAsync(new RenewRequest { JobId = id, Fence = first.Fence, SpentUsd = 0.02 }, Token);

        ledger.Time.Now += TimeSpan.FromMinutes(1);
        (await ledger.Leases.ReclaimAsync(Token)).Requeued.ShouldBe(1);
        (await ledger.SpentAsync()).ShouldBe(0.02, 1e-9);
        (await ledger.Jobs.BatchAsync("acme", batch, Token)).ShouldNotBeNull().CostUsd.ShouldBe(0.02, 1e-9);
        var second = (await ledger.ClaimAsync(id)).ShouldNotBeNull();
        second.CostUsd.ShouldBe(0.02, 1e-9);
        await ledger.Leases.ReportAsync(new ReportRequest { JobId = id, Fence = second.Fence, State = JobStates.Succeeded, Result = new JobResult { CostUsd = 0.028 } }, Token);

        (await ledger.FindAsync(id)).CostUsd.ShouldBe(0.028, 1e-9);
        (await ledger.SpentAsync()).ShouldBe(0.028, 1e-9);
    }

    [Fact]
    public async Task DeadLetter_StillCostsWhatItsWorkersSpent()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        foreach (var lease in Enumerable.Range(1, new RouterOptions().MaxDeliveries))
        {
            var claim = (await ledger.ClaimAsync(id)).ShouldNotBeNull();
            await ledger.Leases.RenewAsync(new RenewRequest { JobId = id, Fence = claim.Fence, SpentUsd = 0.01 * lease }, Token);
            ledger.Time.Now += TimeSpan.FromMinutes(1);
            await ledger.Leases.ReclaimAsync(Token);
        }

        var job = (await ledger.FindAsync(id)).ToJob();
        (job.State, job.Failure.Code).ShouldBe((JobStates.Failed, "worker_lost"));
        job.Result.CostUsd.ShouldBe(0.05, 1e-9);
    }

    [Theory]
    [InlineData(Lanes.Batch)]
    [InlineData(Lanes.Interactive)]
    public async Task JobThatNobodyClaims_IsSentAgainEverMoreRarely_AndNeverForgotten(string lane)
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        await ledger.SubmitAsync(lane);
        (await ledger.PickAsync(lane)).Count.ShouldBe(1);
        var start = ledger.Time.Now;

        var sent = new List<TimeSpan> { TimeSpan.Zero };
        for (; ledger.Time.Now < start.AddHours(3); ledger.Time.Now += Resend)
        {
            (await ledger.PickAsync(lane)).ShouldBeEmpty();
            (await ledger.Dispatch.SentAsync(lane, Token)).ShouldBe(1);
            if ((await ledger.PickAgainAsync(lane)).Count > 0)
                sent.Add(ledger.Time.Now - start);
        }

        sent.Take(5).Select(at => at.TotalSeconds).ShouldBe([0, 30, 90, 210, 450]);
        var waits = sent.Zip(sent.Skip(1), (before, after) => after - before).ToList();
        waits.Max().ShouldBe(DispatchStore.LongestResend);
        waits.ShouldBeInOrder();
    }

    [Fact]
    public async Task JobThatIsGivenBack_IsSentAtOnceAsIfForTheFirstTime()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        await ledger.PickAsync();
        ledger.Time.Now += Resend;
        await ledger.PickAgainAsync();
        var claim = (await ledger.ClaimAsync(id)).ShouldNotBeNull();
        (await ledger.Dispatch.SentAsync(Lanes.Batch, Token)).ShouldBe(0);

        await ledger.Leases.ReleaseAsync(new ReleaseRequest { JobId = id, Fence = claim.Fence }, Token);

        (await ledger.PickAsync()).Select(due => due.Id).ShouldBe([id]);
        ledger.Time.Now += Resend;
        (await ledger.PickAgainAsync()).Select(due => due.Id).ShouldBe([id]);
    }

    [Fact]
    public async Task SendThatFailed_IsDueAtOnceAndLeavesTheWindow()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var id = await ledger.SubmitAsync();
        await ledger.PickAsync();

        await ledger.Dispatch.MakeDueAsync([id], Token);

        (await ledger.Dispatch.SentAsync(Lanes.Batch, Token)).ShouldBe(0);
        (await ledger.Dispatch.TenantsAsync(Lanes.Batch, Token)).ShouldBe(["acme"]);
        (await ledger.PickAsync()).Count.ShouldBe(1);
        (await ledger.Dispatch.TenantsAsync(Lanes.Batch, Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Hold_AfterTicketsWereSent_RefusesTheirClaims_UntilItIsLifted()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(3);
        var ids = await ledger.IdsAsync(batch);
        (await ledger.PickAsync()).Count.ShouldBe(3);

        await ledger.Batches.HoldAsync(batch, BatchKeeper.Window, 1, onTheWay: 0, roomUsd: 0, Token);
        (await Task.WhenAll(ids.Select(ledger.ClaimAsync))).ShouldAllBe(row => row == null);
        (await ledger.PickAsync()).ShouldBeEmpty();
        await ledger.Batches.HoldAsync(batch, "", 0, onTheWay: int.MaxValue, roomUsd: 0, Token);

        (await ledger.PickAsync()).Count.ShouldBe(3);
        (await Task.WhenAll(ids.Select(ledger.ClaimAsync))).ShouldAllBe(row => row != null);
    }

    [Fact]
    public async Task JobGivenBackWhileItsBatchIsHeld_IsHeldToo()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(2);
        var ids = await ledger.IdsAsync(batch);
        var released = (await ledger.ClaimAsync(ids[0])).ShouldNotBeNull();
        await ledger.ClaimAsync(ids[1]);
        await ledger.Batches.HoldAsync(batch, BatchKeeper.Window, 1, onTheWay: 0, roomUsd: 0, Token);

        await ledger.Leases.ReleaseAsync(new ReleaseRequest { JobId = ids[0], Fence = released.Fence }, Token);
        ledger.Time.Now += TimeSpan.FromMinutes(1);
        await ledger.Leases.ReclaimAsync(Token);

        (await Task.WhenAll(ids.Select(ledger.ClaimAsync))).ShouldAllBe(row => row == null);
        (await ledger.PickAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task CostLimit_OfJobsClaimedAtTheSameTime_IsKeptWithinOneReserveEach()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(8, new BatchTerms { MaxCostUsd = 0.07 });
        var ids = await ledger.IdsAsync(batch);

        var claimed = (await Task.WhenAll(ids.Select(ledger.ClaimAsync))).OfType<JobRow>().ToList();

        claimed.Count.ShouldBe(3);
        claimed.ShouldAllBe(row => row.RoomUsd > 0.0299 && row.RoomUsd < 0.0301);
        (await ledger.Jobs.BatchAsync("acme", batch, Token)).ShouldNotBeNull().Held.ShouldBe(BatchKeeper.Cost);
    }

    [Fact]
    public async Task Hold_ByTwoReplicasAtOnce_LetsNoMoreGoThanOne()
    {
        await using var ledger = await LedgerFolder.CreateAsync(onServer);
        var batch = await ledger.SubmitBatchAsync(10, new BatchTerms { MaxCostUsd = 0.02 });

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ledger.Batches.HoldAsync(batch, BatchKeeper.Cost, 0, onTheWay: 4, roomUsd: 0.01, Token)));

        (await Task.WhenAll((await ledger.IdsAsync(batch)).Select(ledger.ClaimAsync))).OfType<JobRow>().Count().ShouldBe(4);
        (await ledger.Batches.TakeDueAsync(Token)).Single().Running.ShouldBe(4);
    }
}

public sealed class SqliteLedgerStoreSpec() : LedgerStoreSpec(onServer: false);

public sealed class PostgreSqlLedgerStoreSpec() : LedgerStoreSpec(onServer: true);
