using System.Collections.Concurrent;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>Switches that change at run time. Kept in the ledger, so that every replica sees the same; read at most a second old.</summary>
internal sealed class Switches([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    private const string Fallback = "fallback";
    private const string Everybody = "*";
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, (bool Value, DateTimeOffset At)> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether a failed engine may be replaced by the next one for this tenant.</summary>
    public async Task<bool> FallbackAsync(string tenant, CancellationToken token) =>
        await FallbackForAllAsync(token) && await ReadAsync(tenant, token);

    /// <summary>Whether it may for anybody.</summary>
    public Task<bool> FallbackForAllAsync(CancellationToken token) => ReadAsync(Everybody, token);

    /// <summary>Turns fallback on or off; a null tenant means everybody.</summary>
    public async Task SetFallbackAsync(string? tenant, bool enabled, CancellationToken token)
    {
        var who = tenant ?? Everybody;
        await database.WriteAsync(async connection => await connection.ExecuteAsync(
            "insert into switches (tenant, name, value) values (@who, @Fallback, @value) on conflict (tenant, name) do update set value = excluded.value",
            new { who, Fallback, value = enabled ? 1L : 0L }), token);
        _seen[who] = (enabled, time.GetUtcNow());
    }

    private async Task<bool> ReadAsync(string who, CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (_seen.TryGetValue(who, out var seen) && now - seen.At < MaxAge)
            return seen.Value;
        var value = await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<long?>(
            "select value from switches where tenant = @who and name = @Fallback", new { who, Fallback }), token);
        var on = value != 0;
        _seen[who] = (on, now);
        return on;
    }
}
