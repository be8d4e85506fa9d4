using System.Data.Common;
using Dapper;
using Platform.Metrics.Rollups;
using Platform.V1;

namespace Platform.Metrics.Measures;

/// <summary>How posts stand, and what happened to them, from one row a post and one an event.</summary>
internal static class ContentMeasures
{
    private const long MostApprovals = 100_000;
    private const string Fitting = "state in ('ready', 'approved', 'rejected')";
    private const string InScope = "tenant = @Tenant and simulated = @simulated and created_ms >= @FromMs and created_ms < @ToMs";

    private const string StandSql =
        "select platform as Platform, count(*) as Posts, " +
        $"cast(sum(case when {Fitting} then 1 else 0 end) as bigint) as Fitting, " +
        "cast(sum(case when state = 'invalid' then 1 else 0 end) as bigint) as Invalid, " +
        "cast(sum(case when state = 'blocked' then 1 else 0 end) as bigint) as Blocked, " +
        "cast(sum(case when state = 'failed' then 1 else 0 end) as bigint) as Failed, " +
        "cast(sum(case when state = 'approved' then 1 else 0 end) as bigint) as Approved, " +
        "cast(sum(case when state = 'rejected' then 1 else 0 end) as bigint) as Rejected, " +
        $"cast(sum(case when {Fitting} then score else 0 end) as double precision) as Scores, " +
        "cast(sum(case when ai_generated = 1 and state <> 'failed' then 1 else 0 end) as bigint) as Written, " +
        "cast(sum(case when ai_generated = 1 and state <> 'failed' then markers_before else 0 end) as double precision) as MarkersBefore, " +
        "cast(sum(case when ai_generated = 1 and state <> 'failed' then markers_after else 0 end) as double precision) as MarkersAfter, " +
        $"cast(sum(cost_nano) as bigint) as CostNano from pieces where {InScope} and state not in ('pending', 'cancelled') group by platform order by count(*) desc, platform";

    private const string ApprovalSql = $"select platform as Platform, at_ms - created_ms as Ms from pieces where {InScope} and state = 'approved' order by at_ms desc limit @most";

    // An event says neither platform nor simulator; the row of its post does. A post that is not known counts as a real one.
    private const string OutreachSql =
        "select coalesce(p.platform, '') as Platform, e.kind as Kind, cast(sum(e.count) as bigint) as Count from engagement e " +
        "left join pieces p on p.tenant = e.tenant and p.post_id = e.post_id " +
        "where e.tenant = @Tenant and e.at_ms >= @FromMs and e.at_ms < @ToMs and coalesce(p.simulated, 0) = @simulated group by coalesce(p.platform, ''), e.kind";

    private const string OutreachPostsSql =
        "select coalesce(p.platform, '') as Platform, count(distinct e.post_id) as Count from engagement e left join pieces p on p.tenant = e.tenant and p.post_id = e.post_id " +
        "where e.tenant = @Tenant and e.at_ms >= @FromMs and e.at_ms < @ToMs and coalesce(p.simulated, 0) = @simulated group by coalesce(p.platform, '')";

    /// <summary>A summary that holds the figures of content alone.</summary>
    public static async Task<Summary> ReadAsync(DbConnection connection, FiguresScope scope, CancellationToken token)
    {
        var values = new { scope.Tenant, scope.FromMs, scope.ToMs, simulated = scope.Simulated ? 1L : 0L, most = MostApprovals };
        async Task<List<T>> Rows<T>(string sql) => (await connection.QueryAsync<T>(new CommandDefinition(sql, values, cancellationToken: token))).AsList();
        var stands = await Rows<StandRow>(StandSql);
        var approvals = (await Rows<ApprovalRow>(ApprovalSql)).ToLookup(a => a.Platform, a => a.Ms);
        var events = (await Rows<EventRow>(OutreachSql)).ToLookup(e => e.Platform);
        var heard = (await Rows<EventRow>(OutreachPostsSql)).ToLookup(e => e.Platform, e => e.Count);
        var outreach = OutreachOf(events.SelectMany(e => e), heard.SelectMany(h => h).Sum());
        var summary = new Summary { Outreach = outreach, Content = Of("", stands, approvals.SelectMany(a => a), outreach) };
        summary.ContentPlatforms.AddRange(stands.Select(s => Of(s.Platform, [s], approvals[s.Platform], OutreachOf(events[s.Platform], heard[s.Platform].Sum()))));
        return summary;
    }

    private static ContentFigures Of(string name, List<StandRow> rows, IEnumerable<long> approvals, Outreach outreach)
    {
        var times = new LogHistogram();
        foreach (var ms in approvals)
            times.Add(ms);
        var figures = new ContentFigures
        {
            Name = name,
            Posts = rows.Sum(r => r.Posts),
            Fitting = rows.Sum(r => r.Fitting),
            Invalid = rows.Sum(r => r.Invalid),
            Blocked = rows.Sum(r => r.Blocked),
            Failed = rows.Sum(r => r.Failed),
            Approved = rows.Sum(r => r.Approved),
            Rejected = rows.Sum(r => r.Rejected),
            CostUsd = rows.Sum(r => r.CostNano) / 1e9,
            ApprovalMs = Rollup.Percentiles(times),
            Outreach = outreach,
        };
        if (figures.Fitting > 0)
            figures.Score = rows.Sum(r => r.Scores) / figures.Fitting;
        if (rows.Sum(r => r.Written) is > 0 and var written)
            (figures.MarkersBefore, figures.MarkersAfter) = (rows.Sum(r => r.MarkersBefore) / written, rows.Sum(r => r.MarkersAfter) / written);
        return figures;
    }

    private static Outreach OutreachOf(IEnumerable<EventRow> rows, long posts)
    {
        var counts = rows.GroupBy(r => r.Kind, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(r => r.Count), StringComparer.Ordinal);
        long Of(string kind) => counts.GetValueOrDefault(kind);
        return new Outreach
        {
            Posts = posts,
            Impressions = Of("impression"),
            Interactions = Of("like") + Of("share") + Of("comment") + Of("click"),
            Conversions = Of("conversion"),
            Unfollows = Of("unfollow"),
        };
    }

    private sealed class StandRow
    {
        public string Platform { get; set; } = "";

        public long Posts { get; set; }

        public long Fitting { get; set; }

        public long Invalid { get; set; }

        public long Blocked { get; set; }

        public long Failed { get; set; }

        public long Approved { get; set; }

        public long Rejected { get; set; }

        public double Scores { get; set; }

        public long Written { get; set; }

        public double MarkersBefore { get; set; }

        public double MarkersAfter { get; set; }

        public long CostNano { get; set; }
    }

    private sealed class ApprovalRow
    {
        public string Platform { get; set; } = "";

        public long Ms { get; set; }
    }

    private sealed class EventRow
    {
        public string Platform { get; set; } = "";

        public string Kind { get; set; } = "";

        public long Count { get; set; }
    }
}
