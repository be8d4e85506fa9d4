using System.Data.Common;
using Platform.Contracts;

namespace Platform.Patterns;

/// <summary>Writes a segment as rows.</summary>
internal static class SegmentRows
{
    /// <summary>Writes the lists, and the segment's figures from its list of every pattern.</summary>
    public static async Task WriteAsync(DbConnection connection, string tenant, string project, IEnumerable<KeyValuePair<string, PostingList>> lists, CancellationToken token)
    {
        var id = JobId.New(DateTimeOffset.UtcNow);
        PostingList? all = null;
        await BulkRows.InsertAsync(connection, "postings", ["tenant", "term", "segment", "df", "data"], lists.Select(l =>
        {
            if (l.Key == FilterTerms.All)
                all = l.Value;
            return new object[] { tenant, l.Key, id, (long)l.Value.Count, l.Value.ToArray() };
        }), token);
        if (all is null)
            return;
        await BulkRows.InsertAsync(connection, "segments", ["id", "tenant", "project", "docs", "first_number", "last_number"],
            [[id, tenant, project, (long)all.Count, all.First, all.Last]], token);
    }
}
