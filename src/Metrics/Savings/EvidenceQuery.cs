using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Metrics.Savings;

/// <summary>Which jobs the return on investment looks at.</summary>
internal sealed record EvidenceScope(string Tenant, long FromMs, long ToMs, bool Simulated, string Team, string Project);

/// <summary>Reads what was measured, from the rows of single jobs: every figure can be traced to them.</summary>
internal sealed class EvidenceQuery([FromKeyedServices(ModuleNames.Metrics)] Database database, TimeProvider time)
{
    private const long MsPerDay = 86_400_000;
    private const long MostBaseline = 2_000;
    private const long MostAccepted = 100_000;

    private const string InTime = "j.tenant = @Tenant and j.kind = @kind and j.simulated = @simulated and j.closed_ms >= @FromMs and j.closed_ms < @ToMs";
    private const string Where = $"{InTime} and (@Team = '' or j.team = @Team) and (@Project = '' or j.project = @Project)";
    private const string Groups = "approach, team, project, language, with_tests, withheld, case when found > 0 then 1 else 0 end, closed_ms / @day";

    private const string JobsSql =
        "select approach as Approach, team as Team, project as Project, language as Language, with_tests as Tests, withheld as Withheld, case when found > 0 then 1 else 0 end as Known, " +
        "closed_ms / @day as Day, cast(sum(succeeded) as bigint) as Succeeded, cast(sum(failed) as bigint) as Failed, " +
        "cast(sum(case when succeeded > 0 then total_ms else 0 end) as double precision) as TotalMs, cast(sum(case when succeeded > 0 then queue_ms else 0 end) as double precision) as QueueMs, " +
        $"cast(sum(case when failed > 0 then total_ms else 0 end) as double precision) as FailedMs, cast(sum(cost_nano) as bigint) as CostNano from jobs j where {Where} group by {Groups}";

    // A job that fell back, or that an engine of the platform's own approaches answered, is the platform measured against itself.
    private const string BaselineSql =
        $"select j.language as Language, j.with_tests as Tests, j.total_ms as TotalMs from jobs j where {Where} and j.approach = @traditional and j.succeeded > 0 and j.fallbacks = 0 " +
        $"and j.engine not in (select f.engine from jobs f where {OwnEngines}) order by j.closed_ms desc, j.job_id limit @most";

    private const string OwnEngines =
        "f.tenant = @Tenant and f.kind = @kind and f.simulated = @simulated and f.closed_ms >= @FromMs and f.closed_ms < @ToMs and f.approach in (@instructions, @mcp) and f.succeeded > 0 and f.fallbacks = 0";

    private const string VerdictSql =
        "select f.verdict as Verdict, count(*) as Jobs, cast(coalesce(sum(f.added_lines + f.removed_lines), 0) as bigint) as ChangedLines " +
        $"from feedback f join jobs j on j.job_id = f.job_id and j.tenant = f.tenant where {Where} and j.approach <> @traditional and not exists " +
        "(select 1 from feedback later where later.job_id = f.job_id and (later.at_ms > f.at_ms or (later.at_ms = f.at_ms and later.feedback_id > f.feedback_id))) group by f.verdict";

    private const string AcceptedSql =
        "select a.at_ms as AcceptedMs, (select min(l.at_ms) from feedback l where l.job_id = a.job_id and l.at_ms > a.at_ms and l.verdict <> @accepted) as ChangedMs from " +
        $"(select f.job_id, min(f.at_ms) as at_ms from feedback f join jobs j on j.job_id = f.job_id and j.tenant = f.tenant where {Where} and j.approach <> @traditional and f.verdict = @accepted " +
        "group by f.job_id order by min(f.at_ms) desc limit @mostAccepted) a";

    /// <summary>Reads it.</summary>
    public Task<RoiEvidence> ReadAsync(EvidenceScope scope, CancellationToken token)
    {
        var values = new
        {
            scope.Tenant,
            scope.FromMs,
            scope.ToMs,
            scope.Team,
            scope.Project,
            simulated = scope.Simulated ? 1L : 0L,
            kind = JobKinds.Code,
            traditional = Approaches.Traditional,
            instructions = Approaches.Instructions,
            mcp = Approaches.Mcp,
            accepted = Verdicts.Accepted,
            day = MsPerDay,
            most = MostBaseline,
            mostAccepted = MostAccepted,
        };
        return database.ReadAsync(async connection =>
        {
            async Task<IReadOnlyList<T>> Rows<T>(string sql) => (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: token))).AsList();
            return new RoiEvidence
            {
                Jobs = await Rows<EvidenceRow>(JobsSql),
                Baseline = await Rows<BaselineRow>(BaselineSql),
                Verdicts = await Rows<VerdictRow>(VerdictSql),
                Accepted = await Rows<AcceptedLife>(AcceptedSql),
                ReadMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            };
        }, token);
    }
}
