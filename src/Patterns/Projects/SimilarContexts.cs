using Dapper;

namespace Platform.Patterns;

/// <summary>How patterns fared in projects like the caller's: what worked in a similar code base says more than what worked anywhere.</summary>
internal sealed class SimilarContexts(PatternStore store, ProjectProfiles profiles)
{
    /// <summary>Even a project that shares nothing says a little.</summary>
    private const double LeastWeight = 0.1;

    /// <summary>Success to expect of each pattern in a project: outcomes count by how similar their project is. A pattern without any is left out.</summary>
    public async Task<Dictionary<string, double>> EstimatesAsync(string tenant, string project, IEnumerable<string> patterns, CancellationToken token)
    {
        var uses = await store.Database.ReadAsync(async c => (await c.QueryAsync<UseRow>(new CommandDefinition(
            $"""
            select u.pattern as Pattern, o.project as Project, cast(sum(o.succeeded) as bigint) as Won, count(*) as Cases from uses u join outcomes o on o.tenant = u.tenant and o.job_id = u.job_id
            where u.tenant = @tenant and u.role <> '{UseRoles.Offered}' and o.simulated = 0 and {store.Database.Dialect.AnyOf("u.pattern", "@ids")} group by u.pattern, o.project
            """, new { tenant, ids = store.Database.Dialect.List(patterns) }, cancellationToken: token))).ToList(), token);
        var own = await profiles.OfAsync(tenant, project, token);
        var weights = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var name in uses.Select(u => u.Project).Distinct(StringComparer.Ordinal))
            weights[name] = name == project ? 1 : Math.Max(LeastWeight, own.SimilarityTo(await profiles.OfAsync(tenant, name, token)));
        return uses.GroupBy(u => u.Pattern, StringComparer.Ordinal).ToDictionary(g => g.Key,
            g => Outcome.Estimate(g.Sum(u => weights[u.Project] * u.Won), g.Sum(u => weights[u.Project] * (u.Cases - u.Won))), StringComparer.Ordinal);
    }

    private sealed class UseRow
    {
        public string Pattern { get; set; } = "";

        public string Project { get; set; } = "";

        public long Won { get; set; }

        public long Cases { get; set; }
    }
}
