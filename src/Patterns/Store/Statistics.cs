using Dapper;
using Platform.Storage;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Counts for <c>stats</c>. Jobs answered by a simulator never enter a rate.</summary>
internal static class Statistics
{
    private const string SqliteBytes = "select (select page_count from pragma_page_count()) * (select page_size from pragma_page_size())";
    private const string PostgresBytes = "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'";

    public static Task<PatternStats> ReadAsync(Database database, string tenant, string project, CancellationToken token) => database.ReadAsync(async connection =>
    {
        var about = new { tenant, project, result = PatternKinds.Result };
        Task<long> Count(string sql) => connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, about, cancellationToken: token));
        const string InProject = "tenant = @tenant and (@project = '' or project = @project)";
        const string Real = $"{InProject} and simulated = 0 and withheld = 0";
        return new PatternStats
        {
            Patterns = await Count($"select count(*) from patterns where {InProject}"),
            Learned = await Count($"select count(*) from patterns where {InProject} and kind = @result"),
            Fixes = await Count("select count(*) from fixes where tenant = @tenant"),
            Projects = await Count("select count(*) from projects where tenant = @tenant"),
            Bytes = await Count(database.Dialect == Dialect.Sqlite ? SqliteBytes : PostgresBytes),
            Recalls = await Count($"select count(*) from recalls where {InProject} and withheld = 0"),
            Hits = await Count($"select count(*) from recalls where {InProject} and withheld = 0 and found > 0"),
            WithPatterns = await Count($"select count(*) from outcomes where {Real} and patterns > 0"),
            WithPatternsSucceeded = await Count($"select count(*) from outcomes where {Real} and patterns > 0 and succeeded = 1"),
            WithoutPatterns = await Count($"select count(*) from outcomes where {InProject} and simulated = 0 and patterns = 0"),
            WithoutPatternsSucceeded = await Count($"select count(*) from outcomes where {InProject} and simulated = 0 and patterns = 0 and succeeded = 1"),
            Evicted = await Count("select cast(coalesce(sum(evicted), 0) as bigint) from tenants where tenant = @tenant"),
            SimulatedJobs = await Count($"select count(*) from outcomes where {InProject} and simulated = 1"),
        };
    }, token);
}
