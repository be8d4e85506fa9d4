using System.Data.Common;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// What became of patterns after they were exchanged: what is removed, banned or shared no more on the side it came from is removed on the other side, and a ban goes along.
/// </summary>
internal sealed class ExchangedPatterns(PatternCatalog catalog)
{
    private const int MaxReferences = 5_000;
    private readonly PatternStore _store = catalog.Store;

    /// <summary>Which patterns are no more to be had here.</summary>
    /// <exception cref="ArgumentException">Too many are named.</exception>
    public async Task<CompareReply> CompareAsync(string tenant, CompareRequest request, CancellationToken token)
    {
        Check(request);
        var dialect = _store.Database.Dialect;
        var about = new
        {
            tenant,
            projects = dialect.List(request.Patterns.SelectMany(p => new[] { p.Project, SharedPatterns.Prefix + p.Project }).Distinct(StringComparer.Ordinal)),
            paths = dialect.List(request.Patterns.Select(p => p.Path).Distinct(StringComparer.Ordinal)),
            hashes = dialect.List(request.Patterns.Select(p => p.ContentHash).Distinct(StringComparer.Ordinal)),
        };
        var (there, banned) = await _store.Database.ReadAsync(async connection => (
            (await connection.QueryAsync<(string Project, string Path, string ContentHash)>(
                $"""
                select p.project, p.path, p.content_hash from patterns p join projects pr on pr.tenant = p.tenant and pr.name = p.project and pr.shared = 1
                where p.tenant = @tenant and {dialect.AnyOf("p.project", "@projects")} and {dialect.AnyOf("p.path", "@paths")} and {dialect.AnyOf("p.content_hash", "@hashes")} and {Bans.Free}
                """, about)).ToHashSet(),
            (await connection.QueryAsync<string>($"select content_hash from bans where tenant = @tenant and {dialect.AnyOf("content_hash", "@hashes")}", about)).ToHashSet(StringComparer.Ordinal)), token);
        var reply = new CompareReply();
        foreach (var reference in request.Patterns.Where(r => !there.Contains((r.Project, r.Path, r.ContentHash)) && !there.Contains((SharedPatterns.Prefix + r.Project, r.Path, r.ContentHash))))
        {
            reply.Gone.Add(reference.Hash);
            if (banned.Contains(reference.ContentHash))
                reply.Banned.Add(reference.Hash);
        }

        return reply;
    }

    /// <summary>Removes patterns that the same sender pushed before.</summary>
    /// <exception cref="ArgumentException">Too many are named.</exception>
    public async Task<WithdrawReply> WithdrawAsync(string tenant, string sender, CompareRequest request, CancellationToken token)
    {
        Check(request);
        var removed = await _store.Database.WriteAsync(c => RemoveAsync(c, tenant, sender, request.Patterns.Select(p => p.Hash)), token);
        return new WithdrawReply { Removed = await ErasedAsync(tenant, removed) };
    }

    /// <summary>What came from a server, a page at a time.</summary>
    public Task<List<PatternReference>> PulledAsync(string tenant, string server, string afterHash, int most, CancellationToken token) => _store.Database.ReadAsync(async c => (await c.QueryAsync<ReferenceRow>(
        """
        select o.hash as Hash, o.project as Project, p.path as Path, p.content_hash as ContentHash from origins o join patterns p on p.tenant = o.tenant and p.id = o.pattern
        where o.tenant = @tenant and o.via = @server and o.hash > @afterHash order by o.hash limit @most
        """, new { tenant, server, afterHash, most })).Select(r => r.ToReference()).ToList(), token);

    /// <summary>Takes over what became of pulled patterns.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="server">Address of the server.</param>
    /// <param name="thereStore">Identity of its store.</param>
    /// <param name="fate">What it says of them.</param>
    /// <param name="token">Ends the call.</param>
    /// <returns>Patterns removed.</returns>
    public async Task<long> FollowAsync(string tenant, string server, string thereStore, CompareReply fate, CancellationToken token)
    {
        if (fate.Gone.Count == 0)
            return 0;
        var removed = await _store.Database.WriteAsync(async connection =>
        {
            foreach (var hash in fate.Banned)
            {
                if (await connection.QueryFirstOrDefaultAsync<PatternRow>(
                    "select p.id as Id, p.text as Text, p.content_hash as ContentHash, p.path as Path, o.project as Project from origins o join patterns p on p.tenant = o.tenant and p.id = o.pattern where o.tenant = @tenant and o.via = @server and o.hash = @hash", new { tenant, server, hash }) is not { } banned)
                    continue;
                await Bans.FollowAsync(connection, tenant, banned, new BanOrigin(server, thereStore, hash, banned.Project, banned.Path), catalog.Now);
            }

            return await RemoveAsync(connection, tenant, server, fate.Gone);
        }, token);
        return await ErasedAsync(tenant, removed);
    }

    /// <summary>What is banned here since the store of a server, under whatever address, banned it, a page at a time.</summary>
    public Task<List<PatternReference>> BannedAsync(string tenant, string thereStore, string afterHash, int most, CancellationToken token) => _store.Database.ReadAsync(async c => (await c.QueryAsync<ReferenceRow>(
        "select hash as Hash, project as Project, path as Path, content_hash as ContentHash from bans where tenant = @tenant and store = @thereStore and store <> '' and hash > @afterHash order by hash limit @most",
        new { tenant, thereStore, afterHash, most })).Select(r => r.ToReference()).ToList(), token);

