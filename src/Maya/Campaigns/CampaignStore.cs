using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>States of a campaign.</summary>
internal static class CampaignStates
{
    public const string Running = "running";
    public const string Done = "done";
    public const string Cancelled = "cancelled";
    public const string Paused = "paused";
    public const string Receiving = "receiving";
}

/// <summary>A row of the campaigns table.</summary>
internal sealed class CampaignRow
{
    public string Tenant { get; set; } = "";

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string Brief { get; set; } = "";

    public string BriefHash { get; set; } = "";

    public string IdempotencyKey { get; set; } = "";

    public string State { get; set; } = CampaignStates.Running;

    public string Problem { get; set; } = "";

    public long Total { get; set; }

    public long Ready { get; set; }

    public long Failed { get; set; }

    public long Cancelled { get; set; }

    public double CostUsd { get; set; }

    public long Simulated { get; set; }

    public string BatchId { get; set; } = "";

    public long Submitted { get; set; }

    public long CreatedMs { get; set; }

    public long DoneMs { get; set; }

    public string OnDuplicate { get; set; } = "flag";

    public long Compared { get; set; }

    public long Duplicates { get; set; }

    public string SlotSource { get; set; } = CampaignSlots.Given;

    /// <summary>Rises whenever a finished post changes.</summary>
    public long Revision { get; set; }

    /// <summary>Last row of a campaign that is being received.</summary>
    public long TouchedMs { get; set; }

    /// <summary>What its author should know; empty when there is nothing.</summary>
    public string Note { get; set; } = "";

    /// <summary>Most that it may cost, in US dollars; 0 means no limit.</summary>
    public double BudgetUsd { get; set; }

    /// <summary>When what is not made yet is cancelled; 0 means never.</summary>
    public long DeadlineMs { get; set; }

    /// <summary>Pseudonym of the person it is about; empty when it is about nobody.</summary>
    public string SubjectId { get; set; } = "";

    /// <summary>Whether the router is still to be told that it is cancelled.</summary>
    public long CancelWanted { get; set; }

    /// <summary>Whether its posts wait for its strategy.</summary>
    public long Planning { get; set; }

    /// <summary>What its strategy cost, in US dollars.</summary>
    public double PlannedUsd { get; set; }

    /// <summary>What is left of a budget; never 0, which would mean no limit.</summary>
    public static double Left(double budgetUsd, double spentUsd) => Math.Max(budgetUsd - spentUsd, LeastUsd);

    /// <summary>A row of its own with the same values.</summary>
    public CampaignRow Copy() => (CampaignRow)MemberwiseClone();

    private const double LeastUsd = 1e-9;

    /// <summary>Terms of the batch; the same whenever it is submitted.</summary>
    public BatchTerms? ToTerms() => BudgetUsd > 0 || DeadlineMs > 0
        ? new BatchTerms { MaxCostUsd = BudgetUsd > 0 ? Left(BudgetUsd, PlannedUsd) : 0, DeadlineMs = DeadlineMs > 0 ? Math.Max(1, DeadlineMs - CreatedMs) : 0 }
        : null;

    /// <summary>The campaign as callers see it.</summary>
    public Campaign ToCampaign() => new()
    {
        Id = Id,
        Name = Name,
        State = State,
        Total = Total,
        Ready = Ready,
        Failed = Failed,
        Cancelled = Cancelled,
        Pending = Math.Max(0, Total - Ready - Failed - Cancelled),
        CreatedMs = CreatedMs,
        DoneMs = DoneMs,
        CostUsd = CostUsd,
        Simulated = Simulated != 0,
        Problem = Problem,
        Note = Note,
        Duplicates = Duplicates,
        SlotSource = SlotSource,
        BudgetUsd = BudgetUsd,
        DeadlineMs = DeadlineMs,
    };
}

