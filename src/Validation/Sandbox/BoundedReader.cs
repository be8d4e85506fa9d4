using System.Text;

namespace Platform.Validation;

/// <summary>Reads a pipe to its end or to a limit; at the limit it stops the run instead of filling memory.</summary>
internal sealed class BoundedReader
{
    private readonly MemoryStream kept = new();
    private readonly Task reading;

    public BoundedReader(Stream pipe, int limit, CancellationTokenSource stop) => reading = ReadAsync(pipe, limit, stop);

    /// <summary>True when the limit was reached.</summary>
    public bool Exceeded { get; private set; }

    /// <summary>What was read, as UTF-8 with bad bytes replaced.</summary>
    public string Text
    {
        get
        {
            lock (kept)
                return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
        }
    }

    /// <summary>Waits for the end of the pipe, but not for a stray process that keeps it open.</summary>
    public Task EndAsync() => Task.WhenAny(reading, Task.Delay(TimeSpan.FromSeconds(1)));

    private async Task ReadAsync(Stream pipe, int limit, CancellationTokenSource stop)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await pipe.ReadAsync(buffer) is > 0 and var count)
            {
                if (Keep(buffer, count, limit))
                    continue;
                Exceeded = true;
                await stop.CancelAsync();
                return;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe broke when the child was killed; what was read stays.
        }
    }

    private bool Keep(byte[] buffer, int count, int limit)
    {
        lock (kept)
        {
            var room = (int)Math.Min(count, limit - kept.Length);
            kept.Write(buffer, 0, room);
            return room == count;
        }
    }
}
