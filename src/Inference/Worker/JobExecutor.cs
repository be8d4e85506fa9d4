using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Inference;

/// <summary>
/// Runs claimed jobs, so many of each lane at a time. A place is taken before a job is claimed: a claimed job never waits here.
/// At shutdown running jobs may finish; what is left is given back, before the host closes its doors.
/// </summary>
internal sealed partial class JobExecutor(JobRunner runner, InferenceOptions options, TimeProvider time, ILogger<JobExecutor> log) : IHostedLifecycleService
{
    // Far below RabbitMQ's consumer timeout of 30 minutes, which closes the channel with all that is unacknowledged on it.
    private static readonly TimeSpan PlacePatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan EarlyFor = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan GiveBackLimit = TimeSpan.FromSeconds(4);

    private readonly Dictionary<string, SemaphoreSlim> places = new()
    {
        [Lanes.Interactive] = new SemaphoreSlim(options.InteractiveJobs),
        [Lanes.Batch] = new SemaphoreSlim(options.BatchJobs),
    };

    private readonly ConcurrentDictionary<(string JobId, long Fence), Running> running = new();
    private readonly ConcurrentDictionary<(string JobId, long Fence), long> early = new();
    private readonly CancellationTokenSource draining = new();

    /// <summary>Whether this process takes no new jobs any more.</summary>
    public bool IsDraining => draining.IsCancellationRequested;

    /// <summary>Jobs that run now.</summary>
    public int Count => running.Count;

    /// <summary>Waits for a free place; null when none came in time, or this process is stopping. Give it back, or start a job in it.</summary>
    public async Task<IDisposable?> TakePlaceAsync(string lane, CancellationToken token)
    {
        using var patience = new CancellationTokenSource(PlacePatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(token, draining.Token, patience.Token);
        try
        {
            await places[lane].WaitAsync(either.Token);
            return new Place(places[lane]);
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Starts a claimed job in a place; the place is free again when the job is over.</summary>
    public void Start(string lane, ClaimReply claim, long claimedAt, IDisposable place, ActivityContext parent)
    {
        var job = new Running(runner.Open(claim, claimedAt));
        running[(claim.Job.Id, claim.Fence)] = job;
        InferenceTelemetry.Running.Add(1, new KeyValuePair<string, object?>("lane", lane));
        if (early.TryRemove((claim.Job.Id, claim.Fence), out _))
            job.Session.Lease.Stop(StopReason.Cancelled);
        job.Task = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync(job.Session, parent);
            }
            catch (Exception failure)
            {
                LogLeft(failure, claim.Job.Id);
            }
            finally
            {
                running.TryRemove((claim.Job.Id, claim.Fence), out _);
                InferenceTelemetry.Running.Add(-1, new KeyValuePair<string, object?>("lane", lane));
                place.Dispose();
            }
        });
    }

    /// <summary>
    /// Stops a job that was cancelled, if it runs here. The word may overtake the answer to the claim, so it is remembered for a while: else the job would run on
    /// until its next heartbeat.
    /// </summary>
    public void Cancel(string jobId, long fence)
    {
        var now = time.GetTimestamp();
        if (fence > 0)
        {
            foreach (var (key, at) in early)
            {
                if (time.GetElapsedTime(at, now) > EarlyFor)
                    early.TryRemove(key, out _);
            }

            early.TryAdd((jobId, fence), now);
        }

        foreach (var (key, job) in running.Where(job => job.Key.JobId == jobId && (fence == 0 || job.Key.Fence == fence)))
        {
            early.TryRemove(key, out _);
            job.Session.Lease.Stop(StopReason.Cancelled);
        }
    }

    /// <summary>Lets running jobs finish, then gives back what is left. Comes before the host closes any door, so reports still get through.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await draining.CancelAsync();
        if (running.IsEmpty)
            return;
        LogDraining(running.Count, options.DrainSeconds);
        await WaitAsync(TimeSpan.FromSeconds(options.DrainSeconds), cancellationToken);
        foreach (var job in running.Values)
            job.Session.Lease.Stop(StopReason.Shutdown);
        await WaitAsync(GiveBackLimit, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task WaitAsync(TimeSpan limit, CancellationToken token)
    {
        var all = Task.WhenAll(running.Values.Select(job => job.Task));
        await Task.WhenAny(all, Task.Delay(limit, time, token));
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping: {Count} jobs may finish within {Seconds} s.")]
    private partial void LogDraining(int count, double seconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {JobId} could not be reported; its lease runs out and another worker gets it.")]
    private partial void LogLeft(Exception failure, string jobId);

    private sealed class Running(JobSession session)
    {
        public JobSession Session => session;

        public Task Task { get; set; } = Task.CompletedTask;
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        private SemaphoreSlim? held = places;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Release();
    }
}
