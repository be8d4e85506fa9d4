using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>
/// Keys that are made and revoked at run time. A new key works at once in every process; a revoked one stops at once in the process that
/// revoked it, and in every other within <see cref="Staleness"/>, since each looks a key up again that often.
/// </summary>
public sealed class ApiKeys
{
    /// <summary>How long a process may go on with what it knows of a key.</summary>
    public static readonly TimeSpan Staleness = TimeSpan.FromSeconds(2);

    private const int MaxName = 128;
    private const int MaxKnown = 10_000;
    private readonly Database _database;
    private readonly AuditLog _audit;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (ApiKey Key, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    internal ApiKeys([FromKeyedServices(PrivacySetup.Store)] Database database, AuditLog audit, TimeProvider time) =>
        (_database, _audit, _time) = (database, audit, time);

    /// <summary>Makes a key. The text that is returned is shown once and kept nowhere.</summary>
    /// <exception cref="ArgumentException">A name, role or time cannot be used.</exception>
    public async Task<(ApiKey Key, string Text)> CreateAsync(string name, string tenant, string role, long expiresMs, string actor, CancellationToken token)
    {
        Named("name", name);
        Named("tenant", tenant);
        if (!Roles.All.Contains(role))
            throw new ArgumentException($"role is '{role}'; use one of {string.Join(", ", Roles.All)}.");
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (expiresMs < 0 || (expiresMs > 0 && expiresMs <= now))
            throw new ArgumentException("expires_ms is in the past; give a time to come, or 0 for a key that does not expire.");
        var (id, text) = ApiKey.Make();
        var key = new ApiKey { Id = id, Tenant = tenant, Name = name, Role = role, Hash = ApiKey.HashOf(text), CreatedMs = now, CreatedBy = actor, ExpiresMs = expiresMs };
        await _audit.WithAsync(connection => connection.ExecuteAsync(
            "insert into api_keys (id, tenant, name, role, hash, created_ms, created_by, expires_ms) values (@Id, @Tenant, @Name, @Role, @Hash, @CreatedMs, @CreatedBy, @ExpiresMs)", key),
            new AuditEntry(tenant, actor, AuditActions.KeyCreated, id, $"role={role}"), token);
        return (key, text);
    }

    /// <summary>Every key, newest first, at most 1,000.</summary>
    public Task<IReadOnlyList<ApiKey>> ListAsync(CancellationToken token) =>
        _database.ReadAsync<IReadOnlyList<ApiKey>>(async connection => (await connection.QueryAsync<ApiKey>(
            $"select {ApiKey.Columns} from api_keys order by created_ms desc, id limit 1000")).AsList(), token);

    /// <summary>Revokes a key for good; null when there is none of that id. Revoking twice changes nothing.</summary>
    public async Task<ApiKey?> RevokeAsync(string id, string actor, CancellationToken token)
    {
        if (await FindAsync(id, token) is not { } key)
            return null;
        if (key.RevokedMs == 0)
        {
            await _audit.ChangeAsync(connection => connection.ExecuteAsync(
                "update api_keys set revoked_ms = @now, revoked_by = @actor where id = @id and revoked_ms = 0",
                new { id, actor, now = _time.GetUtcNow().ToUnixTimeMilliseconds() }),
                new AuditEntry(key.Tenant, actor, AuditActions.KeyRevoked, id), token);
        }

        _known.TryRemove(id, out _);
        return await FindAsync(id, token);
    }

    /// <summary>The valid key behind a text from outside, or null. Compared in constant time.</summary>
    /// <param name="text">What was presented.</param>
    /// <param name="mayLookUp">Whether the store may be asked; without it only a key that this process knows is found.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="StoreUnreachableException">The store does not answer, and what is known of the key is too old.</exception>
    public async Task<ApiKey?> CheckAsync(string text, bool mayLookUp, CancellationToken token)
    {
        if (ApiKey.IdOf(text) is not { } id || await LookUpAsync(id, mayLookUp, token) is not { } key)
            return null;
        var same = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(ApiKey.HashOf(text)), Encoding.ASCII.GetBytes(key.Hash.PadRight(64)));
        return same && key.IsValid(_time.GetUtcNow()) ? key : null;
    }

    /// <summary>The valid key of an id, or null: for sessions that were opened with that key.</summary>
    /// <exception cref="StoreUnreachableException">The store does not answer, and what is known of the key is too old.</exception>
    public async Task<ApiKey?> OfAsync(string id, CancellationToken token) =>
        await LookUpAsync(id, mayLookUp: true, token) is { Id.Length: > 0 } key && key.IsValid(_time.GetUtcNow()) ? key : null;

    private async Task<ApiKey?> LookUpAsync(string id, bool mayLookUp, CancellationToken token)
    {
        var now = _time.GetUtcNow();
        if (!_known.TryGetValue(id, out var known) || now - known.At >= Staleness)
        {
            if (known.Key is null && !mayLookUp)
                return null;
            known = (await FindAsync(id, token) ?? new ApiKey(), now);
            Remember(known);
        }

        return known.Key;
    }

    /// <summary>Only what exists is remembered: made-up ids must neither fill the memory nor hide a key that is made a moment later.</summary>
    private void Remember((ApiKey Key, DateTimeOffset At) known)
    {
        if (known.Key.Id.Length == 0)
            return;
        if (_known.Count >= MaxKnown)
            _known.Clear();
        _known[known.Key.Id] = known;
    }

    private Task<ApiKey?> FindAsync(string id, CancellationToken token) =>
        _database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<ApiKey>($"select {ApiKey.Columns} from api_keys where id = @id", new { id }), token);

    private static void Named(string field, string value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > MaxName || value.Any(char.IsControl) || value.Any(char.IsSurrogate))
            throw new ArgumentException($"{field} has {value.Length} characters; give 1 to {MaxName} printable ones.");
    }
}
