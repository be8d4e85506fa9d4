using Microsoft.Extensions.AI;

namespace Platform.Patterns;

/// <summary>
/// An embedder behind HTTP: texts in batches, patience with a server that is busy, halves of what it finds too long. A question has a deadline of its own and is not
/// tried again; after a failure questions leave the server alone for a while, so that each of them does not wait for its deadline.
/// </summary>
internal sealed class EmbeddingServer : IEmbeddingGenerator<string, Embedding<float>>, IQueryEmbedder
{
    private const int MostCharactersOfRequest = 400_000;
    private const int ShortestCut = 500;
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);
    private readonly EmbedderOptions _options;
    private readonly EmbeddingCall _call;
    private readonly TimeProvider _time;
    private readonly EmbeddingGeneratorMetadata _description;
    private volatile Failure? _failure;

    public EmbeddingServer(EmbedderOptions options, TimeProvider time)
    {
        (_options, _time, _call) = (options, time, new EmbeddingCall(options));
        _description = new EmbeddingGeneratorMetadata("openai-compatible", options.Route, options.Identity, options.Dimensions);
    }

    /// <inheritdoc />
    /// <exception cref="EmbedderException">The server gave no vectors, also after trying again.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var made = new GeneratedEmbeddings<Embedding<float>>();
        foreach (var batch in Batches(values.Select(v => Prepared(_options.TextPrefix, v))))
        {
            foreach (var vector in await SendAsync(batch, cancellationToken))
                made.Add(new Embedding<float>(vector) { ModelId = _options.Identity });
        }

        return made;
    }

    /// <inheritdoc />
    public async Task<float[][]> EmbedQueriesAsync(IReadOnlyList<string> queries, CancellationToken token)
    {
        if (_failure is { } failure && _time.GetElapsedTime(failure.At) < Rest)
            throw new EmbedderException(failure.Message, isTransient: true);
        try
        {
            var vectors = await _call.AskAsync([.. queries.Select(q => Prepared(_options.QueryPrefix, q))], TimeSpan.FromMilliseconds(_options.QueryTimeoutMs), token);
            _failure = null;
            return vectors;
        }
        catch (EmbedderException e)
        {
            _failure = new Failure(e.Message, _time.GetTimestamp());
            throw;
        }
    }

    /// <inheritdoc />
    public object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceType == typeof(EmbeddingGeneratorMetadata) ? _description : serviceType.IsInstanceOfType(this) ? this : null;

    /// <inheritdoc />
    public void Dispose() => _call.Dispose();

    private async Task<float[][]> SendAsync(List<string> batch, CancellationToken token)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await _call.AskAsync(batch, TimeSpan.FromSeconds(_options.TimeoutSeconds), token);
            }
            catch (EmbedderException e) when (e.IsTooLong && (batch.Count > 1 || batch[0].Length > ShortestCut))
            {
                return await SendSmallerAsync(batch, token);
            }
            catch (EmbedderException e) when (e.IsTransient && attempt < _options.Retries)
            {
                await Task.Delay(WaitOf(attempt, e.RetryAfter), _time, token);
            }
        }
    }

    /// <summary>Half of the texts at a time; half of the text when there is one.</summary>
    private async Task<float[][]> SendSmallerAsync(List<string> batch, CancellationToken token)
    {
        if (batch.Count == 1)
            return await SendAsync([Cut(batch[0], batch[0].Length / 2)], token);
        var half = batch.Count / 2;
        return [.. await SendAsync(batch[..half], token), .. await SendAsync(batch[half..], token)];
    }

    private static TimeSpan WaitOf(int attempt, TimeSpan? asked)
    {
        var wait = asked ?? FirstWait * Math.Pow(2, attempt) * (0.75 + (Random.Shared.NextDouble() / 2));
        return wait < LongestWait ? wait : LongestWait;
    }

    private IEnumerable<List<string>> Batches(IEnumerable<string> texts)
    {
        var batch = new List<string>();
        var characters = 0;
        foreach (var text in texts)
        {
            if (batch.Count == _options.BatchSize || (batch.Count > 0 && characters + text.Length > MostCharactersOfRequest))
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }

            batch.Add(text);
            characters += text.Length;
        }

        if (batch.Count > 0)
            yield return batch;
    }

    /// <summary>Servers refuse an empty text, so it says that there is nothing.</summary>
    private string Prepared(string prefix, string text) => Cut(prefix + (string.IsNullOrWhiteSpace(text) ? "." : text), _options.MaxCharacters);

    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private sealed record Failure(string Message, long At);
}

/// <summary>An embedder that treats a question otherwise than the texts that are searched.</summary>
internal interface IQueryEmbedder
{
    /// <summary>Vectors of questions, within a short time.</summary>
    /// <exception cref="EmbedderException">There are none.</exception>
    Task<float[][]> EmbedQueriesAsync(IReadOnlyList<string> queries, CancellationToken token);
}
