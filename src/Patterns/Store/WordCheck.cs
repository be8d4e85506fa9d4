using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Compares the posting lists with the texts, all of them: the terms of every pattern are counted again, and each pattern's sum of (term, number, impact) has to be what its
/// posting lists add up to. So many patterns are looked at together that memory is bounded. Their terms are counted beforehand, since the text of a number never changes; only the lists are read of one
/// state of the store.
/// </summary>
internal sealed class WordCheck(PatternStore store, Embedder embedder)
{
    private const int Window = 1_000_000;
    private const int Page = 500;
    private readonly Dialect _dialect = store.Database.Dialect;
    private readonly PatternPreparer _preparer = new(embedder, "", simulated: false, store.Now);

    /// <returns>What differs, in words.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string tenant, CancellationToken token)
    {
        var problems = new List<string>();
        foreach (var project in await store.Database.ReadAsync(async c => (await c.QueryAsync<string>("select name from projects where tenant = @tenant order by name", new { tenant })).ToList(), token))
        {
            var (wrong, damaged) = (0L, new HashSet<(string Segment, string Term)>());
            for (var after = (long?)0; after is not null;)
            {
                var numbers = await NumbersAsync(tenant, project, after.Value, token);
                if (numbers.Count == 0)
                    break;
                var (scope, sums) = (new Scope(tenant, project, after.Value, numbers[^1]), await SumAsync(tenant, numbers, token));
                wrong += await Snapshot.ReadAsync(store.Database, c => CompareAsync(c, scope, sums, damaged, token), token);
                after = numbers.Count < Window ? null : scope.Last;
            }

            if (wrong > 0)
                problems.Add($"{wrong} patterns of project {project} are not in the word index as their texts are.");
            if (damaged.Count > 0)
                problems.Add($"{damaged.Count} posting lists of project {project} are damaged.");
        }

        return problems;
    }

    // Compared with what no index has: led by the numbers, SQLite would walk through those of every other project.
    private Task<List<long>> NumbersAsync(string tenant, string project, long after, CancellationToken token) => store.Database.ReadAsync(async c => (await c.QueryAsync<long>(new CommandDefinition(
        $"select number from patterns where tenant = @tenant and project = @project and number + 0 > @after order by number + 0 limit {Window}", new { tenant, project, after }, cancellationToken: token))).ToList(), token);

    /// <summary>What the posting lists of each pattern have to add up to.</summary>
    private async Task<Dictionary<long, ulong>> SumAsync(string tenant, IReadOnlyList<long> numbers, CancellationToken token)
    {
        var sums = new Dictionary<long, ulong>(numbers.Count);
        foreach (var page in numbers.Chunk(Page))
        {
            var rows = await store.Database.ReadAsync(c => c.QueryAsync<PatternRow>(new CommandDefinition(
                $"select {PatternStore.Columns} from patterns where tenant = @tenant and {_dialect.AnyOf("number", "@page")}", new { tenant, page = PatternStore.NumberList(_dialect, page) }, cancellationToken: token)), token);
            foreach (var row in rows)
                sums[row.Number] = _preparer.TermsAgain(row).Aggregate(0UL, (sum, term) => sum + HashOf(term.Term, row.Number, term.Impact));
        }

        return sums;
    }

    /// <summary>Takes what the posting lists say from the sums; what is right becomes 0. What was removed meanwhile is left out.</summary>
    /// <returns>Patterns whose lists differ. Lists that cannot be read, or that do not count their entries, are noted as damaged.</returns>
    private static async Task<long> CompareAsync(DbConnection connection, Scope scope, Dictionary<long, ulong> sums, HashSet<(string, string)> damaged, CancellationToken token)
    {
        var alive = (await connection.QueryAsync<long>(new CommandDefinition("select number from patterns where tenant = @Tenant and project = @Project and number + 0 > @After and number + 0 <= @Last", scope, cancellationToken: token))).ToHashSet();
        foreach (var gone in sums.Keys.Where(n => !alive.Contains(n)).ToList())
            sums.Remove(gone);
        var segments = (await connection.QueryAsync<SegmentRow>(new CommandDefinition(
            "select id as Id, docs as Docs from segments where tenant = @Tenant and project = @Project and first_number <= @Last and last_number > @After", scope, cancellationToken: token))).ToList();
        foreach (var segment in segments)
        {
            await foreach (var list in connection.QueryUnbufferedAsync<PostingRow>("select term as Term, df as Df, data as Data from postings where tenant = @Tenant and segment = @Id", new { scope.Tenant, segment.Id }).WithCancellation(token))
            {
                if (Subtract(list, sums) is var count && (count != list.Df || (list.Term == FilterTerms.All && count != segment.Docs)))
                    damaged.Add((segment.Id, list.Term));
            }
        }

        return sums.Values.Count(s => s != 0);
    }

    private static long Subtract(PostingRow list, Dictionary<long, ulong> sums)
    {
        var count = 0L;
        var reader = new PostingReader(list.Data);
        while (reader.Next())
        {
            count++;
            if (sums.TryGetValue(reader.Number, out var sum))
                sums[reader.Number] = sum - HashOf(list.Term, reader.Number, reader.Impact);
        }

        return count;
    }

    private static ulong HashOf(string term, long number, byte impact)
    {
        var hash = 14695981039346656037UL ^ ((ulong)number * 0x9E37_79B9_7F4A_7C15) ^ impact;
        foreach (var c in term)
            hash = (hash ^ c) * 1099511628211;
        return hash ^ (hash >> 32);
    }

    /// <summary>Patterns of a project whose numbers are above <paramref name="After"/>, up to <paramref name="Last"/>.</summary>
    private sealed record Scope(string Tenant, string Project, long After, long Last);
}
