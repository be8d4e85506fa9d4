using Grpc.Core;
using Npgsql;
using Platform.Cli.Servers;
using Platform.Contracts;
using Platform.Simulator;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Ten thousand posts while a worker, the broker and the database die one after the other: the campaign is complete and no post is there twice.</summary>
public sealed class CampaignChaosSpec(RealServers servers)
{
    private const int Posts = 10_000;

    // 10 platforms x 250 slots x 4 variants.
    private const string Brief = """
        name: Ten thousand
        brief: A library that counts words as each platform counts them, for people who schedule posts.
        platforms: [x, bluesky, mastodon, threads, linkedin, facebook, instagram, telegram, discord, reddit]
        slots: 250
        variants: 4
        intent: announce
        strategy: none
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 900_000)]
    public async Task TenThousandPosts_SurviveWorkerBrokerAndDatabase()
    {
        Assert.SkipWhen(servers.Kit.RabbitMq.Kind == ServerKinds.Given || servers.Kit.PostgreSql.Kind == ServerKinds.Given, "the servers are not ours to kill");
        var settings = new Dictionary<string, string?> { ["Inference:BatchJobs"] = "64" };
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, new SimulatorOptions { TokensPerSecond = 0 }, 2, Token, settings);
        var content = new V1.Content.ContentClient(system.Invoker(ModuleNames.Maya));
        var campaign = await content.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Brief }, cancellationToken: Token);
        campaign.Total.ShouldBe(Posts);

        await WaitAsync(system, content, campaign.Id, ready => ready >= Posts / 10);
        var worker = system.Cluster!.Of(ModuleNames.Inference)[0];
        await worker.KillAsync();
        worker.Restart();
        await WaitAsync(system, content, campaign.Id, ready => ready >= Posts * 3 / 10);
        await servers.Kit.RabbitMq.RestartAsync(Token);
        await WaitAsync(system, content, campaign.Id, ready => ready >= Posts * 5 / 10);
        await servers.Kit.PostgreSql.KillAsync(Token);
        await servers.Kit.PostgreSql.StartAsync(null, Token);
        var done = await WaitAsync(system, content, campaign.Id, ready => ready >= Posts);

        done.Failed.ShouldBe(0, system.Logs());
        done.State.ShouldBe("done");
        var posts = new List<Post>();
        await foreach (var post in content.ListPosts(new ListPostsRequest { CampaignId = campaign.Id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token))
            posts.Add(post);
        posts.Select(post => post.Id).Distinct().Count().ShouldBe(Posts);
        posts.Select(post => (post.Platform, post.Slot, post.Variant)).Distinct().Count().ShouldBe(Posts);
        posts.ShouldAllBe(post => post.Text.Length > 0 && post.Simulated);
        (await ClosedJobsAsync(system)).ShouldBe(Posts, "a post was written by two jobs, or by none");
    }

    private static async Task<Campaign> WaitAsync(SystemUnderTest system, V1.Content.ContentClient content, string id, Func<long, bool> enough)
    {
        while (true)
        {
            try
            {
                var campaign = await content.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token);
                if (enough(campaign.Ready + campaign.Failed))
                    return campaign;
                campaign.State.ShouldNotBe("cancelled", system.Logs());
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unavailable or StatusCode.Internal && !Token.IsCancellationRequested)
            {
                // The database is down on purpose.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), Token);
        }
    }

    /// <summary>Looks into the ledger itself: how many jobs ended well.</summary>
    private static async Task<long> ClosedJobsAsync(SystemUnderTest system)
    {
        await using var connection = new NpgsqlConnection(system.Cluster!.Of(ModuleNames.Router)[0].Setting("ConnectionStrings__platform"));
        await connection.OpenAsync(Token);
        await using var command = new NpgsqlCommand("select count(*) from router.jobs where state = 'succeeded'", connection);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
