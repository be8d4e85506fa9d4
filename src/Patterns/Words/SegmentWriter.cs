using System.Data.Common;

namespace Platform.Patterns;

/// <summary>Gathers the terms of a batch of patterns and writes them as one segment, inside the batch's transaction.</summary>
internal sealed class SegmentWriter
{
    private readonly SortedDictionary<string, PostingList> _lists = new(StringComparer.Ordinal);

    /// <summary>Adds a pattern; numbers rise from call to call.</summary>
    public void Add(long number, IReadOnlyList<TermImpact> terms)
    {
        foreach (var term in terms)
        {
            if (!_lists.TryGetValue(term.Term, out var list))
                _lists.Add(term.Term, list = new PostingList());
            list.Add(number, term.Impact);
        }
    }

    public Task WriteAsync(DbConnection connection, string tenant, string project, CancellationToken token) =>
        SegmentRows.WriteAsync(connection, tenant, project, _lists, token);
}

/// <summary>A term of a pattern and how much it says there.</summary>
internal readonly record struct TermImpact(string Term, byte Impact);
