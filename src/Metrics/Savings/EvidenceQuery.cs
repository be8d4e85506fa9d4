using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Metrics.Savings;

/// <summary>Which jobs the return on investment looks at.</summary>
internal sealed record EvidenceScope(string Tenant, long FromMs, long ToMs, bool Simulated, string Team, string Project);

/// <summary>Reads what was measured, from the rows of single jobs: every figure can be traced to them.</summary>
internal sealed class EvidenceQuery([FromKeyedServices(ModuleNames.Metrics)] Database database)
{
    private const long MsPerDay = 86_400_000;
    private const long MostBaseline = 2_000;

    private const string Where =
        "j.tenant = @Tenant and j.kind = @kind and j.simulated = @simulated and j.closed_ms >= @FromMs and j.closed_ms < @ToMs " +
        "and (@Team = '' or j.team = @Team) and (@Project = '' or j.project = @Project)";

    private static readonly string JobsSql =
        "select approach as Approach, team as Team, project as Project, withheld as Withheld, closed_ms / @day as Day, " +
        "cast(sum(succeeded) as bigint) as Succeeded, cast(sum(failed) as bigint) as Failed, " +
        "cast(sum(case when succeeded > 0 then total_ms else 0 end) as double precision) as TotalMs, cast(sum(case when succeeded > 0 then queue_ms else 0 end) as double precision) as QueueMs, " +
        $"cast(sum(cost_nano) as bigint) as CostNano from jobs j where {Where} group by approach, team, project, withheld, closed_ms / @day";

    private static readonly string BaselineSql =
        $"select total_ms from jobs j where {Where} and j.approach = @traditional and j.succeeded > 0 order by j.closed_ms desc, j.job_id limit @most";

    private static readonly string VerdictSql =
        "select f.verdict as Verdict, count(*) as Jobs, cast(coalesce(sum(f.added_lines + f.removed_lines), 0) as bigint) as ChangedLines " +
        $"from feedback f join jobs j on j.job_id = f.job_id and j.tenant = f.tenant where {Where} and j.approach <> @traditional and not exists " +
        "(select 1 from feedback later where later.job_id = f.job_id and (later.at_ms > f.at_ms or (later.at_ms = f.at_ms and later.feedback_id > f.feedback_id))) group by f.verdict";

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
            day = MsPerDay,
            most = MostBaseline,
        };
        return database.ReadAsync(async connection => new RoiEvidence(
            (await connection.QueryAsync<EvidenceRow>(new CommandDefinition(JobsSql, values, cancellationToken: token))).AsList(),
            (await connection.QueryAsync<double>(new CommandDefinition(BaselineSql, values, cancellationToken: token))).AsList(),
            (await connection.QueryAsync<VerdictRow>(new CommandDefinition(VerdictSql, values, cancellationToken: token))).AsList()), token);
    }
}
