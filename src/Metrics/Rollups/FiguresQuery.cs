using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Metrics.Rollups;

/// <summary>Which jobs to add up.</summary>
/// <param name="Tenant">Tenant.</param>
/// <param name="FromMs">From, in milliseconds since 1970 UTC.</param>
/// <param name="ToMs">To, not included.</param>
/// <param name="Simulated">Simulated jobs instead of real ones.</param>
/// <param name="Kind">Only this kind; empty for all.</param>
/// <param name="Approach">Only this approach; empty for all.</param>
internal sealed record FiguresScope(string Tenant, long FromMs, long ToMs, bool Simulated = false, string Kind = "", string Approach = "")
{
    public bool Includes(RollupGroup group) =>
        (Kind.Length == 0 || group.Kind == Kind) && (Approach.Length == 0 || group.Approach == Approach);
}

/// <summary>Answers from roll-ups, exact to ten seconds at the edges as long as roll-ups of ten seconds are kept.</summary>
internal sealed class FiguresQuery([FromKeyedServices(ModuleNames.Metrics)] Database database, IOptions<MetricsOptions> options, TimeProvider time)
{
    /// <summary>Adds up the jobs of a scope by any of their names.</summary>
    public async Task<Dictionary<string, Rollup>> ByAsync(FiguresScope scope, Func<RollupGroup, string> name, CancellationToken token)
    {
        var sums = new Dictionary<string, Rollup>(StringComparer.Ordinal);
        foreach (var (_, group, rollup) in await ReadAsync(scope, Steps.Cover(scope.FromMs, scope.ToMs, Finest(scope.FromMs)), token))
            Sum(sums, name(group)).Merge(rollup);
        return sums;
    }

    /// <summary>Adds up all jobs of a scope.</summary>
    public async Task<Rollup> TotalAsync(FiguresScope scope, CancellationToken token) =>
        (await ByAsync(scope, static _ => "", token)).GetValueOrDefault("") ?? new Rollup();

    /// <summary>Figures of all jobs, and by each of their names.</summary>
    public async Task<Summary> SummarizeAsync(FiguresScope scope, CancellationToken token)
    {
        var total = new Rollup();
        var names = new Func<RollupGroup, string>[] { g => g.Approach, g => g.Engine, g => g.Model, g => g.Language, g => g.Platform };
        var sums = names.Select(_ => new Dictionary<string, Rollup>(StringComparer.Ordinal)).ToList();
        foreach (var (_, group, rollup) in await ReadAsync(scope, Steps.Cover(scope.FromMs, scope.ToMs, Finest(scope.FromMs)), token))
        {
            total.Merge(rollup);
            for (var i = 0; i < names.Length; i++)
                Sum(sums[i], names[i](group)).Merge(rollup);
        }

        var stretch = scope.ToMs - scope.FromMs;
        var summary = new Summary { Total = total.ToFigures("all", stretch), FromMs = scope.FromMs, ToMs = scope.ToMs, Simulated = scope.Simulated };
        var places = new[] { summary.Approaches, summary.Engines, summary.Models, summary.Languages, summary.Platforms };
        for (var i = 0; i < places.Length; i++)
            places[i].Add(sums[i].OrderByDescending(s => s.Value[Counter.Jobs]).ThenBy(s => s.Key, StringComparer.Ordinal).Select(s => s.Value.ToFigures(s.Key, stretch)));
        return summary;
    }

    /// <summary>What engines did in a scope, to the minute.</summary>
    public Task<IReadOnlyList<EngineCount>> EnginesAsync(FiguresScope scope, CancellationToken token) =>
        EngineMinutes.ReadAsync(database, scope.Tenant, scope.Simulated, scope.FromMs, scope.ToMs + 1, token);

    /// <summary>Buckets of one width, in order of time; empty ones are left out.</summary>
    public async Task<SortedDictionary<long, Rollup>> SeriesAsync(FiguresScope scope, long stepSeconds, CancellationToken token)
    {
        var buckets = new SortedDictionary<long, Rollup>();
        var segment = new Segment(stepSeconds, Steps.Floor(scope.FromMs, stepSeconds), Steps.Ceiling(scope.ToMs, stepSeconds));
        foreach (var (atMs, _, rollup) in await ReadAsync(scope, [segment], token))
        {
            if (!buckets.TryGetValue(atMs, out var sum))
                buckets.Add(atMs, sum = new Rollup());
            sum.Merge(rollup);
        }

        return buckets;
    }

    /// <summary>Buckets of one width, each added up by any of the jobs' names.</summary>
    public async Task<SortedDictionary<long, Dictionary<string, Rollup>>> SeriesByAsync(FiguresScope scope, long stepSeconds, Func<RollupGroup, string> name, CancellationToken token)
    {
        var buckets = new SortedDictionary<long, Dictionary<string, Rollup>>();
        var segment = new Segment(stepSeconds, Steps.Floor(scope.FromMs, stepSeconds), Steps.Ceiling(scope.ToMs, stepSeconds));
        foreach (var (atMs, group, rollup) in await ReadAsync(scope, [segment], token))
        {
            if (!buckets.TryGetValue(atMs, out var sums))
                buckets.Add(atMs, sums = new Dictionary<string, Rollup>(StringComparer.Ordinal));
            Sum(sums, name(group)).Merge(rollup);
        }

        return buckets;
    }

    private Task<List<(long AtMs, RollupGroup Group, Rollup Rollup)>> ReadAsync(FiguresScope scope, IReadOnlyList<Segment> segments, CancellationToken token) =>
        database.ReadAsync(async connection =>
        {
            var rows = new List<(long AtMs, RollupGroup Group, Rollup Rollup)>();
            foreach (var segment in segments)
                rows.AddRange((await RollupTable.ReadAsync(connection, scope.Tenant, scope.Simulated, segment, token)).Where(r => scope.Includes(r.Group)));
            return rows;
        }, token);

    /// <summary>Narrowest width that is still kept at an instant.</summary>
    private long Finest(long atMs)
    {
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(0, atMs));
        var keep = options.Value.Keep;
        return age < keep.TenSeconds ? Steps.TenSeconds : age < keep.Minutes ? Steps.Minute : age < keep.Hours ? Steps.Hour : Steps.Day;
    }

    private static Rollup Sum(Dictionary<string, Rollup> sums, string name)
    {
        if (!sums.TryGetValue(name, out var sum))
            sums.Add(name, sum = new Rollup());
        return sum;
    }
}
