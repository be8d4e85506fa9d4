using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;

namespace Platform.Patterns;

/// <summary>
/// Makes vectors and posting lists anew from the patterns: a project a transaction, so that no writer waits for all of them; or all in one where another embedder or tokeniser made them, since these are
/// never mixed. A search sees all of the old or all of the new. What has to be asked of an embedding server is asked before, page by page, and kept: a repair that breaks off goes on where it stopped.
/// </summary>
internal sealed class StoreRepair(PatternStore store, PatternWriter writer, Embedder embedder)
{
    private const int Batch = 1000;
    private const int Page = 200;

    /// <summary>No project has this name: all of them.</summary>
    private const string All = "";

    /// <summary>Notes what was not noted yet when a store was written: by what results are compared, and the error of fixes as it is written today.</summary>
    /// <returns>Whether there was anything to note.</returns>
    public async Task<bool> NoteAsync(string tenant, CancellationToken token)
    {
        var sketched = 0;
        for (; await store.Database.ReadAsync(c => ResultRows.UnsketchedAsync(c, tenant, Page), token) is { Count: > 0 } lacking; sketched += lacking.Count)
        {
            lacking.ForEach(static r => r.Sketched());
            await store.Database.WriteAsync(async connection =>
            {
                foreach (var result in lacking)
                    await ResultRows.SketchAsync(connection, tenant, result);
            }, token);
        }

        return await store.Database.WriteAsync(c => FixRenewal.RunAsync(c, tenant), token) + sketched > 0;
    }

