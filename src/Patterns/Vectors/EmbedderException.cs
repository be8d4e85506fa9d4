using Platform.Storage;

namespace Platform.Patterns;

/// <summary>The embedding server gave no vectors. Indexing stops with it; a question is answered by words alone.</summary>
/// <param name="message">What was asked, what came back, what to do. Never a key.</param>
/// <param name="isTransient">Whether the same call may succeed later.</param>
/// <param name="inner">What was underneath.</param>
public sealed class EmbedderException(string message, bool isTransient, Exception? inner = null) : Exception(message, inner), ITransientFault
{
    /// <summary>Whether the same call may succeed later.</summary>
    public bool IsTransient => isTransient;

    /// <summary>Whether the server finds a text, or all of them together, too long.</summary>
    internal bool IsTooLong { get; init; }

    /// <summary>How long the server wants to be left alone; null when it did not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
