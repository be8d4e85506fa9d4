namespace Platform.Inference;

/// <summary>Decorrelated jitter: each pause is drawn between the shortest and three times the one before, so that workers do not come back together.</summary>
internal sealed class Backoff(TimeSpan shortest, Random random)
{
    private const int Growth = 3;
    private const int Ceiling = 30;
    private TimeSpan? last;

    /// <summary>The next pause; never shorter than what the engine asked for.</summary>
    public TimeSpan Next(TimeSpan? asked)
    {
        var drawn = shortest + ((((last ?? shortest) * Growth) - shortest) * random.NextDouble());
        var pause = drawn < shortest * Ceiling ? drawn : shortest * Ceiling;
        last = pause;
        return asked is { } least && least > pause ? least + (shortest * random.NextDouble()) : pause;
    }
}
