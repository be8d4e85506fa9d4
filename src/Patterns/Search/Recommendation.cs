using Platform.V1;

namespace Platform.Patterns;

/// <summary>Patterns of other projects that fit a task, with what has to be adapted. Only projects that opted in are shown.</summary>
internal sealed class Recommendation(PatternCatalog catalog, HybridSearch search, SearchScope scope)
{
    private const int DefaultTop = 5;
    private const int MaxTop = 100;

    /// <exception cref="ArgumentException">The task is empty, or <c>top</c> is out of range.</exception>
    public async Task<SearchReply> RunAsync(string tenant, RecommendRequest request, CancellationToken token)
    {
        var started = catalog.Time.GetTimestamp();
        if (string.IsNullOrWhiteSpace(request.Task))
            throw new ArgumentException("Field 'task' is empty; say what the code should do.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        await catalog.RefuseOtherEmbedderAsync(tenant, token);
        var filter = await scope.OfRecommendationAsync(tenant, request.Project, token);
        filter = filter with { Language = request.Language.Length == 0 ? "" : Languages.Normalise(request.Language) };
        var licences = (await catalog.Store.ScopesAsync(tenant, token)).ToDictionary(p => p.Name, p => p.Licence, StringComparer.Ordinal);
        var reply = new SearchReply { Embedder = catalog.Embedder.Identity };
        foreach (var found in await search.RunAsync(filter, request.Task, request.Top == 0 ? DefaultTop : request.Top, token))
        {
            var hit = found.ToHit(explain: true, withText: true);
            hit.Notes.Add(Notes(found.Row, licences.GetValueOrDefault(found.Row.Project, "")));
            reply.Results.Add(hit);
        }

        reply.Ms = catalog.Time.GetElapsedTime(started).TotalMilliseconds;
        return reply;
    }

    private static IEnumerable<string> Notes(PatternRow row, string licence)
    {
        yield return $"From project {row.Project}, {row.Path} lines {row.StartLine} to {row.EndLine}.";
        yield return licence.Length == 0 ? "Its project names no licence: ask before copying." : $"Licence of its project: {licence}.";
        if (row.Name.Contains('.'))
            yield return $"It belongs to {row.Name[..row.Name.LastIndexOf('.')]}: names of that type may have to change.";
    }
}
