using Platform.V1;

namespace Platform.Router;

/// <summary>The running jobs that somebody watches on this replica. A job that nobody watches costs nothing here.</summary>
internal sealed class JobFeed
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>Starts to listen to a job; dispose to stop.</summary>
    public Watch Open(string jobId)
    {
        lock (_gate)
        {
            if (!_jobs.TryGetValue(jobId, out var live))
                _jobs[jobId] = live = new LiveJob();
            live.Watchers++;
            return new Watch(this, jobId, live);
        }
    }

    /// <summary>Hands on what a worker said.</summary>
    public void Add(string jobId, IEnumerable<JobEvent> events) => Find(jobId)?.Add(events);

    /// <summary>Hands on the last words of the ledger.</summary>
    public void Close(string jobId, IEnumerable<JobEvent> ending) => Find(jobId)?.Close(ending);

    private LiveJob? Find(string jobId)
    {
        lock (_gate)
            return _jobs.GetValueOrDefault(jobId);
    }

    private void Leave(string jobId, LiveJob live)
    {
        lock (_gate)
        {
            if (--live.Watchers == 0)
                _jobs.Remove(jobId);
        }
    }

    /// <summary>One watcher's place.</summary>
    public sealed class Watch(JobFeed feed, string jobId, LiveJob live) : IDisposable
    {
        /// <summary>What is heard of the job.</summary>
        public LiveJob Live => live;

        /// <inheritdoc />
        public void Dispose() => feed.Leave(jobId, live);
    }
}
