using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Platform.Contracts;
using Platform.Metrics.Savings;

namespace Platform.Metrics.Pages;

/// <summary>Asks the other modules on behalf of whoever looks at a page: with the tenant of that key and no other.</summary>
internal sealed class ConsoleCaller(IPeers peers, IHttpContextAccessor http, TimeProvider time)
{
    /// <summary>Most messages that are read of a stream.</summary>
    public const int MostStreamed = 2000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SoFar = TimeSpan.FromMilliseconds(250);

    /// <summary>Who looks.</summary>
    public Caller Who => Caller.Of(Context);

    /// <summary>Tenant of whoever looks.</summary>
    public string Tenant => Who.Tenant;

    /// <summary>Query that was asked for, with its question mark; empty when there is none.</summary>
    public string Query => Context.Request.QueryString.Value ?? "";

    /// <summary>The return on investment that the query asks for.</summary>
    public RoiQuery Roi => new(Context.Request.Query);

    /// <summary>Path and query that were asked for.</summary>
    public string Address => Context.Request.Path + Context.Request.QueryString.Value;

    /// <summary>Cancelled when the browser goes away.</summary>
    public CancellationToken Gone => Context.RequestAborted;

    /// <summary>The router.</summary>
    public V1.Generation.GenerationClient Router => new(peers.For(ModuleNames.Router));

    /// <summary>The pattern memory.</summary>
    public V1.Patterns.PatternsClient Memory => new(peers.For(ModuleNames.Patterns));

    /// <summary>Content.</summary>
    public V1.Content.ContentClient Maya => new(peers.For(ModuleNames.Maya));

    /// <summary>Keys and the audit log, served by every process that keeps rows: this one too.</summary>
    public V1.Access.AccessClient Keys => new(peers.For(ModuleNames.Metrics));

    /// <summary>People's requests about their data.</summary>
    public V1.Privacy.PrivacyClient Requests => new(peers.For(ModuleNames.Metrics));

    private HttpContext Context => http.HttpContext ?? throw new InvalidOperationException("A page was rendered outside a request.");

    /// <summary>Asks once. A refusal is an answer that the page shows.</summary>
    public async Task<Answer<T>> AskAsync<T>(Func<CallOptions, AsyncUnaryCall<T>> call)
        where T : class
    {
        try
        {
            return new Answer<T>(await call(Options()).ResponseAsync, null, StatusCode.OK);
        }
        catch (RpcException e)
        {
            return new Answer<T>(null, Words(e), e.StatusCode);
        }
    }

    /// <summary>Cancels a job. The router takes it calmly when there is nothing left to cancel; whoever pressed the button is told.</summary>
    public async Task<Answer<V1.Job>> CancelJobAsync(string id)
    {
        var answer = await AskAsync(o => Router.CancelJobAsync(new V1.CancelJobRequest { JobId = id, Reason = "cancelled in the console" }, o));
        return answer.Value is { State: JobStates.Succeeded or JobStates.Failed } job ? answer with { Problem = $"The job had {job.State} before it could be cancelled." } : answer;
    }

    /// <summary>Reads a stream to its end, at most 2,000 messages.</summary>
    public async Task<Answer<List<T>>> ReadAsync<T>(Func<CallOptions, AsyncServerStreamingCall<T>> call)
        where T : class
    {
        try
        {
            using var stream = call(Options());
            var all = new List<T>();
            while (all.Count < MostStreamed && await stream.ResponseStream.MoveNext(Gone))
                all.Add(stream.ResponseStream.Current);
            return new Answer<List<T>>(all, null, StatusCode.OK);
        }
        catch (RpcException e)
        {
            return new Answer<List<T>>(null, Words(e), e.StatusCode);
        }
    }

    /// <summary>Follows a job for as long as somebody listens.</summary>
    public AsyncServerStreamingCall<V1.JobEvent> Watch(string jobId, CancellationToken token) =>
        Router.WatchJob(new V1.WatchJobRequest { JobId = jobId }, new CallOptions(Who.ToPeer(), cancellationToken: token));

    /// <summary>What is on record of a job: all events of a closed one, those so far of another.</summary>
    public async Task<IReadOnlyList<V1.JobEvent>> HistoryAsync(string jobId, bool isClosed)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Gone);
        enough.CancelAfter(isClosed ? Patience : SoFar);
        var events = new List<V1.JobEvent>();
        try
        {
            using var watch = Watch(jobId, enough.Token);
            while (events.Count < MostStreamed && await watch.ResponseStream.MoveNext(enough.Token))
                events.Add(watch.ResponseStream.Current);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // What came is what is shown; the job itself was asked for before and said what is wrong.
        }

        return events;
    }

    /// <summary>Answers that the thing is not there, with the page: set any earlier, the status would make the renderer leave the page out.</summary>
    public void SayNotFound() => Context.Response.OnStarting(() =>
    {
        Context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });

    private CallOptions Options() => new(Who.ToPeer(), time.GetUtcNow().UtcDateTime + Patience, Gone);

    private static string Words(RpcException e) => e.StatusCode switch
    {
        StatusCode.Unavailable => $"The module does not answer: {e.Status.Detail}",
        StatusCode.DeadlineExceeded => "The module did not answer in time. Try again in a moment.",
        StatusCode.Unimplemented => "This host does not run the module that knows. Start it with --modules all, or set Peers:<module>.",
        _ => e.Status.Detail,
    };
}

/// <summary>What a module answered: a value, or a problem in words.</summary>
/// <param name="Value">The value; null when there is a problem.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Code">Status of the call.</param>
internal sealed record Answer<T>(T? Value, string? Problem, StatusCode Code)
    where T : class;
