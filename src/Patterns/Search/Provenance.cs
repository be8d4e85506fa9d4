using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Says of each hit what licence its project has and which server it came from.</summary>
internal static class Provenance
{
    public static Task AddAsync(PatternStore store, string tenant, IReadOnlyCollection<PatternHit> hits, CancellationToken token) => hits.Count == 0 ? Task.CompletedTask : store.Database.ReadAsync(async connection =>
    {
        var about = new { tenant, names = store.Database.Dialect.List(hits.Select(h => h.Project).Distinct(StringComparer.Ordinal)), ids = store.Database.Dialect.List(hits.Select(h => h.Id)) };
        var licences = (await connection.QueryAsync<(string Name, string Licence)>(new CommandDefinition(
            $"select name, licence from projects where tenant = @tenant and {store.Database.Dialect.AnyOf("name", "@names")}", about, cancellationToken: token))).ToDictionary(p => p.Name, p => p.Licence, StringComparer.Ordinal);
        var origins = (await connection.QueryAsync<(string Pattern, string Server)>(new CommandDefinition(
            $"select pattern, server from origins where tenant = @tenant and {store.Database.Dialect.AnyOf("pattern", "@ids")}", about, cancellationToken: token))).ToDictionary(o => o.Pattern, o => o.Server, StringComparer.Ordinal);
        foreach (var hit in hits)
            (hit.Licence, hit.Origin) = (licences.GetValueOrDefault(hit.Project, ""), origins.GetValueOrDefault(hit.Id, ""));
        return true;
    }, token);
}
