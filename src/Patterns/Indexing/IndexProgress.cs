namespace Platform.Patterns;

/// <summary>How far an indexing run is.</summary>
/// <param name="Files">Files looked at.</param>
/// <param name="TotalFiles">Files there are; 0 while unknown.</param>
/// <param name="Patterns">Patterns written so far.</param>
/// <param name="Elapsed">Time since the start.</param>
public readonly record struct IndexProgress(long Files, long TotalFiles, long Patterns, TimeSpan Elapsed)
{
    /// <summary>Patterns a second so far.</summary>
    public double PatternsPerSecond => Elapsed > TimeSpan.Zero ? Patterns / Elapsed.TotalSeconds : 0;

    /// <summary>Time left at the rate so far; null while unknown.</summary>
    public TimeSpan? Remaining => Files > 0 && TotalFiles >= Files ? Elapsed * ((double)(TotalFiles - Files) / Files) : null;
}
