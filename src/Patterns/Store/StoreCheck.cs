using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Verifies that patterns, vectors and posting lists say the same. Patterns are the truth: vectors and posting lists
/// are made anew from them when a repair is asked.
/// </summary>
internal sealed class StoreCheck(PatternStore store, PatternWriter writer, Embedder embedder)
{
    private const int Batch = 1000;

    public async Task<IReadOnlyList<string>> RunAsync(string tenant, bool repair, CancellationToken token)
    {
        var problems = await FindAsync(tenant, token);
        if (repair && problems.Count > 0)
            await RebuildAsync(tenant, token);
        return problems;
    }

    private Task<List<string>> FindAsync(string tenant, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var problems = new List<string>();
        if (store.Database.Dialect == Dialect.Sqlite && await connection.ExecuteScalarAsync<string>("pragma quick_check(1)") is var verdict and not "ok")
            problems.Add($"SQLite reports: {verdict}");
        async Task Expect(string what, string sql)
        {
            if (await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, new { tenant, embedder.Identity }, cancellationToken: token)) is var count and > 0)
                problems.Add($"{count} {what}");
        }

        await Expect("patterns have no vector.", "select count(*) from patterns p where p.tenant = @tenant and not exists (select 1 from vectors v where v.tenant = p.tenant and v.number = p.number)");
        await Expect("vectors have no pattern.", "select count(*) from vectors v where v.tenant = @tenant and not exists (select 1 from patterns p where p.tenant = v.tenant and p.number = v.number)");
        await Expect("patterns are in no word segment.", "select count(*) from patterns p where p.tenant = @tenant and not exists (select 1 from segments s where s.tenant = p.tenant and s.project = p.project and p.number between s.first_number and s.last_number)");
        await Expect("posting lists belong to no segment.", "select count(*) from postings x where x.tenant = @tenant and not exists (select 1 from segments s where s.id = x.segment)");
        await Expect("tenant's vectors were made by another embedder.", "select count(*) from tenants where tenant = @tenant and embedder <> @Identity");
        return problems;
    }, token);

    /// <summary>Makes vectors and posting lists anew, in one transaction: a search sees all of the old or all of the new.</summary>
    private Task RebuildAsync(string tenant, CancellationToken token) => store.Database.WriteAsync(async connection =>
    {
        await PatternStore.TakeNumbersAsync(connection, tenant, 0);
        await connection.ExecuteAsync("delete from postings where tenant = @tenant", new { tenant });
        await connection.ExecuteAsync("delete from segments where tenant = @tenant", new { tenant });
        await connection.ExecuteAsync("update tenants set embedder = @Identity where tenant = @tenant", new { tenant, embedder.Identity });
        var ids = (await connection.QueryAsync<PatternRow>("select id as Id, project as Project from patterns where tenant = @tenant order by project, number", new { tenant })).ToList();
        foreach (var batch in ids.GroupBy(p => p.Project).SelectMany(g => g.Chunk(Batch)))
        {
            var rows = (await connection.QueryAsync<PatternRow>(
                $"select {PatternStore.Columns} from patterns where tenant = @tenant and {store.Database.Dialect.AnyOf("id", "@ids")} order by number",
                new { tenant, ids = store.Database.Dialect.List(batch.Select(b => b.Id)) })).ToList();
            var patterns = await embedder.EmbedAsync([.. rows.Select(r => PatternPreparer.Again(embedder, r))], token);
            await writer.RemoveAsync(connection, tenant, [.. rows.Select(r => r.Number)]);
            await writer.AddAsync(connection, tenant, rows[0].Project, patterns, token);
        }
    }, token);
}
