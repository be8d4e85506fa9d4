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

    /// <summary>The embedder as one that works by counted terms; null when it wants text.</summary>
    public ITermEmbedder? ByTerms { get; } = Generator.GetService(typeof(ITermEmbedder)) as ITermEmbedder;

    /// <summary>Drafts with their vectors: those they have, or those the embedder makes of their texts.</summary>
    public async Task<PreparedPattern[]> EmbedAsync(IReadOnlyList<Draft> drafts, CancellationToken token)
    {
        if (drafts.All(d => d.Vector is not null))
            return [.. drafts.Select(d => d.With(d.Vector!))];
        var vectors = await EmbedAsync([.. drafts.Select(d => d.EmbeddedText)], token);
        return [.. drafts.Select((d, i) => d.With(vectors[i]))];
    }

    /// <summary>Vectors of length 1.</summary>
    public async Task<float[][]> EmbedAsync(IReadOnlyList<string> texts, CancellationToken token)
    {
        if (texts.Count == 0)
            return [];
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

/// <summary>An embedder that can use the terms of a pattern as they were counted, field by field.</summary>
internal interface ITermEmbedder
{
    /// <summary>A vector of length 1; of length 0 when no term says anything.</summary>
    float[] Embed(TermCounter terms);
}
