using Grpc.Core;
using Platform.V1;

namespace Platform.Cli.Demo;

/// <summary>One optimisation step of the demo: simulated readers, what they teach, and a post that is changed by it.</summary>
/// <param name="Events">Simulated events that were stored.</param>
/// <param name="Analysis">What was learned.</param>
/// <param name="Post">The post that was taken.</param>
/// <param name="Reply">What was made of it.</param>
internal sealed record DemoOptimisation(long Events, AnalyseReply Analysis, Post Post, OptimiseReply Reply)
{
    private const int Tried = 20;

    /// <summary>Lets simulated readers at the posts and optimises the first post for which something was learned.</summary>
    public static async Task<DemoOptimisation?> RunAsync(Content.ContentClient client, IReadOnlyList<Post> posts, CancellationToken token)
    {
        if (posts.Count == 0)
            return null;
        var events = await DemoEngagement.SendAsync(client, posts, token);
        var analysis = await client.AnalyseAsync(new AnalyseRequest { Simulated = true }, cancellationToken: token);
        var learned = analysis.Evidence.Select(e => e.Platform).ToHashSet(StringComparer.Ordinal);
        DemoOptimisation? last = null;
        foreach (var post in posts.OrderByDescending(p => learned.Contains(p.Platform)).ThenBy(p => p.Score).Take(Tried))
        {
            var reply = await client.OptimiseAsync(new OptimiseRequest { Platform = post.Platform, Text = post.Text, Slot = post.Slot, Theme = post.Theme, Simulated = true }, cancellationToken: token);
            last = new DemoOptimisation(events, analysis, post, reply);
            if (reply.Changes.Count > 0)
                break;
        }

        return last;
    }

    /// <summary>As JSON (docs/schemas/demo.json).</summary>
    public object Document() => new
    {
        simulated = true,
        events = Events,
        platform = Post.Platform,
        post = Post.Id,
        slot_before = Post.Slot,
        slot_after = Reply.Slot,
        text_before = Post.Text,
        text_after = Reply.Text,
        score_before = Math.Round(Reply.Before.Score, 1),
        score_after = Math.Round(Reply.After.Score, 1),
        changes = Reply.Changes.Select(c => new { c.What, c.Before, c.After, c.Reason }),
        hints = Reply.Hints,
        recommendations = Analysis.Recommendations,
    };
}
