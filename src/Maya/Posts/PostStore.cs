using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>What a post said before.</summary>
internal sealed record VersionRow
{
    public string Tenant { get; set; } = "";

    public string PostId { get; set; } = "";

    public long Version { get; set; }

    public string Text { get; set; } = "";

    public string State { get; set; } = "";

    public string Note { get; set; } = "";

    public string Why { get; set; } = "";

    public long AtMs { get; set; }
}

/// <summary>Keeps posts. Every query is scoped by tenant.</summary>
internal sealed class PostStore([FromKeyedServices(ModuleNames.Maya)] Database database, PostSealing sealing, ContentNews news)
{
    private const int MostVersions = 200;
    private const int MostSwept = 100;

    private const string Columns = """
        tenant as Tenant, id as Id, campaign_id as CampaignId, ordinal as Ordinal, platform as Platform, slot as Slot, slot_ms as SlotMs, variant as Variant,
        theme as Theme, intent as Intent, subject_id as SubjectId, request as Request, state as State, text as Text, parts as Parts, score as Score,
        reasons as Reasons, length as Length, job_id as JobId, engine as Engine, model as Model, prompt_version as PromptVersion, simulated as Simulated,
        cost_usd as CostUsd, markers_before as MarkersBefore, markers_after as MarkersAfter, note as Note, score_low as ScoreLow, score_high as ScoreHigh,
        score_basis as ScoreBasis, experiment_id as ExperimentId, arm as Arm, voice as Voice,
        custom_id as CustomId, duplicate_of as DuplicateOf, version as Version, created_ms as CreatedMs, closed_ms as ClosedMs,
        again_version as AgainVersion, again_after_ms as AgainAfterMs, again_batch as AgainBatch, instruction as Instruction, ai_generated as AiGenerated,
        hook as Hook, call_to_action as CallToAction, thread_parts as ThreadParts
        """;

    private const string InsertSql = """
        insert into posts (tenant, id, campaign_id, ordinal, platform, slot, slot_ms, variant, theme, intent, subject_id, request, state, prompt_version, experiment_id, arm,
            voice, custom_id, text, length, score, score_low, score_high, score_basis, reasons, note, model, simulated, ai_generated, hook, call_to_action, thread_parts, parts, created_ms, closed_ms)
        values (@Tenant, @Id, @CampaignId, @Ordinal, @Platform, @Slot, @SlotMs, @Variant, @Theme, @Intent, @SubjectId, @Request, @State, @PromptVersion, @ExperimentId, @Arm,
            @Voice, @CustomId, @Text, @Length, @Score, @ScoreLow, @ScoreHigh, @ScoreBasis, @Reasons, @Note, @Model, @Simulated, @AiGenerated, @Hook, @CallToAction, @ThreadParts, @Parts, @CreatedMs, @ClosedMs)
        """;

    private const string CloseSql = """
        update posts set state = @State, text = @Text, parts = @Parts, score = @Score, score_low = @ScoreLow, score_high = @ScoreHigh, score_basis = @ScoreBasis,
            reasons = @Reasons, length = @Length, job_id = @JobId, engine = @Engine, model = @Model, prompt_version = @PromptVersion,
            simulated = @Simulated, cost_usd = cost_usd + @CostUsd, markers_before = @MarkersBefore, markers_after = @MarkersAfter, ai_generated = @AiGenerated,
            again_version = 0, instruction = '', version = version + 1, closed_ms = @ClosedMs
        where tenant = @Tenant and id = @Id and version = @Version and state in ('pending', 'failed', 'cancelled')
        """;

    private const string InsertVersionSql = """
        insert into post_versions (tenant, post_id, version, text, state, note, why, at_ms) values (@Tenant, @PostId, @Version, @Text, @State, @Note, @Why, @AtMs) on conflict do nothing
        """;

