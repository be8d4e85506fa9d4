using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.V1;

namespace Platform.Maya;

/// <summary>A platform's model at hand, with how well it foretells.</summary>
/// <param name="Model">The model, or null when there is no history.</param>
/// <param name="History">What is known of the platform as a whole.</param>
/// <param name="Advice">What it recommends.</param>
internal sealed record LearnedPlatform(OutcomeModel? Model, PlatformHistory History, IReadOnlyList<Advice> Advice);

/// <summary>
/// Models of each tenant and platform, fitted when asked for and kept for a short time, so that scoring thousands of posts costs one fit.
/// </summary>
internal sealed class OutcomeModels(OutcomeStore store, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int MostKept = 256;
    private readonly ConcurrentDictionary<(string Tenant, string Platform, bool Simulated), (DateTimeOffset Until, LearnedPlatform Learned)> _kept = new();

    /// <summary>The model of a platform.</summary>
    public async Task<LearnedPlatform> GetAsync(string tenant, string platform, bool simulated, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var key = (tenant, platform, simulated);
        if (_kept.TryGetValue(key, out var kept) && kept.Until > now)
            return kept.Learned;
        if (_kept.Count >= MostKept)
            _kept.Clear();
        var learned = Learn(platform, await store.ListAsync(tenant, simulated, platform, "", token));
        _kept[key] = (now + options.Value.ModelAge, learned);
        return learned;
    }

    /// <summary>Forgets what was kept of a tenant: its history has just changed by hand.</summary>
    public void Forget(string tenant)
    {
        foreach (var key in _kept.Keys.Where(k => k.Tenant == tenant))
            _kept.TryRemove(key, out _);
    }

    /// <summary>Fits one platform.</summary>
    public static LearnedPlatform Learn(string platform, IReadOnlyList<OutcomeRow> rows)
    {
        var model = OutcomeModel.Fit([.. rows.Select(r => r.ToOutcome())], out var problem);
        var history = new PlatformHistory { Platform = platform, Posts = model?.Posts.Count ?? rows.Count(r => r.Impressions >= OutcomeModel.LeastImpressions), Problem = problem };
        if (model is null)
            return new(null, history, []);
        var check = ModelCheck.Of(model);
        (history.MedianRate, history.Spearman, history.Coverage, history.CalibrationError) = (model.MedianRate, check.Spearman, check.Coverage, check.CalibrationError);
        return new(model, history, Advice.Of(platform, model));
    }
}
