using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Ranks patterns by BM25 over the posting lists of the store. The same code serves both engines: posting lists are rows, so
/// that they are written in the transaction of the patterns they point to and are as safe as these.
/// </summary>
internal sealed class WordIndex(Database database)
{
    /// <summary>Saturation of repeated terms; tuned on held-in data, see docs/retrieval.md.</summary>
    private const float K1 = 1.2f;

    private static readonly float[] Saturated = [.. Enumerable.Range(0, 256).Select(i => Saturate(Impact.Frequency((byte)i)))];

    /// <summary>Reads everything a query needs to know of the words, in one go.</summary>
    public async Task<WordReading> ReadAsync(PatternFilter filter, QueryTerms query, CancellationToken token)
    {
        var marks = filter.Marks().ToList();
        if (filter.Narrows)
            marks.Add(FilterTerms.All);
        return await database.ReadAsync(async connection =>
        {
            var dialect = database.Dialect;
            var segments = (await connection.QueryAsync<SegmentRow>(new CommandDefinition(
                $"select id as Id, docs as Docs, last_number as LastNumber from segments where tenant = @tenant and {dialect.AnyOf("project", "@projects")}",
                new { tenant = filter.Tenant, projects = dialect.List(filter.Projects) }, cancellationToken: token))).ToDictionary(s => s.Id, StringComparer.Ordinal);
            var rows = await connection.QueryAsync<PostingRow>(new CommandDefinition(
                $"select term as Term, segment as Segment, df as Df, data as Data from postings where tenant = @tenant and {dialect.AnyOf("term", "@terms")}",
                new { tenant = filter.Tenant, terms = dialect.List(query.Weights.Keys.Concat(marks)) }, cancellationToken: token));
            var removed = await connection.QueryAsync<long>(new CommandDefinition(
                "select number from removed where tenant = @tenant", new { tenant = filter.Tenant }, cancellationToken: token));
            return new WordReading(segments, [.. rows.Where(r => segments.ContainsKey(r.Segment))], [.. removed]);
        }, token);
    }

    /// <summary>The best patterns by their words.</summary>
    /// <param name="reading">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="query">The query.</param>
    /// <param name="allowed">What a filter leaves; null for everything.</param>
    /// <param name="top">Most results.</param>
    public static List<Scored> Rank(WordReading reading, QueryTerms query, NumberSet? allowed, int top)
    {
        var scores = new float[reading.LastNumber + 1];
        foreach (var term in reading.Postings.Where(p => !FilterTerms.IsFilter(p.Term)).GroupBy(p => p.Term, StringComparer.Ordinal))
        {
            var weight = query.Weights[term.Key] * Idf(reading.Docs, term.Sum(p => p.Df));
            foreach (var list in term)
                Accumulate(scores, list.Data, weight);
        }

        var best = new TopNumbers(top);
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > best.Threshold && scores[i] > 0 && (allowed is null || allowed.Contains(i)) && !reading.Removed.Contains(i))
                best.Add(i, scores[i]);
        }

        return best.Drain();
    }

    private static void Accumulate(float[] scores, byte[] data, float weight)
    {
        var reader = new PostingReader(data);
        while (reader.Next())
        {
            if ((ulong)reader.Number < (ulong)scores.Length)
                scores[reader.Number] += weight * Saturated[reader.Impact];
        }
    }

    private static float Idf(long docs, long df) => MathF.Log(1 + (docs - df + 0.5f) / (df + 0.5f));

    private static float Saturate(float frequency) => frequency * (K1 + 1) / (frequency + K1);
}

/// <summary>Posting lists and figures of one query.</summary>
internal sealed class WordReading
{
    public WordReading(IReadOnlyDictionary<string, SegmentRow> segments, IReadOnlyList<PostingRow> postings, HashSet<long> removed)
    {
        Postings = postings;
        Removed = removed;
        Docs = segments.Values.Sum(s => s.Docs);
        LastNumber = segments.Count == 0 ? 0 : segments.Values.Max(s => s.LastNumber);
    }

    public IReadOnlyList<PostingRow> Postings { get; }

    /// <summary>Numbers that are gone but still stand in posting lists.</summary>
    public HashSet<long> Removed { get; }

    /// <summary>Patterns in scope, removed ones included until a merge drops them.</summary>
    public long Docs { get; }

    public long LastNumber { get; }

    /// <summary>The patterns that carry every mark of the filter; null when it leaves all.</summary>
    public NumberSet? Allowed(PatternFilter filter)
    {
        if (!filter.Narrows)
            return null;
        var allowed = Having(FilterTerms.All);
        foreach (var mark in filter.Marks())
            allowed.And(Having(mark));
        foreach (var number in Removed)
            allowed.Remove(number);
        return allowed;
    }

    private NumberSet Having(string mark)
    {
        var set = new NumberSet(LastNumber);
        foreach (var posting in Postings.Where(p => p.Term == mark))
        {
            var reader = new PostingReader(posting.Data);
            while (reader.Next())
                set.Add(reader.Number);
        }

        return set;
    }
}

/// <summary>Row of table segments.</summary>
internal sealed class SegmentRow
{
    public string Id { get; set; } = "";

    public string Project { get; set; } = "";

    public long Docs { get; set; }

    public long FirstNumber { get; set; }

    public long LastNumber { get; set; }
}

/// <summary>Row of table postings.</summary>
internal sealed class PostingRow
{
    public string Term { get; set; } = "";

    public string Segment { get; set; } = "";

    public long Df { get; set; }

    public byte[] Data { get; set; } = [];
}
