using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace Platform.Router;

/// <summary>
/// What a tenant may have open and may spend. Open jobs hold back a reserve until their real cost is known, so that many
/// at once cannot slip past the budget.
/// </summary>
internal sealed class Quota(JobStore jobs, IOptions<RouterOptions> options, TimeProvider time)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, Use> _seen = new(StringComparer.Ordinal);

    /// <summary>Passes when so many more jobs are within the tenant's limits.</summary>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED that says which limit and where it stands.</exception>
    public async Task CheckAsync(string tenant, long more, CancellationToken token)
    {
        var (open, spent) = await UseAsync(tenant, more, token);
        var limits = options.Value;
        if (open > limits.MaxOpenJobs)
            throw Exhausted($"Tenant '{tenant}' would have {open:N0} open jobs with {more:N0} more, which passes Router:MaxOpenJobs = {limits.MaxOpenJobs:N0}.");
        var reserved = open * limits.ReserveUsd;
        if (limits.DailyBudgetUsd > 0 && spent + reserved > limits.DailyBudgetUsd)
            throw Exhausted($"Tenant '{tenant}' spent {spent:F2} USD today and holds {reserved:F2} USD for open jobs; Router:DailyBudgetUsd is {limits.DailyBudgetUsd:F2}.");
    }

    /// <summary>Open jobs with the new ones, and spending; read from the ledger at most a second ago, counted on from there.</summary>
    private async Task<(long Open, double SpentUsd)> UseAsync(string tenant, long more, CancellationToken token)
    {
        var now = time.GetUtcNow();
        if (!_seen.TryGetValue(tenant, out var use) || now - use.At > MaxAge)
        {
            var day = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).ToUnixTimeMilliseconds();
            var (open, spent) = await jobs.UseAsync(tenant, day, token);
            _seen[tenant] = use = new Use(now, open, spent);
        }

        return (Interlocked.Add(ref use.Open, more), use.SpentUsd);
    }

    private static RpcException Exhausted(string message) => new(new Status(StatusCode.ResourceExhausted, message));

    private sealed class Use(DateTimeOffset at, long open, double spentUsd)
    {
        public long Open = open;

        public DateTimeOffset At { get; } = at;

        public double SpentUsd { get; } = spentUsd;
    }
}
