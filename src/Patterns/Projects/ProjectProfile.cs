using System.Collections.Concurrent;
using Dapper;
using Platform.Storage;

namespace Platform.Patterns;

/// <summary>What a project is made of: packages, kinds of code, words. Two projects are compared by these.</summary>
/// <param name="Packages">Packages of its manifests.</param>
/// <param name="Tags">Tags with how many patterns carry them.</param>
/// <param name="Words">Words with how many patterns hold them.</param>
internal sealed record ProjectProfile(HashSet<string> Packages, Dictionary<string, double> Tags, Dictionary<string, double> Words)
{
    private const double PackageWeight = 0.4;
    private const double TagWeight = 0.2;
    private const double WordWeight = 0.4;

    /// <summary>0 for nothing in common to 1 for the same. A part that either project does not show is left out.</summary>
    public double SimilarityTo(ProjectProfile other)
    {
        var parts = new List<(double Weight, double Value)>(3);
        if (Packages.Count > 0 && other.Packages.Count > 0)
            parts.Add((PackageWeight, (double)Packages.Intersect(other.Packages).Count() / Packages.Union(other.Packages).Count()));
        if (Tags.Count > 0 && other.Tags.Count > 0)
            parts.Add((TagWeight, Cosine(Tags, other.Tags)));
        if (Words.Count > 0 && other.Words.Count > 0)
            parts.Add((WordWeight, Cosine(Words, other.Words)));
        return parts.Count == 0 ? 0 : parts.Sum(p => p.Weight * p.Value) / parts.Sum(p => p.Weight);
    }

    private static double Cosine(Dictionary<string, double> a, Dictionary<string, double> b)
    {
        static double Weight(double count) => Math.Log(1 + count);
        var dot = a.Where(x => b.ContainsKey(x.Key)).Sum(x => Weight(x.Value) * Weight(b[x.Key]));
        return dot == 0 ? 0 : dot / Math.Sqrt(a.Values.Sum(v => Weight(v) * Weight(v)) * b.Values.Sum(v => Weight(v) * Weight(v)));
    }
}

/// <summary>Reads profiles, and keeps them until their project is indexed again.</summary>
internal sealed class ProjectProfiles(PatternStore store)
{
    private const int MaxWords = 400;
    private const int MaxManifests = 200;
    private const int MaxKept = 500;
    private readonly ConcurrentDictionary<(string Tenant, string Project, long IndexedMs), ProjectProfile> _known = new();

    /// <summary>How alike a project and others are, by name, 0 to 1; 1 for itself. Nothing when the project has no name.</summary>
    public async Task<IReadOnlyDictionary<string, double>> SimilaritiesAsync(string tenant, string project, IEnumerable<string> others, CancellationToken token)
    {
        var names = project.Length == 0 ? [] : others.ToHashSet(StringComparer.Ordinal);
        var similarities = names.Where(n => n == project).ToDictionary(n => n, _ => 1.0, StringComparer.Ordinal);
        names.Remove(project);
        if (names.Count == 0)
            return similarities;
        var dialect = store.Database.Dialect;
        var indexed = (await store.Database.ReadAsync(c => c.QueryAsync<(string Name, long IndexedMs)>(new CommandDefinition(
            $"select name, indexed_ms from projects where tenant = @tenant and {dialect.AnyOf("name", "@names")}", new { tenant, names = dialect.List(names.Append(project)) }, cancellationToken: token)), token)).ToDictionary(p => p.Name, p => p.IndexedMs, StringComparer.Ordinal);
        var own = await OfAsync(tenant, project, indexed, token);
        foreach (var name in names)
            similarities[name] = own.SimilarityTo(await OfAsync(tenant, name, indexed, token));
        return similarities;
    }

    /// <summary>The profile of a project; empty when nothing is known of it.</summary>
    private async Task<ProjectProfile> OfAsync(string tenant, string project, Dictionary<string, long> indexed, CancellationToken token)
    {
        if (!indexed.TryGetValue(project, out var indexedMs))
            return new ProjectProfile([], [], []);
        if (_known.TryGetValue((tenant, project, indexedMs), out var known))
            return known;
        if (_known.Count >= MaxKept)
            _known.Clear();
        return _known[(tenant, project, indexedMs)] = await ReadAsync(tenant, project, token);
    }

    private Task<ProjectProfile> ReadAsync(string tenant, string project, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var about = new { tenant, project };
        var tags = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var (text, count) in await connection.QueryAsync<(string Tags, long Count)>(new CommandDefinition(
            "select tags, count(*) from patterns where tenant = @tenant and project = @project and tags <> '' group by tags", about, cancellationToken: token)))
        {
            foreach (var tag in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                tags[tag] = tags.GetValueOrDefault(tag) + count;
        }

        // Terms that begin with a control character are marks and no words.
        var words = await connection.QueryAsync<(string Term, long Count)>(new CommandDefinition(
            $"""
            select x.term, cast(sum(x.df) as bigint) from segments s join postings x on x.segment = s.id
            where s.tenant = @tenant and s.project = @project and x.tenant = @tenant and x.term > '!' group by x.term order by sum(x.df) desc, x.term limit {MaxWords}
            """, about, cancellationToken: token));
        var manifests = await connection.QueryAsync<(string Path, string Text)>(new CommandDefinition(
            $"select path, text from patterns where tenant = @tenant and project = @project and ({string.Join(" or ", Dependencies.Manifests.Select(m => $"lower(path) like '%{m}'"))}) order by path limit {MaxManifests}",
            about, cancellationToken: token));
        return new ProjectProfile([.. manifests.SelectMany(m => Dependencies.Of(m.Path, m.Text))], tags, words.ToDictionary(w => w.Term, w => (double)w.Count, StringComparer.Ordinal));
    }, token);
}
