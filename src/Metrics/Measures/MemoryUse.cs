using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Metrics.Rollups;
using Platform.Storage;

namespace Platform.Metrics.Measures;

/// <summary>Ended code jobs with and without patterns, of one project or day.</summary>
internal sealed class MemoryShare
{
    /// <summary>Project; empty for none, or when this is a day.</summary>
    public string Project { get; set; } = "";

    /// <summary>Start of the day, in milliseconds since 1970 UTC; 0 when this is a project.</summary>
    public long AtMs { get; set; }

    public long With { get; set; }

    public long WithSucceeded { get; set; }

    public long Without { get; set; }

    public long WithoutSucceeded { get; set; }

    /// <summary>Patterns that were used in all.</summary>
    public long PatternsUsed { get; set; }
}

/// <summary>Reads what memory did for jobs, from the rows of single jobs and the counts of patterns: of one project, or of all where its name is empty.</summary>
internal sealed class MemoryUse([FromKeyedServices(ModuleNames.Metrics)] Database database)
{
    private const long Most = 100;
    private const long MostPatterns = 10;
    private const string EndedJobs = "from jobs where tenant = @Tenant and simulated = @simulated and kind = 'code' and state in ('succeeded', 'failed') and closed_ms >= @FromMs and closed_ms < @ToMs and (@project = '' or project = @project)";

    private const string Sums =
        "cast(sum(with_patterns) as bigint) as \"With\", cast(sum(with_patterns_succeeded) as bigint) as WithSucceeded, cast(sum(jobs - with_patterns) as bigint) as Without, " +
        "cast(sum(succeeded - with_patterns_succeeded) as bigint) as WithoutSucceeded, cast(sum(patterns_used) as bigint) as PatternsUsed";

    private static readonly string ProjectSql = $"select project as Project, {Sums} {EndedJobs} group by project order by sum(jobs) desc, project limit @most";
    private static readonly string DaySql = string.Create(CultureInfo.InvariantCulture, $"select (closed_ms / {Steps.Day * 1000}) * {Steps.Day * 1000} as AtMs, {Sums} {EndedJobs} group by (closed_ms / {Steps.Day * 1000}) order by 1 limit @most");

    /// <summary>By project, most jobs first.</summary>
    public Task<IReadOnlyList<MemoryShare>> ByProjectAsync(FiguresScope scope, string project, CancellationToken token) => ReadAsync(ProjectSql, scope, project, token);

    /// <summary>By day (UTC), oldest first.</summary>
    public Task<IReadOnlyList<MemoryShare>> ByDayAsync(FiguresScope scope, string project, CancellationToken token) => ReadAsync(DaySql, scope, project, token);

    /// <summary>The patterns that were used most.</summary>
    public Task<IReadOnlyList<UsedPattern>> TopAsync(FiguresScope scope, string project, CancellationToken token) => PatternDays.ReadAsync(database, scope, project, failing: false, MostPatterns, token);

    /// <summary>The patterns that stood in most failed jobs.</summary>
    public Task<IReadOnlyList<UsedPattern>> FailingAsync(FiguresScope scope, string project, CancellationToken token) => PatternDays.ReadAsync(database, scope, project, failing: true, MostPatterns, token);

    private Task<IReadOnlyList<MemoryShare>> ReadAsync(string sql, FiguresScope scope, string project, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<MemoryShare>>(async c => (await c.QueryAsync<MemoryShare>(new CommandDefinition(
            sql, new { project, scope.Tenant, scope.FromMs, scope.ToMs, simulated = scope.Simulated ? 1L : 0L, most = Most }, cancellationToken: token))).AsList(), token);
}
