using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// What stands near the place that an answer belongs to is likelier to fit it: its own project, projects of the same packages, tags and words, and the folder of its files. The
/// nudge is small; a pattern that fits the task clearly better stays first.
/// </summary>
/// <param name="request">What is asked.</param>
/// <param name="similarities">How alike the request's project and others are, 0 to 1, by name; 1 for itself.</param>
internal sealed class Neighbourhood(RecallRequest request, IReadOnlyDictionary<string, double> similarities)
{
    private const double AlikeProject = 0.05;
    private const double SameFolder = 0.1;
    private const int MaxPaths = 50;
    private readonly HashSet<string> _folders = request.Paths.Take(MaxPaths).Select(FolderOf).ToHashSet(StringComparer.Ordinal);

    /// <summary>Patterns in the order of their score with the nudge; the order of equals is kept.</summary>
    public IEnumerable<FoundPattern> Order(IReadOnlyList<FoundPattern> found) => found.OrderByDescending(f => f.Score * FactorOf(f));

    /// <summary>Says in a hit what the nudge was and how alike the projects are.</summary>
    public PatternHit Explain(PatternHit hit, FoundPattern found)
    {
        if (request.Project.Length > 0)
            (hit.Parts["neighbourhood"], hit.Parts["similarity"]) = (FactorOf(found), similarities.GetValueOrDefault(found.Row.Project));
        return hit;
    }

    private double FactorOf(FoundPattern found)
    {
        var isOwn = found.Row.Project == request.Project && request.Project.Length > 0;
        return 1 + AlikeProject * similarities.GetValueOrDefault(found.Row.Project) + (isOwn && _folders.Contains(FolderOf(found.Row.Path)) ? SameFolder : 0);
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var at and >= 0 ? path[..at] : "";
}
