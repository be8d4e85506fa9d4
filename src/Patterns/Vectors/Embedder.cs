using Microsoft.Extensions.AI;

namespace Platform.Patterns;

/// <summary>The embedder in use and its identity: a vector of one embedder is never compared with one of another.</summary>
/// <param name="Generator">Makes vectors.</param>
/// <param name="Identity">Model, dimension, version.</param>
/// <param name="Dimension">Floats a vector.</param>
internal sealed record Embedder(IEmbeddingGenerator<string, Embedding<float>> Generator, string Identity, int Dimension)
{
    /// <summary>The embedding server that is configured, or the built-in embedder.</summary>
    public static IEmbeddingGenerator<string, Embedding<float>> GeneratorOf(EmbedderOptions options, TimeProvider time) =>
        options.IsSet ? new EmbeddingServer(options, time) : new WordEmbedder();

    public static Embedder Of(IEmbeddingGenerator<string, Embedding<float>> generator)
    {
        var description = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        return new Embedder(generator,
            description?.DefaultModelId ?? throw new InvalidOperationException($"The embedder {generator.GetType().Name} does not name its model."),
            description.DefaultModelDimensions ?? throw new InvalidOperationException($"The embedder {description.DefaultModelId} does not name its dimension."));
    }

    private readonly IQueryEmbedder? _byQuery = Generator.GetService(typeof(IQueryEmbedder)) as IQueryEmbedder;

    /// <summary>The embedder as one that works by counted terms; null when it wants text.</summary>
    public ITermEmbedder? ByTerms { get; } = Generator.GetService(typeof(ITermEmbedder)) as ITermEmbedder;

    /// <summary>The vector of a question; without one, why, when an embedding server gives none: words alone answer then.</summary>
    public async Task<QueryVector> OfQueryAsync(string query, CancellationToken token)
    {
        try
        {
            return new QueryVector(_byQuery is null ? (await EmbedAsync([query], token))[0] : Checked((await _byQuery.EmbedQueriesAsync([query], token))[0]), "");
        }
        catch (EmbedderException e)
        {
            return new QueryVector(null, $"Found by words alone: {e.Message}");
        }
    }

    /// <summary>Vectors of texts that are compared with a question, within the time that a question has; null when an embedding server gives none.</summary>
    public async Task<float[][]?> OfQueriesAsync(IReadOnlyList<string> texts, CancellationToken token)
    {
        try
        {
            return _byQuery is null ? await EmbedAsync(texts, token) : texts.Count == 0 ? [] : [.. (await _byQuery.EmbedQueriesAsync(texts, token)).Select(Checked)];
        }
        catch (EmbedderException)
        {
            return null;
        }
    }

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
        return [.. made.Select(m => Checked(m.Vector.ToArray()))];
    }

    private float[] Checked(float[] vector)
    {
        if (vector.Length != Dimension)
            throw new InvalidOperationException($"The embedder {Identity} gave {vector.Length} floats; it says it gives {Dimension}.");
        VectorMath.Normalise(vector);
        return vector;
    }
}

/// <summary>The vector of a question, or why there is none.</summary>
internal readonly record struct QueryVector(float[]? Vector, string Notice);

/// <summary>An embedder that can use the terms of a pattern as they were counted, field by field.</summary>
internal interface ITermEmbedder
{
    /// <summary>A vector of length 1; of length 0 when no term says anything.</summary>
    float[] Embed(TermCounter terms);
}
