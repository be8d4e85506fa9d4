using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>What the content module holds about a subject: posts and campaigns that were written about or for the person, and audience profiles that describe the person.</summary>
internal sealed class MayaSubjects([FromKeyedServices(ModuleNames.Maya)] Database database, PostStore posts, CampaignStore campaigns, StrategyStore strategies, ProfileDesk profiles) : ISubjectData
{
    private const string OfSubject = "tenant = @tenant and subject_id = @pseudonym";

    public string Module => ModuleNames.Maya;

    public async IAsyncEnumerable<SubjectRecord> ReadAsync(string tenant, string pseudonym, [EnumeratorCancellation] CancellationToken token)
    {
        foreach (var id in await IdsAsync("select id from posts", "id", tenant, pseudonym, token))
        {
            if (await posts.FindAsync(tenant, id, token) is { } row)
                yield return new SubjectRecord { Kind = "post", Id = row.Id, AtMs = row.CreatedMs, Json = JsonFormatter.Default.Format(row.ToPost()) };
        }

        foreach (var id in await IdsAsync("select id from campaigns", "id", tenant, pseudonym, token))
        {
            if (await campaigns.FindAsync(tenant, id, token) is not { } row)
                continue;
            var campaign = row.ToCampaign();
            campaign.Strategy = (await strategies.FindAsync(tenant, id, token))?.ToStrategy();
            yield return new SubjectRecord { Kind = "campaign", Id = id, AtMs = row.CreatedMs, Json = JsonSerializer.Serialize(new { campaign = JsonElement.Parse(JsonFormatter.Default.Format(campaign)), brief = row.Brief }) };
        }

        foreach (var name in await IdsAsync("select name from profiles", "name", tenant, pseudonym, token))
        {
            if (await profiles.FindAudienceAsync(tenant, name, token) is { } audience)
                yield return new SubjectRecord { Kind = "audience", Id = name, Json = JsonFormatter.Default.Format(audience) };
        }
    }

    /// <summary>Posts that were approved may stand on a platform by now, where nothing here reaches: they are named, for somebody to delete.</summary>
    public Task<DroppedData> DropAsync(string tenant, string pseudonym, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var about = new { tenant, pseudonym };
        var approved = await connection.QueryAsync<PostRow>($"select id as Id, platform as Platform from posts where {OfSubject} and state = 'approved' order by id", about);
        var erased = new Dictionary<string, long>
        {
            ["outcomes"] = await connection.ExecuteAsync($"delete from outcomes where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about),
            ["engagement_events"] = await connection.ExecuteAsync($"delete from engagement_events where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about),
            ["applied_jobs"] = await connection.ExecuteAsync($"delete from applied_jobs where job_id in (select job_id from posts where {OfSubject})", about),
        };
        await connection.ExecuteAsync($"delete from post_versions where tenant = @tenant and post_id in (select id from posts where {OfSubject})", about);
        erased["posts"] = await connection.ExecuteAsync($"delete from posts where {OfSubject}", about);
        erased["strategies"] = await connection.ExecuteAsync($"delete from strategies where tenant = @tenant and campaign_id in (select id from campaigns where {OfSubject})", about);
        await connection.ExecuteAsync($"delete from repeats where tenant = @tenant and campaign_id in (select id from campaigns where {OfSubject})", about);
        erased["campaigns"] = await connection.ExecuteAsync($"delete from campaigns where {OfSubject}", about);
        erased["audiences"] = await connection.ExecuteAsync($"delete from profiles where {OfSubject}", about);
        return new DroppedData(erased, [.. approved.Select(row => $"{row.Platform}:{row.Id}")]);
    }, token);

    private Task<List<string>> IdsAsync(string select, string order, string tenant, string pseudonym, CancellationToken token) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<string>($"{select} where {OfSubject} order by {order}", new { tenant, pseudonym })).AsList(), token);
}
