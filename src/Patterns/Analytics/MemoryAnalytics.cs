using System.Data.Common;
using System.Globalization;
using Dapper;
using Platform.Contracts;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>How the memory fares: reuse, hits, lift, top and failing patterns, growth by day and by project. Simulated jobs prove nothing and are left out.</summary>
internal sealed class MemoryAnalytics(PatternCatalog catalog)
{
    private const long DayMs = 86_400_000;
    private const int DefaultDays = 30;
    private const int MaxDays = 366;
    private const int DefaultTop = 10;
    private const int MaxTop = 100;
    private const int Candidates = 1_000;
    private const string InProject = "tenant = @tenant and (@project = '' or project = @project)";
    private const string Real = $"{InProject} and simulated = 0 and at_ms >= @since";
    private const string RecallsInTime = $"""
        from recalls r where {InProject} and withheld = 0 and at_ms >= @since
          and not exists (select 1 from outcomes o where o.tenant = r.tenant and o.job_id = r.job_id and o.simulated = 1)
        """;

    /// <exception cref="ArgumentException"><c>days</c> or <c>top</c> is out of range.</exception>
    public Task<PatternAnalytics> ReadAsync(string tenant, GetAnalyticsRequest request, CancellationToken token)
    {
        if (request.Days is < 0 or > MaxDays)
            throw new ArgumentException($"Field 'days' is {request.Days}; give 1 to {MaxDays}, or 0 for {DefaultDays}.");
        if (request.Top is < 0 or > MaxTop)
            throw new ArgumentException($"Field 'top' is {request.Top}; give 1 to {MaxTop}, or 0 for {DefaultTop}.");
        var days = request.Days == 0 ? DefaultDays : request.Days;
        var top = request.Top == 0 ? DefaultTop : request.Top;
        object scope = new { tenant, project = request.Project, since = (catalog.Now / DayMs - days + 1) * DayMs };
        return catalog.Store.Database.ReadAsync(async connection =>
        {
            var answer = new PatternAnalytics
            {
                Reuse = await ShareAsync(connection, scope, $"select cast(coalesce(sum(reused), 0) as bigint) as Good, count(*) as Cases from outcomes where {Real} and succeeded = 1"),
                Hits = await ShareAsync(connection, scope, $"select cast(coalesce(sum(case when found > 0 then 1 else 0 end), 0) as bigint) as Good, count(*) as Cases {RecallsInTime}"),
                Lift = await LiftAsync(connection, scope),
            };
            answer.Top.Add(await RankAsync(connection, scope, "successes > 0", "successes desc", ranked => ranked.OrderByDescending(r => r.SuccessEstimate).ThenByDescending(r => r.Successes), top));
            answer.Failing.Add(await RankAsync(connection, scope, "failures > 0", "failures desc", ranked => ranked.Where(r => r.SuccessEstimate < 0.5).OrderBy(r => r.SuccessEstimate).ThenByDescending(r => r.Failures), top));
            answer.Days.Add(await DaysAsync(connection, scope));
            answer.Projects.Add(await ProjectsAsync(connection, scope));
            return answer;
        }, token);
    }

    /// <summary>A share with its interval.</summary>
    internal static Proportion ShareOf(long good, long cases)
    {
        if (cases == 0)
            return new Proportion();
        var share = (double)good / cases;
        var (low, high) = ShareDifference.Wilson(share, cases);
        return new Proportion { Count = good, All = cases, Share = share, Low = Math.Max(0, low), High = Math.Min(1, high) };
    }

    private static async Task<Proportion> ShareAsync(DbConnection connection, object scope, string sql) =>
        await connection.QuerySingleAsync<CaseRow>(sql, scope) is var row ? ShareOf(row.Good, row.Cases) : new Proportion();

    /// <summary>Both groups hold only jobs for which memory had something, so that they differ in nothing but chance and memory.</summary>
    private static async Task<Lift> LiftAsync(DbConnection connection, object scope)
    {
        Task<Proportion> Group(int withheld) => ShareAsync(connection, scope,
            $"select cast(coalesce(sum(succeeded), 0) as bigint) as Good, count(*) as Cases from outcomes where {Real} and found > 0 and withheld = {withheld}");
        var lift = new Lift { WithMemory = await Group(0), Withheld = await Group(1) };
        (lift.Difference, lift.Low, lift.High) = ShareDifference.Of(lift.WithMemory.Count, lift.WithMemory.All, lift.Withheld.Count, lift.Withheld.All);
        lift.Conclusive = lift.WithMemory.All > 0 && lift.Withheld.All > 0 && (lift.Low > 0 || lift.High < 0);
        return lift;
    }

