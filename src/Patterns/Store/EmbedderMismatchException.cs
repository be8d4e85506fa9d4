using Platform.Storage;

namespace Platform.Patterns;

/// <summary>The memory holds vectors of another embedder; comparing them with new ones would give nonsense.</summary>
/// <param name="stored">Identity of the embedder of the stored vectors.</param>
/// <param name="current">Identity of the embedder in use.</param>
public sealed class EmbedderMismatchException(string stored, string current)
    : Exception($"The memory holds vectors of the embedder '{stored}', this host embeds with '{current}'. Run `platform repair` to embed everything again, or configure '{stored}'."), ITransientFault
{
    /// <summary>A repair mends it, and what is to be learned meanwhile can wait for that.</summary>
    public bool IsTransient => true;
}
