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
    private const int MostClasses = 50;
    private const int MostRows = 5_000;

    private const string FailureSql =
        "select failure_code as Code, approach as Approach, engine as Engine, model as Model, language as Language, platform as Platform, count(*) as Jobs from jobs " +
        "where tenant = @Tenant and state = 'failed' and simulated = @simulated and closed_ms >= @FromMs and closed_ms < @ToMs and (@Kind = '' or kind = @Kind) " +
        "group by failure_code, approach, engine, model, language, platform order by count(*) desc, failure_code limit @most";

    private const string VerdictSql =
        "select f.verdict as Name, count(*) as Count, cast(coalesce(sum(f.added_lines + f.removed_lines), 0) as bigint) as Lines " +
        "from feedback f join jobs j on j.job_id = f.job_id and j.tenant = f.tenant where f.tenant = @Tenant and f.at_ms >= @FromMs and f.at_ms < @ToMs " +
        "and j.simulated = @simulated and (@Kind = '' or j.kind = @Kind) and not exists " +
        "(select 1 from feedback later where later.job_id = f.job_id and (later.at_ms > f.at_ms or (later.at_ms = f.at_ms and later.feedback_id > f.feedback_id))) group by f.verdict";

    /// <summary>Figures of a scope with all of it.</summary>
    public async Task<Summary> SummarizeAsync(FiguresScope scope, CancellationToken token)
    {
        var summary = await OfJobsAsync(scope, token);
        summary.MergeFrom(await OfPostsAsync(scope, token));
        return summary;
    }

    /// <summary>Figures of a scope with failures only: for a page that asks again and again.</summary>
    public Task<Summary> OverviewAsync(FiguresScope scope, CancellationToken token) => ReadAsync(scope, judged: false, token);

    /// <summary>Figures of a scope with failures and with what people said of its jobs.</summary>
    public Task<Summary> OfJobsAsync(FiguresScope scope, CancellationToken token) => ReadAsync(scope, judged: true, token);

    /// <summary>Only what is known of posts and of what happened to them.</summary>
    public Task<Summary> OfPostsAsync(FiguresScope scope, CancellationToken token) => database.ReadAsync(connection => ContentMeasures.ReadAsync(connection, scope, token), token);

    private async Task<Summary> ReadAsync(FiguresScope scope, bool judged, CancellationToken token)
    {
        var summary = await figures.SummarizeAsync(scope, token);
        var values = new { scope.Tenant, scope.FromMs, scope.ToMs, scope.Kind, simulated = scope.Simulated ? 1L : 0L, most = (long)MostRows };
        await database.ReadAsync(async connection =>
        {
            async Task<List<T>> Rows<T>(string sql) => (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: token))).AsList();
            AddFailures(summary, await Rows<FailureRow>(FailureSql));
            if (judged)
                summary.Judgement = JudgementOf(await Rows<NamedCount>(VerdictSql));
            return 0;
        }, token);
        return summary;
    }

    /// <summary>Of all jobs, and of each group that jobs are told apart by.</summary>
    private static void AddFailures(Summary summary, List<FailureRow> rows)
    {
        summary.Failures.Add(ClassesOf(rows));
        summary.Total.Failures.Add(summary.Failures);
        (IEnumerable<Figures> Groups, Func<FailureRow, string> Name)[] kinds =
        [
            (summary.Approaches, r => r.Approach), (summary.Engines, r => r.Engine), (summary.Models, r => r.Model), (summary.Languages, r => r.Language), (summary.Platforms, r => r.Platform),
        ];
        foreach (var (groups, name) in kinds)
        {
            var by = rows.ToLookup(name, StringComparer.Ordinal);
            foreach (var group in groups)
                group.Failures.Add(ClassesOf(by[group.Name]));
        }
    }

    private static IEnumerable<FailureClass> ClassesOf(IEnumerable<FailureRow> rows) =>
        rows.GroupBy(r => r.Code, StringComparer.Ordinal).Select(g => new FailureClass { Code = g.Key, Jobs = g.Sum(r => r.Jobs) })
            .OrderByDescending(f => f.Jobs).ThenBy(f => f.Code, StringComparer.Ordinal).Take(MostClasses);

    private static Judgement JudgementOf(List<NamedCount> rows)
    {
        long Of(string verdict) => rows.Find(r => r.Name == verdict)?.Count ?? 0;
        return new Judgement
        {
            Judged = rows.Sum(r => r.Count),
            Accepted = Of(Verdicts.Accepted),
            Edited = Of(Verdicts.Edited),
            Rejected = Of(Verdicts.Rejected) + Of(Verdicts.Reverted),
            ChangedLines = rows.Find(r => r.Name == Verdicts.Edited)?.Lines ?? 0,
        };
    }

    private sealed class FailureRow
    {
        public string Code { get; set; } = "";

        public string Approach { get; set; } = "";

        public string Engine { get; set; } = "";

        public string Model { get; set; } = "";

        public string Language { get; set; } = "";

        public string Platform { get; set; } = "";

        public long Jobs { get; set; }
    }

    private sealed class NamedCount
    {
        public string Name { get; set; } = "";

        public long Count { get; set; }

        public long Lines { get; set; }
    }
}
