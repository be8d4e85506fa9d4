using System.Data.Common;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Contracts;
using Platform.Metrics.Recording;
using Platform.Metrics.Rollups;
using Platform.Storage;
using Shouldly;
using Xunit;

namespace Platform.Tests.Metrics;

public sealed class EventRecorderSpec
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task RecordAsync_WhileTheDatabaseIsDead_WaitsAndThenCountsOnce()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var flaky = new FailingDatabase(folder.Database, times: 5, () => new StoreUnreachableException("here", new IOException("refused")));
        using var recorder = Recorder(flaky);
        await recorder.StartAsync(Token);
        var rows = SampleJobs.Rows(20, Approaches.Mcp, 100, SampleJobs.Noon);
        await Task.WhenAll(rows.Concat(rows).Select(row => recorder.RecordAsync(row, Token)));
        await recorder.StopAsync(Token);
        flaky.Failures.ShouldBe(5);
        (await TotalAsync(folder)).ShouldBe(20);
    }

    [Fact]
    public async Task RecordAsync_OfOneBadEventAmongGood_FailsOnlyThat()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var poisoned = new FailingDatabase(folder.Database, times: 0, () => new InvalidOperationException());
        using var recorder = Recorder(poisoned);
        var rows = SampleJobs.Rows(20, Approaches.Mcp, 100, SampleJobs.Noon);
        rows[7].Group = rows[7].Group with { Model = null! };
        var tasks = rows.Select(row => recorder.RecordAsync(row, Token)).ToList();
        await recorder.StartAsync(Token);
        await Should.ThrowAsync<Exception>(tasks[7]);
        await Task.WhenAll(tasks.Where((_, i) => i != 7));
        await recorder.StopAsync(Token);
        (await TotalAsync(folder)).ShouldBe(19);
    }

    [Fact]
    public async Task StopAsync_WithEventsWaiting_GivesThemBack()
    {
        await using var folder = await FiguresFolder.CreateAsync();
        var dead = new FailingDatabase(folder.Database, int.MaxValue, () => new StoreUnreachableException("here", new IOException("refused")));
        using var recorder = Recorder(dead);
        await recorder.StartAsync(Token);
        var waiting = recorder.RecordAsync(SampleJobs.Rows(1, Approaches.Mcp, 100, SampleJobs.Noon)[0], Token);
        await recorder.StopAsync(Token);
        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }

    private static async Task<long> TotalAsync(FiguresFolder folder) =>
        (await folder.Query.TotalAsync(new FiguresScope("default", 0, SampleJobs.Noon.AddHours(1).ToUnixTimeMilliseconds()), Token))[Counter.Jobs];

    private static EventRecorder Recorder(Database database)
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        return new EventRecorder(new FiguresStore(database), new JobInstruments(meters), new FiguresVersion(), new SetTime(SampleJobs.Noon), NullLogger<EventRecorder>.Instance);
    }

    /// <summary>A database whose first writes fail.</summary>
    private sealed class FailingDatabase : Database
    {
        private readonly Database _inner;
        private readonly int _times;
        private readonly Func<Exception> _failure;

        [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
        public FailingDatabase(Database inner, int times, Func<Exception> failure) =>
            (_inner, _times, _failure, Module) = (inner, times, failure, inner.Module);

        public int Failures { get; private set; }

        public override Dialect Dialect => _inner.Dialect;

        public override Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token) => _inner.ReadAsync(work, token);

        public override Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken token)
        {
            token.ThrowIfCancellationRequested();
            if (Failures >= _times)
                return _inner.WriteAsync(work, token);
            Failures++;
            throw _failure();
        }

        public override Task ApplyAsync(IReadOnlyList<SchemaScript> scripts, CancellationToken token) => _inner.ApplyAsync(scripts, token);

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
