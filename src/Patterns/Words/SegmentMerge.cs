using System.Data.Common;
using System.Numerics;
using Dapper;

namespace Platform.Patterns;

/// <summary>
/// Keeps the segments of a project few. Segments of about the same size are merged when there are <see cref="TierSize"/> of them (a log-structured merge), so
/// that a posting is rewritten only as often as the memory has grown fourfold, however small the steps in which it grows. When a good part of the segments
/// points to patterns that are gone, all are merged; numbers that are gone leave the merged lists for good. Runs inside a write transaction that
/// holds the tenant's row.
/// </summary>
internal static class SegmentMerge
{
    private const int TierSize = 4;
    private const int MostSegments = 8;
    private const double MostGone = 0.2;

    /// <summary>Merges segments of about the same size: the little that is due after a little was added.</summary>
    public static async Task RunTiersAsync(DbConnection connection, string tenant, string project, CancellationToken token)
    {
        var segments = await SegmentsAsync(connection, tenant, project);
        while (segments.GroupBy(TierOf).OrderBy(t => t.Key).FirstOrDefault(t => t.Count() >= TierSize) is { } tier)
        {
            await MergeAsync(connection, tenant, project, [.. tier], token);
            segments = await SegmentsAsync(connection, tenant, project);
        }
    }

    /// <summary>Merges what is due after much was added or removed.</summary>
    /// <param name="connection">In a write transaction.</param>
    /// <param name="tenant">Tenant.</param>
    /// <param name="project">Project.</param>
    /// <param name="always">Into one segment, whatever there is.</param>
    /// <param name="token">Stops it.</param>
    public static async Task RunAsync(DbConnection connection, string tenant, string project, bool always, CancellationToken token)
    {
        var segments = await SegmentsAsync(connection, tenant, project);
        if (segments.Count == 0)
            return;
        var docs = segments.Sum(s => s.Docs);
        var alive = await connection.ExecuteScalarAsync<long>("select count(*) from patterns where tenant = @tenant and project = @project", new { tenant, project });
        var scattered = segments.Count > MostSegments && segments.Max(s => s.Docs) * 2 < docs;
        if (always || scattered || 1 - (double)alive / docs > MostGone)
            await MergeAsync(connection, tenant, project, segments, token);
        else
            await RunTiersAsync(connection, tenant, project, token);
    }

    private static int TierOf(SegmentRow segment) => BitOperations.Log2((ulong)Math.Max(1, segment.Docs)) / BitOperations.Log2(TierSize);

    private static async Task<List<SegmentRow>> SegmentsAsync(DbConnection connection, string tenant, string project) => (await connection.QueryAsync<SegmentRow>(
        "select id as Id, project as Project, docs as Docs, first_number as FirstNumber, last_number as LastNumber from segments where tenant = @tenant and project = @project order by first_number",
        new { tenant, project })).ToList();

    private static async Task MergeAsync(DbConnection connection, string tenant, string project, List<SegmentRow> segments, CancellationToken token)
    {
        var alive = (await connection.QueryAsync<long>(
            "select number from patterns where tenant = @tenant and project = @project and number between @first and @last",
            new { tenant, project, first = segments.Min(s => s.FirstNumber), last = segments.Max(s => s.LastNumber) })).ToHashSet();
        var merged = new MergedSegment();
        foreach (var segment in segments)
        {
            var rows = await connection.QueryAsync<PostingRow>(new CommandDefinition(
                "select term as Term, data as Data from postings where tenant = @tenant and segment = @Id", new { tenant, segment.Id }, cancellationToken: token));
            foreach (var row in rows)
                merged.Add(row, alive);
        }

        foreach (var segment in segments)
        {
            await connection.ExecuteAsync("delete from postings where segment = @Id", segment);
            await connection.ExecuteAsync("delete from segments where id = @Id", segment);
        }

        await merged.WriteAsync(connection, tenant, project, token);
    }

    private sealed class MergedSegment
    {
        private readonly Dictionary<string, List<(long Number, byte Impact)>> _lists = new(StringComparer.Ordinal);

        public void Add(PostingRow row, HashSet<long> alive)
        {
            if (!_lists.TryGetValue(row.Term, out var list))
                _lists.Add(row.Term, list = []);
            var reader = new PostingReader(row.Data);
            while (reader.Next())
            {
                if (alive.Contains(reader.Number))
                    list.Add((reader.Number, reader.Impact));
            }
        }

        public Task WriteAsync(DbConnection connection, string tenant, string project, CancellationToken token) =>
            SegmentRows.WriteAsync(connection, tenant, project, Lists(), token);

        private IEnumerable<KeyValuePair<string, PostingList>> Lists()
        {
            foreach (var (term, entries) in _lists.Where(l => l.Value.Count > 0).OrderBy(l => l.Key, StringComparer.Ordinal))
            {
                var list = new PostingList();
                foreach (var (number, impact) in entries.OrderBy(e => e.Number))
                    list.Add(number, impact);
                yield return new(term, list);
            }
        }
    }
}
