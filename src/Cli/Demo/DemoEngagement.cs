using System.Globalization;
using Grpc.Core;
using Platform.V1;

namespace Platform.Cli.Demo;

/// <summary>
/// What simulated readers do with the demo's posts: they read more in the morning, like a question, and the rest is chance. The memory is told only what
/// happened, never this rule; what it recommends it has to find. The same posts get the same readers.
/// </summary>
internal static class DemoEngagement
{
    private const double BaseRate = 0.03;
    private const double Morning = 1.6;
    private const double Evening = 0.8;
    private const double Question = 1.25;
    private const double Chance = 0.2;
    private const uint HashStart = 2166136261;
    private const uint HashPrime = 16777619;

    /// <summary>Sends the results of all posts; gives how many events were stored.</summary>
    public static async Task<long> SendAsync(Content.ContentClient client, IReadOnlyList<Post> posts, CancellationToken token)
    {
        using var call = client.RecordEngagement(cancellationToken: token);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        foreach (var post in posts)
        {
            var (impressions, likes) = Readers(post);
            await call.RequestStream.WriteAsync(new Engagement { EventId = $"{post.Id}:impression", PostId = post.Id, Kind = "impression", Count = impressions, AtMs = now }, token);
            if (likes > 0)
                await call.RequestStream.WriteAsync(new Engagement { EventId = $"{post.Id}:like", PostId = post.Id, Kind = "like", Count = likes, AtMs = now }, token);
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Stored;
    }

    private static (long Impressions, long Likes) Readers(Post post)
    {
        var random = new Random(Seed(post));
        var hour = DateTimeOffset.Parse(post.Slot, CultureInfo.InvariantCulture).Hour;
        var impressions = random.Next(400, 1_600);
        var noise = Math.Exp(Chance * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        var rate = BaseRate * (hour < 12 ? Morning : hour > 15 ? Evening : 1) * (post.Text.Contains('?') ? Question : 1) * noise;
        var likes = 0L;
        for (var reader = 0; reader < impressions; reader++)
            likes += random.NextDouble() < rate ? 1 : 0;
        return (impressions, likes);
    }

    /// <summary>By what the post is, not by its id, which is new on every run.</summary>
    private static int Seed(Post post)
    {
        var hash = HashStart;
        foreach (var c in $"{post.Platform}|{post.Slot[11..]}|{post.Variant}|{post.Theme}")
            hash = (hash ^ c) * HashPrime;
        return (int)(hash & int.MaxValue);
    }
}
