using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>What has to change when an excerpt moves to another project: names and types that only its own project declares, and what is nearest to them there.</summary>
internal sealed class AdaptationNotes(PatternStore store)
{
    private const int MostNames = 6;
    private const int ShortestName = 3;
    private const int MaxDeclared = 50_000;
    private const double NearEnough = 0.5;

    /// <summary>Notes on a pattern for a project.</summary>
    /// <param name="hit">The pattern, with its text, licence and origin.</param>
    /// <param name="source">Names that its project declares.</param>
    /// <param name="own">Names that the caller's project declares.</param>
    /// <param name="project">The caller's project; empty when none is named.</param>
    public static IEnumerable<string> Of(PatternHit hit, HashSet<string> source, HashSet<string> own, string project)
    {
        yield return $"From project {hit.Project}, {hit.Path} lines {hit.StartLine} to {hit.EndLine}{(hit.Origin.Length > 0 ? $", shared by {hit.Origin}" : "")}.";
        yield return hit.Licence.Length == 0 ? "Its project names no licence: ask before copying." : $"Licence of its project: {hit.Licence}.";
        var surrounding = hit.Name.Contains('.') ? hit.Name[..hit.Name.LastIndexOf('.')] : "";
        if (surrounding.Length > 0)
            yield return $"It belongs to {surrounding}: names of that type may have to change.";
        if (hit.Language == "csharp" && hit.Path.Contains('/'))
            yield return $"Its folder is {hit.Path[..hit.Path.LastIndexOf('/')]}: the namespace differs{(project.Length > 0 ? $" in {project}" : "")}.";
        var declaredHere = hit.Name.Split('.').ToHashSet(StringComparer.Ordinal);
        var foreign = CodeTokens.Of(hit.Text).Where(t => t.Length >= ShortestName && source.Contains(t) && !own.Contains(t) && !declaredHere.Contains(t)).Distinct(StringComparer.Ordinal).Take(MostNames).ToList();
        foreach (var name in foreign)
        {
            var near = Nearest(name, own);
            yield return $"{(char.IsUpper(name[0]) ? "Type or member" : "Name")} {name} is declared in {hit.Project} only{(near is null ? "" : $"; the nearest here is {near}")}.";
        }
    }

    /// <summary>Every name that a project declares: each part of the names of its members.</summary>
    public Task<HashSet<string>> DeclaredAsync(string tenant, string project, CancellationToken token) => store.Database.ReadAsync(async connection =>
        (await connection.QueryAsync<string>(new CommandDefinition(
            $"select distinct name from patterns where tenant = @tenant and project = @project and name <> '' and kind not in ('section', '{PatternKinds.Failure}') limit {MaxDeclared}",
            new { tenant, project }, cancellationToken: token))).SelectMany(n => n.Split('.')).ToHashSet(StringComparer.Ordinal), token);

    /// <summary>The name that shares most of its words, when that is half of them or more.</summary>
    private static string? Nearest(string name, HashSet<string> own)
    {
        var words = QueryTerms.SetOf(name);
        if (words.Count == 0)
            return null;
        var best = own.Select(other => (Name: other, Share: Shared(words, QueryTerms.SetOf(other)))).Where(o => o.Share >= NearEnough).OrderByDescending(o => o.Share).ThenBy(o => o.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name;
    }

    private static double Shared(HashSet<string> a, HashSet<string> b) => b.Count == 0 ? 0 : (double)a.Count(b.Contains) / Math.Max(a.Count, b.Count);
}
