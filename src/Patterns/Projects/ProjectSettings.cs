using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>Licence and sharing of a project: what its owner decides.</summary>
internal static class ProjectSettings
{
    private const int MaxLicence = 200;

    /// <returns>The project as it is now; null when there is none of that name.</returns>
    /// <exception cref="ArgumentException">The licence is too long, or the project holds what a simulator wrote.</exception>
    public static async Task<Project?> SetAsync(PatternStore store, string tenant, SetProjectRequest request, CancellationToken token)
    {
        if (request.Licence.Length > MaxLicence || request.Licence.Any(char.IsControl))
            throw new ArgumentException($"Field 'licence' has {request.Licence.Length} characters; give at most {MaxLicence} printable ones.");
        if (request.Project == SearchScope.SimulatedProject && request.Shared)
            throw new ArgumentException($"Project '{request.Project}' holds what a simulator wrote and cannot be shared.");
        var changed = await store.Database.WriteAsync(c => c.ExecuteAsync(
            """
            update projects set shared = case when @setsShared = 1 then @shared else shared end, licence = case when @setsLicence = 1 then @Licence else licence end
            where tenant = @tenant and name = @Project
            """,
            new
            {
                tenant,
                request.Project,
                request.Licence,
                setsLicence = request.HasLicence ? 1L : 0L,
                setsShared = request.HasShared ? 1L : 0L,
                shared = request.Shared ? 1L : 0L,
            }), token);
        return changed == 0 ? null : (await store.ProjectsAsync(tenant, token)).Single(p => p.Name == request.Project);
    }
}
