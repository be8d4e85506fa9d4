using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>What a comparison of a campaign's posts reads and writes, a page at a time.</summary>
internal sealed class ComparedPosts([FromKeyedServices(ModuleNames.Maya)] Database database, PostStore posts, PostSealing sealing)
{
    private const int Chunk = 500;
    private const string Reject = "reject";

    /// <summary>This row is the lock: whoever changes a post of the campaign raises its revision.</summary>
    private const string Unchanged = "tenant = @Tenant and id = @Id and state = 'done' and revision = @Revision";

    private const string Finished = "state in ('ready', 'approved')";

    /// <summary>A finished campaign whose posts are not compared yet, of any tenant, and keeps others from it until a time; null when there is none.</summary>
    public Task<CampaignRow?> NextAsync(long nowMs, long untilMs, CancellationToken token) => database.WriteAsync(connection => connection.QueryFirstOrDefaultAsync<CampaignRow>($"""
        update campaigns set compare_after_ms = @untilMs where compared = 0 and state = 'done' and compare_after_ms <= @nowMs
            and (tenant, id) in (select tenant, id from campaigns where compared = 0 and state = 'done' and compare_after_ms <= @nowMs order by created_ms limit 1 {database.Dialect.SkipLocked})
        returning {CampaignStore.Columns}
        """, new { nowMs, untilMs }), token);

    /// <summary>Platforms of a campaign, with how many finished posts each has.</summary>
    public Task<List<(string Platform, long Count)>> PlatformsAsync(CampaignRow campaign, CancellationToken token) => database.ReadAsync<List<(string, long)>>(async connection =>
        [.. await connection.QueryAsync<(string, long)>($"select platform, count(*) from posts where tenant = @Tenant and campaign_id = @Id and {Finished} group by platform order by platform", campaign)], token);

    /// <summary>A page of a platform's finished posts in order, after a place: place and text only.</summary>
    public async Task<List<PostRow>> PageAsync(CampaignRow campaign, string platform, long after, int size, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync<List<PostRow>>(async connection => [.. await connection.QueryAsync<PostRow>($"""
            select tenant as Tenant, id as Id, ordinal as Ordinal, subject_id as SubjectId, text as Text from posts
            where tenant = @Tenant and campaign_id = @Id and ordinal > @after and platform = @platform and {Finished} order by ordinal limit @size
            """, new { campaign.Tenant, campaign.Id, after, platform, size })], token), token);

    /// <summary>The text at a place of a campaign; empty when it is gone.</summary>
    public async Task<string> TextAsync(CampaignRow campaign, long place, CancellationToken token) =>
        (await posts.FindAsync(campaign.Tenant, CampaignPlanner.PostId(campaign.Id, place), token))?.Text ?? "";

    /// <summary>
    /// Writes which posts nearly repeat others, some hundred a transaction; those that are to be rejected move from ready to failed. False when a post has changed since the
    /// campaign was read: then it is compared again.
    /// </summary>
    public async Task<bool> WriteAsync(CampaignRow campaign, IReadOnlyList<NearDuplicate> duplicates, long nowMs, CancellationToken token)
    {
        var whole = await database.WriteAsync(connection => HeldAsync(connection, campaign, () => connection.ExecuteAsync(
            "update posts set duplicate_of = '' where tenant = @Tenant and campaign_id = @Id and duplicate_of <> '' and state in ('ready', 'approved', 'rejected')", campaign)), token);
        foreach (var chunk in duplicates.Chunk(Chunk))
            whole = whole && await database.WriteAsync(connection => HeldAsync(connection, campaign, () => WriteAsync(connection, campaign, chunk, nowMs)), token);
        return whole && await database.WriteAsync(connection => EndAsync(connection, campaign), token);
    }

    private static async Task<bool> HeldAsync(DbConnection connection, CampaignRow campaign, Func<Task> write)
    {
        if (await connection.ExecuteAsync($"update campaigns set compared = 0 where {Unchanged}", campaign) == 0)
            return false;
        await write();
        return true;
    }

    private async Task WriteAsync(DbConnection connection, CampaignRow campaign, IReadOnlyList<NearDuplicate> duplicates, long nowMs)
    {
        var rejected = new List<PostFigures>();
        var rows = campaign.OnDuplicate != Reject ? [] : (await posts.FindAsync(connection, duplicates.Select(d => IdOf(campaign, d.Place)))).Where(p => p.Tenant == campaign.Tenant).ToDictionary(p => p.Id);
        foreach (var (place, other, overlap) in duplicates)
        {
            var (id, of) = (IdOf(campaign, place), IdOf(campaign, other));
            var why = PostRow.Pack([string.Create(CultureInfo.InvariantCulture, $"Nearly repeats post {of} ({overlap:P0} overlap).")]);
            var sql = campaign.OnDuplicate == Reject
                ? "update posts set duplicate_of = @of, state = 'invalid', reasons = @why, version = version + 1 where tenant = @Tenant and id = @id and state = 'ready'"
                : "update posts set duplicate_of = @of where tenant = @Tenant and id = @id and state in ('ready', 'approved')";
            if (await connection.ExecuteAsync(sql, new { of, why, campaign.Tenant, id }) == 1 && rows.TryGetValue(id, out var row))
                rejected.Add(row.ToFigures(row.Version + 1, row.CostUsd, nowMs) with { State = PostStates.Invalid });
        }

        await ContentNews.AddAsync(connection, rejected);
        await connection.ExecuteAsync("update campaigns set ready = ready - @moved, failed = failed + @moved where tenant = @Tenant and id = @Id", new { moved = (long)rejected.Count, campaign.Tenant, campaign.Id });
    }

    private static async Task<bool> EndAsync(DbConnection connection, CampaignRow campaign)
    {
        var ended = await connection.ExecuteAsync($"""
            update campaigns set compared = 1,
                duplicates = (select count(*) from posts p where p.tenant = @Tenant and p.campaign_id = @Id and p.duplicate_of <> '')
            where {Unchanged}
            """, campaign) == 1;
        if (ended)
            await RepeatStore.ForgetAsync(connection, campaign);
        return ended;
    }

    private static string IdOf(CampaignRow campaign, int place) => CampaignPlanner.PostId(campaign.Id, place);
}
