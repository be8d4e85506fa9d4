namespace Platform.Storage;

/// <summary>Wakes a background loop at once when there is work, and in any case after a while.</summary>
public sealed class Pulse : IDisposable
{
    private readonly SemaphoreSlim _signal = new(0, 1);

    /// <summary>There is work. Many calls before the loop wakes count as one.</summary>
    public void Beat()
    {
        try
        {
            if (_signal.CurrentCount == 0)
                _signal.Release();
        }
        catch (SemaphoreFullException)
        {
            // Two callers at once: the loop is awake already.
        }
    }

    /// <summary>Waits for a beat, at most this long.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken token) => await _signal.WaitAsync(longest, token);

    /// <inheritdoc />
    public void Dispose() => _signal.Dispose();
}
