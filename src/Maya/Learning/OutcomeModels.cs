using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Platform.V1;

namespace Platform.Maya;

/// <summary>A platform's model at hand, with how well it foretells.</summary>
/// <param name="Model">The model, or null when there is no history.</param>
/// <param name="History">What is known of the platform as a whole.</param>
/// <param name="Advice">What it recommends.</param>
/// <param name="Examples">Texts of the account's own posts that did best.</param>
internal sealed record LearnedPlatform(OutcomeModel? Model, PlatformHistory History, IReadOnlyList<Advice> Advice, IReadOnlyList<string> Examples);

/// <summary>
/// Models of each tenant and platform, fitted when asked for and kept for a short time, so that scoring thousands of posts costs one fit.
/// </summary>
internal sealed class OutcomeModels(OutcomeStore store, IOptions<MayaOptions> options, TimeProvider time)
{
    private const int MostKept = 256;
    private const int MostHours = 3;
    private const int MostExamples = 2;
    private const int LongestExample = 600;
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

    /// <summary>Forgets of a tenant that there was no history: some has just come in.</summary>
    public void ForgetEmpty(string tenant)
    {
        foreach (var (key, kept) in _kept.Where(k => k.Key.Tenant == tenant && k.Value.Learned.Model is null))
            _kept.TryRemove(new(key, kept));
    }

    /// <summary>
    /// Hours of a zone's day that did credibly best on a platform, at most three; empty when there is no such history. What was imported carries hours of other
    /// zones, so the posts are looked at anew by the clock of this one.
    /// </summary>
    public async Task<IReadOnlyList<int>> BestHoursAsync(string tenant, string platform, TimeZoneInfo zone, CancellationToken token)
    {
        var rows = await store.ListAsync(tenant, simulated: false, platform, "", token);
        if (OutcomeModel.Fit([.. rows.Select(row => InZone(row, zone))], out _) is not { } model)
            return [];
        var hours = Advice.Of(platform, model).Where(a => a.Prefers && PostFeatures.Split(a.Feature).Kind == "hour");
        return [.. hours.OrderByDescending(a => a.Low).Select(a => int.Parse(PostFeatures.Split(a.Feature).Value, System.Globalization.CultureInfo.InvariantCulture)).Take(MostHours).Order()];
    }

    private static Outcome InZone(OutcomeRow row, TimeZoneInfo zone)
    {
        var outcome = row.ToOutcome();
        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(row.PublishedMs), zone);
        return outcome with
        {
            Features = [.. outcome.Features.Select(feature => PostFeatures.Split(feature).Kind switch
            {
                "hour" => PostFeatures.Hour(local.Hour),
                "weekday" => PostFeatures.Weekday(local),
                _ => feature,
            })],
        };
    }

    private static List<string> Examples(OutcomeModel model, IReadOnlyList<OutcomeRow> rows)
    {
        var rates = model.Posts.ToDictionary(p => p.PostId, p => model.Rates.Rate(p.Interactions, p.Impressions), StringComparer.Ordinal);
        return [.. rows.Where(r => rates.ContainsKey(r.PostId) && r.Text.Length <= LongestExample).OrderByDescending(r => rates[r.PostId]).Select(r => r.Text).Distinct().Take(MostExamples)];
    }

    /// <summary>Fits one platform.</summary>
    public static LearnedPlatform Learn(string platform, IReadOnlyList<OutcomeRow> rows)
    {
        var model = OutcomeModel.Fit([.. rows.Select(r => r.ToOutcome())], out var problem);
        var history = new PlatformHistory { Platform = platform, Posts = model?.Posts.Count ?? rows.Count(r => r.Impressions >= OutcomeModel.LeastImpressions), Problem = problem };
        if (model is null)
            return new(null, history, [], []);
        var check = ModelCheck.Of(model);
        (history.MedianRate, history.Spearman, history.Coverage, history.CalibrationError) = (model.MedianRate, check.Spearman, check.Coverage, check.CalibrationError);
        return new(model, history, Advice.Of(platform, model), Examples(model, rows));
    }
}
