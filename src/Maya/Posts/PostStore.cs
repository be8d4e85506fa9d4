using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Keeps posts. Every query is scoped by tenant.</summary>
internal sealed class PostStore([FromKeyedServices(ModuleNames.Maya)] Database database, PostSealing sealing)
{
    private const string Columns = """
        tenant as Tenant, id as Id, campaign_id as CampaignId, ordinal as Ordinal, platform as Platform, slot as Slot, slot_ms as SlotMs, variant as Variant,
        theme as Theme, intent as Intent, subject_id as SubjectId, request as Request, state as State, text as Text, parts as Parts, score as Score,
        reasons as Reasons, length as Length, job_id as JobId, engine as Engine, model as Model, prompt_version as PromptVersion, simulated as Simulated,
        cost_usd as CostUsd, markers_before as MarkersBefore, markers_after as MarkersAfter, note as Note, score_low as ScoreLow, score_high as ScoreHigh,
        score_basis as ScoreBasis, experiment_id as ExperimentId, arm as Arm, version as Version, created_ms as CreatedMs, closed_ms as ClosedMs
        """;

    private const string InsertSql = """
        insert into posts (tenant, id, campaign_id, ordinal, platform, slot, slot_ms, variant, theme, intent, subject_id, request, state, prompt_version, experiment_id, arm, created_ms)
        values (@Tenant, @Id, @CampaignId, @Ordinal, @Platform, @Slot, @SlotMs, @Variant, @Theme, @Intent, @SubjectId, @Request, @State, @PromptVersion, @ExperimentId, @Arm, @CreatedMs)
        """;

    private const string CloseSql = """
        update posts set state = @State, text = @Text, parts = @Parts, score = @Score, score_low = @ScoreLow, score_high = @ScoreHigh, score_basis = @ScoreBasis,
            reasons = @Reasons, length = @Length, job_id = @JobId, engine = @Engine, model = @Model,
            simulated = @Simulated, cost_usd = cost_usd + @CostUsd, markers_before = @MarkersBefore, markers_after = @MarkersAfter, version = version + 1, closed_ms = @ClosedMs
        where tenant = @Tenant and id = @Id
        """;

    /// <summary>Stores new posts inside a transaction.</summary>
    public static Task InsertAsync(DbConnection connection, IEnumerable<PostRow> posts) => connection.ExecuteAsync(InsertSql, posts);

    /// <summary>Stores one new post.</summary>
    public async Task InsertAsync(PostRow post, CancellationToken token)
    {
        var stored = await sealing.SealAsync(post, token);
        await database.WriteAsync(connection => connection.ExecuteAsync(InsertSql, stored), token);
    }

    /// <summary>Writes what became of posts inside a transaction.</summary>
    public async Task CloseAsync(DbConnection connection, IEnumerable<PostRow> posts, CancellationToken token) =>
        await connection.ExecuteAsync(CloseSql, await sealing.SealAsync(posts, token));

    /// <summary>One post, or null.</summary>
    public async Task<PostRow?> FindAsync(string tenant, string id, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<PostRow>($"select {Columns} from posts where tenant = @tenant and id = @id", new { tenant, id }), token), token);

    /// <summary>Posts by id, of any tenant; the caller compares tenants.</summary>
    public Task<List<PostRow>> FindAsync(DbConnection connection, IEnumerable<string> ids) =>
        ListAsync(connection, $"select {Columns} from posts where {database.Dialect.AnyOf("id", "@ids")}", new { ids = database.Dialect.List(ids) });

    /// <summary>A page of a campaign's posts in order, after a given place.</summary>
    public async Task<List<PostRow>> PageAsync(string tenant, string campaignId, string state, long after, int size, CancellationToken token) =>
        await sealing.OpenAsync(await database.ReadAsync(connection => ListAsync(connection, $"""
            select {Columns} from posts where tenant = @tenant and campaign_id = @campaignId and ordinal > @after and (@state = '' or state = @state)
            order by ordinal limit @size
            """, new { tenant, campaignId, after, state, size }), token), token);

    /// <summary>Writes a review: state, text, private note.</summary>
    public async Task ReviewAsync(PostRow post, CancellationToken token)
    {
        var stored = await sealing.SealAsync(post, token);
        await database.WriteAsync(connection => connection.ExecuteAsync(
            "update posts set state = @State, text = @Text, length = @Length, score = @Score, score_low = @ScoreLow, score_high = @ScoreHigh, score_basis = @ScoreBasis, reasons = @Reasons, note = @Note, version = version + 1 where tenant = @Tenant and id = @Id", stored), token);
    }

    private static async Task<List<PostRow>> ListAsync(DbConnection connection, string sql, object parameters) =>
        [.. await connection.QueryAsync<PostRow>(sql, parameters)];
}
