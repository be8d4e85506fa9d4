using Dapper;
using Platform.Maya;
using Platform.Storage;

namespace Platform.Tests.Maya;

/// <summary>What is older than its class is kept goes, and nothing else; on both engines.</summary>
public abstract class RetainedRowsSpec
{
    private const long Before = 1_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<MayaTables> TablesAsync();

    [Fact]
    public async Task Remove_OfEachClass_TakesWhatIsOldOnly()
    {
        await using var tables = await TablesAsync();
        await FillAsync(tables.Database);

        var removed = new Dictionary<string, long>();
        foreach (var name in RetainedRows.Classes)
            removed[name] = await new RetainedRows(tables.Database, name).RemoveAsync(Before, Token);

        removed.ShouldBe(new Dictionary<string, long> { ["posts"] = 3, ["engagement"] = 1, ["outcomes"] = 2, ["experiments"] = 4, ["strategies"] = 1 }, ignoreOrder: true);
        (await IdsAsync(tables, "select id from posts order by id")).ShouldBe(["new-anna", "nobody"]);
        (await IdsAsync(tables, "select event_id from engagement_events order by event_id")).ShouldBe(["e-new"]);
        (await IdsAsync(tables, "select post_id from outcomes")).ShouldBe(["o-new"]);
        (await IdsAsync(tables, "select id from experiments order by id")).ShouldBe(["late", "running"]);
        (await IdsAsync(tables, "select campaign_id from strategies order by campaign_id")).ShouldBe(["new", "open"]);
        (await IdsAsync(tables, "select id from campaigns order by id")).ShouldBe(["new", "old", "open"], "campaigns about nobody stay");
        foreach (var name in RetainedRows.Classes)
            (await new RetainedRows(tables.Database, name).RemoveAsync(Before, Token)).ShouldBe(0);
    }

    private static Task FillAsync(Database database) => database.WriteAsync(async connection =>
    {
        foreach (var (id, subject, closed) in new[] { ("old-anna", "p", 1L), ("new-anna", "p", 2_000L), ("nobody", "", 1L) })
            await connection.ExecuteAsync("insert into posts (tenant, id, campaign_id, ordinal, platform, slot, slot_ms, variant, theme, intent, subject_id, request, state, created_ms, closed_ms) values ('t', @id, '', 0, 'x', '', 0, 'a', '', '', @subject, @request, 'ready', 0, @closed)", new { id, subject, closed, request = Array.Empty<byte>() });
        await connection.ExecuteAsync("insert into post_versions (tenant, post_id, version, text, state, note, why, at_ms) values ('t', 'old-anna', 1, '', '', '', '', 0)");
        foreach (var (id, subject, state, done) in new[] { ("old", "", "done", 1L), ("new", "", "done", 2_000L), ("open", "", "running", 0L), ("anna", "p", "done", 1L) })
            await connection.ExecuteAsync("insert into campaigns (tenant, id, name, brief, brief_hash, idempotency_key, state, total, created_ms, done_ms, subject_id) values ('t', @id, '', '', '', '', @state, 0, 0, @done, @subject)", new { id, subject, state, done });
        foreach (var (id, made) in new[] { ("old", 1L), ("new", 2_000L), ("open", 1L) })
            await connection.ExecuteAsync("insert into strategies (tenant, campaign_id, state, request, document, created_ms, made_ms) values ('t', @id, 'made', @none, @none, 0, @made)", new { id, made, none = Array.Empty<byte>() });
        foreach (var (id, post, at) in new[] { ("e-old", "o-new", 1L), ("e-new", "o-new", 2_000L), ("e-of-old", "o-old", 2_000L) })
            await connection.ExecuteAsync("insert into engagement_events (tenant, event_id, post_id, kind, count, at_ms) values ('t', @id, @post, 'like', 1, @at)", new { id, post, at });
        foreach (var (id, changed) in new[] { ("o-old", 1L), ("o-new", 2_000L) })
            await connection.ExecuteAsync("insert into outcomes (tenant, post_id, campaign_id, platform, text, theme, format, intent, published_ms, features, changed_ms) values ('t', @id, '', 'x', '', '', '', '', 0, '[]', @changed)", new { id, changed });
        foreach (var (id, state, recorded) in new[] { ("old", "stopped", 1L), ("late", "stopped", 2_000L), ("running", "running", 1L) })
        {
            await connection.ExecuteAsync("insert into experiments (tenant, id, name, kind, state, allocation, unit, metric, minimum, alpha, half_life, baseline_rate, idempotency_key, created_ms) values ('t', @id, '', '', @state, '', '', '', 1, 0.05, 1, 0, '', 0)", new { id, state });
            await connection.ExecuteAsync("insert into experiment_arms (tenant, experiment_id, ordinal, name, content, weight) values ('t', @id, 0, 'a', '', 1)", new { id });
            await connection.ExecuteAsync("insert into experiment_posts (tenant, experiment_id, post_id, arm, success, impressions, guards) values ('t', @id, 'p', 'a', 0, 0, 0)", new { id });
            await connection.ExecuteAsync("insert into experiment_records (tenant, experiment_id, record_id, at_ms) values ('t', @id, 'r', @recorded)", new { id, recorded });
        }
    }, Token);

    private static Task<List<string>> IdsAsync(MayaTables tables, string sql) => tables.Database.ReadAsync(async connection => (await connection.QueryAsync<string>(sql)).AsList(), Token);
}

public sealed class SqliteRetainedRowsSpec : RetainedRowsSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.SqliteAsync();
}

public sealed class PostgreSqlRetainedRowsSpec : RetainedRowsSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.PostgreSqlAsync();
}
