using System.Data.Common;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Compares the posting lists with the texts, all of them: the terms of every pattern are counted again, and each pattern's sum of (term, number, impact) has to be what its
/// posting lists add up to. So many patterns are looked at in one state of the store, so that memory is bounded and writers go on.
/// </summary>
internal sealed class WordCheck(PatternStore store, Embedder embedder)
{
    private const int Window = 100_000;
    private const int Page = 500;
    private readonly Dialect _dialect = store.Database.Dialect;
    private readonly PatternPreparer _preparer = new(embedder, "", simulated: false, store.Now);

    /// <returns>What differs, in words.</returns>
    public async Task<IReadOnlyList<string>> RunAsync(string tenant, CancellationToken token)
    {
        var problems = new List<string>();
        foreach (var project in await store.Database.ReadAsync(async c => (await c.QueryAsync<string>("select name from projects where tenant = @tenant order by name", new { tenant })).ToList(), token))
        {
            var (wrong, damaged) = (0L, 0L);
            for (var after = (long?)0; after is not null;)
            {
                var found = await Snapshot.ReadAsync(store.Database, c => CompareAsync(c, new Scope(tenant, project, after.Value), token), token);
                (wrong, damaged, after) = (wrong + found.Wrong, Math.Max(damaged, found.Damaged), found.Last);
            }

            if (wrong > 0)
                problems.Add($"{wrong} patterns of project {project} are not in the word index as their texts are.");
            if (damaged > 0)
                problems.Add($"{damaged} posting lists of project {project} are damaged.");
        }

        return problems;
    }

    private async Task<Found> CompareAsync(DbConnection connection, Scope scope, CancellationToken token)
    {
        // Compared with what no index has: led by the numbers, SQLite would walk through those of every other project.
        var numbers = (await connection.QueryAsync<long>(new CommandDefinition(
            $"select number from patterns where tenant = @Tenant and project = @Project and number + 0 > @After order by number + 0 limit {Window}", scope, cancellationToken: token))).ToList();
        if (numbers.Count == 0)
            return new Found(0, 0, null);
        var sums = new Dictionary<long, ulong>(numbers.Count);
        foreach (var page in numbers.Chunk(Page))
        {
            var rows = await connection.QueryAsync<PatternRow>(new CommandDefinition(
                $"select {PatternStore.Columns} from patterns where tenant = @Tenant and {_dialect.AnyOf("number", "@page")}", new { scope.Tenant, page = PatternStore.NumberList(_dialect, page) }, cancellationToken: token));
            foreach (var row in rows)
                sums[row.Number] = _preparer.TermsAgain(row).Aggregate(0UL, (sum, term) => sum + HashOf(term.Term, row.Number, term.Impact));
        }

        var damaged = await SubtractAsync(connection, scope with { Last = numbers[^1] }, sums, token);
        return new Found(sums.Values.Count(s => s != 0), damaged, numbers.Count < Window ? null : numbers[^1]);
    }

    /// <summary>Takes what the posting lists say from the sums; what is right becomes 0.</summary>
    /// <returns>Lists that cannot be read, or that do not count their entries.</returns>
    private static async Task<long> SubtractAsync(DbConnection connection, Scope scope, Dictionary<long, ulong> sums, CancellationToken token)
    {
        var damaged = 0L;
        var segments = (await connection.QueryAsync<SegmentRow>(new CommandDefinition(
            "select id as Id, docs as Docs from segments where tenant = @Tenant and project = @Project and first_number <= @Last and last_number > @After", scope, cancellationToken: token))).ToList();
        foreach (var segment in segments)
        {
            await foreach (var list in connection.QueryUnbufferedAsync<PostingRow>("select term as Term, df as Df, data as Data from postings where tenant = @Tenant and segment = @Id", new { scope.Tenant, segment.Id }).WithCancellation(token))
            {
                var count = Subtract(list, sums);
                damaged += count != list.Df || (list.Term == FilterTerms.All && count != segment.Docs) ? 1 : 0;
            }
        }

        return damaged;
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

    /// <summary>Patterns of a project whose numbers are above <see cref="After"/>, up to <see cref="Last"/>.</summary>
    private sealed record Scope(string Tenant, string Project, long After)
    {
        public long Last { get; init; }
    }

    /// <summary>Patterns that differ, lists that are damaged, and where to go on; null when that was all.</summary>
    private readonly record struct Found(long Wrong, long Damaged, long? Last);
}
