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
        var similarities = await profiles.SimilaritiesAsync(tenant, project, uses.Select(u => u.Project), null, token);
        double WeightOf(UseRow use) => use.Project == project ? 1 : Math.Max(LeastWeight, similarities.GetValueOrDefault(use.Project));
        return uses.GroupBy(u => u.Pattern, StringComparer.Ordinal).ToDictionary(g => g.Key,
            g => Outcome.Estimate(g.Sum(u => WeightOf(u) * u.Won), g.Sum(u => WeightOf(u) * (u.Cases - u.Won))), StringComparer.Ordinal);
    }

    private sealed class UseRow
    {
        public string Pattern { get; set; } = "";

        public string Project { get; set; } = "";

        public long Won { get; set; }

        public long Cases { get; set; }
    }
}
