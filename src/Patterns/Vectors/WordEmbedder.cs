using Microsoft.Extensions.AI;

namespace Platform.Patterns;

/// <summary>
/// The built-in embedder: the sum of the trained vectors of a text's words (<see cref="WordVectors"/>). Deterministic and offline. It knows that "delete" is near
/// "remove" and "os.unlink"; it knows nothing of the order of words, and no model of a language stands behind it.
/// </summary>
internal sealed class WordEmbedder : IEmbeddingGenerator<string, Embedding<float>>, ITermEmbedder
{
    /// <summary>Kept with every vector; raise the version with any change to the vectors or the computation.</summary>
    public const string Identity = "words-128/1";

    private static readonly EmbeddingGeneratorMetadata Description = new("platform", defaultModelId: Identity, defaultModelDimensions: WordVectors.Dimension);

    /// <inheritdoc />
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Embed(v)) { ModelId = Identity })));

    /// <summary>A vector of length 1 of a query or another plain text; of length 0 when it has no words.</summary>
    public static float[] Embed(string text)
    {
        var vector = new float[WordVectors.Dimension];
        foreach (var concept in QueryTerms.Of(text).Concepts)
            WordVectors.Default.AddTo(vector, concept.Term, concept.Weight);
        VectorMath.Normalise(vector);
        return vector;
    }

    /// <inheritdoc />
    public float[] Embed(TermCounter terms)
    {
        var vector = new float[WordVectors.Dimension];
        for (var slot = 0; slot < terms.Terms.Count; slot++)
        {
            if (terms.Share(slot) is var share and > 0)
                WordVectors.Default.AddTo(vector, terms.Terms[slot], share);
        }

        VectorMath.Normalise(vector);
        return vector;
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? Description : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
