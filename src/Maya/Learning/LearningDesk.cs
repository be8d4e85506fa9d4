using System.Globalization;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Takes in what happened to posts, and answers with what it teaches.</summary>
internal sealed class LearningDesk(OutcomeStore store, OutcomeModels models, ExperimentDesk experiments, ContentNews news, TimeProvider time)
{
    private const int Chunk = 500;
    private const string Promise = "An estimate from this account's own posts, not a promise: most of what happens to a post is not in its text.";

    /// <summary>Counts a stream of events; what comes twice counts once, however often the stream is sent.</summary>
    /// <exception cref="ArgumentException">An event is wrong; those before it are stored.</exception>
    public async Task<RecordEngagementReply> RecordAsync(string tenant, IAsyncEnumerable<Engagement> events, CancellationToken token)
    {
        var reply = new RecordEngagementReply();
        await foreach (var chunk in events.Chunk(Chunk).WithCancellation(token))
        {
            var recorded = await RecordAsync(tenant, chunk, fromBus: false, token);
            reply.Stored += recorded.Stored;
            reply.Duplicates += recorded.Duplicates;
            reply.UnknownPosts += recorded.UnknownPosts;
        }

        return reply;
    }

    /// <summary>Counts some events in one transaction. Others hear of those that did not come from the bus.</summary>
    public async Task<Recorded> RecordAsync(string tenant, IReadOnlyList<Engagement> events, bool fromBus, CancellationToken token)
    {
        var now = time.GetUtcNow();
        var read = events.Select(e => EngagementReader.Event(e, now)).ToList();
        var recorded = await store.RecordAsync(tenant, read, now.ToUnixTimeMilliseconds(), async (connection, fresh) =>
        {
            await experiments.CountAsync(connection, tenant, fresh);
            if (!fromBus)
                await ContentNews.AddAsync(connection, tenant, fresh);
        }, token);
        if (!fromBus)
            news.Pulse.Beat();
        models.ForgetEmpty(tenant);
        return recorded;
    }

    /// <summary>Brings in a stream of published posts.</summary>
    /// <exception cref="ArgumentException">A post is wrong; those before it are stored.</exception>
    public async Task<ImportPostsReply> ImportAsync(string tenant, IAsyncEnumerable<PublishedPost> posts, CancellationToken token)
    {
        var reply = new ImportPostsReply();
        await foreach (var chunk in posts.Chunk(Chunk).WithCancellation(token))
        {
            var now = time.GetUtcNow();
            var (added, raised) = await store.ImportAsync([.. chunk.Select(p => EngagementReader.Post(tenant, p, now))], token);
            reply.Added += added;
            reply.Raised += raised;
            reply.Unchanged += chunk.Length - added - raised;
        }

        models.Forget(tenant);
        return reply;
    }

    /// <summary>What performed.</summary>
    public async Task<AnalyseReply> AnalyseAsync(string tenant, AnalyseRequest request, CancellationToken token)
    {
        var platform = request.Platform.Length == 0 ? "" : ContentRules.Of(request.Platform).Name;
        return EngagementAnalysis.Of(await store.ListAsync(tenant, request.Simulated, platform, request.CampaignId, token), request.Simulated);
    }

    /// <summary>Where a text would rank.</summary>
    public async Task<ContentScore> ScoreAsync(string tenant, ScoreContentRequest request, CancellationToken token)
    {
        var rules = ContentRules.Of(request.Platform);
        if (request.Format.Length > 0 && !PostFeatures.Formats.Contains(request.Format))
            throw new ArgumentException($"format is '{SafeText.Cut(request.Format, 40)}'; use one of {string.Join(", ", PostFeatures.Formats)}.");
        var learned = await models.GetAsync(tenant, rules.Name, request.Simulated, token);
        return Score(learned, rules, request.Text, EngagementReader.Slot("slot", request.Slot), request.Theme, request.Format);
    }

    /// <summary>Applies what performed to a text and a slot.</summary>
    public async Task<OptimiseReply> OptimiseAsync(string tenant, OptimiseRequest request, CancellationToken token)
    {
        var rules = ContentRules.Of(request.Platform);
        if (string.IsNullOrWhiteSpace(request.Text))
            throw new ArgumentException("text is empty; give the text to optimise.");
        var (slot, quiet) = (EngagementReader.Slot("slot", request.Slot), QuietHours.Read(request.QuietHours));
        var learned = await models.GetAsync(tenant, rules.Name, request.Simulated, token);
        var result = TextOptimiser.Apply(rules, request.Text, slot, learned.Advice, quiet);
        var reply = new OptimiseReply
        {
            Text = result.Text,
            Slot = result.Slot is { } at ? new Slot(at).Text : "",
            Before = Score(learned, rules, request.Text, slot, request.Theme, ""),
            After = Score(learned, rules, result.Text, result.Slot, request.Theme, ""),
        };
        reply.Changes.AddRange(result.Changes.Select(c => new OptimiseChange { What = c.What, Before = c.Before, After = c.After, Reason = c.Advice.Text, Evidence = EngagementAnalysis.Evidence(c.Advice) }));
        reply.Hints.AddRange(result.Hints.Select(h => h.Text));
        return reply;
    }

    private static ContentScore Score(LearnedPlatform learned, PlatformRules rules, string text, DateTimeOffset? slot, string theme, string format)
    {
        var score = new ContentScore { History = learned.History };
        if (learned.Model is not { } model)
        {
            var form = PostScore.Of(rules, text, "");
            (score.Score, score.Low, score.High, score.Basis) = (form.Value, form.Value, form.Value, PostScore.Form);
            score.Note = $"{learned.History.Problem} The score is a default by form only and predicts nothing about this account.";
            return score;
        }

        var rank = model.Rank(PostFeatures.Of(rules, text, slot, theme, format));
        (score.Score, score.Low, score.High, score.Basis, score.Note) = (rank.Score, rank.Low, rank.High, PostScore.History, Promise);
        score.Drivers.AddRange(rank.Drivers.Select(d => new ScoreDriver { Feature = d.Feature, Effect = d.Effect, Text = string.Create(CultureInfo.InvariantCulture, $"{d.Feature}: {d.Effect:F2} times") }));
        return score;
    }
}