    /// <summary>How many bans were taken over from an address whose store is another one now.</summary>
    public Task<long> KeptAsync(string tenant, string server, string thereStore, CancellationToken token) => _store.Database.ReadAsync(c =>
        c.ExecuteScalarAsync<long>("select count(*) from bans where tenant = @tenant and via = @server and store <> @thereStore", new { tenant, server, thereStore }), token);

    /// <summary>Lifts bans that the store of a server has lifted; what they were of is received again.</summary>
    public Task LiftAsync(string tenant, string server, string thereStore, IReadOnlyList<PatternReference> lifted, CancellationToken token) => _store.Database.WriteAsync(async connection =>
    {
        foreach (var reference in lifted)
        {
            await connection.ExecuteAsync("delete from bans where tenant = @tenant and cause in (select cause from bans where tenant = @tenant and store = @thereStore and hash = @Hash)", new { tenant, thereStore, reference.Hash });
            // A ban whose project was forgotten here names none any more.
            await connection.ExecuteAsync("delete from sync_cursors where tenant = @tenant and server = @server and (direction in (@bare, @full) or (@Project = '' and direction like 'pull:%'))",
                new { tenant, server, reference.Project, bare = $"pull:{reference.Project}", full = $"pull:{SharedPatterns.Prefix}{reference.Project}" });
        }
    }, token);

    /// <summary>Notes what was sent, so that it can be taken back.</summary>
    public Task NoteSentAsync(string tenant, string server, IReadOnlyList<(SharedRow Row, string Hash)> page, CancellationToken token) => _store.Database.WriteAsync(async connection =>
    {
        foreach (var (row, hash) in page)
        {
            await connection.ExecuteAsync(
                """
                insert into sent (tenant, server, hash, project, pattern, path, content_hash, at_ms) values (@tenant, @server, @hash, @Project, @Id, @Path, @ContentHash, @now)
                on conflict (tenant, server, hash) do update set pattern = excluded.pattern, path = excluded.path, content_hash = excluded.content_hash, at_ms = excluded.at_ms
                """, new { tenant, server, hash, row.Project, row.Id, row.Path, row.ContentHash, now = catalog.Now });
        }
    }, token);

    /// <summary>What was sent and is gone, changed, banned or shared no more here.</summary>
    public Task<List<PatternReference>> LostAsync(string tenant, string server, int most, CancellationToken token) => _store.Database.ReadAsync(async c => (await c.QueryAsync<ReferenceRow>(
        $"""
        select s.hash as Hash, s.project as Project, '' as Path, '' as ContentHash from sent s where s.tenant = @tenant and s.server = @server
          and not exists (select 1 from patterns p join projects pr on pr.tenant = p.tenant and pr.name = p.project and pr.shared = 1
            where p.tenant = s.tenant and p.id = s.pattern and p.path = s.path and p.content_hash = s.content_hash and {Bans.Free})
        order by s.hash limit @most
        """, new { tenant, server, most })).Select(r => r.ToReference()).ToList(), token);

    /// <summary>Forgets that patterns were sent.</summary>
    public Task DropSentAsync(string tenant, string server, IEnumerable<string> hashes, CancellationToken token) => _store.Database.WriteAsync(c => c.ExecuteAsync(
        $"delete from sent where tenant = @tenant and server = @server and {_store.Database.Dialect.AnyOf("hash", "@hashes")}", new { tenant, server, hashes = _store.Database.Dialect.List(hashes) }), token);

    private async Task<List<PatternRow>> RemoveAsync(DbConnection connection, string tenant, string via, IEnumerable<string> hashes)
    {
        var dialect = _store.Database.Dialect;
        var gone = (await connection.QueryAsync<PatternRow>(
            $"select p.id as Id, p.number as Number, p.project as Project from origins o join patterns p on p.tenant = o.tenant and p.id = o.pattern where o.tenant = @tenant and o.via = @via and {dialect.AnyOf("o.hash", "@hashes")}",
            new { tenant, via, hashes = dialect.List(hashes) })).ToList();
        await catalog.Writer.RemoveAsync(connection, tenant, [.. gone.Select(g => g.Number)]);
        await ResultRows.DeleteAsync(connection, dialect, tenant, gone.Select(g => g.Id));
        foreach (var pattern in gone)
            await connection.ExecuteAsync("delete from origins where tenant = @tenant and pattern = @Id", new { tenant, pattern.Id });

        return gone;
    }

    private async Task<long> ErasedAsync(string tenant, IReadOnlyCollection<PatternRow> removed)
    {
        // The rows are gone: whoever asked may go, but not before their text has left the files, for nobody would ask for that again.
        if (removed.Count > 0)
            await catalog.EraseAsync(tenant, removed.Select(r => r.Project).Distinct(StringComparer.Ordinal), CancellationToken.None);
        return removed.Count;
    }

    private static void Check(CompareRequest request)
    {
        if (request.Patterns.Count > MaxReferences)
            throw new ArgumentException($"Field 'patterns' names {request.Patterns.Count} patterns; give at most {MaxReferences} a call.");
    }

    private sealed class ReferenceRow
    {
        public string Hash { get; set; } = "";

        public string Project { get; set; } = "";

        public string Path { get; set; } = "";

        public string ContentHash { get; set; } = "";

        public PatternReference ToReference() => new() { Hash = Hash, Project = Project, Path = Path, ContentHash = ContentHash };
    }
}
