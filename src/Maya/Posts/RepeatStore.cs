using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Posts that are made once more, as one batch.</summary>
internal sealed class RepeatRow
{
    public string Tenant { get; set; } = "";

    /// <summary>Key of the batch.</summary>
    public string Id { get; set; } = "";

    /// <summary>Their campaign; empty for a single post.</summary>
    public string CampaignId { get; set; } = "";

    /// <summary>Ids, comma-separated.</summary>
    public string Posts { get; set; } = "";

    /// <summary>Whether they said something, and another text is wanted.</summary>
    public long Anew { get; set; }

    /// <summary>How often the batch was submitted, this time included.</summary>
    public long Attempts { get; set; }

    /// <summary>When somebody else submits it, unless it is taken before.</summary>
    public long AfterMs { get; set; }

    /// <summary>The router's batch; empty until the router has answered.</summary>
    public string BatchId { get; set; } = "";

    /// <summary>Ids of its posts.</summary>
    public string[] PostIds => Posts.Split(',');
}

/// <summary>Keeps which posts are handed over together. Which ones is stored before the router is asked: the same batch is then submitted after a crash at any point.</summary>
internal sealed class RepeatStore([FromKeyedServices(ModuleNames.Maya)] Database database) : IDisposable
{
    private const int MostPosts = 200;
    private const int MostCampaigns = 100;

    private const string Columns = "tenant as Tenant, id as Id, campaign_id as CampaignId, posts as Posts, anew as Anew, attempts as Attempts, after_ms as AfterMs, batch_id as BatchId";

    private const string Waiting = "again_version > 0 and again_batch = '' and again_after_ms <= @nowMs and state = 'pending'";

    /// <summary>Beats when there is something to hand over.</summary>
    public Pulse Pulse { get; } = new();

    /// <inheritdoc />
    public void Dispose() => Pulse.Dispose();

    /// <summary>Stores one inside the transaction that reopens its post.</summary>
    public static Task InsertAsync(DbConnection connection, RepeatRow row) => connection.ExecuteAsync(
        "insert into repeats (tenant, id, campaign_id, posts, anew, attempts, after_ms) values (@Tenant, @Id, @CampaignId, @Posts, @Anew, @Attempts, @AfterMs)", row);

    /// <summary>Puts posts that wait to be asked for again into batches, campaign by campaign; false when none waits.</summary>
    public async Task<bool> GatherAsync(DateTimeOffset now, CancellationToken token)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        var campaigns = await database.ReadAsync(async connection => (await connection.QueryAsync<(string Tenant, string Campaign)>(
            $"select distinct tenant, campaign_id from posts where {Waiting} limit @most", new { nowMs, most = MostCampaigns })).AsList(), token);
        var gathered = 0;
        foreach (var (tenant, campaign) in campaigns)
            gathered += await GatherAsync(tenant, campaign, now, token);
        return gathered > 0;
    }

    private Task<int> GatherAsync(string tenant, string campaign, DateTimeOffset now, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var row = new RepeatRow { Tenant = tenant, CampaignId = campaign, Id = $"{campaign}-again-{JobId.New(now)}", AfterMs = now.ToUnixTimeMilliseconds() };
        var ids = (await connection.QueryAsync<string>($"""
            update posts set again_batch = @Id where tenant = @Tenant and again_batch = '' and id in (
                select id from posts where tenant = @Tenant and campaign_id = @CampaignId and {Waiting} order by ordinal limit @most {database.Dialect.SkipLocked})
            returning id
            """, new { row.Id, row.Tenant, row.CampaignId, nowMs = row.AfterMs, most = MostPosts })).Order(StringComparer.Ordinal).ToList();
        row.Posts = string.Join(',', ids);
        if (ids.Count > 0)
            await InsertAsync(connection, row);
        return ids.Count;
    }, token);

    /// <summary>The next one that the router has not answered for, and keeps others from it until a time; null when there is none.</summary>
    public Task<RepeatRow?> TakeDueAsync(long nowMs, long untilMs, CancellationToken token) => database.WriteAsync(connection => connection.QueryFirstOrDefaultAsync<RepeatRow>($"""
        update repeats set after_ms = @untilMs, attempts = attempts + 1 where batch_id = '' and after_ms <= @nowMs
            and (tenant, id) in (select tenant, id from repeats where batch_id = '' and after_ms <= @nowMs order by after_ms limit 1 {database.Dialect.SkipLocked})
        returning {Columns}
        """, new { nowMs, untilMs }), token);

    /// <summary>
    /// Notes that the router has the batch. False when the campaign was cancelled before: then whoever submitted cancels it. One of the two always sees the other,
    /// since both change the row of the campaign.
    /// </summary>
    public Task<bool> TakenAsync(RepeatRow row, string batchId, CancellationToken token) => database.WriteAsync(async connection =>
    {
        // Posts first and the campaign then, as everybody does: nobody waits in a circle.
        await connection.ExecuteAsync("update posts set again_batch = again_batch where tenant = @Tenant and again_batch = @Id", row);
        var wanted = row.CampaignId.Length == 0
            || await connection.ExecuteAsync("update campaigns set sent = sent where tenant = @Tenant and id = @CampaignId and state <> 'cancelled'", row) == 1;
        if (!wanted)
            return false;
        await connection.ExecuteAsync("update posts set again_version = 0, instruction = '' where tenant = @Tenant and again_batch = @Id and again_version > 0", row);
        await connection.ExecuteAsync(
            row.CampaignId.Length == 0 ? "delete from repeats where tenant = @Tenant and id = @Id" : "update repeats set batch_id = @batchId where tenant = @Tenant and id = @Id",
            new { row.Tenant, row.Id, batchId });
        return true;
    }, token);

    /// <summary>Batches of a campaign that the router has.</summary>
    public Task<List<string>> BatchesAsync(CampaignRow campaign, CancellationToken token) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<string>("select batch_id from repeats where tenant = @Tenant and campaign_id = @Id and batch_id <> '' order by id", campaign)).AsList(), token);

    /// <summary>Nothing more is to be done for it.</summary>
    public Task RemoveAsync(RepeatRow row, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("delete from repeats where tenant = @Tenant and id = @Id", row), token);

    /// <summary>Forgets what the router has of a campaign that has ended, inside a transaction.</summary>
    public static Task ForgetAsync(DbConnection connection, CampaignRow campaign) =>
        connection.ExecuteAsync("delete from repeats where tenant = @Tenant and campaign_id = @Id and batch_id <> ''", campaign);
}
