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
    private readonly FilePatterns _files = new(store.Database, writer);
    private readonly Compaction _compaction = new(store.Database);

    public PatternStore Store => store;

    public PatternWriter Writer => writer;

    public Embedder Embedder => embedder;

    public PatternsOptions Options => options;

    public TimeProvider Time => time;

    public long Now => store.Now;

    /// <summary>Searches for a person.</summary>
    /// <exception cref="ArgumentException">The query is empty or too long, or <c>top</c> is out of range.</exception>
    /// <exception cref="IndexMismatchException">The tenant's vectors are another embedder's, or its posting lists another tokeniser's.</exception>
    public async Task<SearchReply> SearchAsync(string tenant, SearchRequest request, CancellationToken token)
    {
        var started = time.GetTimestamp();
        if (string.IsNullOrWhiteSpace(request.Query) || request.Query.Length > MaxQuery)
            throw new ArgumentException($"Field 'query' has {request.Query.Length} characters; give 1 to {MaxQuery}, not only white space.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        await RefuseOthersAsync(tenant, token);
        var filter = await scope.OfSearchAsync(tenant, request, token);
        using var question = await search.AskAsync(filter, request.Query, [], token);
        var found = await search.RankAsync(question, filter, request.Top == 0 ? DefaultTop : request.Top, token);
        var reply = new SearchReply { Embedder = embedder.Identity, Notice = question.Notice };
        reply.Results.Add(found.Select(f => f.ToHit(request)));
        await Provenance.AddAsync(store, tenant, reply.Results, token);
        reply.Ms = time.GetElapsedTime(started).TotalMilliseconds;
        return reply;
    }

    /// <summary>Whether something may be put into a project of this name.</summary>
    /// <exception cref="ArgumentException">The name is unusable or reserved.</exception>
    public static void CheckProject(string project)
    {
        if (string.IsNullOrWhiteSpace(project) || project.Length > MaxName || project.Any(char.IsControl))
            throw new ArgumentException($"Field 'project' is '{project}'; give a name of 1 to {MaxName} printable characters.");
        if (project == SearchScope.SimulatedProject)
            throw new ArgumentException($"Field 'project' is '{project}', which is kept for what a simulator writes; give another name.");
    }

    /// <summary>Begins a run of indexing.</summary>
    /// <exception cref="ArgumentException">The project's name is unusable or reserved.</exception>
    public async Task<IndexRun> OpenIndexAsync(string tenant, IndexStart start, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        CheckProject(start.Project);
        await RefuseOthersAsync(tenant, token);
        await store.Database.WriteAsync(c => PatternStore.OpenProjectAsync(c, tenant, start, simulated: false, embedder.Identity, Now), token);
        // A file of vectors from another state of the store shows by its mark, before new numbers hide it.
        await index.SyncAsync(tenant, token);
        return new IndexRun(this, tenant, start, simulated: false, await store.FilesAsync(tenant, start.Project, token), progress, token);
    }

    /// <summary>Writes a batch of files.</summary>
    /// <returns>Patterns added or changed.</returns>
    public Task<long> WriteFilesAsync(string tenant, IndexStart project, IReadOnlyList<PreparedFile> files, CancellationToken token) =>
        store.Database.WriteAsync(async connection =>
        {
            await PatternStore.TakeNumbersAsync(connection, tenant, 0);
            return await _files.ReplaceAsync(connection, tenant, project.Project, files, Now, token);
        }, token);

    /// <summary>Removes what is gone, merges what has grown, brings the vector index up to date.</summary>
    /// <returns>Patterns of the project now, and how many a store of limited size gave up.</returns>
    public async Task<(long Patterns, long Evicted)> FinishIndexAsync(string tenant, string project, IReadOnlyList<string> gone, IReadOnlyList<IndexedFile> rerooted, CancellationToken token)
    {
        await store.Database.WriteAsync(async connection =>
        {
            await PatternStore.TakeNumbersAsync(connection, tenant, 0);
            if (gone.Count > 0)
                await _files.RemoveAsync(connection, tenant, project, gone);
            await _files.RerootAsync(connection, tenant, project, rerooted);
            await SegmentMerge.RunAsync(connection, tenant, project, always: false, token);
        }, token);
        await index.SyncAsync(tenant, token);
        await _compaction.RunAsync(tenant, MostRemoved, "", token);
        var evicted = await EvictAsync(token);
        return (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from patterns where tenant = @tenant and project = @project", new { tenant, project }), token), evicted);
    }

    /// <summary>Removes a project, a path or a pattern for good, from every index too.</summary>
    /// <exception cref="ArgumentException">Nothing is named.</exception>
    public async Task<ForgetReply> ForgetAsync(string tenant, ForgetRequest request, CancellationToken token)
    {
        if (request.Project.Length == 0 && request.PatternId.Length == 0)
            throw new ArgumentException("Fields 'project' and 'pattern_id' are empty; name what to forget.");
        var project = request.Project.Length > 0 ? request.Project : (await store.ByIdAsync(tenant, request.PatternId, token))?.Project ?? request.Project;
        var removed = await store.Database.WriteAsync(c => Forgetting.RunAsync(c, writer, tenant, request), token);
        await EraseAsync(tenant, [project], token);
        return new ForgetReply { Removed = removed };
    }

    /// <summary>Leaves nothing of removed patterns of some projects in the word index, the vector file and the pages of the store.</summary>
    public async Task EraseAsync(string tenant, IEnumerable<string> projects, CancellationToken token)
    {
        await index.SyncAsync(tenant, token);
        foreach (var project in projects)
            await _compaction.RunAsync(tenant, 0, project, token);
        await index.CompactAsync(tenant, token);
        await store.Database.ReclaimAsync(token);
    }

    /// <summary>Removes patterns for good, from every index too.</summary>
    /// <returns>Patterns removed.</returns>
    public async Task<long> ForgetAsync(string tenant, IReadOnlyList<string> patterns, CancellationToken token)
    {
        var removed = 0L;
        foreach (var id in patterns)
            removed += await store.Database.WriteAsync(c => Forgetting.RunAsync(c, writer, tenant, new ForgetRequest { PatternId = id }), token);
        await index.SyncAsync(tenant, token);
        await _compaction.RunAsync(tenant, 0, "", token);
        return removed;
    }

    /// <summary>Verifies the store and what is derived from it; rebuilds the derived parts when asked.</summary>
    public async Task<CheckReply> CheckAsync(string tenant, bool repair, CancellationToken token)
    {
        var problems = await FindAsync(tenant, repair, token);
        if (!repair || problems.Count == 0)
            return new CheckReply { Ok = problems.Count == 0, Problems = { problems } };
        var left = await FindAsync(tenant, repair: false, token);
        return new CheckReply { Ok = left.Count == 0, Problems = { problems.Select(p => left.Contains(p) ? $"Could not be mended: {p}" : $"Mended: {p}"), left.Except(problems).Select(p => $"Found after mending: {p}") } };
    }

    private async Task<IReadOnlyList<string>> FindAsync(string tenant, bool repair, CancellationToken token)
    {
        IReadOnlyList<string> problems = await new StoreCheck(store, embedder).RunAsync(tenant, token);
        var mending = new StoreRepair(store, writer, embedder);
        // Most of what is lacking after an upgrade is noted without making vectors and posting lists anew.
        if (repair && problems.Count > 0)
        {
            var left = await mending.NoteAsync(tenant, token) ? await new StoreCheck(store, embedder).RunAsync(tenant, token) : problems;
            if (left.Count > 0)
                await mending.RunAsync(tenant, token);
            problems = [.. problems.Union(left)];
        }

        return [.. problems, .. await index.CheckAsync(tenant, repair, token)];
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

    /// <summary>Keeps a local store within <see cref="PatternsOptions.MaxMebibytes"/>; whoever holds most gives most.</summary>
    /// <returns>Patterns evicted, of all tenants.</returns>
    public async Task<long> EvictAsync(CancellationToken token)
    {
        var evicted = 0L;
        foreach (var (tenant, patterns, fixes) in await Eviction.ExcessAsync(store.Database, index.Bytes, options.MaxMebibytes * 1024L * 1024, token))
        {
            await store.Database.WriteAsync(c => FixLimits.DropAsync(c, tenant, fixes), token);
            evicted += await store.Database.WriteAsync(c => Eviction.RunAsync(c, writer, tenant, patterns), token);
            await index.SyncAsync(tenant, token);
            await _compaction.RunAsync(tenant, 0, "", token);
        }

        return evicted;
    }

    /// <summary>Refuses to compare what two embedders, or two tokenisers, made.</summary>
    /// <exception cref="IndexMismatchException">The tenant's vectors or posting lists are of others.</exception>
    public Task RefuseOthersAsync(string tenant, CancellationToken token) => store.Database.ReadAsync(async c =>
    {
        await MadeWith.RefuseOthersAsync(c, tenant, embedder.Identity);
        return true;
    }, token);
}