/// <summary>Keeps campaigns and their counts. Every query of a caller is scoped by tenant. Rows for background work keep what is sealed.</summary>
internal sealed class CampaignStore([FromKeyedServices(ModuleNames.Maya)] Database database, CampaignSealing sealing)
{
    private const int MostListed = 200;
    private const int MostSwept = 100;
    private const long MostUnreadable = 3;

    /// <summary>What the author of a campaign is told whose engine does not answer in the form asked for.</summary>
    internal const string Formless = "The engine does not keep to the form of shared calls: they are paid, and their posts are asked for again one by one. Set posts_per_call: 1.";

    internal const string Columns = """
        tenant as Tenant, id as Id, name as Name, brief as Brief, brief_hash as BriefHash, idempotency_key as IdempotencyKey, state as State, problem as Problem,
        total as Total, ready as Ready, failed as Failed, cancelled as Cancelled, cost_usd as CostUsd, simulated as Simulated, batch_id as BatchId,
        submitted as Submitted, created_ms as CreatedMs, done_ms as DoneMs, on_duplicate as OnDuplicate, compared as Compared, duplicates as Duplicates, slot_source as SlotSource,
        revision as Revision, touched_ms as TouchedMs, budget_usd as BudgetUsd, deadline_ms as DeadlineMs, planning as Planning,
        planned_usd as PlannedUsd, cancel_wanted as CancelWanted, subject_id as SubjectId, note as Note
        """;

    /// <summary>Stores a campaign with its posts and its strategy, all or none. When the key is known the earlier campaign is returned instead.</summary>
    public async Task<CampaignRow> InsertAsync(CampaignRow campaign, IEnumerable<PostRow> posts, CancellationToken token, StrategyRow? strategy = null)
    {
        var key = await sealing.KeyAsync(campaign, token);
        try
        {
            var stored = await database.WriteAsync(async connection =>
            {
                if (await ByKeyAsync(connection, campaign) is { } earlier)
                    return earlier;
                await connection.ExecuteAsync("""
                    insert into campaigns (tenant, id, name, brief, brief_hash, idempotency_key, state, total, on_duplicate, slot_source, touched_ms, budget_usd, deadline_ms, planning, subject_id, created_ms, done_ms)
                    values (@Tenant, @Id, @Name, @Brief, @BriefHash, @IdempotencyKey, @State, @Total, @OnDuplicate, @SlotSource, @TouchedMs, @BudgetUsd, @DeadlineMs, @Planning, @SubjectId, @CreatedMs, @DoneMs)
                    """, CampaignSealing.Seal(campaign, key));
                if (strategy is not null)
                    await StrategyStore.InsertAsync(connection, CampaignSealing.Seal(strategy, key));
                await PostStore.InsertAsync(connection, posts.Select(post => PostSealing.Seal(post, key)));
                return campaign;
            }, token);
            return stored == campaign ? stored : await sealing.OpenAsync(stored, token) ?? stored;
        }
        catch (DbException e) when (Dialect.IsDuplicateKey(e) && campaign.IdempotencyKey.Length > 0)
        {
            if (await FindByKeyAsync(campaign.Tenant, campaign.IdempotencyKey, token) is { } earlier)
                return earlier;
            throw;
        }
    }

