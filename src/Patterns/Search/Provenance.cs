using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Says of each hit what licence it has, which server it came from, and who wrote the tests it passed.</summary>
internal static class Provenance
{
    public static Task AddAsync(PatternStore store, string tenant, IReadOnlyCollection<PatternHit> hits, CancellationToken token) => hits.Count == 0 ? Task.CompletedTask : store.Database.ReadAsync(async connection =>
    {
        var about = new { tenant, names = store.Database.Dialect.List(hits.Select(h => h.Project).Distinct(StringComparer.Ordinal)), ids = store.Database.Dialect.List(hits.Select(h => h.Id)) };
        var licences = (await connection.QueryAsync<(string Name, string Licence)>(new CommandDefinition(
            $"select name, licence from projects where tenant = @tenant and {store.Database.Dialect.AnyOf("name", "@names")}", about, cancellationToken: token))).ToDictionary(p => p.Name, p => p.Licence, StringComparer.Ordinal);
        var origins = (await connection.QueryAsync<(string Pattern, string Server, string Licence)>(new CommandDefinition(
            $"select pattern, server, licence from origins where tenant = @tenant and {store.Database.Dialect.AnyOf("pattern", "@ids")}", about, cancellationToken: token))).ToDictionary(o => o.Pattern, StringComparer.Ordinal);
        var trusts = (await connection.QueryAsync<(string Pattern, string Trust, long Passed)>(new CommandDefinition(
            $"select pattern, tests_trust, tests_passed from results where tenant = @tenant and {store.Database.Dialect.AnyOf("pattern", "@ids")}", about, cancellationToken: token))).ToDictionary(r => r.Pattern, r => StoredResult.TrustOf(r.Trust, r.Passed), StringComparer.Ordinal);
        foreach (var hit in hits)
        {
            var origin = origins.GetValueOrDefault(hit.Id);
            hit.Origin = origin.Server ?? "";
            hit.Licence = new[] { origin.Licence, hit.Licence, licences.GetValueOrDefault(hit.Project) }.FirstOrDefault(static l => !string.IsNullOrEmpty(l)) ?? "";
            hit.TestsTrust = trusts.GetValueOrDefault(hit.Id, "");
        }

        return true;
    }, token);
}
