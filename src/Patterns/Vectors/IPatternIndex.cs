namespace Platform.Patterns;

/// <summary>
/// Finds the nearest vectors. Two implementations: a mapped file beside SQLite, and pgvector. Both are derived from (or are)
/// rows of the store, both answer filtered searches with as many rows as exist.
/// </summary>
internal interface IPatternIndex : IAsyncDisposable
{
    /// <summary>"local" or "pgvector".</summary>
    string Name { get; }

    /// <summary>The nearest patterns by cosine, best first.</summary>
    /// <param name="filter">What may be seen.</param>
    /// <param name="allowed">What the filter leaves, as numbers; null when it leaves everything.</param>
    /// <param name="query">A vector of length 1.</param>
    /// <param name="top">Most results.</param>
    /// <param name="token">Ends the search.</param>
    Task<List<Scored>> SearchAsync(PatternFilter filter, NumberSet? allowed, ReadOnlyMemory<float> query, int top, CancellationToken token);

    /// <summary>Cosines of certain patterns; one whose vector is not there is left out.</summary>
    Task<IReadOnlyDictionary<long, float>> SimilaritiesAsync(string tenant, ReadOnlyMemory<float> query, IReadOnlyList<long> numbers, CancellationToken token);

    /// <summary>Takes in what was written since the last time; called after a run of indexing.</summary>
    Task SyncAsync(string tenant, CancellationToken token);

    /// <summary>Compares the index with the store and says what differs; mends it when asked.</summary>
    Task<IReadOnlyList<string>> CheckAsync(string tenant, bool repair, CancellationToken token);

    /// <summary>Whether something derived from the store lacks what is written there, as when a writer died or the files were lost.</summary>
    Task<bool> IsBehindAsync(string tenant, CancellationToken token);

    /// <summary>Drops for good what was removed.</summary>
    Task CompactAsync(string tenant, CancellationToken token);

    /// <summary>Bytes on disk that the store itself does not count.</summary>
    long Bytes(string tenant);
}
