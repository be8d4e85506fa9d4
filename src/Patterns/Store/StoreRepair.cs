using System.Data.Common;
using System.Runtime.InteropServices;
using Dapper;

namespace Platform.Patterns;

/// <summary>
/// Makes vectors and posting lists anew from the patterns, in one transaction: a search sees all of the old or all of the new. What has to be asked of an embedding server is
/// asked before, page by page, and kept: a repair that breaks off goes on where it stopped.
/// </summary>
internal sealed class StoreRepair(PatternStore store, PatternWriter writer, Embedder embedder)
{
    private const int Batch = 1000;
    private const int Page = 200;

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
        do
            await StageAsync(tenant, token);
        while (!await store.Database.WriteAsync(c => RebuildAsync(c, tenant, token), token));
    }

    /// <summary>Asks for the vectors that the embedder cannot make of terms, and that it has not made before.</summary>
    private async Task StageAsync(string tenant, CancellationToken token)
    {
        if (embedder.ByTerms is not null)
            return;
        while (await store.Database.ReadAsync(c => UnstagedAsync(c, tenant, Page), token) is { Count: > 0 } rows)
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

    private async Task<List<PatternRow>> UnstagedAsync(DbConnection connection, string tenant, int most) => (await connection.QueryAsync<PatternRow>(
        $"""
        select {PatternStore.Columns} from patterns p where p.tenant = @tenant
          and not exists (select 1 from staged_vectors s where s.tenant = p.tenant and s.number = p.number and s.embedder = @Identity) order by p.number limit @most
        """, new { tenant, embedder.Identity, most })).ToList();

    /// <returns>False when a pattern came meanwhile whose vector has to be asked for first.</returns>
    private async Task<bool> RebuildAsync(DbConnection connection, string tenant, CancellationToken token)
    {
        await PatternStore.TakeNumbersAsync(connection, tenant, 0);
        if (embedder.ByTerms is null && (await UnstagedAsync(connection, tenant, 1)).Count > 0)
            return false;
        await connection.ExecuteAsync("delete from postings where tenant = @tenant", new { tenant });
        await connection.ExecuteAsync("delete from segments where tenant = @tenant", new { tenant });
        await connection.ExecuteAsync("update tenants set embedder = @Identity, terms = @Terms where tenant = @tenant", new { tenant, embedder.Identity, Terms = TermCounter.Identity });
        var ids = (await connection.QueryAsync<PatternRow>("select id as Id, project as Project from patterns where tenant = @tenant order by project, number", new { tenant })).ToList();
        foreach (var batch in ids.GroupBy(p => p.Project).SelectMany(g => g.Chunk(Batch)))
            await WriteAgainAsync(connection, tenant, [.. batch.Select(b => b.Id)], token);
        await connection.ExecuteAsync("delete from staged_vectors where tenant = @tenant", new { tenant });
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
