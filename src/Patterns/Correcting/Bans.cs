using System.Data.Common;
using Dapper;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>
/// What may never be shown, recalled or replayed again: a pattern, those with the same text, and whatever comes with the same text later; or a fix.
/// Every read asks the table, so that a ban counts for the next question of any process.
/// </summary>
internal sealed class Bans(PatternCatalog catalog, IPatternIndex index)
{
    /// <summary>Most characters of a reason.</summary>
    public const int MaxReason = 1_000;

    /// <summary>A condition on rows <c>p</c> of table patterns: not banned. A ban is of a text: a pattern whose text was mended in its file may be shown again.</summary>
    public const string Free = "not exists (select 1 from bans b where b.tenant = p.tenant and b.content_hash = p.content_hash)";

    /// <summary>Whether a text is banned, wherever it comes from.</summary>
    public static async Task<bool> HoldsAsync(DbConnection connection, string tenant, string text) =>
        await connection.ExecuteScalarAsync<long>("select count(*) from bans where tenant = @tenant and text_hash = @hash", new { tenant, hash = PatternPreparer.HashOf(text) }) > 0;

    /// <summary>Bans a pattern or a fix, or lifts the ban and takes a correction back.</summary>
    /// <returns>What changed; null when there is nothing of that id.</returns>
    /// <exception cref="ArgumentException">The id is missing, or the reason is too long.</exception>
    public async Task<BanReply?> RunAsync(string tenant, BanRequest request, CancellationToken token)
    {
        if (request.Id.Length == 0)
            throw new ArgumentException("Field 'id' is empty; name a pattern or a fix.");
        Check(request.Reason);
        var reply = await catalog.Store.Database.WriteAsync(c => request.Undo ? LiftAsync(c, tenant, request.Id) : BanAsync(c, tenant, request), token);
        if (reply is not null)
            await index.SyncAsync(tenant, token);
        return reply;
    }

    /// <exception cref="ArgumentException">The reason is too long.</exception>
    public static void Check(string reason)
    {
        if (reason.Length > MaxReason || reason.Contains('\0'))
            throw new ArgumentException($"Field 'reason' has {reason.Length} characters; give at most {MaxReason}, without NUL.");
    }

    /// <summary>Bans a pattern and all of the same text.</summary>
    /// <returns>How many there are.</returns>
    public static async Task<long> BanPatternAsync(DbConnection connection, string tenant, PatternRow row, string reason, long now, BanOrigin? origin = null)
    {
        var same = (await connection.QueryAsync<PatternRow>("select id as Id, content_hash as ContentHash from patterns where tenant = @tenant and (id = @Id or text = @Text)", new { tenant, row.Id, row.Text })).ToList();
        foreach (var one in same)
            await WriteAsync(connection, tenant, one.Id, row.Id, one.ContentHash, PatternPreparer.HashOf(row.Text), reason, now, one.Id == row.Id ? origin : null);
        return same.Count;
    }

    /// <summary>Bans what another memory has banned. Where somebody here has banned it already, that ban stands: it is not for the other memory to lift.</summary>
    public static async Task FollowAsync(DbConnection connection, string tenant, PatternRow row, BanOrigin origin, long now)
    {
        if (await connection.ExecuteScalarAsync<long>("select count(*) from bans where tenant = @tenant and content_hash = @ContentHash and target in (@Id, @later)", new { tenant, row.ContentHash, row.Id, later = Later(row.Id, row.ContentHash) }) == 0)
            await BanPatternAsync(connection, tenant, row, $"Banned on {origin.Server}.", now, origin);
    }

    private async Task<BanReply?> BanAsync(DbConnection connection, string tenant, BanRequest request)
    {
        if (await PatternStore.FindAsync(connection, tenant, request.Id) is { } row)
            return new BanReply { Id = row.Id, Banned = true, Affected = await BanPatternAsync(connection, tenant, row, request.Reason, catalog.Now) };
        if (await connection.ExecuteScalarAsync<long>("select count(*) from fixes where tenant = @tenant and id = @Id", new { tenant, request.Id }) == 0)
            return null;
        await WriteAsync(connection, tenant, request.Id, request.Id, "", "", request.Reason, catalog.Now);
        return new BanReply { Id = request.Id, Banned = true, Affected = 1 };
    }

    private async Task<BanReply?> LiftAsync(DbConnection connection, string tenant, string id)
    {
        var lifted = await connection.ExecuteAsync("delete from bans where tenant = @tenant and (cause = @id or target = @id)", new { tenant, id });
        if (lifted == 0 && await PatternStore.FindAsync(connection, tenant, id) is null)
            return null;
        await Correction.RemoveAsync(connection, catalog.Writer, tenant, id);
        return new BanReply { Id = id, Affected = lifted };
    }

    /// <summary>One target may be banned with several texts, one after the other. A ban that stands here because another memory has one becomes this memory's own when it is banned here too.</summary>
    private static async Task WriteAsync(DbConnection connection, string tenant, string target, string cause, string contentHash, string textHash, string reason, long now, BanOrigin? origin = null)
    {
        var other = await connection.ExecuteScalarAsync<string?>("select content_hash from bans where tenant = @tenant and target = @target", new { tenant, target });
        if (other is not null && other != contentHash)
            target = Later(target, contentHash);
        await connection.ExecuteAsync(
            """
            insert into bans (tenant, target, cause, content_hash, text_hash, reason, via, store, hash, project, path, at_ms)
            values (@tenant, @target, @cause, @contentHash, @textHash, @reason, @Server, @Store, @Hash, @Project, @Path, @now)
            on conflict (tenant, target) do update set reason = excluded.reason,
              cause = case when exists (select 1 from bans o where o.tenant = bans.tenant and o.cause = bans.cause and o.via <> '') then excluded.cause else bans.cause end
            """, new { tenant, target, cause, contentHash, textHash, reason, now, Server = origin?.Server ?? "", Store = origin?.Store ?? "", Hash = origin?.Hash ?? "", Project = origin?.Project ?? "", Path = origin?.Path ?? "" });
    }

    private static string Later(string target, string contentHash) => $"{target}#{contentHash}";
}

/// <summary>The other memory that a ban was taken over from, by address and by the identity of its store, and what the pattern is known by there.</summary>
internal sealed record BanOrigin(string Server, string Store, string Hash, string Project, string Path);
