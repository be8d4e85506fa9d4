using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>One thing that happened to a post, checked.</summary>
internal sealed record EngagementEvent(string EventId, string PostId, string Kind, long Count, long AtMs);

/// <summary>What recording did.</summary>
internal readonly record struct Recorded(long Stored, long Duplicates, long UnknownPosts);

/// <summary>Keeps what happened to posts. Every query is scoped by tenant.</summary>
internal sealed class OutcomeStore([FromKeyedServices(ModuleNames.Maya)] Database database, PostStore posts)
{
    private const int MostRead = 20_000;
    private static readonly string[] EventColumns = ["tenant", "event_id", "post_id", "kind", "count", "at_ms"];

    private const string Columns = """
        tenant as Tenant, post_id as PostId, campaign_id as CampaignId, platform as Platform, text as Text, theme as Theme, format as Format, intent as Intent,
        published_ms as PublishedMs, features as Features, simulated as Simulated, impressions as Impressions, likes as Likes, shares as Shares, comments as Comments,
        clicks as Clicks, conversions as Conversions, unfollows as Unfollows, changed_ms as ChangedMs
        """;

    private const string InsertSql = """
        insert into outcomes (tenant, post_id, campaign_id, platform, text, theme, format, intent, published_ms, features, simulated,
            impressions, likes, shares, comments, clicks, conversions, unfollows, changed_ms)
        values (@Tenant, @PostId, @CampaignId, @Platform, @Text, @Theme, @Format, @Intent, @PublishedMs, @Features, @Simulated,
            @Impressions, @Likes, @Shares, @Comments, @Clicks, @Conversions, @Unfollows, @ChangedMs)
        on conflict (tenant, post_id) do nothing
        """;

