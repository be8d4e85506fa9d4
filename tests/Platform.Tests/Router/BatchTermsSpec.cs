using System.Globalization;
using Grpc.Core;
using Platform.Contracts;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>A batch that may run only at certain hours, until a time, or for an amount, with this test in the place of the workers.</summary>
public sealed class BatchTermsSpec : IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private TestHost _host = null!;

    private Generation.GenerationClient Jobs => new(_host.Client());

    private V1.Ledger.LedgerClient Ledger => new(_host.Peer(ModuleNames.Router));

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router", new Dictionary<string, string?>
    {
        ["Engines:Cerebras:BaseUrl"] = "http://127.0.0.1:9",
        ["Engines:Cerebras:ApiKey"] = "none",
        ["Router:SweepMs"] = "20",
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task ClosedWindow_HoldsTheBatch_AndSaysUntilWhen()
    {
        var now = DateTimeOffset.UtcNow;
        var terms = new BatchTerms { WindowStart = Hour(now.AddHours(2)), WindowEnd = Hour(now.AddHours(3)) };

        var batch = await SubmitAsync(terms, 3);

        batch.Held.ShouldBe("window");
        DateTimeOffset.FromUnixTimeMilliseconds(batch.HeldUntilMs).ShouldBe(now.AddHours(2), TimeSpan.FromHours(1));
        batch.Queued.ShouldBe(3);
        batch.Terms.ShouldBe(terms);
        (await Jobs.CancelBatchAsync(new GetBatchRequest { BatchId = batch.Id }, cancellationToken: Token)).Cancelled.ShouldBe(3);
    }

    [Fact]
    public async Task Deadline_CancelsWhatIsLeft()
    {
        var batch = await SubmitAsync(new BatchTerms { DeadlineMs = 1 }, 3);

        var ended = await WaitAsync(batch.Id, now => now.Cancelled == 3);

        var jobs = await Jobs.ListJobsAsync(new ListJobsRequest { BatchId = ended.Id }, cancellationToken: Token);
        jobs.Jobs.ShouldAllBe(job => job.Failure.Message.Contains("deadline"));
    }

    [Fact]
    public async Task CostLimit_HoldsWhatWouldPassIt_AndCancelsTheRestWhenItIsSpent()
    {
        var batch = await SubmitAsync(new BatchTerms { MaxCostUsd = 1 }, 6);
        var ids = await IdsAsync(batch.Id);

        await RunAsync(ids[0], 0.4);
        var second = await ClaimAsync(ids[1]);
        await WaitAsync(batch.Id, now => now.Held == "cost");
        await ReportAsync(ids[1], second, 0.7);
        var ended = await WaitAsync(batch.Id, now => now.Queued == 0);

        ended.Succeeded.ShouldBe(2);
        ended.Cancelled.ShouldBe(4);
        ended.CostUsd.ShouldBe(1.1, 1e-9);
    }

    [Fact]
    public async Task ClosedWindow_RefusesATicketThatWasSentBefore()
    {
        var now = DateTimeOffset.UtcNow;
        var batch = await SubmitAsync(new BatchTerms { WindowStart = Hour(now.AddHours(2)), WindowEnd = Hour(now.AddHours(3)) }, 2);

        var claims = await Task.WhenAll((await IdsAsync(batch.Id)).Select(id => AskAsync(id)));

        claims.ShouldAllBe(claim => !claim.Granted && claim.Reason == "held");
    }

    [Fact]
    public async Task CostLimit_BeforeAnyCostIsKnown_LetsOnlySoManyGoAsTheReserveAllows()
    {
        var batch = await SubmitAsync(new BatchTerms { MaxCostUsd = 0.06 }, 8);
        var ids = await IdsAsync(batch.Id);

        var claims = await Task.WhenAll(ids.Select(id => AskAsync(id)));
        var granted = claims.Where(claim => claim.Granted).ToList();
        foreach (var claim in granted)
            await ReportAsync(claim.Job.Id, claim.Fence, 0.02);
        var ended = await WaitAsync(batch.Id, now => now.Queued == 0);

        batch.Held.ShouldBe("cost");
        granted.Count.ShouldBe(3);
        granted.ShouldAllBe(claim => claim.MaxCostUsd > 0.0199 && claim.MaxCostUsd < 0.0601);
        claims.Where(claim => !claim.Granted).ShouldAllBe(claim => claim.Reason == "held");
        (ended.Succeeded, ended.Cancelled).ShouldBe((3, 5));
        ended.CostUsd.ShouldBe(0.06, 1e-9);
    }

    [Fact]
    public async Task CostLimit_CapsAJobThatRunsAloneAtWhatIsLeft()
    {
        var batch = await SubmitAsync(new BatchTerms { MaxCostUsd = 0.01 }, 2);
        var ids = await IdsAsync(batch.Id);

        var first = await AskAsync(ids[0]);
        first.MaxCostUsd.ShouldBe(0.01, 1e-9);
        await ReportAsync(ids[0], first.Fence, 0.004);
        ClaimReply second;
        for (var tries = 0; !(second = await AskAsync(ids[1])).Granted; tries++)
        {
            tries.ShouldBeLessThan(600);
            await Task.Delay(100, Token);
        }

        second.MaxCostUsd.ShouldBe(0.006, 1e-9);
    }

    [Fact]
    public async Task CostLimit_WhenItIsSpent_LetsRunningJobsEnd()
    {
        var batch = await SubmitAsync(new BatchTerms { MaxCostUsd = 1 }, 6);
        var ids = await IdsAsync(batch.Id);
        var running = await ClaimAsync(ids[0]);

        await RunAsync(ids[1], 1.0);
        await WaitAsync(batch.Id, now => now.Queued == 0);
        var heartbeat = await Ledger.RenewAsync(new RenewRequest { JobId = ids[0], Fence = running, SpentUsd = 0.1 }, cancellationToken: Token);
        var soFar = await Jobs.GetBatchAsync(new GetBatchRequest { BatchId = batch.Id }, cancellationToken: Token);
        await ReportAsync(ids[0], running, 0.2);
        var ended = await WaitAsync(batch.Id, now => now.Running == 0);

        (heartbeat.Held, heartbeat.Cancel).ShouldBe((true, false));
        soFar.CostUsd.ShouldBe(1.1, 1e-9);
        (ended.Succeeded, ended.Cancelled).ShouldBe((2, 4));
    }

    [Fact]
    public async Task OpenWindow_HoldsNothing()
    {
        var batch = await SubmitAsync(new BatchTerms { WindowStart = "00:00", WindowEnd = "23:59", MaxCostUsd = 5, DeadlineMs = 60_000_000 }, 2);

        batch.Held.ShouldBe("");
        var ids = await IdsAsync(batch.Id);
        foreach (var id in ids)
            await RunAsync(id, 0.1);
        (await WaitAsync(batch.Id, now => now.Queued + now.Running == 0)).Succeeded.ShouldBe(2);
    }

    [Fact]
    public async Task WrongTerms_AreRefused_AndNothingIsStored()
    {
        var error = await Should.ThrowAsync<RpcException>(() => SubmitAsync(new BatchTerms { MaxCostUsd = double.NaN }, 1));

        error.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        error.Status.Detail.ShouldContain("max_cost_usd");
        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
    }

    private static string Hour(DateTimeOffset at) => at.ToString("HH:mm", CultureInfo.InvariantCulture);

    private async Task<Batch> SubmitAsync(BatchTerms terms, int items)
    {
        using var call = Jobs.SubmitBatch(cancellationToken: Token);
        for (var number = 0; number < items; number++)
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = $"row-{number}", Request = new GenerateRequest { Task = $"post {number}", Kind = "content" }, Terms = number == 0 ? terms : null }, Token);
        await call.RequestStream.CompleteAsync();
        return await call.ResponseAsync;
    }

    private async Task RunAsync(string id, double cost) => await ReportAsync(id, await ClaimAsync(id), cost);

    private async Task<long> ClaimAsync(string id) => (await AskAsync(id)).Fence;

    private async Task<ClaimReply> AskAsync(string id) => await Ledger.ClaimAsync(new ClaimRequest { JobId = id, Worker = "w" }, cancellationToken: Token);

    /// <summary>Jobs of a batch in the order in which they go.</summary>
    private async Task<IReadOnlyList<string>> IdsAsync(string batch) =>
        [.. (await Jobs.ListJobsAsync(new ListJobsRequest { BatchId = batch }, cancellationToken: Token)).Jobs.Select(job => job.Id).Order(StringComparer.Ordinal)];

    private async Task ReportAsync(string id, long fence, double cost) =>
        (await Ledger.ReportAsync(new ReportRequest { JobId = id, Fence = fence, State = JobStates.Succeeded, Result = new JobResult { Text = "text", CostUsd = cost } }, cancellationToken: Token)).Accepted.ShouldBeTrue();

    private async Task<Batch> WaitAsync(string id, Func<Batch, bool> until)
    {
        for (var tries = 0; ; tries++)
        {
            var batch = await Jobs.GetBatchAsync(new GetBatchRequest { BatchId = id }, cancellationToken: Token);
            if (until(batch))
                return batch;
            tries.ShouldBeLessThan(600, batch.ToString());
            await Task.Delay(100, Token);
        }
    }
}
