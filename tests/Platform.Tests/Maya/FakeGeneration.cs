using Grpc.Core;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>A router that keeps what it is given: batches by key as the real one does, and single jobs that stream a text.</summary>
internal sealed class FakeGeneration : Generation.GenerationBase
{
    private int _singles;

    public Dictionary<string, List<BatchItem>> Batches { get; } = [];

    public List<string> Cancelled { get; } = [];

    public List<string> Tenants { get; } = [];

    /// <summary>Breaks the next submissions: before anything is stored, or after everything is.</summary>
    public Queue<(StatusCode Code, bool AfterStoring)> Faults { get; } = new();

    /// <summary>What happens elsewhere while a batch is taken.</summary>
    public Func<string, Task> Taking { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Breaks the next cancellations.</summary>
    public Queue<StatusCode> CancelFaults { get; } = new();

    /// <summary>The engine that a request would go to.</summary>
    public Func<GenerateRequest, string> RouteTo { get; set; } = static _ => "Cerebras";

    /// <summary>Refuses single jobs.</summary>
    public StatusCode GenerateFault { get; set; }

    public Func<GenerateRequest, JobResult> Answer { get; set; } = static request => new JobResult
    {
        Text = $"A plain post about lamps for {request.Platform}. Read more at https://example.com/lamps",
        Model = "model-1",
        Engine = "engine-1",
        CostUsd = 0.001,
    };

    public override async Task<Batch> SubmitBatch(IAsyncStreamReader<BatchItem> requestStream, ServerCallContext context)
    {
        var items = new List<BatchItem>();
        await foreach (var item in requestStream.ReadAllAsync(context.CancellationToken))
            items.Add(item);
        await Taking(items[0].BatchKey);
        lock (Batches)
        {
            Tenants.Add(context.RequestHeaders.GetValue(Caller.TenantHeader) ?? "");
            var fault = Faults.Count > 0 ? Faults.Dequeue() : default;
            if (fault.Code != StatusCode.OK && !fault.AfterStoring)
                throw new RpcException(new Status(fault.Code, "no engine is configured"));
            var key = items[0].BatchKey;
            if (Batches.TryGetValue(key, out var known))
                known.ShouldEqual(items);
            else
                Batches[key] = items;
            if (fault.Code != StatusCode.OK)
                throw new RpcException(new Status(fault.Code, "the line broke"));
            return new Batch { Id = $"batch-{key}", Total = items.Count, Queued = items.Count };
        }
    }

    /// <summary>What becomes of a single job that is handed over: the strategy of a campaign.</summary>
    public Func<GenerateRequest, Job> Plan { get; set; } = static _ => new Job { State = JobStates.Succeeded, Result = new JobResult { Text = Strategy, Model = "model-1" } };

    /// <summary>Requests of single jobs, by their key.</summary>
    public Dictionary<string, GenerateRequest> Singles { get; } = [];

    public const string Strategy = """
        {"message":"Light without effort.","themes":[
          {"theme":"comfort","hooks":["Eyes get tired first.","Evenings need less light."],"calls_to_action":["Try it tonight.","See it dim."]},
          {"theme":"energy","hooks":["Half the power, all the light."],"calls_to_action":["Count your watts."]}]}
        """;

    public override Task<Job> Submit(GenerateRequest request, ServerCallContext context)
    {
        lock (Singles)
        {
            if (Singles.TryGetValue(request.IdempotencyKey, out var known))
                known.ShouldBeTheSame(request);
            Singles[request.IdempotencyKey] = request;
        }

        var job = Plan(request);
        (job.Id, job.Tenant, job.Request) = ($"job-{request.IdempotencyKey}", Caller.DefaultTenant, request);
        return Task.FromResult(job);
    }

    public override Task<Job> CancelJob(CancelJobRequest request, ServerCallContext context)
    {
        if (CancelFaults.TryDequeue(out var fault))
            throw new RpcException(new Status(fault, "the router is away"));
        Cancelled.Add(request.JobId);
        return Task.FromResult(new Job { Id = request.JobId, State = JobStates.Cancelled });
    }

    public override Task<RouteDecision> Route(GenerateRequest request, ServerCallContext context) =>
        Task.FromResult(new RouteDecision { Engine = RouteTo(request), Model = "gpt-oss-120b", Tier = request.Tier, PromptTokens = (request.System.Length + request.Task.Length) / 4 });

    public override Task<Batch> CancelBatch(GetBatchRequest request, ServerCallContext context)
    {
        if (CancelFaults.TryDequeue(out var fault))
            throw new RpcException(new Status(fault, "the router is away"));
        Cancelled.Add(request.BatchId);
        return Task.FromResult(new Batch { Id = request.BatchId });
    }

    public override async Task Generate(GenerateRequest request, IServerStreamWriter<JobEvent> responseStream, ServerCallContext context)
    {
        if (GenerateFault != StatusCode.OK)
            throw new RpcException(new Status(GenerateFault, "no engine is configured"));
        var result = Answer(request);
        var id = $"job-{Interlocked.Increment(ref _singles)}";
        await responseStream.WriteAsync(new JobEvent { JobId = id, Accepted = new Accepted() });
        await responseStream.WriteAsync(new JobEvent { JobId = id, Token = new TokenDelta { Text = "thinking", Reasoning = true } });
        foreach (var word in result.Text.Split(' '))
            await responseStream.WriteAsync(new JobEvent { JobId = id, Token = new TokenDelta { Text = word + " " } });
        await responseStream.WriteAsync(new JobEvent { JobId = id, Completed = result });
    }

    /// <summary>The message that closes the job of a row.</summary>
    public JobClosed Close(BatchItem item, string tenant = Caller.DefaultTenant, string state = JobStates.Succeeded, string attempt = "1")
    {
        var request = item.Request.Clone();
        request.Labels["custom_id"] = item.CustomId;
        var job = new Job { Id = $"job-{item.CustomId}-{attempt}", Tenant = tenant, State = state, Request = request };
        if (state == JobStates.Succeeded)
            job.Result = Answer(request);
        else
            job.Failure = new Failure { Code = "engine_unavailable", Message = "no answer" };
        return Message(job);
    }

    public static JobClosed Message(Job job) => new() { JobId = job.Id, Tenant = job.Tenant, Job = Google.Protobuf.MessageExtensions.ToByteArray(job) };
}

/// <summary>The router answers the same key with the same batch only when the rows are the same.</summary>
internal static class BatchItems
{
    public static void ShouldBeTheSame(this GenerateRequest known, GenerateRequest request)
    {
        if (!known.Equals(request))
            throw new RpcException(new Status(StatusCode.AlreadyExists, "same key, another request"));
    }

    /// <summary>Terms are those of the first submission.</summary>
    private static BatchItem WithoutTerms(BatchItem item) => new(item) { Terms = null };

    public static void ShouldEqual(this List<BatchItem> known, List<BatchItem> items)
    {
        if (!known.Select(WithoutTerms).SequenceEqual(items.Select(WithoutTerms)))
            throw new RpcException(new Status(StatusCode.AlreadyExists, "same key, other rows"));
    }
}
