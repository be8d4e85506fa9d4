using System.Diagnostics;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>A claimed job with what belongs to its lease.</summary>
internal sealed record JobSession(ClaimReply Claim, JobRun Run, Lease Lease);

/// <summary>Runs one claimed job from claim to report, whatever happens in between.</summary>
internal sealed partial class JobRunner(
    EnginePool engines, CodeJob code, ContentJob content, LedgerClient ledger, ProgressSender sender, InferenceOptions options, TimeProvider time, ILogger<JobRunner> log)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    /// <summary>Begins to hold the lease.</summary>
    public JobSession Open(ClaimReply claim, long claimedAt)
    {
        var job = claim.Job;
        var progress = new JobProgress(job.Id, claim.Fence, time);
        var kind = job.Request.Kind.Length > 0 ? job.Request.Kind : JobKinds.Code;
        var approach = job.Route?.Approach is { Length: > 0 } decided && decided != Approaches.Pattern ? decided : Approaches.Instructions;
        var chain = engines.Chain(approach, job.Tenant, kind, job.Route?.Engine ?? "");
        var budget = new JobBudget(options.RetryBudget, claim.MaxCostUsd > 0 ? claim.MaxCostUsd : job.Request.MaxCostUsd, DeadlineOf(job), waitingIsFree: job.Request is { Lane: Lanes.Batch, DeadlineMs: <= 0 }, time);
        var run = new JobRun(claim, progress, budget, chain, time);
        return new JobSession(claim, run, new Lease(ledger, claim, claimedAt, run, options, time, log));
    }

    /// <summary>Runs the job and reports how it ended; gives it back at shutdown; says nothing when the lease is lost.</summary>
    public async Task RunAsync(JobSession session, ActivityContext parent)
    {
        var (claim, run, lease) = session;
        using var activity = InferenceTelemetry.Source.StartActivity($"job {run.Approach}", ActivityKind.Internal, parent);
        activity?.SetTag("platform.job.id", run.Job.Id).SetTag("platform.job.kind", run.Request.Kind).SetTag("platform.job.fence", claim.Fence);
        await using var held = lease;
        using var budget = run.Budget;
        using var sending = new CancellationTokenSource();
        var sent = sender.RunAsync(run.Progress, lease, run.Job.Id, claim.Fence, sending.Token);
        var outcome = await ExecuteAsync(session);
        await sending.CancelAsync();
        await sent;
        activity?.SetTag("platform.job.state", outcome?.State ?? lease.Reason.ToString());
        if (outcome is not null)
        {
            lease.BeginReport();
            await ReportAsync(session, outcome);
        }
        else if (lease.Reason == StopReason.Shutdown)
            await ReleaseAsync(session);
    }

    /// <summary>How the job ended; null when that is not this worker's to say.</summary>
    private async Task<JobOutcome?> ExecuteAsync(JobSession session)
    {
        var (_, run, lease) = session;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lease.Stopped, run.Budget.Expired);
        try
        {
            var outcome = await (run.IsContent ? content.RunAsync(run, stop.Token) : code.RunAsync(run, stop.Token));
            // A failure of a job that was stopped says how it was stopped, also where a best attempt was kept.
            return lease.Reason switch
            {
                StopReason.LeaseLost => null,
                StopReason.Shutdown when outcome.Failure is not null => null,
                StopReason.Cancelled when outcome.Failure is not null => JobOutcome.Cancel(Results.Partial(run)),
                _ => outcome,
            };
        }
        catch (Exception) when (lease.Reason is StopReason.LeaseLost or StopReason.Shutdown)
        {
            return null;
        }
        catch (Exception) when (lease.Reason == StopReason.Cancelled)
        {
            return JobOutcome.Cancel(Results.Partial(run));
        }
        catch (OperationCanceledException) when (run.Budget.Expired.IsCancellationRequested)
        {
            return JobOutcome.Fail(FailureCodes.Deadline, $"The job was not done within its deadline of {(run.Budget.Deadline - DateTimeOffset.FromUnixTimeMilliseconds(run.Job.CreatedMs)).TotalSeconds:0.#} s.", transient: true, Results.Partial(run));
        }
        catch (JobException failure)
        {
            return JobOutcome.Fail(failure.Code, failure.Message, failure.Transient, Results.Partial(run));
        }
        catch (Exception failure)
        {
            LogDefect(failure, run.Job.Id);
            return JobOutcome.Fail(FailureCodes.Internal, $"The worker failed on job {run.Job.Id} ({failure.GetType().Name}); its log has the details.", transient: true, Results.Partial(run));
        }
        finally
        {
            // What ran beside the engine, such as the workspace's tests before the change, is wanted by nobody any more.
            await stop.CancelAsync();
        }
    }

    /// <summary>Reports until the ledger has it or the lease is no longer certain: then another worker gets the job.</summary>
    private async Task ReportAsync(JobSession session, JobOutcome outcome)
    {
        var (claim, run, lease) = session;
        Results.Finish(outcome.Result ?? outcome.Failure?.Partial, run);
        var report = new ReportRequest
        {
            JobId = run.Job.Id,
            Fence = claim.Fence,
            State = outcome.State,
            Result = outcome.Result,
            Failure = outcome.Failure,
            LastNumber = run.Progress.LastNumber,
        };
        report.Events.AddRange(run.Progress.Stages());
        for (var pause = FirstRetry; lease.IsHeld; pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry)
        {
            try
            {
                var reply = await ledger.ReportAsync(report, run.Tenant, CancellationToken.None);
                if (reply.Accepted)
                    InferenceTelemetry.Jobs.Add(1, new KeyValuePair<string, object?>("state", outcome.State));
                else
                    LogRefused(run.Job.Id, claim.Fence, reply.Reason);
                return;
            }
            catch (RpcException failure)
            {
                LogReportFailed(run.Job.Id, failure.StatusCode);
                await Task.Delay(pause, time);
            }
        }

        LogNotReported(run.Job.Id, claim.Fence);
    }

    private async Task ReleaseAsync(JobSession session)
    {
        try
        {
            await ledger.ReleaseAsync(session.Run.Job.Id, session.Claim.Fence, (double)session.Run.Tally.CostUsd, session.Run.Tenant, CancellationToken.None);
        }
        catch (RpcException failure)
        {
            LogNotReleased(session.Run.Job.Id, failure.StatusCode);
        }
    }

    /// <summary>An interactive caller's time runs from acceptance; a batch job may wait long for its turn, so its time runs from the claim.</summary>
    private DateTimeOffset DeadlineOf(Job job)
    {
        var accepted = DateTimeOffset.FromUnixTimeMilliseconds(job.CreatedMs);
        if (job.Request.DeadlineMs > 0)
            return accepted.AddMilliseconds(job.Request.DeadlineMs);
        return job.Request.Lane == Lanes.Batch ? time.GetUtcNow().AddSeconds(options.BatchDeadlineSeconds) : accepted.AddSeconds(options.InteractiveDeadlineSeconds);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} failed because of a defect.")]
    private partial void LogDefect(Exception failure, string jobId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the report of lease {Fence} was refused: {Reason}.")]
    private partial void LogRefused(string jobId, long fence, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId}: the report did not get through ({Status}); trying again.")]
    private partial void LogReportFailed(string jobId, StatusCode status);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId}: lease {Fence} ran out before the report got through; another worker gets the job.")]
    private partial void LogNotReported(string jobId, long fence);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {JobId} could not be given back ({Status}); its lease runs out by itself.")]
    private partial void LogNotReleased(string jobId, StatusCode status);
}
