using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Keeps experiments. Every query is scoped by tenant.</summary>
internal sealed class ExperimentStore([FromKeyedServices(ModuleNames.Maya)] Database database)
{
    private const int MostListed = 200;
    private const int MostEnded = 5;

    private const string Columns = """
        tenant as Tenant, id as Id, name as Name, kind as Kind, state as State, allocation as Allocation, unit as Unit, metric as Metric, minimum as Minimum,
        alpha as Alpha, half_life as HalfLife, baseline_rate as BaselineRate, simulated as Simulated, idempotency_key as IdempotencyKey, created_ms as CreatedMs
        """;

    private const string ArmColumns = """
        tenant as Tenant, experiment_id as ExperimentId, ordinal as Ordinal, name as Name, content as Content, weight as Weight, assigned as Assigned, trials as Trials,
        successes as Successes, guards as Guards, impressions as Impressions, fresh_successes as FreshSuccesses, fresh_failures as FreshFailures
        """;

    /// <summary>Stores an experiment; when its key is known the earlier one is returned instead.</summary>
    public async Task<ExperimentRow> InsertAsync(ExperimentRow row, IReadOnlyList<ArmRow> arms, CancellationToken token)
    {
        try
        {
            return await database.WriteAsync(async connection =>
            {
                if (await ByKeyAsync(connection, row) is { } earlier)
                    return earlier;
                await connection.ExecuteAsync("""
                    insert into experiments (tenant, id, name, kind, state, allocation, unit, metric, minimum, alpha, half_life, baseline_rate, simulated, idempotency_key, created_ms)
                    values (@Tenant, @Id, @Name, @Kind, @State, @Allocation, @Unit, @Metric, @Minimum, @Alpha, @HalfLife, @BaselineRate, @Simulated, @IdempotencyKey, @CreatedMs)
                    """, row);
                await connection.ExecuteAsync(
                    "insert into experiment_arms (tenant, experiment_id, ordinal, name, content, weight) values (@Tenant, @ExperimentId, @Ordinal, @Name, @Content, @Weight)", arms);
                return row;
            }, token);
        }
        catch (DbException e) when (Dialect.IsDuplicateKey(e) && row.IdempotencyKey.Length > 0)
        {
            return await database.ReadAsync(connection => ByKeyAsync(connection, row), token) ?? throw new InvalidOperationException("The experiment of a known key is gone.", e);
        }
    }

