using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Router;

/// <summary>Writes accepted jobs: all rows of a call and its idempotency key in one transaction, or nothing.</summary>
internal sealed class Intake([FromKeyedServices(ModuleNames.Router)] Database database, IOptions<RouterOptions> options, TimeProvider time)
{
    private static readonly string[] Columns =
        ["id", "tenant", "kind", "lane", "priority", "state", "approach", "batch_id", "origin", "send_after_ms", "sends", "created_ms", "rank_ms", "trace", "request", "route", "subject"];

    /// <summary>Stores one job, or finds the one that its idempotency key led to before.</summary>
    /// <param name="tenant">Tenant.</param>
    /// <param name="job">The job.</param>
    /// <param name="origin">Progress address of this replica; empty when nobody watches.</param>
    /// <param name="sendAfterMs">When the dispatcher sends the job again, unless it is claimed before; 0 when the caller does not send it.</param>
    /// <param name="token">Cancels before the commit.</param>
    /// <returns>Id of the job, and whether it existed before.</returns>
    /// <exception cref="RpcException">ALREADY_EXISTS when the key was used with another body.</exception>
    public Task<(string Id, bool Existing)> StoreAsync(string tenant, NewJob job, string origin, long sendAfterMs, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var existing = await FindKeyAsync(connection, tenant, job.Request.IdempotencyKey, HashOf(job.Request), job.Id);
            if (existing is not null)
                return (existing, true);
            await InsertAsync(connection, tenant, [job], null, null, origin, sendAfterMs, token);
            return (job.Id, false);
        }, token);

    /// <summary>Stores a batch, or finds the one that its key led to before.</summary>
    /// <exception cref="RpcException">ALREADY_EXISTS when the key was used with other items.</exception>
    public Task<string> StoreBatchAsync(string tenant, string batchId, string key, BatchTerms? terms, IReadOnlyList<NewJob> jobs, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            var existing = await FindKeyAsync(connection, tenant, key, key.Length == 0 ? "" : HashOf(jobs), batchId);
            if (existing is not null)
                return existing;
            var (held, until) = BatchKeeper.Holds(terms, time.GetUtcNow());
            var (going, room) = held.Length > 0 ? (0, 0) : GoingFirst(terms, jobs.Count);
            if (held.Length == 0 && going < jobs.Count)
                held = BatchKeeper.Cost;
            await connection.ExecuteAsync(
                "insert into batches (id, tenant, total, created_ms, terms, expires_ms, max_cost_usd, room_usd, held, held_until_ms) "
                + "values (@batchId, @tenant, @total, @now, @terms, @expires, @cost, @room, @held, @until)",
                Row(batchId, tenant, jobs.Count, terms, room, held, until));
            var ordered = going < jobs.Count ? [.. jobs.OrderByDescending(job => job.Request.Priority).ThenBy(job => job.Id, StringComparer.Ordinal)] : jobs;
            await InsertAsync(connection, tenant, [.. ordered.Take(going)], batchId, null, "", 0, token);
            await InsertAsync(connection, tenant, [.. ordered.Skip(going)], batchId, Lanes.Held, "", 0, token);
            return batchId;
        }, token);

    /// <summary>Whether a batch key led to something before; an empty one never did.</summary>
    public Task<bool> HasKeyAsync(string tenant, string key, CancellationToken token) => database.ReadAsync(async connection =>
        key.Length > 0 && await connection.ExecuteScalarAsync<long>("select count(*) from idempotency where tenant = @tenant and key = @key", new { tenant, key }) > 0, token);

    /// <summary>What a key led to before.</summary>
    /// <exception cref="RpcException">ALREADY_EXISTS when it was used with other items; ABORTED when the key was forgotten meanwhile.</exception>
    public Task<string> KnownAsync(string tenant, string key, string hash, CancellationToken token) =>
        database.ReadAsync(connection => EarlierAsync(connection, tenant, key, hash), token);

    /// <summary>The last item of an arriving batch is stored: it is accepted. When its key led to a batch meanwhile, that one is it.</summary>
    /// <exception cref="RpcException">ALREADY_EXISTS when the key was used with other items; ABORTED when the batch was given up meanwhile.</exception>
    public Task<string> SealAsync(string tenant, string batchId, string key, string hash, BatchTerms? terms, long total, CancellationToken token) =>
        database.WriteAsync(async connection =>
        {
            if (await FindKeyAsync(connection, tenant, key, hash, batchId) is { } existing)
                return existing;
            var (held, until) = BatchKeeper.Holds(terms, time.GetUtcNow());
            var (going, room) = held.Length > 0 ? (0, 0) : GoingFirst(terms, (int)total);
            if (held.Length == 0 && going < total)
                held = BatchKeeper.Cost;
            // What is held by terms is let go by whoever keeps the batch to them.
            var written = await connection.ExecuteAsync("""
                update batches set arriving = 0, touched_ms = @now, releasing = @releasing, total = @total, terms = @terms, expires_ms = @expires, max_cost_usd = @cost, room_usd = @room, held = @held, held_until_ms = @until
                where id = @batchId and arriving = 1
                """, Row(batchId, tenant, total, terms, room, held, until));
            return written == 1 ? batchId : throw Gone(batchId);
        }, token);

    /// <summary>An arriving batch was given up.</summary>
    public static RpcException Gone(string batchId) => new(new Status(StatusCode.Aborted, $"Batch {batchId} was given up while its items came in; nothing of it is stored. Send it again."));

    private object Row(string batchId, string tenant, long total, BatchTerms? terms, double room, string held, long until) => new
    {
        batchId,
        tenant,
        total,
        now = Now(),
        terms = terms?.ToByteArray(),
        room,
        held,
        until,
        releasing = held.Length == 0 ? 1L : 0L,
        expires = terms is { DeadlineMs: > 0 } ? Now() + terms.DeadlineMs : 0,
        cost = terms?.MaxCostUsd ?? 0,
    };

    /// <summary>How many jobs of a batch may go before any cost is known, and what each may spend (0: no limit).</summary>
    private (int Going, double RoomUsd) GoingFirst(BatchTerms? terms, int jobs)
    {
        if (terms is not { MaxCostUsd: > 0 })
            return (jobs, 0);
        var going = (int)Math.Min(jobs, BatchMoney.OnTheWay(terms.MaxCostUsd, options.Value.ReserveUsd));
        return (going, BatchMoney.RoomUsd(terms.MaxCostUsd, options.Value.ReserveUsd, going));
    }

    /// <summary>Stores jobs inside a transaction.</summary>
    internal async Task InsertAsync(DbConnection connection, string tenant, IReadOnlyList<NewJob> jobs, string? batchId, string? lane, string origin, long sendAfterMs, CancellationToken token)
    {
        var now = Now();
        await connection.InsertManyAsync("jobs", Columns, jobs.Select(job => new object?[]
        {
            job.Id, tenant, job.Request.Kind, lane ?? job.Request.Lane, (long)job.Request.Priority, JobStates.Queued, job.Route.Approach,
            batchId, origin, sendAfterMs, sendAfterMs > 0 ? 1L : 0L, now, now - (long)(job.Request.Priority * options.Value.PrioritySeconds * 1000), job.Trace, JobSealing.Seal(job), job.Route.ToByteArray(), job.Subject?.Pseudonym ?? "",
        }), "", token);
    }

    /// <summary>Claims an idempotency key for a subject; gives the earlier subject when the key is taken.</summary>
    private async Task<string?> FindKeyAsync(DbConnection connection, string tenant, string key, string hash, string subject)
    {
        if (key.Length == 0)
            return null;
        var claimed = await connection.QuerySingleOrDefaultAsync<string>(
            "insert into idempotency (tenant, key, body_hash, subject, created_ms) values (@tenant, @key, @hash, @subject, @now) on conflict do nothing returning subject",
            new { tenant, key, hash, subject, now = Now() });
        return claimed is not null ? null : await EarlierAsync(connection, tenant, key, hash);
    }

    private static async Task<string> EarlierAsync(DbConnection connection, string tenant, string key, string hash)
    {
        var earlier = await connection.QuerySingleOrDefaultAsync<KeyRow>("select body_hash as BodyHash, subject from idempotency where tenant = @tenant and key = @key", new { tenant, key })
            ?? throw new RpcException(new Status(StatusCode.Aborted, $"idempotency_key '{key}' was forgotten meanwhile. Send the same again."));
        return earlier.BodyHash == hash
            ? earlier.Subject
            : throw new RpcException(new Status(StatusCode.AlreadyExists,
                $"idempotency_key '{key}' was used before with another request (it led to {earlier.Subject}). Use a new key, or send the same request."));
    }

    private static string HashOf(IMessage message) => Convert.ToHexStringLower(SHA256.HashData(message.ToByteArray()));

    private static string HashOf(IReadOnlyList<NewJob> jobs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var job in jobs)
            hash.AppendData(job.Request.ToByteArray());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class KeyRow
    {
        public string BodyHash { get; set; } = "";

        public string Subject { get; set; } = "";
    }
}
