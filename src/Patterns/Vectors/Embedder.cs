using Microsoft.Extensions.AI;

namespace Platform.Patterns;

/// <summary>The embedder in use and its identity: a vector of one embedder is never compared with one of another.</summary>
/// <param name="Generator">Makes vectors.</param>
/// <param name="Identity">Model, dimension, version.</param>
/// <param name="Dimension">Floats a vector.</param>
internal sealed record Embedder(IEmbeddingGenerator<string, Embedding<float>> Generator, string Identity, int Dimension)
{
    public static Embedder Of(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var description = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        return new Embedder(generator,
            description?.DefaultModelId ?? throw new InvalidOperationException($"The embedder {generator.GetType().Name} does not name its model."),
            description.DefaultModelDimensions ?? throw new InvalidOperationException($"The embedder {description.DefaultModelId} does not name its dimension."));
    }

    /// <summary>Vectors of length 1.</summary>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken token)
    {
        var made = await Generator.GenerateAsync(texts, cancellationToken: token);
        if (made.Count != texts.Count)
            throw new InvalidOperationException($"The embedder {Identity} gave {made.Count} vectors for {texts.Count} texts.");
        return [.. made.Select(Checked)];
    }

    private float[] Checked(Embedding<float> embedding)
    {
        var vector = embedding.Vector.ToArray();
        if (vector.Length != Dimension)
            throw new InvalidOperationException($"The embedder {Identity} gave {vector.Length} floats; it says it gives {Dimension}.");
        VectorMath.Normalise(vector);
        return vector;
    }
}
