using System.Data.Common;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.V1;

namespace Platform.Maya;

/// <summary>Starts experiments, hands out their arms, takes in results and says how they stand.</summary>
internal sealed class ExperimentDesk(ExperimentStore store, IOptions<MayaOptions> options, TimeProvider time)
{
    /// <summary>Starts an experiment.</summary>
    /// <exception cref="ArgumentException">A field is wrong.</exception>
    public async Task<Experiment> CreateAsync(string tenant, CreateExperimentRequest request, CancellationToken token)
    {
        var (row, arms) = ExperimentReader.Read(tenant, request, options.Value, time.GetUtcNow());
        return await ShowAsync(await store.InsertAsync(row, arms, token), token);
    }

    /// <summary>How an experiment stands.</summary>
    /// <exception cref="RpcException">NOT_FOUND when the tenant has no such experiment.</exception>
    public async Task<Experiment> GetAsync(string tenant, string id, CancellationToken token)
    {
        var row = await FindAsync(tenant, id, token);
        if (row is { Unit: ExperimentWords.Post, State: ExperimentWords.Running })
            await store.CountPostsAsync(row, options.Value.ExperimentPostImpressions, token);
        return await ShowAsync(row, token);
    }

    /// <summary>Experiments of a tenant, newest first.</summary>
    public async Task<ListExperimentsReply> ListAsync(string tenant, CancellationToken token)
    {
        var reply = new ListExperimentsReply();
        foreach (var row in await store.ListAsync(tenant, token))
            reply.Experiments.Add(await ShowAsync(row, token));
        return reply;
    }

    /// <summary>The arm of the next trial. A stopped experiment gives its winner, or the control when there is none.</summary>
    public async Task<ArmChoice> AllocateAsync(string tenant, string id, CancellationToken token) => (await AllocateAsync(await FindAsync(tenant, id, token), 1, token))[0];

    /// <summary>Arms for so many posts, each drawn by itself; none when no experiment is named.</summary>
    /// <exception cref="ArgumentException">The experiment is one of texts, which leave nothing to write.</exception>
    private async Task<IReadOnlyList<ArmChoice>> AllocateForPostsAsync(string tenant, string id, long count, CancellationToken token)
    {
        if (id.Length == 0)
            return [];
        var row = await FindAsync(tenant, id, token);
        return row.Kind != ExperimentWords.Text
            ? await AllocateAsync(row, count, token)
            : throw new ArgumentException($"experiment {row.Id} is one of texts; posts are written by experiments of prompts or models.");
    }

    /// <summary>
    /// Arms for so many posts. When neither an experiment nor a tier is asked for, the tier that won the newest ended experiment of models is taken, and the
    /// posts say which experiment that was.
    /// </summary>
    public async Task<IReadOnlyList<ArmChoice>> AllocateForPostsAsync(string tenant, string id, string tier, long count, CancellationToken token)
    {
        if (id.Length > 0 || tier.Length > 0)
            return await AllocateForPostsAsync(tenant, id, count, token);
        foreach (var row in await store.EndedModelsAsync(tenant, token))
        {
            if (ExperimentVerdict.Of(row, await store.ArmsAsync(tenant, row.Id, token)).Winner.Length > 0)
                return await AllocateAsync(row, count, token);
        }

        return [];
    }

    private async Task<IReadOnlyList<ArmChoice>> AllocateAsync(ExperimentRow row, long count, CancellationToken token)
    {
        var arms = await store.ArmsAsync(row.Tenant, row.Id, token);
        if (row.State == ExperimentWords.Stopped)
        {
            var winner = ExperimentVerdict.Of(row, arms).Winner;
            return [.. Enumerable.Repeat(Choice(row, arms.Find(a => a.Name == winner) ?? arms[0], 1), (int)count)];
        }

        var before = arms.ToDictionary(a => a.Ordinal, a => a.Assigned);
        var choices = new List<ArmChoice>((int)count);
        var chances = ExperimentVerdict.Chances(row, arms);
        for (var i = 0L; i < count; i++)
        {
            var chosen = row.Allocation == ExperimentWords.Split ? Drawn(arms) : ThompsonSampler.Next(row, arms, Random.Shared);
            choices.Add(Choice(row, chosen, chances[(int)chosen.Ordinal]));
            chosen.Assigned++;
        }

        await store.AssignAsync([.. arms.Select(a => (a, a.Assigned - before[a.Ordinal])).Where(a => a.Item2 > 0)], token);
        return choices;
    }

