using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// The vectors of each tenant in a mapped file of its own beside the SQLite store. Before a search it takes in what the store has
/// beyond the file's high-water mark, so it never lies about what is there.
/// </summary>
internal sealed class LocalPatternIndex(Database database, string folder, string embedder) : IPatternIndex
{
    private readonly ConcurrentDictionary<string, LocalVectors> _tenants = new(StringComparer.Ordinal);

    public string Name => "local";

    public async Task<List<Scored>> SearchAsync(PatternFilter filter, NumberSet? allowed, ReadOnlyMemory<float> query, int top, CancellationToken token)
    {
        var vectors = Of(filter.Tenant);
        await SyncAsync(vectors, filter.Tenant, token);
        return vectors.Search(query.Span, allowed, top);
    }

    public Task<IReadOnlyDictionary<long, float>> SimilaritiesAsync(string tenant, ReadOnlyMemory<float> query, IReadOnlyList<long> numbers, CancellationToken token) =>
        Task.FromResult(Of(tenant).Similarities(query.Span, numbers));

    public Task SyncAsync(string tenant, CancellationToken token) => SyncAsync(Of(tenant), tenant, token);

    public async Task<IReadOnlyList<string>> CheckAsync(string tenant, bool repair, CancellationToken token)
    {
        var vectors = Of(tenant);
        await SyncAsync(vectors, tenant, token);
        if (await UpToAsync(tenant, token) is null)
            return [];
        var stored = await database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from vectors where tenant = @tenant", new { tenant }), token);
        var problems = new List<string>();
        if (vectors.Alive != stored)
            problems.Add($"The vector file holds {vectors.Alive} vectors; the store holds {stored}.");
        if (vectors.CountDamaged() is var damaged and > 0)
            problems.Add($"{damaged} rows of the vector file do not match their checksum.");
        if (repair && problems.Count > 0 && vectors.Writable)
        {
            vectors.Discard();
            await SyncAsync(vectors, tenant, token);
        }

        return problems;
    }

    public long Bytes(string tenant) => Of(tenant).Bytes;

    public ValueTask DisposeAsync()
    {
        foreach (var vectors in _tenants.Values)
            vectors.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The last number of a tenant; null when there is none, or when its vectors are another embedder's and have no place in this file.</summary>
    private Task<long?> UpToAsync(string tenant, CancellationToken token) =>
        database.ReadAsync(c => c.ExecuteScalarAsync<long?>("select next_number - 1 from tenants where tenant = @tenant and embedder = @embedder", new { tenant, embedder }), token);

    private LocalVectors Of(string tenant) => _tenants.GetOrAdd(tenant, t =>
        new LocalVectors(Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(t)).AsSpan(0, 8))}.vec"), embedder));

    private async Task SyncAsync(LocalVectors vectors, string tenant, CancellationToken token)
    {
        if (await UpToAsync(tenant, token) is not { } upTo || vectors.HighWater >= upTo)
            return;
        using var turn = await vectors.TakeTurnAsync(token);
        if (!vectors.Writable || vectors.HighWater >= upTo)
            return;
        for (var after = vectors.HighWater; ;)
        {
            var batch = await VectorRows.AfterAsync(database, tenant, after, upTo, token);
            if (batch.Count == 0)
                break;
            vectors.Append(batch);
            after = batch[^1].Number;
        }

        vectors.Remove(await database.ReadAsync(c => c.QueryAsync<long>(
            "select number from removed where tenant = @tenant and seq > @after and seq <= @upTo", new { tenant, after = vectors.HighWater, upTo }), token));
        vectors.Commit(upTo);
    }
}
