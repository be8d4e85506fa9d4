using System.ComponentModel.DataAnnotations;

namespace Platform.Patterns;

/// <summary>
/// An embedding server that speaks OpenAI's <c>/v1/embeddings</c> (Ollama, vLLM, OpenAI and others), section <c>Patterns:Embedder</c>. Without an endpoint the built-in
/// embedder is used. After a change of model or dimensions <c>platform repair</c> embeds everything again.
/// </summary>
public sealed class EmbedderOptions : IValidatableObject
{
    private const int LongestPrefix = 1000;

    /// <summary>Address of the server, with or without <c>/v1</c>, such as <c>http://localhost:11434</c>. Empty (default): the built-in embedder.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>Model as the server names it, such as <c>nomic-embed-text</c>.</summary>
    public string Model { get; set; } = "";

    /// <summary>Key of the server, sent as bearer token; empty when it needs none. Never logged.</summary>
    public string Key { get; set; } = "";

    /// <summary>Floats a vector of the model has, such as 768. PostgreSQL searches exactly above 2,000, which its index cannot hold.</summary>
    [Range(0, 8192)]
    public int Dimensions { get; set; }

    /// <summary>Ask the server to shorten its vectors to <see cref="Dimensions"/>, for models that can (OpenAI's text-embedding-3). Default false.</summary>
    public bool Shorten { get; set; }

    /// <summary>Put before a question, for models that want it, such as <c>search_query: </c>. Default empty.</summary>
    public string QueryPrefix { get; set; } = "";

    /// <summary>Put before a pattern's text, for models that want it, such as <c>search_document: </c>. Default empty.</summary>
    public string TextPrefix { get; set; } = "";

    /// <summary>Texts a request. Default 64.</summary>
    [Range(1, 2048)]
    public int BatchSize { get; set; } = 64;

    /// <summary>Longest text that is sent, in characters; the rest of a longer one is left out. Default 8,000.</summary>
    [Range(200, 1_000_000)]
    public int MaxCharacters { get; set; } = 8_000;

    /// <summary>Seconds a request of indexing may take. Default 60.</summary>
    [Range(1, 600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>Milliseconds a question waits for its vector before it is answered by words alone. Default 2,000.</summary>
    [Range(50, 60_000)]
    public int QueryTimeoutMs { get; set; } = 2_000;

    /// <summary>How often a request of indexing is tried again after a transient failure. Default 4.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 4;

    /// <summary>Whether a server is to be used.</summary>
    internal bool IsSet => Endpoint.Length > 0;

    /// <summary>What is kept with every vector: two settings that could give different vectors give different identities.</summary>
    internal string Identity => $"openai:{Model}{(QueryPrefix.Length + TextPrefix.Length == 0 ? "" : $"+{VectorHeader.HashOf($"{QueryPrefix}\0{TextPrefix}"):x16}")}/{Dimensions}";

    /// <summary>Address of the route.</summary>
    internal Uri Route
    {
        get
        {
            var root = Endpoint.TrimEnd('/');
            return new Uri(root.EndsWith("/v1", StringComparison.Ordinal) ? $"{root}/embeddings" : $"{root}/v1/embeddings");
        }
    }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSet)
            yield break;
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
            yield return new ValidationResult("is no address of a server; give one such as http://localhost:11434, without a key in it.", [nameof(Endpoint)]);
        if (Model.Length is 0 or > 200 || Model.Any(char.IsControl))
            yield return new ValidationResult($"has {Model.Length} characters; name the server's model, 1 to 200 characters, such as nomic-embed-text.", [nameof(Model)]);
        if (Dimensions == 0)
            yield return new ValidationResult("is 0; give the number of floats of the model's vectors, such as 768.", [nameof(Dimensions)]);
        if (Key.Any(c => c is <= ' ' or > '~'))
            yield return new ValidationResult("holds a character that no key has; give the key alone.", [nameof(Key)]);
        if (QueryPrefix.Length > LongestPrefix || TextPrefix.Length > LongestPrefix)
            yield return new ValidationResult($"is too long; give at most {LongestPrefix} characters.", [QueryPrefix.Length > LongestPrefix ? nameof(QueryPrefix) : nameof(TextPrefix)]);
    }
}
