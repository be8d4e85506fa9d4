using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// What stands near the place that an answer belongs to is likelier to fit it: its own project, and the folder of its files. The nudge is small; a
/// pattern that fits the task clearly better stays first.
/// </summary>
internal static class Neighbourhood
{
    private const double OwnProject = 0.05;
    private const double SameFolder = 0.1;
    private const int MaxPaths = 50;

    /// <summary>Patterns in the order of their score with the nudge; the order of equals is kept.</summary>
    public static IEnumerable<FoundPattern> Order(IReadOnlyList<FoundPattern> found, RecallRequest request)
    {
        if (request.Project.Length == 0)
            return found;
        var folders = request.Paths.Take(MaxPaths).Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        return found.OrderByDescending(f => f.Score * (1 + (f.Row.Project != request.Project ? 0 : OwnProject + (folders.Contains(FolderOf(f.Row.Path)) ? SameFolder : 0))));
    }

    private static string FolderOf(string path) => path.LastIndexOf('/') is var at and >= 0 ? path[..at] : "";
}
