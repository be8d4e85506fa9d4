namespace Platform.Metrics.Recording;

/// <summary>Rises whenever this process stored events, so that watchers here need not ask the store in vain.</summary>
internal sealed class FiguresVersion
{
    private long _value;

    public long Value => Interlocked.Read(ref _value);

    public void Raise() => Interlocked.Increment(ref _value);
}
