using Grpc.Core;
using Platform.Contracts;
using Platform.Tests.Host;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Router;

/// <summary>The ledger by its two doors, with this test in the place of the workers.</summary>
public sealed class LedgerSpec : IAsyncLifetime
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private TestHost _host = null!;

    private Generation.GenerationClient Jobs => new(_host.Client());

    private V1.Ledger.LedgerClient Ledger => new(_host.Peer(ModuleNames.Router));

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router", Settings());

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Submit_StoresTheJobWithItsRouteAndReasons()
    {
        var job = await Jobs.SubmitAsync(new GenerateRequest { Task = "Add two numbers", Language = "csharp" }, cancellationToken: Token);

        job.State.ShouldBe(JobStates.Queued);
        job.Route.Approach.ShouldBe(Approaches.Instructions);
        job.Route.Reasons.Count(reason => reason.Decided).ShouldBe(1);
        (await Jobs.GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token)).Request.Task.ShouldBe("Add two numbers");
    }

    [Fact]
    public async Task ListWaiting_IsForPeersOnly()
    {
        await SubmitAsync();
        (await Ledger.ListWaitingAsync(new ListWaitingRequest(), cancellationToken: Token)).Tenants.Single().Tenant.ShouldBe(Caller.DefaultTenant);
        var refused = await Should.ThrowAsync<RpcException>(async () => await new V1.Ledger.LedgerClient(_host.Client()).ListWaitingAsync(new ListWaitingRequest(), cancellationToken: Token));
        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Claim_ByTwoWorkers_GrantsOne()
    {
        var id = await SubmitAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => ClaimAsync(id, $"w{worker}")));

        claims.Count(claim => claim.Granted).ShouldBe(1);
        claims.Where(claim => !claim.Granted).ShouldAllBe(claim => claim.Reason == "leased");
    }

    [Fact]
    public async Task Report_WithAnOldFence_IsRefusedAndChangesNothing()
    {
        var id = await SubmitAsync();
        var first = await ClaimAsync(id, "first");
        await Ledger.ReleaseAsync(new ReleaseRequest { JobId = id, Fence = first.Fence }, cancellationToken: Token);
        var second = await ClaimAsync(id, "second");

        var late = await ReportAsync(id, first.Fence, "late");
        var inTime = await ReportAsync(id, second.Fence, "in time");

        late.Accepted.ShouldBeFalse();
        inTime.Accepted.ShouldBeTrue();
        second.Fence.ShouldBeGreaterThan(first.Fence);
        (await Jobs.GetJobAsync(new GetJobRequest { JobId = id }, cancellationToken: Token)).Result.Text.ShouldBe("in time");
    }

    [Fact]
    public async Task Report_Twice_CountsOnce()
    {
        var id = await SubmitAsync();
        var claim = await ClaimAsync(id, "w");

        (await ReportAsync(id, claim.Fence, "a")).Accepted.ShouldBeTrue();
        var again = await ReportAsync(id, claim.Fence, "b");

        again.Accepted.ShouldBeFalse();
        again.Reason.ShouldBe("closed");
    }

    [Fact]
    public async Task Submit_SameKeySameBody_GivesTheSameJob_AnotherBodyIsRefused()
    {
        var request = new GenerateRequest { Task = "A task", IdempotencyKey = "k1" };
        var ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await Jobs.SubmitAsync(request, cancellationToken: Token)).Id));
        var other = request.Clone();
        other.Task = "Another task";

        ids.Distinct().Count().ShouldBe(1);
        var refused = await Should.ThrowAsync<RpcException>(async () => await Jobs.SubmitAsync(other, cancellationToken: Token));
        refused.StatusCode.ShouldBe(StatusCode.AlreadyExists);
        refused.Status.Detail.ShouldContain("k1");
    }

    [Fact]
    public async Task Watch_FromAnEventNumber_GivesWhatCameAfterAndTheEnd()
    {
        var id = await SubmitAsync();
        var claim = await ClaimAsync(id, "w");
        await Ledger.RenewAsync(new RenewRequest
        {
            JobId = id,
            Fence = claim.Fence,
            Events = { Started(id, claim.Fence, 1, "one"), Started(id, claim.Fence, 2, "two") },
            Snapshot = new Snapshot { Draft = 1, Text = "half" },
        }, cancellationToken: Token);
        using var call = Jobs.WatchJob(new WatchJobRequest { JobId = id, After = JobId.EventNumber(claim.Fence, 1) }, cancellationToken: Token);
        var seen = new List<JobEvent>();
        while (seen.All(e => e.WhatCase != JobEvent.WhatOneofCase.Snapshot) && await call.ResponseStream.MoveNext(Token))
            seen.Add(call.ResponseStream.Current);
        await ReportAsync(id, claim.Fence, "whole");
        while (await call.ResponseStream.MoveNext(Token))
            seen.Add(call.ResponseStream.Current);

        seen.Select(e => e.WhatCase).ShouldBe([JobEvent.WhatOneofCase.EngineStarted, JobEvent.WhatOneofCase.Snapshot, JobEvent.WhatOneofCase.Snapshot, JobEvent.WhatOneofCase.Completed]);
        seen[0].EngineStarted.Engine.ShouldBe("two");
        seen[1].Snapshot.Text.ShouldBe("half");
        seen[2].Snapshot.Text.ShouldBe("whole");
        seen[3].Completed.Text.ShouldBe("whole");
    }

    [Fact]
    public async Task Generate_IsToldTheEnd_WhenTheReportIsAccepted()
    {
        using var call = Jobs.Generate(new GenerateRequest { Task = "A task" }, cancellationToken: Token);
        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        var id = call.ResponseStream.Current.JobId;
        call.ResponseStream.Current.WhatCase.ShouldBe(JobEvent.WhatOneofCase.Accepted);
        var claim = await ClaimAsync(id, "w");
        claim.Watchers.Count.ShouldBe(1);
        await ReportAsync(id, claim.Fence, "done");

        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        call.ResponseStream.Current.Snapshot.Text.ShouldBe("done");
        (await call.ResponseStream.MoveNext(Token)).ShouldBeTrue();
        call.ResponseStream.Current.Completed.Text.ShouldBe("done");
        (await call.ResponseStream.MoveNext(Token)).ShouldBeFalse();
    }

    [Fact]
    public async Task Cancel_OfAQueuedJob_ClosesIt_OfARunningOne_AsksItsWorker()
    {
        var queued = await SubmitAsync();
        var running = await SubmitAsync();
        var claim = await ClaimAsync(running, "w");

        (await CancelAsync(queued)).State.ShouldBe(JobStates.Cancelled);
        (await CancelAsync(running)).State.ShouldBe(JobStates.Running);
        (await ClaimAsync(queued, "late")).Reason.ShouldBe("cancelled");
        (await Ledger.RenewAsync(new RenewRequest { JobId = running, Fence = claim.Fence }, cancellationToken: Token)).Cancel.ShouldBeTrue();
    }

    [Fact]
    public async Task ListJobs_Pages_GiveEveryJobOnce()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
            ids.Add(await SubmitAsync());
        var seen = new List<string>();
        var page = "";
        do
        {
            var reply = await Jobs.ListJobsAsync(new ListJobsRequest { PageSize = 3, PageToken = page }, cancellationToken: Token);
            seen.AddRange(reply.Jobs.Select(job => job.Id));
            page = reply.NextPageToken;
        }
        while (page.Length > 0);

        seen.ShouldBe(ids.OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SubmitBatch_WithAnInvalidItem_StoresNothingAndNamesTheRow()
    {
        var refused = await Should.ThrowAsync<RpcException>(() => BatchAsync("", new GenerateRequest { Task = "fine" }, new GenerateRequest { Task = "" }));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused.Status.Detail.ShouldContain("item 1 ('row1'): task is empty");
        (await Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
    }

    [Fact]
    public async Task SubmitBatch_SameKeyTwice_GivesOneBatch()
    {
        var first = await BatchAsync("b1", new GenerateRequest { Task = "one" }, new GenerateRequest { Task = "two" });
        var again = await BatchAsync("b1", new GenerateRequest { Task = "one" }, new GenerateRequest { Task = "two" });

        again.Id.ShouldBe(first.Id);
        again.Total.ShouldBe(2);
        (await Jobs.ListJobsAsync(new ListJobsRequest { BatchId = first.Id }, cancellationToken: Token)).Jobs.Count.ShouldBe(2);
    }

    [Fact]
    public async Task InnerDoor_WithoutTheServiceCredential_IsClosed()
    {
        var outside = new V1.Ledger.LedgerClient(_host.Client());

        var refused = await Should.ThrowAsync<RpcException>(async () => await outside.ClaimAsync(new ClaimRequest { JobId = "x" }, cancellationToken: Token));

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Replay_OfACancelledJob_IsANewJobThatNamesTheOld()
    {
        var id = await SubmitAsync();
        await CancelAsync(id);

        var again = await Jobs.ReplayJobAsync(new ReplayJobRequest { JobId = id }, cancellationToken: Token);

        again.Id.ShouldNotBe(id);
        again.Request.Labels["replay_of"].ShouldBe(id);
    }

    private static Dictionary<string, string?> Settings() => new() { ["Engines:Cerebras:ApiKey"] = "never-called", ["Router:RecallMs"] = "20" };

    private static JobEvent Started(string id, long fence, long sequence, string engine) =>
        new() { JobId = id, Number = JobId.EventNumber(fence, sequence), EngineStarted = new EngineStarted { Engine = engine } };

    private async Task<string> SubmitAsync() => (await Jobs.SubmitAsync(new GenerateRequest { Task = "A task" }, cancellationToken: Token)).Id;

    private async Task<ClaimReply> ClaimAsync(string id, string worker) => await Ledger.ClaimAsync(new ClaimRequest { JobId = id, Worker = worker }, cancellationToken: Token);

    private async Task<ReportReply> ReportAsync(string id, long fence, string text) => await Ledger.ReportAsync(
        new ReportRequest { JobId = id, Fence = fence, State = JobStates.Succeeded, Result = new JobResult { Text = text, Approach = Approaches.Instructions } }, cancellationToken: Token);

    private async Task<Job> CancelAsync(string id) => await Jobs.CancelJobAsync(new CancelJobRequest { JobId = id }, cancellationToken: Token);

    private async Task<Batch> BatchAsync(string key, params GenerateRequest[] requests)
    {
        using var call = Jobs.SubmitBatch(cancellationToken: Token);
        foreach (var (row, request) in requests.Index())
            await call.RequestStream.WriteAsync(new BatchItem { CustomId = $"row{row}", Request = request, BatchKey = key }, Token);
        await call.RequestStream.CompleteAsync();
        return await call;
    }
}
