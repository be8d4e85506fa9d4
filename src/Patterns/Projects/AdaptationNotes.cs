using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>What has to change when an excerpt moves to another project: names and types that only its own project declares, and what is nearest to them there.</summary>
internal sealed class AdaptationNotes(PatternStore store)
{
    private const int MostNames = 6;
    private const int ShortestName = 3;
    private const int MaxDeclared = 50_000;
    private const int MaxSpaces = 500;

    /// <summary>Notes on a pattern for a project.</summary>
    /// <param name="hit">The pattern, with its text, licence and origin.</param>
    /// <param name="source">What its project declares.</param>
    /// <param name="own">What the caller's project declares.</param>
    /// <param name="project">The caller's project; empty when none is named.</param>
    public static IEnumerable<string> Of(PatternHit hit, DeclaredNames source, DeclaredNames own, string project)
    {
        yield return $"From project {hit.Project}, {hit.Path} lines {hit.StartLine} to {hit.EndLine}{(hit.Origin.Length > 0 ? $", shared by {hit.Origin}" : "")}.";
        yield return hit.Licence.Length == 0 ? "Its project names no licence: ask before copying." : $"Licence of its project: {hit.Licence}.";
        var surrounding = hit.Name.Contains('.') ? hit.Name[..hit.Name.LastIndexOf('.')] : "";
        if (surrounding.Length > 0 && !own.Has(surrounding))
            yield return $"It belongs to {surrounding}, which {(project.Length > 0 ? project : "the project")} does not have{(own.Nearest(surrounding) is { } type ? $"; the nearest type is {type}" : "")}.";
        if (hit.Space.Length > 0 && !own.Spaces.Contains(hit.Space))
            yield return $"Its {(hit.Language == "csharp" ? "namespace" : "package")} is {hit.Space}{(own.NearestSpace(hit.Space) is { } here ? $"; {(project.Length > 0 ? project : "the project")} has {here}" : "")}.";
        var declaredHere = hit.Name.Split('.').ToHashSet(StringComparer.Ordinal);
        var foreign = CodeTokens.Of(hit.Text).Where(t => t.Length >= ShortestName && source.Has(t) && !own.Has(t) && !declaredHere.Contains(t)).Distinct(StringComparer.Ordinal).Take(MostNames).ToList();
        foreach (var name in foreign)
            yield return $"{(char.IsUpper(name[0]) ? "Type or member" : "Name")} {name} is declared in {hit.Project} only{(own.Nearest(name) is { } near ? $"; the nearest here is {near}" : "")}.";
    }

    /// <summary>Every name that a project declares, each part of the names of its members, and its namespaces or packages, the most used first.</summary>
    public Task<DeclaredNames> DeclaredAsync(string tenant, string project, CancellationToken token) => store.Database.ReadAsync(async connection =>
    {
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            $"select distinct name from patterns where tenant = @tenant and project = @project and name <> '' and kind not in ('section', '{PatternKinds.Failure}') limit {MaxDeclared}", new { tenant, project }, cancellationToken: token));
        var spaces = await connection.QueryAsync<string>(new CommandDefinition(
            $"select space from patterns where tenant = @tenant and project = @project and space <> '' group by space order by count(*) desc, space limit {MaxSpaces}", new { tenant, project }, cancellationToken: token));
        return new DeclaredNames(names.SelectMany(n => n.Split('.')), [.. spaces]);
    }, token);
}
