using Dapper;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>A class of rows that is kept for a time only. The statements take <c>@beforeMs</c> and run in one transaction, those of dependent rows first.</summary>
internal sealed class RetainedRows(Database database, string name) : IRetainedData
{
    /// <summary>Stopped, and nothing was recorded for it since: an experiment that was stopped late is kept from its last result on.</summary>
    private const string OldExperiment = "e.state = 'stopped' and e.created_ms < @beforeMs and not exists (select 1 from experiment_records r where r.tenant = e.tenant and r.experiment_id = e.id and r.at_ms >= @beforeMs)";

    private static readonly Dictionary<string, string[]> Statements = new()
    {
        // What a campaign about a person says goes with its posts.
        ["posts"] =
        [
            "delete from post_versions where exists (select 1 from posts p where p.tenant = post_versions.tenant and p.id = post_versions.post_id and p.subject_id <> '' and p.closed_ms > 0 and p.closed_ms < @beforeMs)",
            "delete from posts where subject_id <> '' and closed_ms > 0 and closed_ms < @beforeMs",
            "delete from strategies where exists (select 1 from campaigns c where c.tenant = strategies.tenant and c.id = strategies.campaign_id and c.subject_id <> '' and c.done_ms > 0 and c.done_ms < @beforeMs)",
            "delete from repeats where exists (select 1 from campaigns c where c.tenant = repeats.tenant and c.id = repeats.campaign_id and c.subject_id <> '' and c.done_ms > 0 and c.done_ms < @beforeMs)",
            "delete from campaigns where subject_id <> '' and done_ms > 0 and done_ms < @beforeMs",
        ],
        // Totals stay. An event that is forgotten would count again if somebody sent it again.
        ["engagement"] = ["delete from engagement_events where at_ms < @beforeMs"],
        ["outcomes"] =
        [
            "delete from engagement_events where exists (select 1 from outcomes o where o.tenant = engagement_events.tenant and o.post_id = engagement_events.post_id and o.changed_ms < @beforeMs)",
            "delete from outcomes where changed_ms < @beforeMs",
        ],
        ["experiments"] =
        [
            $"delete from experiment_posts where {OfOld("experiment_posts")}",
            $"delete from experiment_arms where {OfOld("experiment_arms")}",
            $"delete from experiments as e where {OldExperiment}",
            "delete from experiment_records where not exists (select 1 from experiments e where e.tenant = experiment_records.tenant and e.id = experiment_records.experiment_id)",
        ],
        ["strategies"] =
        [
            "delete from strategies where made_ms > 0 and made_ms < @beforeMs and exists (select 1 from campaigns c where c.tenant = strategies.tenant and c.id = strategies.campaign_id and c.state in ('done', 'cancelled'))",
        ],
    };

    /// <summary>Classes of the content module.</summary>
    public static IReadOnlyCollection<string> Classes => Statements.Keys;

    public string Module => ModuleNames.Maya;

    public string Class => name;

    public Task<long> RemoveAsync(long beforeMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var removed = 0L;
        foreach (var statement in Statements[name])
            removed += await connection.ExecuteAsync(statement, new { beforeMs });
        return removed;
    }, token);

    private static string OfOld(string table) => $"exists (select 1 from experiments e where e.tenant = {table}.tenant and e.id = {table}.experiment_id and {OldExperiment})";
}
