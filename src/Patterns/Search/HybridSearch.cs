namespace Platform.Patterns;

/// <summary>
/// Words and vectors, summed. Rankings are deepened until as many results as were asked for are found, or everything in scope was looked at: a
/// filter, a removed row or a near-duplicate never makes an answer shorter than it has to be.
/// </summary>
internal sealed class HybridSearch(PatternStore store, WordIndex words, IPatternIndex vectors, Embedder embedder, PatternsOptions options)
{
    private const int FirstDepth = 200;
    private const int DepthPerResult = 8;
    private const int DepthGrowth = 8;
    private const int HydrateAtOnce = 40;
    private const int MostHydrated = 2000;
    private const int MostAgain = 3;

    /// <summary>The best patterns, best first.</summary>
    public async Task<List<FoundPattern>> RunAsync(PatternFilter filter, string query, int top, CancellationToken token)
    {
        using var question = await AskAsync(filter, query, [], token);
        return await RankAsync(question, filter, top, token);
    }

    /// <summary>Reads and scores once what a query needs to be ranked under the filter, and under the filter narrowed to each of the kinds.</summary>
    public async Task<Question> AskAsync(PatternFilter filter, string query, IReadOnlyList<string> kinds, CancellationToken token)
    {
        if (filter.Projects.Count == 0)
            return Question.Nothing();
        var terms = QueryTerms.Of(query);
        var reading = await words.ReadAsync(filter, terms, kinds, token);
        var (vector, notice) = await embedder.OfQueryAsync(query, token);
        return new Question(query, reading, WordIndex.Score(reading, terms), vector, notice);
    }

    /// <summary>The best patterns for what was asked, best first. When indexing replaced what the words and vectors named before its rows were read, it is asked again.</summary>
    public async Task<List<FoundPattern>> RankAsync(Question question, PatternFilter filter, int top, CancellationToken token)
    {
        var (found, replaced) = await RankOnceAsync(question, filter, top, stopWhenReplaced: true, token);
        for (var again = MostAgain; replaced && found.Count < top && again > 0; again--)
        {
            using var later = await AskAsync(filter, question.Query, [], token);
            (found, replaced) = await RankOnceAsync(later, filter, top, stopWhenReplaced: again > 1, token);
        }

        return found;
    }

    private async Task<Hydrated> RankOnceAsync(Question question, PatternFilter filter, int top, bool stopWhenReplaced, CancellationToken token)
    {
        var (_, reading, scores, _, _) = question;
        if (reading.Docs == 0)
            return new Hydrated([], false);
        var allowed = await AllowedAsync(filter, reading, token);
        if (allowed?.IsEmpty == true)
            return new Hydrated([], false);
        var vector = options.VectorWeight > 0 ? question.Vector : null;
        for (var depth = Math.Max(FirstDepth, top * DepthPerResult); ; depth *= DepthGrowth)
        {
            var byWords = scores.Best(allowed, depth);
            var byVectors = vector is not null ? await vectors.SearchAsync(filter, allowed, vector, depth, token) : [];
            var near = byVectors.Select(v => v.Number).ToHashSet();
            var others = byWords.Select(w => w.Number).Where(n => !near.Contains(n)).ToList();
            var similarities = vector is not null && others.Count > 0 ? await vectors.SimilaritiesAsync(filter.Tenant, vector, others, token) : new Dictionary<long, float>();
            var fused = Fusion.Fuse(scores, byWords, byVectors, similarities, options);
            var found = await HydrateAsync(filter, fused, top, token);
            if (found.Patterns.Count >= top || (stopWhenReplaced && found.Replaced) || depth >= reading.LastNumber || (byWords.Count < depth && byVectors.Count < depth))
                return found;
        }
    }

