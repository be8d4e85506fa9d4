using Dapper;
using Platform.Storage;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>The core of the memory: what is asked of it and what is put into it, per tenant. Doors and consumers translate to this.</summary>
internal sealed class PatternCatalog(PatternStore store, PatternWriter writer, IPatternIndex index, HybridSearch search, SearchScope scope, Embedder embedder, PatternsOptions options, TimeProvider time)
{
    private const int DefaultTop = 10;
    private const int MaxTop = 1000;
    private const int MaxQuery = 256 * 1024;
    private const int MaxName = 200;
    private const long MostRemoved = 2000;

    public PatternStore Store => store;

    public PatternWriter Writer => writer;

    public Embedder Embedder => embedder;

    public PatternsOptions Options => options;

    public TimeProvider Time => time;

    public long Now => store.Now;

    /// <summary>Searches for a person.</summary>
    /// <exception cref="ArgumentException">The query is empty or too long, or <c>top</c> is out of range.</exception>
    /// <exception cref="EmbedderMismatchException">The tenant's vectors are another embedder's.</exception>
    public async Task<SearchReply> SearchAsync(string tenant, SearchRequest request, CancellationToken token)
    {
        var started = time.GetTimestamp();
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQuery)
            throw new ArgumentException($"Field 'query' has {request.Query.Length} characters; give 1 to {MaxQuery}, not only white space.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        await RefuseOtherEmbedderAsync(tenant, token);
        var filter = await scope.OfSearchAsync(tenant, request, token);
        var question = await search.AskAsync(filter, request.Query, [], token);
        var found = await search.RankAsync(question, filter, request.Top == 0 ? DefaultTop : request.Top, token);
        var reply = new SearchReply { Embedder = embedder.Identity, Notice = question.Notice };
        reply.Results.Add(found.Select(f => f.ToHit(request.Explain, request.WithText)));
        await Provenance.AddAsync(store, tenant, reply.Results, token);
        reply.Ms = time.GetElapsedTime(started).TotalMilliseconds;
        return reply;
    }

    /// <summary>Begins a run of indexing.</summary>
    /// <exception cref="ArgumentException">The project's name is unusable or reserved.</exception>
    public async Task<IndexRun> OpenIndexAsync(string tenant, IndexStart start, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        if (string.IsNullOrWhiteSpace(start.Project) || start.Project.Length > MaxName || start.Project.Any(char.IsControl))
            throw new ArgumentException($"Field 'project' is '{start.Project}'; give a name of 1 to {MaxName} printable characters.");
        if (start.Project == SearchScope.SimulatedProject)
            throw new ArgumentException($"Field 'project' is '{start.Project}', which is kept for what a simulator writes; give another name.");
        await RefuseOtherEmbedderAsync(tenant, token);
        await store.Database.WriteAsync(c => PatternStore.OpenProjectAsync(c, tenant, start, simulated: false, embedder.Identity, Now), token);
        return new IndexRun(this, tenant, start, simulated: false, await store.FilesAsync(tenant, start.Project, token), progress, token);
    }

    /// <summary>Writes a batch of files.</summary>
    /// <returns>Patterns added or changed.</returns>
    public Task<long> WriteFilesAsync(string tenant, IndexStart project, IReadOnlyList<PreparedFile> files, CancellationToken token) =>
        store.Database.WriteAsync(async connection =>
        {
            await PatternStore.TakeNumbersAsync(connection, tenant, 0);
            return await writer.ReplaceFilesAsync(connection, tenant, project.Project, files, Now, token);
        }, token);

    /// <summary>Gives a file another path.</summary>
    public Task MoveFileAsync(string tenant, string project, string from, string to, CancellationToken token) =>
        store.Database.WriteAsync(c => PatternWriter.MoveFileAsync(c, tenant, project, from, to), token);