    /// <summary>How many posts of a campaign people approved, and how many they rejected.</summary>
    public Task<(long Approved, long Rejected)> ReviewedAsync(string tenant, string campaignId, CancellationToken token) => database.ReadAsync(async connection =>
        await connection.QuerySingleAsync<(long, long)>("""
            select cast(coalesce(sum(case when state = 'approved' then 1 else 0 end), 0) as bigint), cast(coalesce(sum(case when state = 'rejected' then 1 else 0 end), 0) as bigint)
            from posts where tenant = @tenant and campaign_id = @campaignId and state in ('approved', 'rejected')
            """, new { tenant, campaignId }), token);

    /// <summary>What a post said before, newest first.</summary>
    public Task<List<VersionRow>> VersionsAsync(string tenant, string id, CancellationToken token) => database.ReadAsync<List<VersionRow>>(async connection =>
    [
        .. await connection.QueryAsync<VersionRow>("""
            select tenant as Tenant, post_id as PostId, version as Version, text as Text, state as State, note as Note, why as Why, at_ms as AtMs
            from post_versions where tenant = @tenant and post_id = @id order by version desc limit @most
            """, new { tenant, id, most = MostVersions }),
    ], token);

    /// <summary>
    /// Makes a finished post pending again with another request; what it said stays as a version, and its campaign runs again. False when somebody else was quicker.
    /// </summary>
    public async Task<bool> ReopenAsync(PostRow post, VersionRow left, RepeatRow repeat, CampaignTally tally, CampaignStore campaigns, CancellationToken token)
    {
        var stored = await sealing.SealAsync(post, token);
        return await database.WriteAsync(async connection =>
        {
            var reopened = await connection.ExecuteAsync("""
                update posts set state = 'pending', prompt_version = @PromptVersion, duplicate_of = '', version = version + 1,
                    again_version = @Version, again_after_ms = @AgainAfterMs, again_batch = @AgainBatch, instruction = @Instruction
                where tenant = @Tenant and id = @Id and version = @Version and state <> 'pending'
                """, stored) == 1;
            if (!reopened)
                return false;
            await RepeatStore.InsertAsync(connection, repeat);
            // It stays a version with the state it had, also when it is about a person: a reopening that is taken back needs it. The text does not.
            await connection.ExecuteAsync(InsertVersionSql, post.SubjectId.Length == 0 ? left : left with { Text = "", Note = "" });
            if (post.CampaignId.Length > 0)
                await campaigns.ReopenAsync(connection, post.Tenant, post.CampaignId, tally);
            return true;
        }, token);
    }

    /// <summary>
    /// Has a post asked for again that said nothing yet: alone when an answer for several left it out, or later when no engine answered. A sweep hands it over. False when it
    /// is no longer waited for, or its campaign has ended.
    /// </summary>
    public static async Task<bool> AskAgainAsync(DbConnection connection, PostRow post, double paidUsd, long nowMs, long afterMs) => await connection.ExecuteAsync("""
        update posts set version = version + 1, again_version = @Version, again_after_ms = @afterMs, again_batch = '', cost_usd = cost_usd + @paidUsd
        where tenant = @Tenant and id = @Id and version = @Version and state = 'pending' and text = ''
            and exists (select 1 from campaigns c where c.tenant = posts.tenant and c.id = posts.campaign_id and c.state not in ('cancelled') and (c.deadline_ms = 0 or c.deadline_ms > @nowMs))
        """, new { post.Tenant, post.Id, post.Version, paidUsd, nowMs, afterMs }) == 1;

    /// <summary>Closes a post that was to be asked for again and is not any more. False when it said something before: then it becomes that again.</summary>
    public async Task<bool> GiveUpAsync(PostRow post, string state, string why, CampaignStore campaigns, long nowMs, CancellationToken token)
    {
        var given = post.Copy();
        (given.State, given.Reasons, given.ClosedMs) = (state, PostRow.Pack([why]), nowMs);
        var stored = await sealing.SealAsync(given, token);
        var written = await database.WriteAsync(async connection =>
        {
            var closed = await connection.ExecuteAsync("""
                update posts set state = @State, reasons = @Reasons, closed_ms = @ClosedMs, again_version = 0, again_batch = '', version = version + 1
                where tenant = @Tenant and id = @Id and again_version = @AgainVersion and state = 'pending'
                    and not exists (select 1 from post_versions v where v.tenant = posts.tenant and v.post_id = posts.id and v.version = posts.again_version)
                """, stored) == 1;
            if (!closed)
                return false;
            await CountAsync(connection, campaigns, post, PostStates.Pending, state, nowMs);
            await ContentNews.AddAsync(connection, [given.ToFigures(post.Version + 1, post.CostUsd, nowMs)]);
            return true;
        }, token);
        news.Pulse.Beat();
        return written;
    }

