using Platform.Contracts;

namespace Platform.Host;

/// <summary>The list of modules: all that the host knows of them.</summary>
public static class Modules
{
    /// <summary>Every module, in start order.</summary>
    public static readonly IReadOnlyList<Module> All =
    [
        Router.RouterModule.Module,
        Inference.InferenceModule.Module,
        Patterns.PatternsModule.Module,
        Maya.MayaModule.Module,
        Metrics.MetricsModule.Module,
        Runner.RunnerModule.Module,
    ];

    /// <summary>The modules that <c>--modules</c> names: "all", or names with commas.</summary>
    /// <exception cref="HostUsageException">A name is unknown, or none is given.</exception>
    public static IReadOnlyList<Module> Choose(string names)
    {
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (wanted.Length == 0)
            throw new HostUsageException($"--modules is empty; give 'all' or some of: {Names()}.");
        if (wanted is ["all"])
            return All;
        var unknown = wanted.FirstOrDefault(name => All.All(module => module.Name != name));
        return unknown is null
            ? [.. All.Where(module => wanted.Contains(module.Name))]
            : throw new HostUsageException($"--modules names the unknown module '{unknown}'; give 'all' or some of: {Names()}.");
    }

    /// <summary>Whether any of these keeps rows. The runner does not: it has no store, no broker and no secret.</summary>
    public static bool KeepRows(IReadOnlyList<Module> modules) => modules.Any(module => module.Name != ModuleNames.Runner);

    private static string Names() => string.Join(", ", All.Select(module => module.Name));
}
