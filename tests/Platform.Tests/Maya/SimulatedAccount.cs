using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>An account whose posts do as the test says: known effects on the rate, chance on top. The same for the same seed.</summary>
internal sealed class SimulatedAccount(int seed)
{
    private readonly Random _random = new(seed);
    private static readonly int[] Hours = [9, 12, 17, 21];
    private static readonly string[] Themes = ["comfort", "energy", "price"];

    /// <summary>Factor on the rate for a published post.</summary>
    public Func<PublishedPost, int, double> Effect { get; init; } = static (_, _) => 1;

    /// <summary>Standard deviation of the logarithm of what no feature explains.</summary>
    public double Noise { get; init; } = 0.25;

    public List<PublishedPost> Posts(int count) => [.. Enumerable.Range(0, count).Select(Post)];

    private PublishedPost Post(int index)
    {
        var hour = Hours[_random.Next(Hours.Length)];
        var post = new PublishedPost
        {
            Id = $"p{index}",
            Platform = "x",
            Theme = Themes[_random.Next(Themes.Length)],
            PublishedAt = $"2026-{1 + (index % 9):D2}-{1 + (index % 28):D2}T{hour:D2}:00:00+01:00",
            Text = $"A lamp for the desk. {(_random.Next(2) == 0 ? "Do you read at night?" : "It dims by itself.")}{(_random.Next(3) == 0 ? " #light #desk #home" : "")}",
            Impressions = _random.Next(200, 3000),
        };
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        var rate = Math.Min(0.9, 0.04 * Effect(post, hour) * Math.Exp(Noise * normal));
        for (var i = 0; i < post.Impressions; i++)
            post.Likes += _random.NextDouble() < rate ? 1 : 0;
        return post;
    }

    /// <summary>The model of so many posts.</summary>
    public LearnedPlatform Learn(int count) =>
        OutcomeModels.Learn("x", [.. Posts(count).Select(p => EngagementReader.Post("t", p, new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero)))]);
}
