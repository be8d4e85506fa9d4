using Platform.Benchmarks.Engines;
using Platform.Benchmarks.Jobs;
using Platform.Maya;
using Platform.V1;

namespace Platform.Benchmarks.Maya;

/// <summary>
/// How long somebody waits for a post beyond the engine's own time: intent, prompt, job, answer, humanise, fit, safety, score, stored; and how long rules
/// take to change a text, to classify one and to check one.
/// </summary>
internal static class PostLatency
{
    private const int WarmUp = 30;
    private const int Posts = 200;
    private const int Texts = 2_000;
    private const double TargetPost = 15;
    private const double TargetAdjust = 50;
    private const double TargetLocal = 1;
    private const string Answer = "Our desk lamp now dims by itself. Read longer, sleep better. See it at example.com/lamp #reading";

    private const string Long = "We are thrilled to announce that our desk lamp now dims by itself, so that you can read as long as you like and still sleep well. It learns when you " +
        "go to bed, it never shines into your eyes, and it remembers what you liked yesterday. Try it for thirty days, and if you do not love it, send it back at our cost.";

    /// <summary>Command <c>content</c>.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        await using (var upstream = await StampingEngine.StartAsync(1, TimeSpan.Zero, Answer))
        {
            using var raw = new RawUpstream(upstream.Address);
            await using var system = await BenchmarkSystem.StartAsync(distributed: false, EngineSettings.Only(upstream.Address), CancellationToken.None);
            await MeasureAsync(system, raw);
        }

        Local("content adjusted (tone, length)", TargetAdjust, static i => TextAdjuster.Adjust("x", $"{Long} {i}", new TextAdjustment { Tone = i % 2 == 0 ? "formal" : "casual" }));
        Local("intent", TargetLocal, static i => ContentClassifier.Classify(ContentClassifier.Intent, $"{Long} {i}"));
        Local("sentiment", TargetLocal, static i => ContentClassifier.Classify(ContentClassifier.Sentiment, $"{Long} {i}"));
        Local("safety", TargetLocal, static i => ContentClassifier.Classify(ContentClassifier.Safety, $"{Long} {i}"));
        return 0;
    }

    private static async Task MeasureAsync(BenchmarkSystem system, RawUpstream raw)
    {
        var (ours, floor) = (new Quantiles(), new Quantiles());
        for (var i = -WarmUp; i < Posts; i++)
        {
            var through = await CreateAsync(system, i);
            var alone = await Timed.RunAsync(() => raw.StreamAsync(static _ => { }));
            if (i < 0)
                continue;
            ours.Add(through);
            floor.Add(alone);
        }

        var conditions = FormattableString.Invariant($"{system.Conditions}; one at a time, {ours.Count} posts; HttpClient alone takes {floor.At(0.5):0.00} ms (p50) for the same answer");
        foreach (var (name, share) in new[] { ("p50", 0.5), ("p99", 0.99) })
            BenchmarkRow.Of($"post created, whole pipeline {name}", ours.At(share), "ms", "target for p50", TargetPost, conditions).Print();
    }

    private static Task<double> CreateAsync(BenchmarkSystem system, int number) => Timed.RunAsync(async () =>
    {
        using var call = system.Content.CreatePost(new CreatePostRequest { Platform = "x", Brief = $"Our lamp dims by itself, release {number}" });
        Post? post = null;
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            post = call.ResponseStream.Current.Post ?? post;
        if (post?.State != "ready")
            throw new InvalidOperationException($"The post is {post?.State ?? "not there"}: {string.Join(' ', post?.Reasons ?? [])}");
    });

    private static void Local(string name, double target, Action<int> work)
    {
        var times = new Quantiles();
        for (var i = -WarmUp; i < Texts; i++)
        {
            var took = Timed.Run(() => work(i));
            if (i >= 0)
                times.Add(took);
        }

        BenchmarkRow.Of($"{name} p50", times.At(0.5), "ms", "target", target, $"one thread, {Texts:N0} different texts of {Long.Length} characters").Print();
    }
}
