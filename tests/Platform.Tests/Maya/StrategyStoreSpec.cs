using Platform.Maya;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>From planning to posts, step by step, on both engines.</summary>
public abstract class StrategyStoreSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<MayaTables> TablesAsync();

    [Fact]
    public async Task Planning_AskedAgainThenMade_LaysOutPostsOnceAndCountsItsCost()
    {
        await using var tables = await TablesAsync();
        var (strategies, campaign) = (new StrategyStore(tables.Database, new CampaignSealing(vault: null!)), await PlannedAsync(tables));

        var taken = (await tables.Campaigns.TakeUnsubmittedAsync(10, 1_000, 20, Token)).ShouldNotBeNull();
        (await tables.Campaigns.TakeUnsubmittedAsync(10, 1_000, 20, Token)).ShouldBeNull("it is looked at again later");
        (await strategies.DueAsync("t", campaign.Id, Token)).ShouldBeTrue();
        (await tables.Campaigns.TakeUnsubmittedAsync(10, 1_000, 20, Token)).ShouldNotBeNull();
        var row = (await strategies.FindAsync("t", campaign.Id, Token)).ShouldNotBeNull();
        (row.Problem, row.CostUsd) = ("no json", 0.25);
        (await strategies.AgainAsync(taken, row, Token)).ShouldBeTrue();
        (await strategies.AgainAsync(taken, row, Token)).ShouldBeFalse("the first attempt is over");
        row = (await strategies.FindAsync("t", campaign.Id, Token)).ShouldNotBeNull();
        (row.Attempt, row.Problem, row.CostUsd).ShouldBe((2, "no json", 0.25));
        row.Made(new CampaignStrategy { Source = "brief", Message = "m" }, 5);
        (row.CostUsd, row.Simulated) = (0.5, 1);
        (await strategies.MadeAsync(taken, row, "given", [Post("p1"), Post("p2")], Token)).ShouldBeTrue();
        (await strategies.MadeAsync(taken, row, "given", [Post("p3")], Token)).ShouldBeFalse("it is laid out");

        var now = (await tables.Campaigns.FindAsync("t", campaign.Id, Token)).ShouldNotBeNull();
        (now.Planning, now.CostUsd, now.PlannedUsd, now.Simulated, now.State).ShouldBe((0, 0.5, 0.5, 1, "running"));
        (await tables.Posts.PageAsync("t", campaign.Id, "", 0, 10, Token)).Select(p => (p.Id, p.Hook)).ShouldBe([("p1", "hook"), ("p2", "hook")]);
        (await strategies.FindAsync("t", campaign.Id, Token))!.ToStrategy().ShouldSatisfyAllConditions(s => s.State.ShouldBe("made"), s => s.Message.ShouldBe("m"), s => s.Attempts.ShouldBe(2));
    }

    [Fact]
    public async Task Planning_Cancelled_LaysOutNothingAndCountsAllPosts()
    {
        await using var tables = await TablesAsync();
        var (strategies, campaign) = (new StrategyStore(tables.Database, new CampaignSealing(vault: null!)), await PlannedAsync(tables));
        await tables.Campaigns.TakeUnsubmittedAsync(10, 1_000, 20, Token);
        var row = (await strategies.FindAsync("t", campaign.Id, Token)).ShouldNotBeNull();

        (await tables.Campaigns.CancelAsync("t", campaign.Id, 7, Token)).ShouldBeTrue();
        row.Made(new CampaignStrategy(), 5);

        (await strategies.MadeAsync(campaign, row, "given", [Post("p1")], Token)).ShouldBeFalse();
        (await strategies.DueAsync("t", campaign.Id, Token)).ShouldBeFalse();
        (await tables.Campaigns.FindAsync("t", campaign.Id, Token))!.ToCampaign().ShouldSatisfyAllConditions(c => c.Pending.ShouldBe(0), c => c.Cancelled.ShouldBe(2));
        (await tables.Campaigns.ToCancelAsync(Token)).ShouldHaveSingleItem().Planning.ShouldBe(1);
    }

    private static Task<CampaignRow> PlannedAsync(MayaTables tables) => tables.Campaigns.InsertAsync(
        new CampaignRow { Tenant = "t", Id = "c1", Name = "n", Brief = "b", Total = 2, Planning = 1, CreatedMs = 1 }, [], Token, new StrategyRow { Tenant = "t", CampaignId = "c1", CreatedMs = 1 });

    private static PostRow Post(string id) => new() { Tenant = "t", Id = id, CampaignId = "c1", Ordinal = id[1] - '0', Platform = "x", Variant = "a", Hook = "hook" };
}

public sealed class SqliteStrategyStoreSpec : StrategyStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.SqliteAsync();
}

public sealed class PostgreSqlStrategyStoreSpec : StrategyStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.PostgreSqlAsync();
}