    /// <summary>One experiment, or null.</summary>
    public Task<ExperimentRow?> FindAsync(string tenant, string id, CancellationToken token) =>
        database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<ExperimentRow>($"select {Columns} from experiments where tenant = @tenant and id = @id", new { tenant, id }), token);

    /// <summary>Experiments of a tenant, newest first.</summary>
    public Task<List<ExperimentRow>> ListAsync(string tenant, CancellationToken token) => database.ReadAsync<List<ExperimentRow>>(async connection =>
        [.. await connection.QueryAsync<ExperimentRow>($"select {Columns} from experiments where tenant = @tenant order by id desc limit @most", new { tenant, most = MostListed })], token);

    /// <summary>Ended experiments of models on real results, newest first.</summary>
    public Task<List<ExperimentRow>> EndedModelsAsync(string tenant, CancellationToken token) => database.ReadAsync<List<ExperimentRow>>(async connection =>
        [.. await connection.QueryAsync<ExperimentRow>($"select {Columns} from experiments where tenant = @tenant and kind = @kind and state = @state and simulated = 0 order by id desc limit @most",
            new { tenant, kind = ExperimentWords.Model, state = ExperimentWords.Stopped, most = MostEnded })], token);

    /// <summary>Arms of an experiment, in order.</summary>
    public Task<List<ArmRow>> ArmsAsync(string tenant, string id, CancellationToken token) => database.ReadAsync(connection => ArmsAsync(connection, tenant, id), token);

    /// <summary>Counts arms as handed out, each so many times.</summary>
    public Task AssignAsync(IReadOnlyList<(ArmRow Arm, long Count)> assigned, CancellationToken token) => database.WriteAsync(async connection =>
    {
        foreach (var (arm, count) in assigned.OrderBy(a => a.Arm.Ordinal))
        {
            await connection.ExecuteAsync("update experiment_arms set assigned = assigned + @count where tenant = @Tenant and experiment_id = @ExperimentId and ordinal = @Ordinal",
                new { count, arm.Tenant, arm.ExperimentId, arm.Ordinal });
        }
    }, token);

    /// <summary>Ends an experiment; it may have ended already.</summary>
    public Task StopAsync(string tenant, string id, CancellationToken token) => database.WriteAsync(connection => connection.ExecuteAsync(
        "update experiments set state = 'stopped' where tenant = @tenant and id = @id", new { tenant, id }), token);

    /// <summary>Adds results once per record id; false when the record is known.</summary>
    public Task<bool> RecordAsync(ExperimentRow row, string recordId, ArmResult result, long nowMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        var fresh = await connection.ExecuteAsync(
            "insert into experiment_records (tenant, experiment_id, record_id, at_ms) values (@Tenant, @Id, @recordId, @nowMs) on conflict do nothing", new { row.Tenant, row.Id, recordId, nowMs }) == 1;
        if (fresh)
            await AddAsync(connection, row, [result]);
        return fresh;
    }, token);

    /// <summary>Experiments of posts that were made by an arm and count by impressions: post, experiment, arm.</summary>
    public async Task<List<(ExperimentRow Experiment, string PostId, string Arm)>> OfPostsAsync(DbConnection connection, string tenant, IEnumerable<string> postIds)
    {
        var posts = (await connection.QueryAsync<(string Id, string ExperimentId, string Arm)>(
            $"select id, experiment_id, arm from posts where tenant = @tenant and experiment_id <> '' and {database.Dialect.AnyOf("id", "@ids")}",
            new { tenant, ids = database.Dialect.List(postIds) })).ToList();
        if (posts.Count == 0)
            return [];
        var rows = (await connection.QueryAsync<ExperimentRow>(
            $"select {Columns} from experiments where tenant = @tenant and state = 'running' and unit = 'impression' and {database.Dialect.AnyOf("id", "@ids")}",
            new { tenant, ids = database.Dialect.List(posts.Select(p => p.ExperimentId).Distinct()) })).ToDictionary(r => r.Id, StringComparer.Ordinal);
        return [.. posts.Where(p => rows.ContainsKey(p.ExperimentId)).Select(p => (rows[p.ExperimentId], p.Id, p.Arm))];
    }

    /// <summary>Adds results inside a transaction; older ones fade in what the allocation sees.</summary>
    public static async Task AddAsync(DbConnection connection, ExperimentRow row, IReadOnlyList<ArmResult> results)
    {
        // The experiment's row is the lock of its arms: two transactions never hold half of them each.
        await connection.ExecuteAsync("update experiments set state = state where tenant = @Tenant and id = @Id", row);
        var fade = ThompsonSampler.Fade(results.Sum(r => r.Trials), row.HalfLife);
        await connection.ExecuteAsync(
            "update experiment_arms set fresh_successes = fresh_successes * @fade, fresh_failures = fresh_failures * @fade where tenant = @Tenant and experiment_id = @Id", new { fade, row.Tenant, row.Id });
        foreach (var result in results)
        {
            await connection.ExecuteAsync("""
                update experiment_arms set trials = trials + @Trials, successes = successes + @Successes, impressions = impressions + @Impressions, guards = guards + @Guards,
                    fresh_successes = fresh_successes + @good, fresh_failures = fresh_failures + @bad
                where tenant = @Tenant and experiment_id = @Id and name = @Arm
                """, new { result.Trials, result.Successes, result.Impressions, result.Guards, good = (double)result.Successes, bad = (double)(result.Trials - result.Successes), row.Tenant, row.Id, result.Arm });
        }
    }

    private static async Task<List<ArmRow>> ArmsAsync(DbConnection connection, string tenant, string id) =>
        [.. await connection.QueryAsync<ArmRow>($"select {ArmColumns} from experiment_arms where tenant = @tenant and experiment_id = @id order by ordinal", new { tenant, id })];

    private static async Task<ExperimentRow?> ByKeyAsync(DbConnection connection, ExperimentRow row) => row.IdempotencyKey.Length == 0 ? null
        : await connection.QueryFirstOrDefaultAsync<ExperimentRow>($"select {Columns} from experiments where tenant = @Tenant and idempotency_key = @IdempotencyKey", row);
}
