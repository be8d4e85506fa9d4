using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Contracts.Messages;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Recording;

/// <summary>
/// Gathers events that arrive at the same time into one transaction. A consumer waits here until its event is stored, so the bus keeps
/// what is not stored yet: memory is bounded by the queue's prefetch, and a dead database delays figures, never jobs.
/// </summary>
internal sealed partial class EventRecorder(FiguresStore store, JobInstruments instruments, FiguresVersion version, TimeProvider time, ILogger<EventRecorder> log)
    : BackgroundService
{
    private const int MostWaiting = 4096;
    private const int MostPerTransaction = 500;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Channel<Pending> _waiting = Channel.CreateBounded<Pending>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Stores a closed job; done when it is committed or was known already.</summary>
    public Task RecordAsync(JobRow job, CancellationToken token) => EnqueueAsync(new Pending(Job: job), token);

    /// <summary>Stores a feedback; done when it is committed or was known already.</summary>
    public Task RecordAsync(FeedbackRow feedback, CancellationToken token) => EnqueueAsync(new Pending(Feedback: feedback), token);

    /// <summary>Stores what happened to posts; done when it is committed or was known already.</summary>
    public Task RecordAsync(IReadOnlyList<EngagementRow> engagement, CancellationToken token) => EnqueueAsync(new Pending(Engagement: engagement), token);

    /// <summary>Stores how posts stand; done when it is committed or something newer was known already.</summary>
    public Task RecordAsync(IReadOnlyList<PostFigures> posts, CancellationToken token) => EnqueueAsync(new Pending(Posts: posts), token);

    /// <summary>Stops; what is not stored yet goes back to the bus, also when the work never began.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _waiting.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (_waiting.Reader.TryRead(out var pending))
            pending.Done.TrySetCanceled(CancellationToken.None);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var batch = new List<Pending>();
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                batch.Clear();
                while (batch.Count < MostPerTransaction && _waiting.Reader.TryRead(out var pending))
                    batch.Add(pending);
                await StoreAsync(batch, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            foreach (var pending in batch)
                pending.Done.TrySetCanceled(stoppingToken);
        }
    }

    private async Task EnqueueAsync(Pending pending, CancellationToken token)
    {
        await _waiting.Writer.WriteAsync(pending, token);
        await pending.Done.Task.WaitAsync(token);
    }

    private async Task StoreAsync(List<Pending> batch, CancellationToken token)
    {
        var pause = FirstPause;
        while (true)
        {
            try
            {
                await CommitAsync(batch, token);
                return;
            }
            catch (Exception e) when (IsTransient(e))
            {
                LogDelayed(batch.Count, e.Message, pause.TotalSeconds);
                await Task.Delay(pause, time, token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                await StoreApartAsync(batch, e, token);
                return;
            }
        }
    }

    /// <summary>One bad event must not hold up the others: each is tried alone, and the bad one fails to its consumer.</summary>
    private async Task StoreApartAsync(List<Pending> batch, Exception problem, CancellationToken token)
    {
        if (batch.Count == 1)
        {
            batch[0].Done.TrySetException(problem);
            return;
        }

        foreach (var pending in batch)
            await StoreAsync([pending], token);
    }

    private async Task CommitAsync(List<Pending> batch, CancellationToken token)
    {
        var added = await store.AddAsync([.. batch.Select(p => p.Job).OfType<JobRow>()], [.. batch.Select(p => p.Feedback).OfType<FeedbackRow>()], [.. batch.SelectMany(p => p.Engagement ?? [])],
            [.. batch.SelectMany(p => p.Posts ?? [])], token);
        foreach (var job in added)
            instruments.Record(job);
        version.Raise();
        foreach (var pending in batch)
            pending.Done.TrySetResult();
    }

    private static bool IsTransient(Exception e) => StoreFaults.IsTransient(e);

    private sealed record Pending(JobRow? Job = null, FeedbackRow? Feedback = null, IReadOnlyList<EngagementRow>? Engagement = null, IReadOnlyList<PostFigures>? Posts = null)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} events wait to be counted: {Problem} Trying again in {Seconds} s.")]
    private partial void LogDelayed(int count, string problem, double seconds);
}