    private async Task<IEnumerable<RankedPattern>> RankAsync(DbConnection connection, object scope, string which, string first, Func<IEnumerable<RankedPattern>, IEnumerable<RankedPattern>> order, int top)
    {
        var rows = await connection.QueryAsync<RankRow>(
            $"""
            select id as Id, project as Project, path as Path, name as Name, kind as Kind, successes as Successes, failures as Failures, won as Won, lost as Lost, weighed_ms as WeighedMs,
              case when {Bans.Free} then 0 else 1 end as Banned
            from patterns p where {InProject} and simulated = 0 and kind <> '{PatternKinds.Failure}' and {which} order by {first} limit {Candidates}
            """, scope);
        return order(rows.Select(r => r.ToRanked(catalog.Now, catalog.Options.HalfLifeMs))).Take(top);
    }

    private static async Task<IEnumerable<MemoryDay>> DaysAsync(DbConnection connection, object scope)
    {
        var days = new SortedDictionary<long, MemoryDay>();
        MemoryDay On(long day) => days.TryGetValue(day, out var known) ? known
            : days[day] = new MemoryDay { Day = DateTimeOffset.FromUnixTimeMilliseconds(day * DayMs).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) };
        foreach (var row in await connection.QueryAsync<DayRow>(
            $"select created_ms / {DayMs} as Day, count(*) as Cases, cast(sum(case when kind = '{PatternKinds.Result}' then 1 else 0 end) as bigint) as Good from patterns where {InProject} and simulated = 0 and created_ms >= @since group by created_ms / {DayMs}", scope))
            (On(row.Day).Added, On(row.Day).Learned) = (row.Cases, row.Good);
        foreach (var row in await connection.QueryAsync<DayRow>(
            $"select at_ms / {DayMs} as Day, count(*) as Cases, cast(sum(case when found > 0 then 1 else 0 end) as bigint) as Good {RecallsInTime} group by at_ms / {DayMs}", scope))
            (On(row.Day).Recalls, On(row.Day).Hits) = (row.Cases, row.Good);
        foreach (var row in await connection.QueryAsync<DayRow>(
            $"select at_ms / {DayMs} as Day, count(*) as Cases, cast(sum(succeeded) as bigint) as Good, cast(sum(succeeded * reused) as bigint) as Reused from outcomes where {Real} group by at_ms / {DayMs}", scope))
            (On(row.Day).Jobs, On(row.Day).Succeeded, On(row.Day).Reused) = (row.Cases, row.Good, row.Reused);
        return days.Values;
    }

    private static async Task<IEnumerable<MemoryProject>> ProjectsAsync(DbConnection connection, object scope)
    {
        var projects = new SortedDictionary<string, MemoryProject>(StringComparer.Ordinal);
        MemoryProject Named(string name) => projects.TryGetValue(name, out var known) ? known : projects[name] = new MemoryProject { Project = name };
        foreach (var row in await connection.QueryAsync<DayRow>(
            $"select project as Project, count(*) as Cases, cast(sum(case when kind = '{PatternKinds.Result}' then 1 else 0 end) as bigint) as Good from patterns where {InProject} and simulated = 0 group by project", scope))
            (Named(row.Project).Patterns, Named(row.Project).Learned) = (row.Cases, row.Good);
        foreach (var row in await connection.QueryAsync<DayRow>(
            $"select project as Project, count(*) as Cases, cast(sum(succeeded) as bigint) as Good, cast(sum(succeeded * reused) as bigint) as Reused from outcomes where {Real} group by project", scope))
            (Named(row.Project).Jobs, Named(row.Project).Succeeded, Named(row.Project).Reused) = (row.Cases, row.Good, row.Reused);
        return projects.Values;
    }

    private sealed class CaseRow
    {
        public long Good { get; set; }

        public long Cases { get; set; }
    }

    private sealed class DayRow
    {
        public string Project { get; set; } = "";

        public long Day { get; set; }

        public long Cases { get; set; }

        public long Good { get; set; }

        public long Reused { get; set; }
    }

    private sealed class RankRow
    {
        public string Id { get; set; } = "";

        public string Project { get; set; } = "";

        public string Path { get; set; } = "";

        public string Name { get; set; } = "";

        public string Kind { get; set; } = "";

        public long Successes { get; set; }

        public long Failures { get; set; }

        public double Won { get; set; }

        public double Lost { get; set; }

        public long WeighedMs { get; set; }

        public long Banned { get; set; }

        public RankedPattern ToRanked(long now, double halfLifeMs)
        {
            var left = Outcome.Fade(now - WeighedMs, halfLifeMs);
            return new RankedPattern { PatternId = Id, Project = Project, Path = Path, Name = Name, Kind = Kind, Successes = Successes, Failures = Failures, SuccessEstimate = Outcome.Estimate(Won * left, Lost * left), Banned = Banned != 0 };
        }
    }
}