    /// <summary>Takes a reopening back: the router did not take the job, so the post is again what it was.</summary>
    public Task CloseAgainAsync(PostRow post, CampaignStore campaigns, long nowMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        if (post.AgainVersion > 0 && await BackAsync(connection, post) is { } before)
            await CountAsync(connection, campaigns, post, PostStates.Pending, before, nowMs);
    }, token);

    /// <summary>
    /// Makes a pending post again what it was before it was reopened, inside a transaction; gives the state it has then. Null when it is no longer pending, or said nothing before.
    /// </summary>
    public static async Task<string?> BackAsync(DbConnection connection, PostRow post)
    {
        var before = await connection.QueryFirstOrDefaultAsync<string>("select state from post_versions where tenant = @Tenant and post_id = @Id and version < @Version order by version desc limit 1", post);
        var back = before is null ? 0 : await connection.ExecuteAsync(
            "update posts set state = @before, again_version = 0, again_batch = '', instruction = '' where tenant = @Tenant and id = @Id and version = @Version and state = 'pending'", new { before, post.Tenant, post.Id, post.Version });
        return back == 1 ? before : null;
    }

    /// <summary>Single posts whose making was begun before a time and never ended.</summary>
    public async Task<List<PostRow>> OrphansAsync(long beforeMs, CancellationToken token) => await sealing.OpenAsync(await database.ReadAsync(connection => ListAsync(connection,
        $"select {Columns} from posts where campaign_id = '' and state = 'pending' and again_version = 0 and created_ms < @beforeMs and closed_ms = 0 order by created_ms limit @most", new { beforeMs, most = MostSwept }), token), token);

    /// <summary>Marks a single post as failed that no job may ever close. A job that closes later still completes it.</summary>
    public async Task FailAsync(PostRow post, string why, long nowMs, CancellationToken token)
    {
        var failed = post.Copy();
        (failed.State, failed.Reasons, failed.ClosedMs) = (PostStates.Failed, PostRow.Pack([why]), nowMs);
        var stored = await sealing.SealAsync(failed, token);
        await database.WriteAsync(async connection =>
        {
            var written = await connection.ExecuteAsync(
                "update posts set state = @State, reasons = @Reasons, closed_ms = @ClosedMs where tenant = @Tenant and id = @Id and version = @Version and state = 'pending'", stored);
            if (written == 1)
                await ContentNews.AddAsync(connection, [failed.ToFigures(failed.Version, failed.CostUsd, nowMs)]);
        }, token);
        news.Pulse.Beat();
    }

    private static async Task CountAsync(DbConnection connection, CampaignStore campaigns, PostRow post, string before, string after, long nowMs)
    {
        if (post.CampaignId.Length == 0)
            return;
        var tally = new CampaignTally();
        tally.Count(before, -1);
        tally.Count(after, 1);
        await campaigns.AddAsync(connection, new Dictionary<(string, string), CampaignTally> { [(post.Tenant, post.CampaignId)] = tally }, nowMs);
    }

    /// <summary>Stores new posts inside a transaction.</summary>
    public static Task InsertAsync(DbConnection connection, IEnumerable<PostRow> posts) => connection.ExecuteAsync(InsertSql, posts);

    /// <summary>Stores one new post.</summary>
    public async Task InsertAsync(PostRow post, CancellationToken token)
    {
        var stored = await sealing.SealAsync(post, token);
        await database.WriteAsync(connection => connection.ExecuteAsync(InsertSql, stored), token);
    }

    /// <summary>Writes what became of posts inside a transaction; gives those that were written. One that was reviewed since it was read, or whose subject was erased, is not.</summary>
    public async Task<HashSet<PostRow>> CloseAsync(DbConnection connection, IReadOnlyList<PostRow> posts, CancellationToken token)
    {
        var written = new HashSet<PostRow>(posts.Count);
        var rows = posts.DistinctBy(p => (p.Tenant, p.Id)).ToDictionary(p => (p.Tenant, p.Id));
        foreach (var stored in await sealing.SealAsync(rows.Values, token))
        {
            if (await connection.ExecuteAsync(CloseSql, stored) == 1)
                written.Add(rows[(stored.Tenant, stored.Id)]);
        }

        return written;
    }

    /// <summary>One post, or null.</summary>
    public async Task<PostRow?> FindAsync(string tenant, string id, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<PostRow>($"select {Columns} from posts where tenant = @tenant and id = @id", new { tenant, id }), token), token);

    /// <summary>Posts of a tenant by id, in the order of their ids.</summary>
    public async Task<List<PostRow>> FindAsync(string tenant, IEnumerable<string> ids, CancellationToken token) => await sealing.OpenAsync(await database.ReadAsync(connection => ListAsync(connection,
        $"select {Columns} from posts where tenant = @tenant and {database.Dialect.AnyOf("id", "@ids")} order by ordinal, id", new { tenant, ids = database.Dialect.List(ids) }), token), token);

    /// <summary>Posts by id, of any tenant; the caller compares tenants.</summary>
    public Task<List<PostRow>> FindAsync(DbConnection connection, IEnumerable<string> ids) =>
        ListAsync(connection, $"select {Columns} from posts where {database.Dialect.AnyOf("id", "@ids")}", new { ids = database.Dialect.List(ids) });

    /// <summary>A page of a campaign's posts in order, after a given place.</summary>
    public async Task<List<PostRow>> PageAsync(string tenant, string campaignId, string state, long after, int size, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => ListAsync(connection, $"""
            select {Columns} from posts where tenant = @tenant and campaign_id = @campaignId and ordinal > @after and (@state = '' or state = @state)
            order by ordinal limit @size
            """, new { tenant, campaignId, after, state, size }), token), token);

    /// <summary>
    /// Writes a review: state, text, private note, and the campaign's counts with it; what the post said before is kept when its text changes, unless it is about a
    /// person. False when somebody else has changed the post since it was read.
    /// </summary>
    public async Task<bool> ReviewAsync(PostRow post, VersionRow? left, string before, CampaignStore campaigns, long nowMs, CancellationToken token)
    {
        var stored = await sealing.SealAsync(post, token);
        var reviewed = await database.WriteAsync(async connection =>
        {
            var written = await connection.ExecuteAsync("""
                update posts set state = @State, text = @Text, parts = @Parts, length = @Length, score = @Score, score_low = @ScoreLow, score_high = @ScoreHigh, score_basis = @ScoreBasis,
                    reasons = @Reasons, note = @Note, duplicate_of = @DuplicateOf, version = version + 1
                where tenant = @Tenant and id = @Id and version = @Version
                """, stored) == 1;
            if (!written)
                return false;
            if (left is not null && post.SubjectId.Length == 0)
                await connection.ExecuteAsync(InsertVersionSql, left);
            await CountAsync(connection, campaigns, post, before, post.State, nowMs);
            if (left is not null && post.CampaignId.Length > 0)
                await CampaignStore.CompareAgainAsync(connection, post.Tenant, post.CampaignId);
            await ContentNews.AddAsync(connection, [post.ToFigures(post.Version + 1, post.CostUsd, nowMs)]);
            return true;
        }, token);
        news.Pulse.Beat();
        return reviewed;
    }

    private static async Task<List<PostRow>> ListAsync(DbConnection connection, string sql, object parameters) =>
        [.. await connection.QueryAsync<PostRow>(sql, parameters)];
}
