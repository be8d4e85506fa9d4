using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Tests.Inference;

/// <summary>Ledger, memory and runner as a worker meets them: real gRPC over a real socket, with what they say in the hands of the test.</summary>
internal sealed class Backends : IAsyncDisposable, IPeers
{
    private readonly WebApplication app;
    private readonly GrpcChannel channel;

    private Backends(WebApplication app, TestLedger ledger, TestMemory memory, TestRunnerService runner)
    {
        (this.app, Ledger, Memory, Runner) = (app, ledger, memory, runner);
        channel = GrpcChannel.ForAddress(app.Urls.Single());
    }

    public TestLedger Ledger { get; }

    public TestMemory Memory { get; }

    public TestRunnerService Runner { get; }

    public static async Task<Backends> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, door => door.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        var (ledger, memory, runner) = (new TestLedger(), new TestMemory(), new TestRunnerService());
        builder.Services.AddSingleton(ledger);
        builder.Services.AddSingleton(memory);
        builder.Services.AddSingleton(runner);
        var app = builder.Build();
        app.MapGrpcService<TestLedger>();
        app.MapGrpcService<TestMemory>();
        app.MapGrpcService<TestRunnerService>();
        await app.StartAsync();
        return new Backends(app, ledger, memory, runner);
    }

    public CallInvoker For(string module) => channel.CreateCallInvoker();

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>A ledger that grants every job it knows, and keeps what it is told.</summary>
internal sealed class TestLedger : V1.Ledger.LedgerBase
{
    private readonly ConcurrentDictionary<string, Entry> jobs = new();

    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    public bool Fallback { get; set; } = true;

    /// <summary>What earlier leases spent.</summary>
    public double SpentUsd { get; set; }

    /// <summary>Most that a job may cost; 0 for no limit.</summary>
    public double MaxCostUsd { get; set; }

    public string Watcher { get; set; } = "";

    public byte[] Workspace { get; set; } = [];

    /// <summary>Answers renewals; null grants them.</summary>
    public Func<RenewRequest, RenewReply>? OnRenew { get; set; }

    /// <summary>How many reports fail before one gets through.</summary>
    public int FailingReports;

    public ConcurrentQueue<RenewRequest> Renewals { get; } = new();

    public ConcurrentQueue<string> Released { get; } = new();

    public ConcurrentQueue<double> ReleasedUsd { get; } = new();

    public ConcurrentQueue<string?> Tenants { get; } = new();

    public string Add(Job job)
    {
        jobs[job.Id] = new Entry(job);
        return job.Id;
    }

    public Task<ReportRequest> ReportOf(string id) => jobs[id].Report.Task;

    public Task ClaimOf(string id) => jobs[id].Claimed.Task;

    public override Task<ClaimReply> Claim(ClaimRequest request, ServerCallContext context)
    {
        Tenants.Enqueue(context.RequestHeaders.GetValue(Caller.TenantHeader));
        if (!jobs.TryGetValue(request.JobId, out var entry))
            return Task.FromResult(new ClaimReply { Reason = "unknown" });
        var reply = new ClaimReply { Granted = true, Fence = Interlocked.Increment(ref entry.Fence), LeaseMs = (long)Lease.TotalMilliseconds, Job = entry.Job, Fallback = Fallback, SpentUsd = SpentUsd, MaxCostUsd = MaxCostUsd };
        if (Watcher.Length > 0)
            reply.Watchers.Add(Watcher);
        entry.Claimed.TrySetResult();
        return Task.FromResult(reply);
    }

    public override Task<RenewReply> Renew(RenewRequest request, ServerCallContext context)
    {
        Renewals.Enqueue(request);
        var reply = OnRenew?.Invoke(request) ?? new RenewReply { Held = true };
        if (Watcher.Length > 0)
            reply.Watchers.Add(Watcher);
        return Task.FromResult(reply);
    }

    public override Task<ReportReply> Report(ReportRequest request, ServerCallContext context)
    {
        if (Interlocked.Decrement(ref FailingReports) >= 0)
            throw new RpcException(new Status(StatusCode.Unavailable, "not now"));
        jobs[request.JobId].Report.TrySetResult(request);
        return Task.FromResult(new ReportReply { Accepted = true });
    }

    public override Task<ReleaseReply> Release(ReleaseRequest request, ServerCallContext context)
    {
        Released.Enqueue(request.JobId);
        ReleasedUsd.Enqueue(request.SpentUsd);
        return Task.FromResult(new ReleaseReply());
    }

    public override Task FetchWorkspace(FetchWorkspaceRequest request, IServerStreamWriter<WorkspaceChunk> responseStream, ServerCallContext context) =>
        responseStream.WriteAsync(new WorkspaceChunk { Content = Google.Protobuf.ByteString.CopyFrom(Workspace) });

    private sealed class Entry(Job job)
    {
        public long Fence;

        public Job Job => job;

        public TaskCompletionSource Claimed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<ReportRequest> Report { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>A memory that knows what the test tells it.</summary>
internal sealed class TestMemory : V1.Patterns.PatternsBase
{
    public RecallReply Reply { get; set; } = new();

    public FindFixesReply Fixes { get; set; } = new();

    public SearchReply Found { get; set; } = new();

    public ConcurrentQueue<RecallRequest> Recalls { get; } = new();

    public override Task<RecallReply> Recall(RecallRequest request, ServerCallContext context)
    {
        Recalls.Enqueue(request);
        return Task.FromResult(Reply);
    }

    public override Task<FindFixesReply> FindFixes(FindFixesRequest request, ServerCallContext context) => Task.FromResult(Fixes);

    public override Task<SearchReply> Search(SearchRequest request, ServerCallContext context) => Task.FromResult(Found);
}

/// <summary>A runner that judges by a rule of the test instead of running anything.</summary>
internal sealed class TestRunnerService : V1.Runner.RunnerBase
{
    public Func<RunTestsRequest, TestReport> Judge { get; set; } = _ => new TestReport { Outcome = "passed", Passed = 1 };

    public ConcurrentQueue<RunTestsRequest> Runs { get; } = new();

    public override Task<TestReport> RunTests(RunTestsRequest request, ServerCallContext context)
    {
        Runs.Enqueue(request);
        return Task.FromResult(Judge(request));
    }
}
