using System.Data.Common;
using Dapper;

namespace Platform.Patterns;

/// <summary>
/// Merges the segments of a project into one when there are many, or when a good part of them points to patterns that are gone;
/// numbers that are gone leave the lists for good. Runs inside a write transaction that holds the tenant's row.
/// </summary>
internal static class SegmentMerge
{
    private const int MostSegments = 8;
    private const double MostGone = 0.2;

    /// <summary>Merges what needs it.</summary>
    /// <returns>Whether anything was merged.</returns>
    public static async Task<bool> RunAsync(DbConnection connection, string tenant, string project, bool always, CancellationToken token)
    {
        var segments = (await connection.QueryAsync<SegmentRow>(
            "select id as Id, project as Project, docs as Docs, first_number as FirstNumber, last_number as LastNumber from segments where tenant = @tenant and project = @project order by first_number",
            new { tenant, project })).ToList();
        var docs = segments.Sum(s => s.Docs);
        var alive = (await connection.QueryAsync<long>(
            "select number from patterns where tenant = @tenant and project = @project", new { tenant, project })).ToHashSet();
        var gone = docs == 0 ? 0 : 1 - (double)alive.Count / docs;
        if (segments.Count == 0 || (!always && segments.Count <= MostSegments && gone <= MostGone))
            return false;
        var merged = await MergeAsync(connection, tenant, segments, alive, token);
        foreach (var segment in segments)
        {
            await connection.ExecuteAsync("delete from postings where segment = @Id", segment);
            await connection.ExecuteAsync("delete from segments where id = @Id", segment);
        }

        await merged.WriteAsync(connection, tenant, project, token);
        return true;
    }

    private static async Task<MergedSegment> MergeAsync(DbConnection connection, string tenant, List<SegmentRow> segments, HashSet<long> alive, CancellationToken token)
    {
        var merged = new MergedSegment();
        foreach (var segment in segments)
        {
            var rows = await connection.QueryAsync<PostingRow>(new CommandDefinition(
                "select term as Term, data as Data from postings where tenant = @tenant and segment = @Id", new { tenant, segment.Id }, cancellationToken: token));
            foreach (var row in rows)
                merged.Add(row, alive);
        }

        return merged;
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
