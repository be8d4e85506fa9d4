using Platform.V1;

namespace Platform.Patterns;

/// <summary>Decides which projects a caller may see. Simulated ones are seen by those who name them, and by simulated callers.</summary>
internal sealed class SearchScope(PatternStore store)
{
    /// <summary>Where a job's patterns go when it names no project.</summary>
    public const string DefaultProject = "default";

    /// <summary>Where everything goes that a simulator wrote.</summary>
    public const string SimulatedProject = "simulated";

    /// <summary>A search: the project it names, with what others share when it asks for that; or all that are not simulated.</summary>
    public async Task<PatternFilter> OfSearchAsync(string tenant, SearchRequest request, CancellationToken token)
    {
        var all = await store.ScopesAsync(tenant, token);
        var seen = all.Where(p => request.Project.Length == 0 ? p.Simulated == 0 : p.Name == request.Project || (request.WithShared && p.Shared != 0 && p.Simulated == 0)).Select(p => p.Name).ToList();
        return new PatternFilter(tenant, seen, seen.Count == all.Count)
        {
            Language = request.Language.Length == 0 ? "" : Languages.Normalise(request.Language),
            Kind = request.Kind,
            Tag = request.Tag,
            MinSuccesses = request.MinSuccesses,
        };
    }

    /// <summary>A generation: its own project and those that are shared; every project of the tenant when it names none.</summary>
    public async Task<PatternFilter> OfGenerationAsync(string tenant, string project, bool simulated, CancellationToken token)
    {
        var all = await store.ScopesAsync(tenant, token);
        var seen = all.Where(p => simulated || p.Simulated == 0)
            .Where(p => project.Length == 0 || p.Name == project || p.Shared != 0 || p.Simulated != 0)
            .Select(p => p.Name).ToList();
        return new PatternFilter(tenant, seen, seen.Count == all.Count);
    }

    /// <summary>Another memory: what is shared, and nothing else.</summary>
    public async Task<PatternFilter> OfOthersAsync(string tenant, CancellationToken token) => await OfRecommendationAsync(tenant, "", token);

    /// <summary>A recommendation: shared projects other than the caller's own.</summary>
    public async Task<PatternFilter> OfRecommendationAsync(string tenant, string project, CancellationToken token)
    {
        var all = await store.ScopesAsync(tenant, token);
        return new PatternFilter(tenant, [.. all.Where(p => p.Simulated == 0 && p.Shared != 0 && p.Name != project).Select(p => p.Name)], false);
    }
}
