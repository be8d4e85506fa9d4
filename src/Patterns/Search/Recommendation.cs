using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// Patterns of other projects that fit a task, best first by fit, by how similar their project is, and by how they fared in projects like the
/// caller's; with what has to be adapted. Only projects that opted in are shown.
/// </summary>
internal sealed class Recommendation(PatternCatalog catalog, HybridSearch search, SearchScope scope, ProjectProfiles profiles)
{
    private const int DefaultTop = 5;
    private const int MaxTop = 100;
    private const int CandidatesPerResult = 4;
    private const double LeastFit = 0.75;
    private const double SimilarityStrength = 0.5;
    private const double SuccessStrength = 0.6;
    private readonly AdaptationNotes _notes = new(catalog.Store);

    /// <exception cref="ArgumentException">The task is empty, or <c>top</c> is out of range.</exception>
    public async Task<SearchReply> RunAsync(string tenant, RecommendRequest request, CancellationToken token)
    {
        var started = catalog.Time.GetTimestamp();
        if (string.IsNullOrWhiteSpace(request.Task))
            throw new ArgumentException("Field 'task' is empty; say what the code should do.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        await catalog.RefuseOthersAsync(tenant, token);
        var filter = await scope.OfRecommendationAsync(tenant, request.Project, token);
        filter = filter with { Language = request.Language.Length == 0 ? "" : Languages.Normalise(request.Language) };
        var top = request.Top == 0 ? DefaultTop : request.Top;
        var found = await search.RunAsync(filter, request.Task, top * CandidatesPerResult, token);
        var reply = new SearchReply { Embedder = catalog.Embedder.Identity };
        reply.Results.Add((await RankAsync(tenant, request.Project, found, token)).Take(top));
        await Provenance.AddAsync(catalog.Store, tenant, reply.Results, token);
        await AddNotesAsync(tenant, request.Project, reply, token);
        reply.Ms = catalog.Time.GetElapsedTime(started).TotalMilliseconds;
        return reply;
    }

    private async Task<IEnumerable<PatternHit>> RankAsync(string tenant, string project, List<FoundPattern> found, CancellationToken token)
    {
        var similarities = await profiles.SimilaritiesAsync(tenant, project, found.Select(f => f.Row.Project), null, token);
        var estimates = await new SimilarContexts(catalog.Store, profiles).EstimatesAsync(tenant, project, found.Select(f => f.Row.Id), token);
        return found.Select(f =>
        {
            var hit = f.ToHit(explain: true, withText: true);
            hit.Parts["similarity"] = similarities.GetValueOrDefault(f.Row.Project);
            hit.Parts["similar_contexts"] = estimates.GetValueOrDefault(f.Row.Id, 0.5);
            hit.Score *= (LeastFit + SimilarityStrength * similarities.GetValueOrDefault(f.Row.Project)) * (1 + SuccessStrength * (hit.Parts["similar_contexts"] - 0.5));
            return hit;
        }).OrderByDescending(h => h.Score).ThenBy(h => h.Id, StringComparer.Ordinal);
    }

    private async Task AddNotesAsync(string tenant, string project, SearchReply reply, CancellationToken token)
    {
        var own = await _notes.DeclaredAsync(tenant, project, token);
        foreach (var group in reply.Results.GroupBy(h => h.Project, StringComparer.Ordinal))
        {
            var source = await _notes.DeclaredAsync(tenant, group.Key, token);
            foreach (var hit in group)
                hit.Notes.Add(AdaptationNotes.Of(hit, source, own, project));
        }
    }
}
