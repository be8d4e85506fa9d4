using Platform.Contracts;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Checks what callers say of experiments.</summary>
internal static class ExperimentReader
{
    private const int MaxName = 200;
    private const int MaxArmName = 40;
    private const int MaxContent = 65_536;
    private const int MostArms = 10;
    private const int MaxId = 128;
    private const long MaxCount = 1_000_000_000;
    private const double MaxAlpha = 0.2;

    /// <summary>A checked experiment with its arms.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static (ExperimentRow Row, List<ArmRow> Arms) Read(string tenant, CreateExperimentRequest given, MayaOptions options, DateTimeOffset now)
    {
        Text("name", given.Name, MaxName);
        if (given.IdempotencyKey.Length > MaxId)
            throw new ArgumentException($"idempotency_key has {given.IdempotencyKey.Length} characters; the limit is {MaxId}.");
        var kind = OneOf("kind", given.Kind, ExperimentWords.Text, ExperimentWords.Kinds);
        var unit = OneOf("unit", given.Unit, ExperimentWords.Impression, ExperimentWords.Units);
        if (given.Arms.Count is < 2 or > MostArms)
            throw new ArgumentException($"arms has {given.Arms.Count} entries; an experiment needs 2 to {MostArms}.");
        if (given.Alpha is not 0 and not (> 0 and <= MaxAlpha))
            throw new ArgumentException($"alpha is {given.Alpha}; it must be above 0 and at most {MaxAlpha}.");
        if (unit == ExperimentWords.Post && given.BaselineRate is not (> 0 and < 1))
            throw new ArgumentException($"baseline_rate is {given.BaselineRate}; with unit 'post' give the rate that a post must beat, between 0 and 1.");
        var row = new ExperimentRow
        {
            Tenant = tenant,
            Id = JobId.New(now),
            Name = given.Name,
            Kind = kind,
            Allocation = OneOf("allocation", given.Allocation, ExperimentWords.Thompson, ExperimentWords.Allocations),
            Unit = unit,
            Metric = OneOf("metric", given.Metric, EngagementKinds.Click, [.. EngagementKinds.All.Where(EngagementKinds.IsInteraction), EngagementKinds.Interaction]),
            Minimum = Count("minimum", given.Minimum) is 0 ? options.ExperimentMinimum : given.Minimum,
            Alpha = given.Alpha == 0 ? 0.05 : given.Alpha,
            HalfLife = Count("half_life", given.HalfLife) is 0 ? options.ExperimentHalfLife : given.HalfLife,
            BaselineRate = given.BaselineRate,
            Simulated = given.Simulated ? 1 : 0,
            IdempotencyKey = given.IdempotencyKey,
            CreatedMs = now.ToUnixTimeMilliseconds(),
        };
        return (row, Arms(row, given));
    }

    /// <summary>A checked record of results.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public static ArmResult Result(ExperimentRow row, RecordExperimentRequest given)
    {
        Text("record_id", given.RecordId, MaxId);
        if (Count("impressions", given.Impressions) == 0)
            throw new ArgumentException("impressions is 0; a record needs at least one.");
        if (Count("successes", given.Successes) > given.Impressions || Count("guards", given.Guards) > given.Impressions)
            throw new ArgumentException($"successes ({given.Successes}) and guards ({given.Guards}) must not exceed impressions ({given.Impressions}).");
        if (row.Unit == ExperimentWords.Impression)
            return new(given.Arm, given.Impressions, given.Successes, given.Impressions, given.Guards);
        return new(given.Arm, 1, (double)given.Successes / given.Impressions > row.BaselineRate ? 1 : 0, given.Impressions, given.Guards);
    }

    private static List<ArmRow> Arms(ExperimentRow row, CreateExperimentRequest given)
    {
        foreach (var arm in given.Arms)
        {
            Text("arms.name", arm.Name, MaxArmName);
            Text("arms.content", arm.Content, MaxContent);
            if (!double.IsFinite(arm.Weight) || arm.Weight is < 0 or > 1e6)
                throw new ArgumentException($"arms.weight of '{arm.Name}' is {arm.Weight}; it must be 0 to 1,000,000.");
            if (row.Kind == ExperimentWords.Model && arm.Content is not ("quality" or "fast"))
                throw new ArgumentException($"arms.content of '{arm.Name}' is not a tier; an experiment of models takes quality and fast.");
        }

        if (given.Arms.DistinctBy(a => a.Name).Count() < given.Arms.Count)
            throw new ArgumentException("arms holds a name twice; each arm needs a name of its own.");
        var total = given.Arms.Sum(a => a.Weight);
        if (total > 0 && given.Arms.Any(a => a.Weight == 0))
            throw new ArgumentException("arms.weight is given for some arms only; give it for all or none.");
        return [.. given.Arms.Select((a, i) => new ArmRow
        {
            Tenant = row.Tenant,
            ExperimentId = row.Id,
            Ordinal = i,
            Name = a.Name,
            Content = a.Content,
            Weight = total > 0 ? a.Weight / total : 1.0 / given.Arms.Count,
        })];
    }

    private static string OneOf(string field, string value, string fallback, IReadOnlyList<string> allowed) => value.Length == 0 ? fallback : allowed.Contains(value) ? value
        : throw new ArgumentException($"{field} is '{(value.Length > 40 ? value[..40] : value)}'; use one of {string.Join(", ", allowed)}.");

    private static void Text(string field, string value, int limit)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > limit || value.Contains('\0') || SafeText.FirstLoneSurrogate(value) >= 0)
            throw new ArgumentException($"{field} has {value.Length} characters; it must have 1 to {limit:N0} of valid text.");
    }

    private static long Count(string field, long value) => value is >= 0 and <= MaxCount ? value
        : throw new ArgumentException($"{field} is {value}; it must be 0 to {MaxCount:N0}.");
}
