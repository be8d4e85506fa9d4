using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>
/// Ranks patterns by BM25 (Robertson and Zaragoza 2009) over the posting lists of the store. The same code serves both engines: posting lists are rows, so
/// that they are written in the transaction of the patterns they point to and are as safe as these.
/// </summary>
internal sealed class WordIndex(Database database)
{
    /// <summary>Saturation of repeated terms; tuned on held-in data, see docs/retrieval.md.</summary>
    private const float K1 = 2.25f;

    private static readonly float[] Frequencies = [.. Enumerable.Range(0, 256).Select(i => Impact.Frequency((byte)i))];
    private static readonly float[] Saturated = [.. Frequencies.Select(Saturate)];

    /// <summary>Reads everything a query needs to know of the words, of one state of the store: a merge in between would take the lists of the segments it replaced away.</summary>
    /// <param name="filter">What may be seen.</param>
    /// <param name="query">The query.</param>
    /// <param name="kinds">Kinds that the filter may be narrowed to afterwards.</param>
    /// <param name="token">Stops it.</param>
    public async Task<WordReading> ReadAsync(PatternFilter filter, QueryTerms query, IReadOnlyList<string> kinds, CancellationToken token)
    {
        var marks = filter.Marks().Concat(kinds.Select(FilterTerms.Kind)).Distinct(StringComparer.Ordinal).ToList();
        if (filter.Narrows || kinds.Count > 0)
            marks.Add(FilterTerms.All);
        return await Snapshot.ReadAsync(database, async connection =>
        {
            var dialect = database.Dialect;
            var segments = (await connection.QueryAsync<SegmentRow>(new CommandDefinition(
                $"select id as Id, docs as Docs, last_number as LastNumber from segments where tenant = @tenant and {dialect.AnyOf("project", "@projects")}",
                new { tenant = filter.Tenant, projects = dialect.List(filter.Projects) }, cancellationToken: token))).ToDictionary(s => s.Id, StringComparer.Ordinal);
            var rows = await connection.QueryAsync<PostingRow>(new CommandDefinition(
                $"select term as Term, segment as Segment, df as Df, data as Data from postings where tenant = @tenant and {dialect.AnyOf("term", "@terms")}",
                new { tenant = filter.Tenant, terms = dialect.List(query.Lookups.Concat(marks)) }, cancellationToken: token));
            var removed = await connection.QueryAsync<long>(new CommandDefinition(
                "select number from removed where tenant = @tenant", new { tenant = filter.Tenant }, cancellationToken: token));
            return new WordReading(segments, [.. rows.Where(r => segments.ContainsKey(r.Segment))], [.. removed]);
        }, token);
    }

    /// <summary>Scores every pattern by its words.</summary>
    /// <param name="reading">What <see cref="ReadAsync"/> gave.</param>
    /// <param name="query">The query.</param>
    public static WordScores Score(WordReading reading, QueryTerms query)
    {
        var lists = reading.Postings.Where(p => !FilterTerms.IsFilter(p.Term)).ToLookup(p => p.Term, StringComparer.Ordinal);
        var scores = new NumberScores(reading.LastNumber, reading.Docs);
        using var frequencies = new NumberScores(reading.LastNumber, reading.Docs);
        var concept = new ConceptFrequencies(frequencies);
        foreach (var (term, weight, related) in query.Concepts)
        {
            var own = lists[term].Sum(p => p.Df);
            if (!related.Any(other => lists.Contains(other.Term)))
            {
                foreach (var list in lists[term])
                    AddAlone(scores, list.Data, weight * Idf(reading.Docs, own));
                continue;
            }

            foreach (var list in lists[term])
                concept.Add(list.Data, 1);
            foreach (var other in related)
            {
                foreach (var list in lists[other.Term])
                    concept.Add(list.Data, other.Share);
            }

            concept.ScoreInto(scores, weight * Idf(reading.Docs, (own + concept.Count) / 2f));
        }

        return new WordScores(scores, reading.Removed);
    }

    /// <summary>A word that nothing stands in for needs no sum of frequencies first; such are the commonest.</summary>
    private static void AddAlone(NumberScores scores, byte[] data, float weight)
    {
        var reader = new PostingReader(data);
        while (reader.Next())
        {
            if (scores.Holds(reader.Number))
                scores[reader.Number] += weight * Saturated[reader.Impact];
        }
    }

    private static float Idf(long docs, float df) => MathF.Log(1 + (docs - df + 0.5f) / (df + 0.5f));

    private static float Saturate(float frequency) => frequency * (K1 + 1) / (frequency + K1);

    /// <summary>
    /// How often a concept stands in each pattern: the query's own word fully, related ones by their share. Together they saturate like one
    /// word, so that a pattern that says the same thing in five ways does not beat one that says five things.
    /// </summary>
    private sealed class ConceptFrequencies(NumberScores frequencies)
    {
        private readonly List<long> _touched = [];

        /// <summary>Patterns that have the concept.</summary>
        public int Count => _touched.Count;

        public void Add(byte[] data, float share)
        {
            var reader = new PostingReader(data);
            while (reader.Next())
            {
                if (!frequencies.Holds(reader.Number))
                    continue;
                ref var frequency = ref frequencies[reader.Number];
                if (frequency == 0)
                    _touched.Add(reader.Number);
                frequency += share * Frequencies[reader.Impact];
            }
        }

        /// <summary>Adds the concept to the scores and forgets it.</summary>
        public void ScoreInto(NumberScores scores, float weight)
        {
            foreach (var number in _touched)
            {
                ref var frequency = ref frequencies[number];
                scores[number] += weight * Saturate(frequency);
                frequency = 0;
            }

            _touched.Clear();
        }
    }
}

/// <summary>Scores of all patterns in scope by their words.</summary>
internal sealed class WordScores(NumberScores scores, HashSet<long> removed) : IDisposable
{
    /// <summary>Score of a pattern; 0 when it has none of the words.</summary>
    public float Of(long number) => scores.Of(number);

    /// <summary>The best patterns.</summary>
    /// <param name="allowed">What a filter leaves; null for everything.</param>
    /// <param name="top">Most results.</param>
    public List<Scored> Best(NumberSet? allowed, int top) => scores.Best(allowed, removed, top);

    public void Dispose() => scores.Dispose();
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