    public async Task RunAsync(string tenant, CancellationToken token)
    {
        await store.Database.WriteAsync(c => c.ExecuteAsync("delete from staged_vectors where tenant = @tenant and embedder <> @Identity", new { tenant, embedder.Identity }), token);
        foreach (var project in await store.Database.ReadAsync(c => ProjectsAsync(c, tenant), token))
        {
            do
                await StageAsync(tenant, project, token);
            while (!await store.Database.WriteAsync(c => RebuildAsync(c, tenant, project, token), token));
        }

        await store.Database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync("delete from postings where tenant = @tenant and not exists (select 1 from segments s where s.id = postings.segment)", new { tenant });
            await connection.ExecuteAsync("delete from vectors where tenant = @tenant and not exists (select 1 from patterns p where p.tenant = vectors.tenant and p.number = vectors.number)", new { tenant });
            await connection.ExecuteAsync("delete from staged_vectors where tenant = @tenant", new { tenant });
        }, token);
    }

    /// <summary>What is made anew together: each project for itself, or all of them (<see cref="All"/>).</summary>
    private async Task<List<string>> ProjectsAsync(DbConnection connection, string tenant)
    {
        var about = new { tenant, embedder.Identity, Terms = TermCounter.Identity };
        return await connection.ExecuteScalarAsync<long>("select count(*) from tenants where tenant = @tenant and embedder = @Identity and terms = @Terms", about) == 0
            ? [All]
            : [.. await connection.QueryAsync<string>("select project from patterns where tenant = @tenant union select project from segments where tenant = @tenant", about)];
    }

    /// <summary>Asks for the vectors that the embedder cannot make of terms, and that it has not made before.</summary>
    private async Task StageAsync(string tenant, string project, CancellationToken token)
    {
        if (embedder.ByTerms is not null)
            return;
        while (await store.Database.ReadAsync(c => UnstagedAsync(c, tenant, project, Page), token) is { Count: > 0 } rows)
        {
            var vectors = await store.Database.ReadAsync(c => VectorRows.MadeByAsync(c, store.Database.Dialect, tenant, embedder.Identity, [.. rows.Select(r => r.Number)]), token);
            foreach (var wrong in vectors.Where(v => v.Value.Length != embedder.Dimension).ToList())
                vectors.Remove(wrong.Key);
            if (rows.Where(r => !vectors.ContainsKey(r.Number)).Select(r => PatternPreparer.Again(embedder, r)).ToList() is { Count: > 0 } asked)
            {
                foreach (var (row, vector, _) in await embedder.EmbedAsync(asked, token))
                    vectors[row.Number] = vector;
            }

            await store.Database.WriteAsync(async connection =>
            {
                foreach (var (number, vector) in vectors)
                {
                    await connection.ExecuteAsync(
                        """
                        insert into staged_vectors (tenant, number, embedder, embedding) values (@tenant, @number, @Identity, @bytes)
                        on conflict (tenant, number) do update set embedder = excluded.embedder, embedding = excluded.embedding
                        """, new { tenant, number, embedder.Identity, bytes = MemoryMarshal.AsBytes(vector.AsSpan()).ToArray() });
                }
            }, token);
        }
    }

    private async Task<List<PatternRow>> UnstagedAsync(DbConnection connection, string tenant, string project, int most) => (await connection.QueryAsync<PatternRow>(
        $"""
        select {PatternStore.Columns} from patterns p where p.tenant = @tenant and (@project = '{All}' or p.project = @project)
          and not exists (select 1 from staged_vectors s where s.tenant = p.tenant and s.number = p.number and s.embedder = @Identity) order by p.number limit @most
        """, new { tenant, project, embedder.Identity, most })).ToList();

    /// <returns>False when a pattern came meanwhile whose vector has to be asked for first.</returns>
    private async Task<bool> RebuildAsync(DbConnection connection, string tenant, string project, CancellationToken token)
    {
        await PatternStore.TakeNumbersAsync(connection, tenant, 0);
        if (embedder.ByTerms is null && (await UnstagedAsync(connection, tenant, project, 1)).Count > 0)
            return false;
        var about = new { tenant, project };
        await connection.ExecuteAsync($"delete from postings where tenant = @tenant and segment in (select id from segments where tenant = @tenant and (@project = '{All}' or project = @project))", about);
        await connection.ExecuteAsync($"delete from segments where tenant = @tenant and (@project = '{All}' or project = @project)", about);
        await connection.ExecuteAsync("update tenants set embedder = @Identity, terms = @Terms where tenant = @tenant", new { tenant, embedder.Identity, Terms = TermCounter.Identity });
        var ids = (await connection.QueryAsync<PatternRow>($"select id as Id, project as Project from patterns where tenant = @tenant and (@project = '{All}' or project = @project) order by project, number", about)).ToList();
        foreach (var batch in ids.GroupBy(p => p.Project).SelectMany(g => g.Chunk(Batch)))
            await WriteAgainAsync(connection, tenant, [.. batch.Select(b => b.Id)], token);
        return true;
    }

    private async Task WriteAgainAsync(DbConnection connection, string tenant, IReadOnlyList<string> ids, CancellationToken token)
    {
        var dialect = store.Database.Dialect;
        var rows = (await connection.QueryAsync<PatternRow>(
            $"select {PatternStore.Columns} from patterns where tenant = @tenant and {dialect.AnyOf("id", "@ids")} order by number", new { tenant, ids = dialect.List(ids) })).ToList();
        var numbers = rows.Select(r => r.Number).ToList();
        var staged = embedder.ByTerms is not null ? [] : (await connection.QueryAsync<(long Number, byte[] Embedding)>(
            $"select number, embedding from staged_vectors where tenant = @tenant and {dialect.AnyOf("number", "@numbers")}", new { tenant, numbers = PatternStore.NumberList(dialect, numbers) })).ToDictionary(s => s.Number, s => s.Embedding);
        var drafts = rows.Select(r => PatternPreparer.Again(embedder, r));
        var patterns = drafts.Select(d => d.With(d.Vector ?? MemoryMarshal.Cast<byte, float>(staged[d.Row.Number]).ToArray())).ToList();
        await writer.RemoveAsync(connection, tenant, numbers);
        await writer.AddAsync(connection, tenant, rows[0].Project, patterns, token);
    }
}
