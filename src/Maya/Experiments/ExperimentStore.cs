using System.Data.Common;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

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

    /// <summary>Takes back arms that were handed out for nothing.</summary>
    public Task ReleaseAsync(string tenant, IReadOnlyList<ArmChoice> choices, CancellationToken token) => database.WriteAsync(async connection =>
    {
        foreach (var arm in choices.GroupBy(c => (c.ExperimentId, c.Arm)).OrderBy(g => g.Key.ExperimentId, StringComparer.Ordinal).ThenBy(g => g.Key.Arm, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync("update experiment_arms set assigned = assigned - @count where tenant = @tenant and experiment_id = @ExperimentId and name = @Arm and assigned >= @count",
                new { count = arm.LongCount(), tenant, arm.Key.ExperimentId, arm.Key.Arm });
        }
    }, token);

    /// <summary>Brings an experiment whose trials are posts up to date with what is known of all its posts.</summary>
    public Task CountPostsAsync(ExperimentRow row, long least, CancellationToken token) => database.WriteAsync(connection => CountPostsAsync(connection, row, least, []), token);

    /// <summary>
    /// Counts posts as trials, one each, once they have enough impressions; a post counts as a success while its rate is above the baseline. What a post counted for
    /// before is kept, so that only the difference is added: the same results again change nothing, and clicks that come after their impressions still count.
    /// </summary>
    /// <param name="connection">The transaction.</param>
    /// <param name="row">The experiment.</param>
    /// <param name="least">Impressions that a post needs.</param>
    /// <param name="postIds">Posts to look at; none means all of the experiment.</param>
    public async Task CountPostsAsync(DbConnection connection, ExperimentRow row, long least, IReadOnlyList<string> postIds)
    {
        // The experiment's row is the lock of what its posts count for.
        await connection.ExecuteAsync("update experiments set state = state where tenant = @Tenant and id = @Id", row);
        var some = postIds.Count == 0 ? "" : $"and {database.Dialect.AnyOf("p.id", "@ids")}";
        var posts = (await connection.QueryAsync<CountedPost>($"""
            select p.id as PostId, p.arm as Arm, o.impressions as Impressions, o.unfollows as Guards, {Metric(row.Metric)} as Successes, e.post_id as Before,
                coalesce(e.success, 0) as SuccessBefore, coalesce(e.impressions, 0) as ImpressionsBefore, coalesce(e.guards, 0) as GuardsBefore
            from posts p join outcomes o on o.tenant = p.tenant and o.post_id = p.id
                left join experiment_posts e on e.tenant = p.tenant and e.experiment_id = p.experiment_id and e.post_id = p.id
            where p.tenant = @Tenant and p.experiment_id = @Id and o.impressions >= @least {some} order by p.id
            """, new { row.Tenant, row.Id, least, ids = database.Dialect.List(postIds) })).ToList();
        var results = new List<ArmResult>();
        foreach (var post in posts)
        {
            var success = (double)post.Successes / post.Impressions > row.BaselineRate ? 1L : 0;
            if (post.Before is not null && (success, post.Impressions, post.Guards) == (post.SuccessBefore, post.ImpressionsBefore, post.GuardsBefore))
                continue;
            await connection.ExecuteAsync("""
                insert into experiment_posts (tenant, experiment_id, post_id, arm, success, impressions, guards) values (@Tenant, @Id, @PostId, @Arm, @success, @Impressions, @Guards)
                on conflict (tenant, experiment_id, post_id) do update set success = excluded.success, impressions = excluded.impressions, guards = excluded.guards
                """, new { row.Tenant, row.Id, post.PostId, post.Arm, success, post.Impressions, post.Guards });
            results.Add(new(post.Arm, post.Before is null ? 1 : 0, success - post.SuccessBefore, post.Impressions - post.ImpressionsBefore, post.Guards - post.GuardsBefore));
        }

        if (results.Count > 0)
            await AddAsync(connection, row, results);
    }

    private static string Metric(string metric) => metric == EngagementKinds.Interaction
        ? string.Join(" + ", EngagementKinds.All.Where(EngagementKinds.IsInteraction).Select(kind => $"o.{EngagementKinds.Column(kind)}"))
        : $"o.{EngagementKinds.Column(metric)}";

    private sealed record CountedPost
    {
        public string PostId { get; init; } = "";

        public string Arm { get; init; } = "";

        public long Impressions { get; init; }

        public long Guards { get; init; }

        public long Successes { get; init; }

        public string? Before { get; init; }

        public long SuccessBefore { get; init; }

        public long ImpressionsBefore { get; init; }

        public long GuardsBefore { get; init; }
    }

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

    /// <summary>Running experiments of posts that were made by an arm: post, experiment, arm.</summary>
    public async Task<List<(ExperimentRow Experiment, string PostId, string Arm)>> OfPostsAsync(DbConnection connection, string tenant, IEnumerable<string> postIds)
    {
        var posts = (await connection.QueryAsync<(string Id, string ExperimentId, string Arm)>(
            $"select id, experiment_id, arm from posts where tenant = @tenant and experiment_id <> '' and {database.Dialect.AnyOf("id", "@ids")}",
            new { tenant, ids = database.Dialect.List(postIds) })).ToList();
        if (posts.Count == 0)
            return [];
        var rows = (await connection.QueryAsync<ExperimentRow>(
            $"select {Columns} from experiments where tenant = @tenant and state = 'running' and {database.Dialect.AnyOf("id", "@ids")}",
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