    /// <summary>Removes what is gone, merges what has grown, brings the vector index up to date.</summary>
    /// <returns>Patterns of the project now.</returns>
    public async Task<long> FinishIndexAsync(string tenant, string project, IReadOnlyList<string> gone, CancellationToken token)
    {
        await store.Database.WriteAsync(async connection =>
        {
            await PatternStore.TakeNumbersAsync(connection, tenant, 0);
            if (gone.Count > 0)
                await writer.RemoveFilesAsync(connection, tenant, project, gone);
            await SegmentMerge.RunAsync(connection, tenant, project, always: false, token);
        }, token);
        await index.SyncAsync(tenant, token);
        await CompactAsync(tenant, MostRemoved, token);
        await EvictAsync(tenant, token);
        return await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from patterns where tenant = @tenant and project = @project", new { tenant, project }), token);
    }

    /// <summary>Removes a project, a path or a pattern for good, from every index too.</summary>
    /// <exception cref="ArgumentException">Nothing is named.</exception>
    public async Task<ForgetReply> ForgetAsync(string tenant, ForgetRequest request, CancellationToken token)
    {
        if (request.Project.Length == 0 && request.PatternId.Length == 0)
            throw new ArgumentException("Fields 'project' and 'pattern_id' are empty; name what to forget.");
        var removed = await store.Database.WriteAsync(c => Forgetting.RunAsync(c, store.Database.Dialect, writer, tenant, request), token);
        await index.SyncAsync(tenant, token);
        await CompactAsync(tenant, 0, token);
        return new ForgetReply { Removed = removed };
    }

    /// <summary>Verifies the store and what is derived from it; rebuilds the derived parts when asked.</summary>
    public async Task<CheckReply> CheckAsync(string tenant, bool repair, CancellationToken token)
    {
        var check = new StoreCheck(store, writer, embedder);
        var problems = new List<string>(await check.RunAsync(tenant, repair, token));
        problems.AddRange(await index.CheckAsync(tenant, repair, token));
        var reply = new CheckReply { Ok = problems.Count == 0 || repair };
        reply.Problems.Add(problems);
        return reply;
    }

    /// <summary>Figures of the memory.</summary>
    public async Task<PatternStats> StatsAsync(string tenant, string project, CancellationToken token)
    {
        var stats = await Statistics.ReadAsync(store.Database, tenant, project, token);
        stats.Embedder = embedder.Identity;
        stats.Index = index.Name;
        stats.Bytes += index.Bytes(tenant);
        return stats;
    }

    /// <summary>Keeps a local store within <see cref="PatternsOptions.MaxMebibytes"/>.</summary>
    /// <returns>Patterns evicted.</returns>
    public async Task<long> EvictAsync(string tenant, CancellationToken token)
    {
        var excess = await Eviction.ExcessAsync(store.Database, index.Bytes(tenant), tenant, options.MaxMebibytes * 1024L * 1024, token);
        if (excess == 0)
            return 0;
        var gone = await store.Database.WriteAsync(c => Eviction.RunAsync(c, writer, tenant, excess), token);
        await index.SyncAsync(tenant, token);
        await CompactAsync(tenant, 0, token);
        return gone;
    }

    /// <summary>Refuses to compare vectors of two embedders.</summary>
    public async Task RefuseOtherEmbedderAsync(string tenant, CancellationToken token)
    {
        var stored = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<string?>("select embedder from tenants where tenant = @tenant", new { tenant }), token);
        if (stored is not null && stored != embedder.Identity)
            throw new EmbedderMismatchException(stored, embedder.Identity);
    }

    /// <summary>Drops removed numbers from the posting lists for good once there are many; the words of what was forgotten go with them.</summary>
    private Task CompactAsync(string tenant, long most, CancellationToken token) =>
        store.Database.WriteAsync(async connection =>
        {
            if (await connection.ExecuteScalarAsync<long>("select count(*) from removed where tenant = @tenant", new { tenant }) <= most)
                return;
            var upTo = await PatternStore.TakeNumbersAsync(connection, tenant, 0) - 1;
            foreach (var project in await connection.QueryAsync<string>("select distinct project from segments where tenant = @tenant", new { tenant }))
                await SegmentMerge.RunAsync(connection, tenant, project, always: true, token);
            await connection.ExecuteAsync("delete from removed where tenant = @tenant and seq <= @upTo", new { tenant, upTo });
            await connection.ExecuteAsync("update tenants set trimmed = @upTo where tenant = @tenant", new { tenant, upTo });
        }, token);
}
