using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.V1;

namespace Platform.Metrics.Savings;

/// <summary>Reckons the return on investment of a tenant from its own jobs.</summary>
internal sealed class RoiLedger(EvidenceQuery evidence, IOptions<MetricsOptions> options, TimeProvider time)
{
    private const int MostKept = 256;
    private static readonly TimeSpan DefaultStretch = TimeSpan.FromDays(30);
    private readonly ConcurrentDictionary<EvidenceScope, (DateTimeOffset At, RoiEvidence Evidence)> _kept = new();

    /// <summary>Reckons for a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="request">What is given.</param>
    /// <param name="token">Cancels.</param>
    /// <param name="mayBeOld">How old what was measured may be, for pages that ask again and again.</param>
    /// <exception cref="ArgumentException">An input cannot be used; the message names field, value and limit.</exception>
    public async Task<Roi> ReckonAsync(string tenant, RoiRequest request, CancellationToken token, TimeSpan mayBeOld = default)
    {
        var now = time.GetUtcNow();
        if (request.FromMs < 0 || request.FromMs >= now.ToUnixTimeMilliseconds())
            throw new ArgumentException(FormattableString.Invariant($"from_ms is {request.FromMs}; use 0 for the last 30 days, or a time before now, {now.ToUnixTimeMilliseconds()}."), nameof(request));
        var from = request.FromMs > 0 ? request.FromMs : (now - DefaultStretch).ToUnixTimeMilliseconds();
        var scope = new EvidenceScope(tenant, from, long.MaxValue, request.Simulated, request.Team, request.Project);
        var roi = RoiReckoning.Of(request, await MeasuredAsync(scope, now, mayBeOld, token), options.Value.Roi);
        (roi.FromMs, roi.ToMs) = (from, now.ToUnixTimeMilliseconds());
        return roi;
    }

    private async Task<RoiEvidence> MeasuredAsync(EvidenceScope scope, DateTimeOffset now, TimeSpan mayBeOld, CancellationToken token)
    {
        if (mayBeOld > TimeSpan.Zero && _kept.TryGetValue(scope, out var kept) && now - kept.At < mayBeOld)
            return kept.Evidence;
        var measured = await evidence.ReadAsync(scope, token);
        if (mayBeOld > TimeSpan.Zero)
        {
            if (_kept.Count >= MostKept)
                _kept.Clear();
            _kept[scope] = (now, measured);
        }

        return measured;
    }
}
