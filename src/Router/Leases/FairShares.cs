namespace Platform.Router;

/// <summary>
/// Divides places among tenants by weight. What a tenant could not get because places do not divide is remembered, so that
/// over time each gets its share however few places there are at once. Used by one loop only.
/// </summary>
internal sealed class FairShares(IReadOnlyDictionary<string, double> weights)
{
    private const double Smallest = 0.01;
    private const double Largest = 1_000;
    private readonly Dictionary<string, double> credits = new(StringComparer.Ordinal);

    /// <summary>Divides places.</summary>
    /// <param name="tenants">Tenants that want some.</param>
    /// <param name="places">How many there are.</param>
    /// <returns>Tenants that get any, with how many.</returns>
    public IReadOnlyList<(string Tenant, int Places)> Divide(IReadOnlyList<string> tenants, int places)
    {
        // Who wants nothing saves nothing up.
        foreach (var gone in credits.Keys.Except(tenants).ToList())
            credits.Remove(gone);
        var all = tenants.Sum(Weight);
        foreach (var tenant in tenants)
            credits[tenant] = credits.GetValueOrDefault(tenant) + (places * Weight(tenant) / all);
        var given = new Dictionary<string, int>(StringComparer.Ordinal);
        var left = places;
        foreach (var tenant in tenants.OrderByDescending(tenant => credits[tenant]))
        {
            given[tenant] = Math.Clamp((int)Math.Floor(credits[tenant]), 0, left);
            left -= given[tenant];
        }

        foreach (var tenant in tenants.OrderByDescending(tenant => credits[tenant] - given[tenant]).Take(left))
            given[tenant]++;
        foreach (var tenant in tenants)
            credits[tenant] -= given[tenant];
        return [.. given.Where(share => share.Value > 0).Select(share => (share.Key, share.Value))];
    }

    private double Weight(string tenant) => weights.TryGetValue(tenant, out var weight) ? Math.Clamp(weight, Smallest, Largest) : 1;
}
