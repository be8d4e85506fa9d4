using Platform.Maya;

namespace Platform.Tests.Maya;

/// <summary>Writers of the same post, on both engines.</summary>
public abstract class PostStoreSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected abstract Task<MayaTables> TablesAsync();

    [Fact]
    public async Task Close_PostReviewedSinceItWasRead_KeepsTheReview()
    {
        await using var tables = await TablesAsync();
        await tables.Posts.InsertAsync(new PostRow { Tenant = "t", Id = "p1", Platform = "x", Variant = "a", State = PostStates.Failed }, Token);
        var (late, review) = (await FindAsync(tables), await FindAsync(tables));
        (review.State, review.Text) = (PostStates.Ready, "What the reviewer wrote.");
        (await tables.Posts.ReviewAsync(review, null, PostStates.Failed, tables.Campaigns, 1, Token)).ShouldBeTrue();

        (late.State, late.Text) = (PostStates.Ready, "What a late job wrote.");
        var written = await tables.Database.WriteAsync(connection => tables.Posts.CloseAsync(connection, [late], Token), Token);

        written.ShouldBeEmpty();
        (await FindAsync(tables)).ShouldSatisfyAllConditions(p => p.Text.ShouldBe("What the reviewer wrote."), p => p.Version.ShouldBe(2));
    }

    [Fact]
    public async Task Close_PendingPost_IsWrittenOnce()
    {
        await using var tables = await TablesAsync();
        await tables.Posts.InsertAsync(new PostRow { Tenant = "t", Id = "p1", Platform = "x", Variant = "a" }, Token);
        var row = await FindAsync(tables);
        (row.State, row.Text) = (PostStates.Ready, "Made.");

        (await tables.Database.WriteAsync(connection => tables.Posts.CloseAsync(connection, [row, row], Token), Token)).ShouldBe([row]);
        (await tables.Database.WriteAsync(connection => tables.Posts.CloseAsync(connection, [row], Token), Token)).ShouldBeEmpty();

        (await FindAsync(tables)).ShouldSatisfyAllConditions(p => p.Text.ShouldBe("Made."), p => p.Version.ShouldBe(2));
    }

    /// <summary>Reviews and closing jobs at the same moment: whoever is told that he was first is the one whose text stands.</summary>
    [Fact]
    public async Task CloseAndReview_AtTheSameMoment_OnlyTheFirstStands()
    {
        await using var tables = await TablesAsync();
        for (var i = 0; i < 30; i++)
        {
            await tables.Posts.InsertAsync(new PostRow { Tenant = "t", Id = $"p{i}", Platform = "x", Variant = "a", State = PostStates.Failed }, Token);
            var (late, review) = (await FindAsync(tables, $"p{i}"), await FindAsync(tables, $"p{i}"));
            (late.State, late.Text, review.State, review.Text) = (PostStates.Ready, "job", PostStates.Ready, "review");

            var closing = Task.Run(() => tables.Database.WriteAsync(connection => tables.Posts.CloseAsync(connection, [late], Token), Token), Token);
            var reviewed = await Task.Run(() => tables.Posts.ReviewAsync(review, null, PostStates.Failed, tables.Campaigns, 1, Token), Token);

            ((await closing).Count == 1).ShouldBe(!reviewed);
            (await FindAsync(tables, $"p{i}")).Text.ShouldBe(reviewed ? "review" : "job");
        }
    }

    private static async Task<PostRow> FindAsync(MayaTables tables, string id = "p1") => (await tables.Posts.FindAsync("t", id, Token)).ShouldNotBeNull();
}

public sealed class SqlitePostStoreSpec : PostStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.SqliteAsync();
}

public sealed class PostgreSqlPostStoreSpec : PostStoreSpec
{
    private protected override Task<MayaTables> TablesAsync() => MayaTables.PostgreSqlAsync();
}
