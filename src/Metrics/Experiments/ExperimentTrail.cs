using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;
using Platform.V1;

namespace Platform.Metrics.Experiments;

/// <summary>How an arm stood at a moment.</summary>
/// <param name="Name">The arm.</param>
/// <param name="Probability">Chance that the next trial went there.</param>
/// <param name="Assigned">Times it had been handed out.</param>
/// <param name="Trials">Trials.</param>
/// <param name="Successes">Successes.</param>
public sealed record ArmPoint(string Name, double Probability, long Assigned, long Trials, long Successes);

/// <summary>How an experiment stood at a moment.</summary>
/// <param name="AtMs">When, in milliseconds since 1970 UTC.</param>
/// <param name="Arms">Its arms.</param>
public sealed record ExperimentPoint(long AtMs, IReadOnlyList<ArmPoint> Arms);

/// <summary>Keeps how experiments stood, so that their course can be shown: a point whenever something changed, at most one a minute.</summary>
internal sealed class ExperimentTrail([FromKeyedServices(ModuleNames.Metrics)] Database database, TimeProvider time)
{
    private const int MostKnown = 1_000;
    private const long MostPoints = 2_000;
    private static readonly MultiRowInsert Points = new("experiment_points", ["id", "tenant", "experiment_id", "at_ms", "arms"]);
    private readonly ConcurrentDictionary<(string Tenant, string Id), string> _last = new();

    /// <summary>Notes how experiments stand; one that stands as it did changes nothing.</summary>
    public async Task NoteAsync(string tenant, IEnumerable<Experiment> experiments, CancellationToken token)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var minute = Steps.Floor(now, Steps.Minute);
        var changed = experiments.Select(e => (e.Id, Arms: Text(e))).Where(e => _last.GetValueOrDefault((tenant, e.Id)) != e.Arms).ToList();
        if (changed.Count == 0)
            return;
        var added = await database.WriteAsync(c => Points.NewAsync(c, changed.Select(e => (object[])[FormattableString.Invariant($"{tenant}/{e.Id}/{minute}"), tenant, e.Id, now, e.Arms]), token), token);
        if (_last.Count > MostKnown)
            _last.Clear();
        foreach (var (id, arms) in changed.Where(e => added.Contains(FormattableString.Invariant($"{tenant}/{e.Id}/{minute}"))))
            _last[(tenant, id)] = arms;
    }

    /// <summary>The course of an experiment, oldest first; of a long one the last 2,000 points.</summary>
    public Task<IReadOnlyList<ExperimentPoint>> ReadAsync(string tenant, string experimentId, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<ExperimentPoint>>(async c =>
        [
            .. (await c.QueryAsync<Row>(
                "select at_ms as AtMs, arms as Arms from experiment_points where tenant = @tenant and experiment_id = @experimentId order by at_ms desc limit @most",
                new { tenant, experimentId, most = MostPoints })).Reverse().Select(r => new ExperimentPoint(r.AtMs, JsonSerializer.Deserialize<List<ArmPoint>>(r.Arms) ?? [])),
        ], token);

    /// <summary>Tenants whose jobs closed since an instant.</summary>
    public Task<IReadOnlyList<string>> TenantsAsync(long sinceMs, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<string>>(async c => (await c.QueryAsync<string>(
            "select distinct tenant from rollups where step_seconds = 3600 and at_ms >= @sinceMs union select distinct tenant from experiment_points where at_ms >= @sinceMs",
            new { sinceMs })).AsList(), token);

    private static string Text(Experiment experiment) =>
        JsonSerializer.Serialize(experiment.Arms.Select(a => new ArmPoint(a.Name, Math.Round(a.Probability, 4), a.Assigned, a.Trials, a.Successes)));

    private sealed class Row
    {
        public long AtMs { get; set; }

        public string Arms { get; set; } = "";
    }
}