    /// <summary>Takes back arms that were handed out for posts that were not made.</summary>
    public Task ReleaseAsync(string tenant, IReadOnlyList<ArmChoice> choices, CancellationToken token) => store.ReleaseAsync(tenant, choices, token);

    private static ArmChoice Choice(ExperimentRow row, ArmRow arm, double probability) => new() { ExperimentId = row.Id, Arm = arm.Name, Content = arm.Content, Probability = probability };

    /// <summary>Adds results to an arm.</summary>
    /// <exception cref="RpcException">NOT_FOUND, or FAILED_PRECONDITION when the experiment has ended.</exception>
    public async Task<Experiment> RecordAsync(string tenant, RecordExperimentRequest request, CancellationToken token)
    {
        var row = await FindAsync(tenant, request.ExperimentId, token);
        if (row.State != ExperimentWords.Running)
            throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Experiment {row.Id} is {row.State}; it takes no more results."));
        var arms = await store.ArmsAsync(tenant, row.Id, token);
        if (arms.TrueForAll(a => a.Name != request.Arm))
            throw new ArgumentException($"arm is '{SafeText.Cut(request.Arm, 40)}'; use one of {string.Join(", ", arms.Select(a => a.Name))}.");
        await store.RecordAsync(row, request.RecordId, ExperimentReader.Result(row, request), time.GetUtcNow().ToUnixTimeMilliseconds(), token);
        return await ShowAsync(row, token);
    }

    /// <summary>Ends an experiment.</summary>
    public async Task<Experiment> StopAsync(string tenant, string id, CancellationToken token)
    {
        await GetAsync(tenant, id, token);
        await store.StopAsync(tenant, id, token);
        return await GetAsync(tenant, id, token);
    }

    /// <summary>Counts engagement of posts that an arm made, inside the transaction that counts the events.</summary>
    public async Task CountAsync(DbConnection connection, string tenant, IReadOnlyList<EngagementEvent> events)
    {
        var posts = (await store.OfPostsAsync(connection, tenant, events.Select(e => e.PostId).Distinct())).ToDictionary(p => p.PostId, StringComparer.Ordinal);
        var ours = events.Where(e => posts.ContainsKey(e.PostId)).Select(e => (Event: e, Post: posts[e.PostId]));
        foreach (var experiment in ours.GroupBy(x => x.Post.Experiment).OrderBy(g => g.Key.Id, StringComparer.Ordinal))
        {
            if (experiment.Key.Unit == ExperimentWords.Post)
            {
                await store.CountPostsAsync(connection, experiment.Key, options.Value.ExperimentPostImpressions, [.. experiment.Select(x => x.Event.PostId).Distinct()]);
                continue;
            }

            var results = experiment.GroupBy(x => x.Post.Arm).OrderBy(g => g.Key, StringComparer.Ordinal).Select(arm =>
            {
                long Sum(Func<string, bool> kind) => arm.Where(x => kind(x.Event.Kind)).Sum(x => x.Event.Count);
                var impressions = Sum(k => k == EngagementKinds.Impression);
                return new ArmResult(arm.Key, impressions, Sum(k => IsMetric(experiment.Key.Metric, k)), impressions, Sum(k => k == EngagementKinds.Unfollow));
            });
            await ExperimentStore.AddAsync(connection, experiment.Key, [.. results]);
        }
    }

    private static bool IsMetric(string metric, string kind) => metric == kind || (metric == EngagementKinds.Interaction && EngagementKinds.IsInteraction(kind));

    private static ArmRow Drawn(List<ArmRow> arms)
    {
        var left = Random.Shared.NextDouble();
        return arms.Find(arm => (left -= arm.Weight) < 0) ?? arms[^1];
    }

    private async Task<ExperimentRow> FindAsync(string tenant, string id, CancellationToken token) => await store.FindAsync(tenant, id, token)
        ?? throw new RpcException(new Status(StatusCode.NotFound, $"Experiment '{(id.Length > 40 ? id[..40] : id)}' is not known to this tenant."));

    private async Task<Experiment> ShowAsync(ExperimentRow row, CancellationToken token) => ExperimentVerdict.Of(row, await store.ArmsAsync(row.Tenant, row.Id, token));
}
