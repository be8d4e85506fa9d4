using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// The vectors of each tenant in a mapped file of its own beside the SQLite store. Before a search it takes in what the store has
/// beyond the file's high-water mark, so it never lies about what is there. A file of another store, or of a later state of this one, is made anew.
/// </summary>
/// <param name="database">The store.</param>
/// <param name="folder">Folder of the files.</param>
/// <param name="embedder">Identity of the embedder.</param>
/// <param name="readOnly">Whether the files are left to another process.</param>
internal sealed class LocalPatternIndex(Database database, string folder, string embedder, bool readOnly = false) : IPatternIndex
{
    private const int MostCompared = 20;
    private readonly ConcurrentDictionary<string, LocalVectors> _tenants = new(StringComparer.Ordinal);

    public string Name => "local";

    public async Task<List<Scored>> SearchAsync(PatternFilter filter, NumberSet? allowed, ReadOnlyMemory<float> query, int top, CancellationToken token) =>
        await SyncedAsync(filter.Tenant, token) is { } vectors ? vectors.Search(query.Span, allowed, top) : [];

    public Task<IReadOnlyDictionary<long, float>> SimilaritiesAsync(string tenant, ReadOnlyMemory<float> query, IReadOnlyList<long> numbers, CancellationToken token) =>
        Task.FromResult(_tenants.TryGetValue(tenant, out var vectors) ? vectors.Similarities(query.Span, numbers) : new Dictionary<long, float>());

    public Task SyncAsync(string tenant, CancellationToken token) => SyncedAsync(tenant, token);

    public async Task<IReadOnlyList<string>> CheckAsync(string tenant, bool repair, CancellationToken token)
    {
        if (await StateAsync(tenant, token) is not { } state)
            return [];
        var vectors = Of(tenant, state);
        using var turn = await vectors.TakeTurnAsync(token);
        await CatchUpAsync(vectors, tenant, token);
        var problems = new List<string>();
        if (await DifferenceAsync(vectors, tenant, token) is { } difference)
            problems.Add(difference);
        if (vectors.CountDamaged() is var damaged and > 0)
            problems.Add($"{damaged} rows of the vector file do not match their checksum.");
        if (repair && problems.Count > 0 && vectors.Writable)
        {
            vectors.Discard();
            await CatchUpAsync(vectors, tenant, token);
        }

        return problems;
    }

    public async Task CompactAsync(string tenant, CancellationToken token)
    {
        if (!_tenants.TryGetValue(tenant, out var vectors) || !vectors.Writable)
            return;
        using var turn = await vectors.TakeTurnAsync(token);
        vectors.Compact();
    }

    public long Bytes(string tenant) => new FileInfo(PathOf(tenant)) is { Exists: true } file ? file.Length : 0;

    public async Task<bool> IsBehindAsync(string tenant, CancellationToken token) =>
        await StateAsync(tenant, token) is { } state && Of(tenant, state).HighWater != state.UpTo;

    public ValueTask DisposeAsync()
    {
        foreach (var vectors in _tenants.Values)
            vectors.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Last number and identity of a tenant's store; null when there is none, or when its vectors are another embedder's and have no place in this file.</summary>
    private Task<StoreState?> StateAsync(string tenant, CancellationToken token) => database.ReadAsync(c => c.QuerySingleOrDefaultAsync<StoreState?>(
        "select next_number - 1 as UpTo, store as Store from tenants where tenant = @tenant and embedder = @embedder", new { tenant, embedder }), token);

    private LocalVectors Of(string tenant, StoreState state) => _tenants.GetOrAdd(tenant, t => new LocalVectors(PathOf(t), $"{embedder}\0{state.Store}", readOnly));

    private string PathOf(string tenant) => Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tenant)).AsSpan(0, 8))}.vec");

    private async Task<LocalVectors?> SyncedAsync(string tenant, CancellationToken token)
    {
        if (await StateAsync(tenant, token) is not { } state)
            return null;
        var vectors = Of(tenant, state);
        var mark = vectors.HighWater;
        if (mark == state.UpTo)
            return vectors;
        if (!vectors.Writable)
        {
            // The store is asked after the mark was read: only a file of a later state is ahead of it then.
            vectors.IsAhead = mark > state.UpTo && !((await StateAsync(tenant, token))?.UpTo >= mark);
            return vectors.IsAhead ? null : vectors;
        }

        using var turn = await vectors.TakeTurnAsync(token);
        await CatchUpAsync(vectors, tenant, token);
        return vectors;
    }

    /// <summary>Takes in what the store has. Within a turn nobody else raises the mark, so that one beyond the store's is of a store that was put back to an earlier state.</summary>
    private async Task CatchUpAsync(LocalVectors vectors, string tenant, CancellationToken token)
    {
        if (!vectors.Writable || await StateAsync(tenant, token) is not { } state)
            return;
        if (vectors.HighWater > state.UpTo)
            vectors.Discard();
        if (vectors.HighWater == state.UpTo)
            return;
        for (var after = vectors.HighWater; ;)
        {
            var batch = await VectorRows.AfterAsync(database, tenant, after, state.UpTo, token);
            if (batch.Count == 0)
                break;
            vectors.Append(batch);
            after = batch[^1].Number;
        }

        vectors.Remove(await database.ReadAsync(c => c.QueryAsync<long>(
            "select number from removed where tenant = @tenant and seq > @after and seq <= @upTo", new { tenant, after = vectors.HighWater, upTo = state.UpTo }), token));
        vectors.Commit(state.UpTo);
    }

    /// <summary>Compares file and store at an instant at which both are of the same state; others go on writing meanwhile.</summary>
    private async Task<string?> DifferenceAsync(LocalVectors vectors, string tenant, CancellationToken token)
    {
        for (var again = 0; again < MostCompared; again++)
        {
            var (upTo, stored) = await database.ReadAsync(c => c.QuerySingleAsync<(long UpTo, long Stored)>(
                "select next_number - 1, (select count(*) from vectors v where v.tenant = t.tenant) from tenants t where tenant = @tenant", new { tenant }), token);
            if (upTo == vectors.HighWater)
                return vectors.Alive == stored ? null : $"The vector file holds {vectors.Alive} vectors; the store holds {stored}.";
            await CatchUpAsync(vectors, tenant, token);
        }

        return null;
    }

    private sealed class StoreState
    {
        public long UpTo { get; set; }

        public string Store { get; set; } = "";
    }
}
