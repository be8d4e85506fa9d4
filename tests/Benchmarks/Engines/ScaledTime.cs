namespace Platform.Benchmarks.Engines;

/// <summary>A clock that runs so many times as fast as the wall's, timers included: minutes of a quota pass in seconds.</summary>
internal sealed class ScaledTime(double factor) : TimeProvider
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);
    private readonly DateTimeOffset _startedAt = System.GetUtcNow();
    private readonly long _started = System.GetTimestamp();

    /// <inheritdoc />
    public override long TimestampFrequency => System.TimestampFrequency;

    /// <inheritdoc />
    public override long GetTimestamp() => (long)((System.GetTimestamp() - _started) * factor);

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => _startedAt + (System.GetElapsedTime(_started) * factor);

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Scaled(System.CreateTimer(callback, state, Wall(dueTime), Wall(period)), Wall);

    /// <summary>What a stretch of this clock takes on the wall.</summary>
    public TimeSpan Wall(TimeSpan time) => time <= TimeSpan.Zero ? time : time / factor > Shortest ? time / factor : Shortest;

    private sealed class Scaled(ITimer inner, Func<TimeSpan, TimeSpan> wall) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(wall(dueTime), wall(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