    private async Task<NumberSet?> AllowedAsync(PatternFilter filter, WordReading reading, CancellationToken token)
    {
        var allowed = reading.Allowed(filter);
        if (filter.MinSuccesses <= 0)
            return allowed;
        var successful = new NumberSet(reading.LastNumber);
        foreach (var number in await store.SuccessfulAsync(filter.Tenant, filter.MinSuccesses, token))
            successful.Add(number);
        return allowed!.And(successful);
    }

    /// <summary>
    /// Reads rows in the order of their rank, a few at a time, until enough are left after collapsing near-duplicates; some more are read, since what outcomes say of a
    /// pattern may still raise it.
    /// </summary>
    private async Task<Hydrated> HydrateAsync(PatternFilter filter, List<FusedRank> fused, int top, CancellationToken token)
    {
        var found = new List<FoundPattern>();
        var kept = new List<FoundPattern>();
        var replaced = false;
        for (int at = 0, size = Math.Max(HydrateAtOnce, top); at < fused.Count && (kept.Count < top || found.Count < top + HydrateAtOnce); at += size, size = Math.Min(size * 2, MostHydrated))
        {
            var slice = fused.GetRange(at, Math.Min(size, fused.Count - at));
            var rows = (await store.ByNumbersAsync(filter.Tenant, [.. slice.Select(f => f.Number)], token)).ToDictionary(r => r.Number);
            foreach (var rank in slice)
            {
                replaced |= !rows.TryGetValue(rank.Number, out var row);
                if (row is { Banned: 0 } && Matches(filter, row))
                    found.Add(new FoundPattern(row, rank, Outcome.Boost(row)));
            }

            found.Sort(static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Row.Number.CompareTo(b.Row.Number));
            kept = Collapse(found, top);
        }

        return new Hydrated(kept, replaced);
    }

    /// <summary>The indexes may lag; the row has the last word.</summary>
    private static bool Matches(PatternFilter filter, PatternRow row) =>
        filter.Projects.Contains(row.Project)
        && (filter.Language.Length == 0 || filter.Language == row.Language)
        && (filter.Kind.Length == 0 ? row.Kind != PatternKinds.Failure : filter.Kind == row.Kind)
        && (filter.Tag.Length == 0 || row.Tags.Split(' ').Contains(filter.Tag))
        && row.Successes >= filter.MinSuccesses;

    private static List<FoundPattern> Collapse(List<FoundPattern> found, int top)
    {
        var kept = new List<FoundPattern>(top);
        foreach (var one in found)
        {
            one.Duplicates = 0;
            if (kept.Count == top)
                break;
            var same = one.Row.Record.Length > 0 ? null : kept.Find(k => IsDuplicate(k.Row, one.Row));
            if (same is null)
                kept.Add(one);
            else
                same.Duplicates++;
        }

        return kept;
    }

    private static bool IsDuplicate(PatternRow a, PatternRow b) =>
        a.Record.Length == 0 && a.Language == b.Language && (a.ContentHash == b.ContentHash || SimHash.AreNear(a.Shape, b.Shape));

    /// <summary>Patterns whose rows were there, and whether some were gone.</summary>
    private readonly record struct Hydrated(List<FoundPattern> Patterns, bool Replaced);
}

/// <summary>A query with everything that was read for it.</summary>
/// <param name="Query">The query.</param>
/// <param name="Reading">Posting lists in scope.</param>
/// <param name="Scores">Scores by words.</param>
/// <param name="Vector">Vector of the query; null when the embedder gives none.</param>
/// <param name="Notice">What kept the search from being whole, in words; empty when nothing did.</param>
internal sealed record Question(string Query, WordReading Reading, WordScores Scores, float[]? Vector, string Notice) : IDisposable
{
    /// <summary>A query that may see nothing.</summary>
    public static Question Nothing() => new("", new WordReading(new Dictionary<string, SegmentRow>(), [], []), new WordScores(new NumberScores(0, 0), []), [], "");

    /// <summary>After this nothing can be ranked by it.</summary>
    public void Dispose() => Scores.Dispose();
}
