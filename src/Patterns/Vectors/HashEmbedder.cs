using Microsoft.Extensions.AI;

namespace Platform.Patterns;

/// <summary>
/// The built-in embedder: every stemmed sub-token, and with less weight its character tri- and tetragrams, adds a few fixed signed
/// positions to the vector (random indexing). Deterministic, offline, no training. It finds text that shares words, parts of words and
/// misspelt words; it knows nothing of meaning, and nothing here calls it semantic.
/// </summary>
internal sealed class HashEmbedder : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Kept with every vector; raise the version with any change to the computation.</summary>
    public const string Identity = "hash-384/1";

    /// <summary>Floats a vector.</summary>
    public const int Dimension = 384;

    private static readonly EmbeddingGeneratorMetadata Description = new("platform", defaultModelId: Identity, defaultModelDimensions: Dimension);

    /// <inheritdoc />
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(Embed(v)) { ModelId = Identity })));

    /// <summary>A vector of length 1; of length 0 when the text has no words.</summary>
    public static float[] Embed(string text)
    {
        var counter = new TermCounter();
        counter.Count(Field.Body, text);
        var vector = new float[Dimension];
        for (var slot = 0; slot < counter.Terms.Count; slot++)
        {
            var term = counter.Terms[slot];
            var weight = MathF.Sqrt(counter.Frequency(slot)) * (QueryTerms.IsWeak(term) ? 0.2f : 1);
            Project(vector, Hash(term), weight, positions: 8);
            for (var length = 3; length <= 4; length++)
            {
                for (var at = 0; at + length <= term.Length && term.Length > length; at++)
                    Project(vector, Hash(term.AsSpan(at, length)) ^ 0x9E37_79B9, weight * 0.25f, positions: 2);
            }
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

    private static void Project(float[] vector, ulong hash, float weight, int positions)
    {
        for (var i = 0; i < positions; i++)
        {
            hash = hash * 6364136223846793005 + 1442695040888963407;
            var at = (int)((hash >> 33) % Dimension);
            vector[at] += (hash >> 63) == 0 ? weight : -weight;
        }
    }

    /// <summary>FNV-1a; stable over processes and versions, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static ulong Hash(ReadOnlySpan<char> text)
    {
        var hash = 14695981039346656037;
        foreach (var c in text)
            hash = (hash ^ c) * 1099511628211;
        return hash;
    }
}
