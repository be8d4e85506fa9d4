using Grpc.Core;
using Microsoft.Extensions.Logging;
using Platform.Contracts;

namespace Platform.Inference;

/// <summary>Calls peers whose absence a job survives: when they do not answer in time, the job goes on with nothing.</summary>
internal sealed partial class PeerCalls(TimeProvider time, ILogger<PeerCalls> log)
{
    /// <summary>The peer's answer, or what stands for none.</summary>
    /// <param name="run">The job; its tenant goes along.</param>
    /// <param name="peer">Name of the peer, for the log.</param>
    /// <param name="limit">How long to wait.</param>
    /// <param name="ask">The call.</param>
    /// <param name="nothing">What stands for an answer.</param>
    /// <param name="token">Stops the job.</param>
    public async Task<T> AskAsync<T>(JobRun run, string peer, TimeSpan limit, Func<CallOptions, AsyncUnaryCall<T>> ask, Func<RpcException, T> nothing, CancellationToken token)
    {
        try
        {
            using var call = ask(new CallOptions(Caller.ForTenant(run.Tenant), time.GetUtcNow().UtcDateTime + limit, token));
            return await call;
        }
        catch (RpcException) when (token.IsCancellationRequested)
        {
            throw new OperationCanceledException(token);
        }
        catch (RpcException failure)
        {
            LogNoAnswer(run.Job.Id, peer, failure.StatusCode);
            return nothing(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: {Peer} does not answer ({Status}); the job goes on without it.")]
    private partial void LogNoAnswer(string jobId, string peer, StatusCode status);
}
