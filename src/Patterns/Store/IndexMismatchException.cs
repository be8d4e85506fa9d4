using Platform.Storage;

namespace Platform.Patterns;

/// <summary>What is derived from the patterns was made by something else than what would be compared with it; the answers would be nonsense. A repair makes it anew.</summary>
public abstract class IndexMismatchException(string message) : Exception(message), ITransientFault
{
    /// <summary>A repair mends it, and what is to be learned meanwhile can wait for that.</summary>
    public bool IsTransient => true;
}

/// <summary>The memory holds vectors of another embedder.</summary>
/// <param name="stored">Identity of the embedder of the stored vectors.</param>
/// <param name="current">Identity of the embedder in use.</param>
public sealed class EmbedderMismatchException(string stored, string current)
    : IndexMismatchException($"The memory holds vectors of the embedder '{stored}', this host embeds with '{current}'. Run `platform repair` to embed everything again, or configure '{stored}'.");

/// <summary>The memory holds posting lists of another tokeniser: words of a question would not meet those of the texts.</summary>
/// <param name="stored">Identity of the tokeniser of the stored lists.</param>
/// <param name="current">Identity of the tokeniser of this version.</param>
public sealed class TermsMismatchException(string stored, string current)
    : IndexMismatchException($"The memory's word index was made by '{stored}', this version reads words by '{current}'. Run `platform repair` to make it anew.");
