using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Maya;

/// <summary>A row of the strategies table.</summary>
internal sealed class StrategyRow
{
    public string Tenant { get; set; } = "";

    public string CampaignId { get; set; } = "";

    /// <summary>Pseudonym of the person that its campaign is about; empty when it is about nobody.</summary>
    public string SubjectId { get; set; } = "";

    public string State { get; set; } = StrategyWords.Wanted;

    public string Source { get; set; } = "";

    public byte[] Request { get; set; } = [];

    public byte[] Document { get; set; } = [];

    public string Problem { get; set; } = "";

    public long Attempt { get; set; } = 1;

    public string JobId { get; set; } = "";

    public string Model { get; set; } = "";

    public long Simulated { get; set; }

    public double CostUsd { get; set; }

    public long CreatedMs { get; set; }

    public long MadeMs { get; set; }

    /// <summary>A row of its own with the same values.</summary>
    public StrategyRow Copy() => (StrategyRow)MemberwiseClone();

    /// <summary>Takes over a strategy that is made.</summary>
    public void Made(CampaignStrategy strategy, long nowMs) =>
        (State, Source, Document, MadeMs) = (StrategyWords.Made, strategy.Source, Google.Protobuf.MessageExtensions.ToByteArray(strategy), nowMs);

    /// <summary>The strategy as callers see it.</summary>
    public CampaignStrategy ToStrategy()
    {
        var strategy = CampaignStrategy.Parser.ParseFrom(Document);
        (strategy.State, strategy.Source, strategy.Problem, strategy.Attempts) = (State, Source, Problem, (int)Attempt);
        (strategy.JobId, strategy.Model, strategy.Simulated, strategy.CostUsd) = (JobId, Model, Simulated != 0, CostUsd);
        return strategy;
    }
}

/// <summary>Keeps strategies, and moves campaigns from planning to posts. Every query is scoped by tenant.</summary>
internal sealed class StrategyStore([FromKeyedServices(ModuleNames.Maya)] Database database, CampaignSealing sealing)
{
    private const string Columns = """
        tenant as Tenant, campaign_id as CampaignId, state as State, source as Source, request as Request, document as Document, problem as Problem, attempt as Attempt,
        job_id as JobId, model as Model, simulated as Simulated, cost_usd as CostUsd, created_ms as CreatedMs, made_ms as MadeMs,
        coalesce((select c.subject_id from campaigns c where c.tenant = strategies.tenant and c.id = strategies.campaign_id), '') as SubjectId
        """;

    private const string Planning = "tenant = @Tenant and id = @CampaignId and planning = 1 and state in ('running', 'paused')";

    /// <summary>Stores a strategy inside the transaction that stores its campaign.</summary>
    public static Task InsertAsync(DbConnection connection, StrategyRow row) => connection.ExecuteAsync("""
        insert into strategies (tenant, campaign_id, state, source, request, document, problem, attempt, created_ms, made_ms)
        values (@Tenant, @CampaignId, @State, @Source, @Request, @Document, @Problem, @Attempt, @CreatedMs, @MadeMs)
        """, row);

    /// <summary>The strategy of a campaign, or null.</summary>
    public async Task<StrategyRow?> FindAsync(string tenant, string campaignId, CancellationToken token) => await sealing.OpenAsync(await database.ReadAsync(connection =>
        connection.QueryFirstOrDefaultAsync<StrategyRow>($"select {Columns} from strategies where tenant = @tenant and campaign_id = @campaignId", new { tenant, campaignId }), token), token);

    /// <summary>An answer that cannot be used is asked for once more, at once; false when somebody else was quicker.</summary>
    public async Task<bool> AgainAsync(CampaignRow campaign, StrategyRow row, CancellationToken token)
    {
        var stored = CampaignSealing.Seal(row, await sealing.KeyAsync(campaign, token));
        return await database.WriteAsync(connection => AgainAsync(connection, stored), token);
    }

    private static async Task<bool> AgainAsync(DbConnection connection, StrategyRow row)
    {
        if (await connection.ExecuteAsync("""
            update strategies set attempt = attempt + 1, problem = @Problem, cost_usd = @CostUsd, job_id = @JobId where tenant = @Tenant and campaign_id = @CampaignId and attempt = @Attempt and state = 'wanted'
            """, row) == 0)
            return false;
        await connection.ExecuteAsync($"update campaigns set submit_after_ms = 0 where {Planning}", row);
        return true;
    }

    /// <summary>The router is at it again after a pause.</summary>
    public Task ResumeAsync(StrategyRow row, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync($"update campaigns set state = 'running', problem = '' where {Planning} and state = 'paused'", row), token);

    /// <summary>The job of a strategy has closed: its campaign is looked at next. False when it is not being planned.</summary>
    public Task<bool> DueAsync(string tenant, string campaignId, CancellationToken token) => database.WriteAsync(async connection =>
        await connection.ExecuteAsync($"update campaigns set submit_after_ms = 0 where {Planning}", new { Tenant = tenant, CampaignId = campaignId }) == 1, token);

    /// <summary>
    /// Stores a strategy with the posts that were laid out from it, all or nothing; the campaign is then submitted as any other. False when it was cancelled, or when
    /// somebody else was quicker.
    /// </summary>
    public async Task<bool> MadeAsync(CampaignRow campaign, StrategyRow row, string slotSource, IEnumerable<PostRow> posts, CancellationToken token)
    {
        var key = await sealing.KeyAsync(campaign, token);
        var stored = CampaignSealing.Seal(row, key);
        return await database.WriteAsync(connection => MadeAsync(connection, stored, slotSource, posts.Select(post => PostSealing.Seal(post, key))), token);
    }

    private static async Task<bool> MadeAsync(DbConnection connection, StrategyRow row, string slotSource, IEnumerable<PostRow> posts)
    {
        var laid = await connection.ExecuteAsync($"""
            update campaigns set planning = 0, sent = 0, submit_after_ms = 0, state = 'running', problem = '', slot_source = @slotSource, planned_usd = @CostUsd, cost_usd = cost_usd + @CostUsd,
                simulated = case when @Simulated = 1 then 1 else simulated end
            where {Planning}
            """, new { row.Tenant, row.CampaignId, row.CostUsd, row.Simulated, slotSource });
        if (laid == 0)
            return false;
        await connection.ExecuteAsync("""
            update strategies set state = @State, source = @Source, document = @Document, problem = @Problem, job_id = @JobId, model = @Model, simulated = @Simulated, cost_usd = @CostUsd, made_ms = @MadeMs
            where tenant = @Tenant and campaign_id = @CampaignId
            """, row);
        await PostStore.InsertAsync(connection, posts);
        return true;
    }
}