    /// <summary>The campaign of an idempotency key, or null.</summary>
    public async Task<CampaignRow?> FindByKeyAsync(string tenant, string key, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => ByKeyAsync(connection, new CampaignRow { Tenant = tenant, IdempotencyKey = key }), token), token);

    /// <summary>One campaign, or null.</summary>
    public async Task<CampaignRow?> FindAsync(string tenant, string id, CancellationToken token) => await sealing.OpenAsync(await database.ReadAsync(
        connection => connection.QueryFirstOrDefaultAsync<CampaignRow>($"select {Columns} from campaigns where tenant = @tenant and id = @id", new { tenant, id }), token), token);

    /// <summary>Campaigns of a tenant, newest first.</summary>
    public async Task<List<CampaignRow>> ListAsync(string tenant, CancellationToken token) => await sealing.OpenAsync(await database.ReadAsync<List<CampaignRow>>(async connection =>
        [.. await connection.QueryAsync<CampaignRow>($"select {Columns} from campaigns where tenant = @tenant order by id desc limit @most", new { tenant, most = MostListed })], token), token);

    /// <summary>
    /// Takes a campaign that still has to be submitted, and keeps other replicas from it until a time. Which one is taken does not
    /// matter for safety: the router knows the batch by its key, and the job of a strategy as well. A campaign that is being planned is looked at again sooner.
    /// </summary>
    public Task<CampaignRow?> TakeUnsubmittedAsync(long nowMs, long untilMs, long lookMs, CancellationToken token) =>
        database.WriteAsync(connection => connection.QueryFirstOrDefaultAsync<CampaignRow>($"""
            update campaigns set submit_after_ms = case when planning = 1 then @lookMs else @untilMs end, sent = 1
            where submitted = 0 and submit_after_ms <= @nowMs and state in ('running', 'paused')
              and (tenant, id) in (select tenant, id from campaigns where submitted = 0 and submit_after_ms <= @nowMs and state in ('running', 'paused') order by created_ms limit 1 {database.Dialect.SkipLocked})
            returning {Columns}
            """, new { nowMs, untilMs, lookMs }), token);

    /// <summary>Notes that the router holds the batch.</summary>
    public Task SubmittedAsync(CampaignRow campaign, string batchId, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("""
            update campaigns set submitted = 1, batch_id = @batchId, problem = '', state = case when state = 'paused' then 'running' else state end
            where tenant = @Tenant and id = @Id
            """, new { batchId, campaign.Tenant, campaign.Id }), token);

    /// <summary>Notes why a campaign cannot be submitted now; it is tried again after a time.</summary>
    public Task PauseAsync(CampaignRow campaign, string problem, long againMs, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("""
            update campaigns set state = 'paused', problem = @problem, submit_after_ms = @againMs
            where tenant = @Tenant and id = @Id and submitted = 0 and state in ('running', 'paused')
            """, new { problem, againMs, campaign.Tenant, campaign.Id }), token);

    /// <summary>
    /// Cancels a campaign that is not over; returns whether it changed. Posts the router never got are cancelled here. When the router may hold the batch, the wish
    /// is kept until the router has answered: a crash in between leaves nothing running that nobody wants.
    /// </summary>
    public async Task<bool> CancelAsync(string tenant, string id, long nowMs, CancellationToken token)
    {
        var cancelled = await database.WriteAsync(async connection =>
        {
            var about = new { tenant, id, nowMs };
            await connection.ExecuteAsync("""
                update campaigns set total = (select count(*) from posts p where p.tenant = @tenant and p.campaign_id = @id),
                    ready = (select count(*) from posts p where p.tenant = @tenant and p.campaign_id = @id and p.state not in ('pending', 'blocked')),
                    failed = (select count(*) from posts p where p.tenant = @tenant and p.campaign_id = @id and p.state = 'blocked')
                where tenant = @tenant and id = @id and state = 'receiving'
                """, about);
            var changed = await connection.ExecuteAsync("""
                update campaigns set state = 'cancelled', done_ms = @nowMs, cancel_wanted = case when sent = 1 then 1 else 0 end, submit_after_ms = 0
                where tenant = @tenant and id = @id and state in ('running', 'paused', 'receiving')
                """, about) == 1;
            if (!changed)
                return false;
            var unsent = await connection.ExecuteAsync("""
                update posts set state = 'cancelled', closed_ms = @nowMs where tenant = @tenant and campaign_id = @id and state = 'pending'
                  and exists (select 1 from campaigns c where c.tenant = @tenant and c.id = @id and c.submitted = 0)
                """, about);
            // Of a campaign that is still being planned no post is laid out yet; none of them will be made.
            await connection.ExecuteAsync("update campaigns set cancelled = case when planning = 1 then total else cancelled + @unsent end where tenant = @tenant and id = @id", new { tenant, id, unsent = (long)unsent });
            return true;
        }, token);
        if (cancelled)
            await HastenAsync(tenant, id, token);
        return cancelled;
    }

    /// <summary>What waits to be asked for again is closed at once, however long it was put off. Apart from the cancellation: others hold posts first and the campaign then.</summary>
    private Task HastenAsync(string tenant, string id, CancellationToken token) => database.WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("update posts set again_after_ms = 0 where tenant = @tenant and campaign_id = @id and state = 'pending' and again_version > 0", new { tenant, id });
        await connection.ExecuteAsync("update repeats set after_ms = 0 where tenant = @tenant and campaign_id = @id and batch_id = ''", new { tenant, id });
    }, token);

    /// <summary>Campaigns whose cancellation the router has not confirmed, of any tenant.</summary>
    public Task<List<CampaignRow>> ToCancelAsync(CancellationToken token) => database.ReadAsync<List<CampaignRow>>(async connection =>
        [.. await connection.QueryAsync<CampaignRow>($"select {Columns} from campaigns where cancel_wanted = 1 order by created_ms limit @most", new { most = MostSwept })], token);

    /// <summary>The router has cancelled what it was handed.</summary>
    public Task CancelConfirmedAsync(CampaignRow campaign, CancellationToken token) => database.WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("update campaigns set cancel_wanted = 0 where tenant = @Tenant and id = @Id", campaign);
        await RepeatStore.ForgetAsync(connection, campaign);
    }, token);

    /// <summary>
    /// Adds what closed jobs changed, inside their transaction; a campaign without open posts is done. One that no engine answers pauses until one does. A post that is
    /// ready after its campaign was done is compared as well.
    /// </summary>
    public async Task AddAsync(DbConnection connection, IReadOnlyDictionary<(string Tenant, string Campaign), CampaignTally> tallies, long nowMs)
    {
        // In the order of their keys: two transactions that touch the same campaigns then never wait for each other in a circle.
        foreach (var ((tenant, id), tally) in tallies.OrderBy(t => t.Key.Tenant, StringComparer.Ordinal).ThenBy(t => t.Key.Campaign, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync("""
                update campaigns set ready = ready + @Ready, failed = failed + @Failed, cancelled = cancelled + @Cancelled, cost_usd = cost_usd + @CostUsd,
                    simulated = case when @simulated = 1 then 1 else simulated end,
                    state = case when state in ('running', 'paused') and ready + failed + cancelled + @closed >= total then 'done'
                        when state = 'running' and submitted = 1 and @paused = 1 then 'paused' when state = 'paused' and submitted = 1 and @IsAnswered then 'running' else state end,
                    problem = case when submitted = 1 and @IsAnswered then '' when state = 'running' and submitted = 1 and @paused = 1 then @Unanswered else problem end,
                    note = case when (case when @IsReadable then @Unreadable else unreadable + @Unreadable end) >= @most then @formless else note end,
                    unreadable = case when @IsReadable then @Unreadable else unreadable + @Unreadable end,
                    compared = case when state = 'done' and @Ready > 0 then 0 else compared end, compare_after_ms = case when state = 'done' and @Ready > 0 then 0 else compare_after_ms end, revision = case when state = 'done' and @Ready > 0 then revision + 1 else revision end,
                    done_ms = case when state in ('running', 'paused') and ready + failed + cancelled + @closed >= total then @nowMs else done_ms end
                where tenant = @tenant and id = @id
                """, new
            {
                tally.Ready,
                tally.Failed,
                tally.Cancelled,
                tally.CostUsd,
                simulated = tally.Simulated ? 1L : 0L,
                closed = tally.Ready + tally.Failed + tally.Cancelled,
                paused = tally.Unanswered.Length > 0 && !tally.IsAnswered ? 1L : 0L,
                tally.IsAnswered,
                tally.Unanswered,
                tally.IsReadable,
                tally.Unreadable,
                most = MostUnreadable,
                formless = Formless,
                nowMs,
                tenant,
                id,
            });
        }
    }

    /// <summary>Counts a post out again that is made anew, inside its transaction; the campaign runs until the post is closed.</summary>
    public async Task ReopenAsync(DbConnection connection, string tenant, string id, CampaignTally tally) => await connection.ExecuteAsync("""
        update campaigns set ready = ready + @Ready, failed = failed + @Failed, cancelled = cancelled + @Cancelled, compared = 0, compare_after_ms = 0, revision = revision + 1,
            state = case when state = 'done' then 'running' else state end, done_ms = case when state = 'done' then 0 else done_ms end
        where tenant = @tenant and id = @id
        """, new { tally.Ready, tally.Failed, tally.Cancelled, tenant, id });

    /// <summary>A finished post has another text: the campaign is compared again, and a comparison that is under way is not written.</summary>
    public static Task CompareAgainAsync(DbConnection connection, string tenant, string id) =>
        connection.ExecuteAsync("update campaigns set compared = 0, compare_after_ms = 0, revision = revision + 1 where tenant = @tenant and id = @id", new { tenant, id });

    /// <summary>Stores a campaign whose posts are still on their way.</summary>
    public Task<CampaignRow> ReceiveAsync(CampaignRow campaign, CancellationToken token) => InsertAsync(campaign, [], token);

    /// <summary>Adds posts to a campaign that is being received and says that it is alive; false when it was cancelled or removed meanwhile.</summary>
    public Task<bool> AddPostsAsync(CampaignRow campaign, IReadOnlyList<PostRow> posts, long nowMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteAsync("update campaigns set touched_ms = @nowMs where tenant = @Tenant and id = @Id and state = 'receiving'", new { nowMs, campaign.Tenant, campaign.Id }) == 0)
            return false;
        await PostStore.InsertAsync(connection, posts);
        return true;
    }, token);

    /// <summary>All posts are there: the campaign runs, or is done when nothing is left to write. False when it was cancelled meanwhile.</summary>
    public Task<bool> SealAsync(CampaignRow campaign, CancellationToken token) => database.WriteAsync(async connection => await connection.ExecuteAsync("""
        update campaigns set state = @State, total = @Total, ready = @Ready, failed = @Failed, submitted = @Submitted, done_ms = @DoneMs, brief_hash = @BriefHash
        where tenant = @Tenant and id = @Id and state = 'receiving'
        """, campaign) == 1, token);

    /// <summary>Removes a campaign that was never completely received; with a time only when its last row is older.</summary>
    public Task<bool> DropAsync(CampaignRow campaign, CancellationToken token, long beforeMs = long.MaxValue) => database.WriteAsync(async connection =>
    {
        if (await connection.ExecuteAsync($"delete from campaigns where tenant = @Tenant and id = @Id and {Abandoned}", new { beforeMs, campaign.Tenant, campaign.Id }) == 0)
            return false;
        await connection.ExecuteAsync("delete from posts where tenant = @Tenant and campaign_id = @Id", campaign);
        return true;
    }, token);

    /// <summary>Campaigns whose rows stopped coming before a time: the process that took them in is gone.</summary>
    public Task<List<CampaignRow>> AbandonedAsync(long beforeMs, CancellationToken token) => database.ReadAsync<List<CampaignRow>>(async connection =>
        [.. await connection.QueryAsync<CampaignRow>($"select {Columns} from campaigns where {Abandoned} order by created_ms limit @most", new { beforeMs, most = MostSwept })], token);

    private const string Abandoned = "state = 'receiving' and case when touched_ms > 0 then touched_ms else created_ms end < @beforeMs";

    private static async Task<CampaignRow?> ByKeyAsync(DbConnection connection, CampaignRow campaign) => campaign.IdempotencyKey.Length == 0
        ? null
        : await connection.QueryFirstOrDefaultAsync<CampaignRow>($"select {Columns} from campaigns where tenant = @Tenant and idempotency_key = @IdempotencyKey", campaign);
}
