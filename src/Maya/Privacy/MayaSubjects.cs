using System.Runtime.CompilerServices;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What the content module holds about a subject: the posts that were written about or for the person.</summary>
internal sealed class MayaSubjects([FromKeyedServices(ModuleNames.Maya)] Database database, PostStore posts) : ISubjectData
{
    private const string OfSubject = "tenant = @tenant and subject_id = @pseudonym";

    public string Module => ModuleNames.Maya;

    public async IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, [EnumeratorCancellation] CancellationToken token)
    {
        var ids = await database.ReadAsync(async connection => (await connection.QueryAsync<string>($"select id from posts where {OfSubject} order by id", new { tenant, pseudonym })).AsList(), token);
        foreach (var id in ids)
        {
            if (await posts.FindAsync(tenant, id, token) is { } row)
                yield return new SubjectRecord { Kind = "post", Id = row.Id, AtMs = row.CreatedMs, Json = JsonFormatter.Default.Format(row.ToPost()) };
        }
    }

    /// <summary>Posts that were approved may stand on a platform by now, where nothing here reaches: they are named, for somebody to delete.</summary>
    public Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var about = new { tenant, pseudonym };
        var approved = await connection.QueryAsync<PostRow>($"select id as Id, platform as Platform from posts where {OfSubject} and state = 'approved' order by id", about);
        var outcomes = await connection.ExecuteAsync($"delete from outcomes where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about);
        var events = await connection.ExecuteAsync($"delete from engagement_events where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about);
        var jobs = await connection.ExecuteAsync($"delete from applied_jobs where job_id in (select job_id from posts where {OfSubject})", about);
        await connection.ExecuteAsync($"delete from post_versions where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about);
        var erased = await connection.ExecuteAsync($"delete from posts where {OfSubject}", about);
        return new DroppedData(new Dictionary<string, long> { ["posts"] = erased, ["outcomes"] = outcomes, ["engagement_events"] = events, ["applied_jobs"] = jobs }, [.. approved.Select(row => $"{row.Platform}:{row.Id}")]);
    }, token);
}
