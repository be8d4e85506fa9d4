namespace Platform.Inference;

/// <summary>Times one call.</summary>
internal sealed class CallClock(TimeProvider time)
{
    private readonly long start = time.GetTimestamp();

    /// <summary>From sending to the first token, in milliseconds; 0 before it.</summary>
    public double FirstTokenMs { get; private set; }

    /// <summary>Since sending, in milliseconds.</summary>
    public double ElapsedMs => time.GetElapsedTime(start).TotalMilliseconds;

    /// <summary>True the first time.</summary>
    public bool MarkFirstToken()
    {
        if (FirstTokenMs > 0)
            return false;
        FirstTokenMs = Math.Max(ElapsedMs, 0.001);
        return true;
    }
}