    /// <summary>Counts events once each; events of posts that the tenant does not have are left out.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="events">Checked events.</param>
    /// <param name="nowMs">Present time.</param>
    /// <param name="also">More to do in the same transaction with the events that were new.</param>
    /// <param name="token">Stops.</param>
    public Task<Recorded> RecordAsync(string tenant, IReadOnlyList<EngagementEvent> events, long nowMs, Func<DbConnection, IReadOnlyList<EngagementEvent>, Task> also, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var known = await KnownAsync(connection, tenant, events.Select(e => e.PostId).Distinct().ToList(), nowMs);
            var ours = events.Where(e => known.Contains(e.PostId)).ToList();
            var distinct = ours.DistinctBy(e => e.EventId).ToList();
            var stored = (await connection.InsertReturningAsync("engagement_events", EventColumns, "event_id",
                distinct.Select(e => new object?[] { tenant, e.EventId, e.PostId, e.Kind, e.Count, e.AtMs }), "on conflict do nothing", token)).ToHashSet(StringComparer.Ordinal);
            var fresh = distinct.Where(e => stored.Contains(e.EventId)).ToList();
            // In the order of their keys, so that two transactions never wait for each other in a circle.
            foreach (var group in fresh.GroupBy(e => (e.PostId, e.Kind)).OrderBy(g => g.Key.PostId, StringComparer.Ordinal).ThenBy(g => g.Key.Kind, StringComparer.Ordinal))
            {
                var column = EngagementKinds.Column(group.Key.Kind);
                await connection.ExecuteAsync($"update outcomes set {column} = {column} + @count, changed_ms = @nowMs where tenant = @tenant and post_id = @id",
                    new { count = group.Sum(e => e.Count), nowMs, tenant, id = group.Key.PostId });
            }

            await also(connection, fresh);
            return new Recorded(fresh.Count, ours.Count - fresh.Count, events.Count - ours.Count);
        }, token);

    /// <summary>Brings in published posts: new ones are stored, totals of known ones only rise. Returns how many were new and how many rose.</summary>
    public Task<(long Added, long Raised)> ImportAsync(IReadOnlyList<OutcomeRow> rows, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var (added, raised) = (0L, 0L);
        foreach (var row in rows.OrderBy(r => r.PostId, StringComparer.Ordinal))
        {
            if (await connection.ExecuteAsync(InsertSql, row) == 1)
                added++;
            else
                raised += await connection.ExecuteAsync(RaiseSql, row);
        }

        return (added, raised);
    }, token);

    /// <summary>Outcomes of a tenant, oldest first; of very many the newest. Simulated ones and real ones never together.</summary>
    public Task<List<OutcomeRow>> ListAsync(string tenant, bool simulated, string platform, string campaignId, CancellationToken token) =>
        database.ReadAsync<List<OutcomeRow>>(async connection =>
        [
            .. (await connection.QueryAsync<OutcomeRow>($"""
                select {Columns} from outcomes
                where tenant = @tenant and simulated = @simulated and (@platform = '' or platform = @platform) and (@campaignId = '' or campaign_id = @campaignId)
                order by published_ms desc, post_id limit @most
                """, new { tenant, simulated = simulated ? 1L : 0L, platform, campaignId, most = MostRead })).Reverse(),
        ], token);

    private string RaiseSql { get; } = Raise(database.Dialect);

    private static string Raise(Dialect dialect)
    {
        string[] columns = ["impressions", "likes", "shares", "comments", "clicks", "conversions", "unfollows"];
        string Parameter(string column) => $"@{char.ToUpperInvariant(column[0])}{column[1..]}";
        return $"""
            update outcomes set {string.Join(", ", columns.Select(c => $"{c} = {dialect.Greatest(c, Parameter(c))}"))}, changed_ms = @ChangedMs
            where tenant = @Tenant and post_id = @PostId and ({string.Join(" or ", columns.Select(c => $"{c} < {Parameter(c)}"))})
            """;
    }

    /// <summary>Posts that have a row of totals, or can be given one because the tenant made them here.</summary>
    private async Task<HashSet<string>> KnownAsync(DbConnection connection, string tenant, List<string> ids, long nowMs)
    {
        var known = (await connection.QueryAsync<string>($"select post_id from outcomes where tenant = @tenant and {database.Dialect.AnyOf("post_id", "@ids")}",
            new { tenant, ids = database.Dialect.List(ids) })).ToHashSet(StringComparer.Ordinal);
        var missing = ids.Where(id => !known.Contains(id)).ToList();
        if (missing.Count == 0)
            return known;
        foreach (var post in (await posts.FindAsync(connection, missing)).Where(p => p.Tenant == tenant && p.Text.Length > 0))
        {
            await connection.ExecuteAsync(InsertSql, FromPost(post, nowMs));
            known.Add(post.Id);
        }

        return known;
    }

    /// <summary>The row of a post that was made here.</summary>
    internal static OutcomeRow FromPost(PostRow post, long nowMs)
    {
        var rules = ContentRules.Of(post.Platform);
        var at = DateTimeOffset.TryParse(post.Slot, CultureInfo.InvariantCulture, DateTimeStyles.None, out var slot) ? slot : (DateTimeOffset?)null;
        var format = post.Parts.Length > 0 ? PostFeatures.Thread : "";
        return new OutcomeRow
        {
            Tenant = post.Tenant,
            PostId = post.Id,
            CampaignId = post.CampaignId,
            Platform = rules.Name,
            // What is about a person is counted and not learned from.
            Text = post.SubjectId.Length > 0 ? "" : post.Text,
            Theme = post.SubjectId.Length > 0 ? "" : post.Theme,
            Format = format,
            Intent = post.Intent,
            PublishedMs = at?.ToUnixTimeMilliseconds() ?? post.ClosedMs,
            Features = post.SubjectId.Length > 0 ? "[]" : JsonSerializer.Serialize(PostFeatures.Of(rules, post.Text, at, post.Theme, format, post.Intent)),
            Simulated = post.Simulated,
            ChangedMs = nowMs,
        };
    }
}
