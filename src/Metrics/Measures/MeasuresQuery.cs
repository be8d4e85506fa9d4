using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;
using Platform.V1;

namespace Platform.Metrics.Measures;

/// <summary>What roll-ups do not hold, from the rows of single events: failures by class, verdicts of people, how posts stand and what happened to them.</summary>
internal sealed class MeasuresQuery([FromKeyedServices(ModuleNames.Metrics)] Database database, FiguresQuery figures)
{
    private const long MostClasses = 50;

    private const string FailureSql =
        "select failure_code as Name, count(*) as Count from jobs where tenant = @Tenant and state = 'failed' and simulated = @simulated " +
        "and closed_ms >= @FromMs and closed_ms < @ToMs and (@Kind = '' or kind = @Kind) group by failure_code order by count(*) desc, failure_code limit @most";

    private const string VerdictSql =
        "select f.verdict as Name, count(*) as Count, cast(coalesce(sum(f.added_lines + f.removed_lines), 0) as bigint) as Lines " +
        "from feedback f join jobs j on j.job_id = f.job_id and j.tenant = f.tenant where f.tenant = @Tenant and f.at_ms >= @FromMs and f.at_ms < @ToMs " +
        "and j.simulated = @simulated and (@Kind = '' or j.kind = @Kind) and not exists " +
        "(select 1 from feedback later where later.job_id = f.job_id and (later.at_ms > f.at_ms or (later.at_ms = f.at_ms and later.feedback_id > f.feedback_id))) group by f.verdict";

    /// <summary>Figures of a scope with all of it.</summary>
    public async Task<Summary> SummarizeAsync(FiguresScope scope, CancellationToken token)
    {
        var summary = await figures.SummarizeAsync(scope, token);
        var values = new { scope.Tenant, scope.FromMs, scope.ToMs, scope.Kind, simulated = scope.Simulated ? 1L : 0L, most = MostClasses };
        await database.ReadAsync(async connection =>
        {
            async Task<List<NamedCount>> Rows(string sql) => (await connection.QueryAsync<NamedCount>(new CommandDefinition(sql, values, cancellationToken: token))).AsList();
            summary.Failures.Add((await Rows(FailureSql)).Select(f => new FailureClass { Code = f.Name, Jobs = f.Count }));
            summary.Judgement = JudgementOf(await Rows(VerdictSql));
            await ContentMeasures.AddAsync(connection, scope, summary, token);
            return 0;
        }, token);
        return summary;
    }

    private static Judgement JudgementOf(List<NamedCount> rows)
    {
        long Of(string verdict) => rows.Find(r => r.Name == verdict)?.Count ?? 0;
        return new Judgement
        {
            Judged = rows.Sum(r => r.Count),
            Accepted = Of(Verdicts.Accepted),
            Edited = Of(Verdicts.Edited),
            Rejected = Of(Verdicts.Rejected),
            ChangedLines = rows.Find(r => r.Name == Verdicts.Edited)?.Lines ?? 0,
        };
    }

    private sealed class NamedCount
    {
        public string Name { get; set; } = "";

        public long Count { get; set; }

        public long Lines { get; set; }
    }
}
