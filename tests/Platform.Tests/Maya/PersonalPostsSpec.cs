using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Posts about a person: sealed in the store, readable by their tenant, gone with the person.</summary>
public sealed class PersonalPostsSpec : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("maya-privacy-").FullName;
    private MayaHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await new MayaHost(home: _home, settings: ("PLATFORM_KEYS", Path.Combine(_home, "vault"))).StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task CreatePost_AboutAPerson_IsSealedAndReadable()
    {
        var post = await CreateAsync("anna");
        var stored = await StoredAsync(post.Id);

        post.Text.ShouldContain("lamps");
        stored.SubjectId.ShouldNotBe("anna");
        stored.Text.ShouldNotContain("lamps");
        stored.Reasons.ShouldNotContain("lamps");
        System.Text.Encoding.UTF8.GetString(stored.Request).ShouldNotContain("birthday");
        (await ReviewAsync(post.Id, "approve")).Text.ShouldBe(post.Text);
        (await StoredAsync((await CreateAsync("")).Id)).Text.ShouldContain("lamps", Case.Sensitive, "a post about nobody stays as it was");
    }

    [Fact]
    public async Task Drop_APerson_RemovesThePostsAndNamesThoseThatMayBeOutside()
    {
        var approved = await CreateAsync("anna");
        var draft = await CreateAsync("anna");
        var other = await CreateAsync("bob");
        await ReviewAsync(approved.Id, "approve");
        await RecordAsync(approved.Id);
        var subject = (await StoredAsync(approved.Id)).SubjectId;

        var dropped = await Subjects.DropAsync(Caller.DefaultTenant, subject, Token);
        var again = await Subjects.DropAsync(Caller.DefaultTenant, subject, Token);

        (dropped.Erased["posts"], dropped.Erased["outcomes"], dropped.Erased["engagement_events"], again.Erased["posts"]).ShouldBe((2, 1, 1, 0));
        dropped.Remote.ShouldBe([$"x:{approved.Id}"]);
        await Should.ThrowAsync<RpcException>(() => ReviewAsync(draft.Id, "approve"));
        (await ReviewAsync(other.Id, "approve")).Text.ShouldContain("lamps");
    }

    [Fact]
    public async Task KeyDestroyed_BeforeTheRowsAreGone_NothingOpens()
    {
        var post = await CreateAsync("anna");
        var subject = (await StoredAsync(post.Id)).SubjectId;

        await _host.Services.GetRequiredService<SubjectVault>().DestroyAsync(Caller.DefaultTenant, subject, Token);

        (await Should.ThrowAsync<RpcException>(() => ReviewAsync(post.Id, "approve"))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await Subjects.ReadAsync(Caller.DefaultTenant, subject, Token).ToListAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Engagement_OfAPostAboutAPerson_IsCountedWithoutItsText()
    {
        var post = await CreateAsync("anna");

        await RecordAsync(post.Id);

        var outcome = await Database.ReadAsync(connection => connection.QuerySingleAsync<string>("select text || features || impressions from outcomes"), Token);
        outcome.ShouldBe("[]40");
    }

    [Fact]
    public async Task Review_IsOnRecord()
    {
        var post = await CreateAsync("");

        await ReviewAsync(post.Id, "approve");

        var row = (await _host.Services.GetRequiredService<AuditCheck>().PageAsync("", 0, 10, Token)).ShouldHaveSingleItem();
        (row.Action, row.Target, row.Detail).ShouldBe((AuditActions.PostReviewed, post.Id, "action=approve state=approved"));
    }

    private Database Database => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya);

    private MayaSubjects Subjects => _host.Services.GetRequiredService<MayaSubjects>();

    private async Task<Post> CreateAsync(string subject)
    {
        using var call = _host.Client.CreatePost(new CreatePostRequest { Brief = "Lamps for her birthday", Platform = "x", SubjectId = subject }, cancellationToken: Token);
        var events = await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        return events[^1].Post.ShouldNotBeNull();
    }

    private async Task<Post> ReviewAsync(string id, string action) => await _host.Client.ReviewPostAsync(new ReviewPostRequest { PostId = id, Action = action }, cancellationToken: Token);

    private async Task RecordAsync(string id)
    {
        using var call = _host.Client.RecordEngagement(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new Engagement { EventId = $"e-{id}", PostId = id, Kind = "impression", Count = 40, AtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() }, Token);
        await call.RequestStream.CompleteAsync();
        (await call).Stored.ShouldBe(1);
    }

    private Task<PostRow> StoredAsync(string id) => Database.ReadAsync(connection => connection.QuerySingleAsync<PostRow>(
        "select id as Id, subject_id as SubjectId, request as Request, text as Text, reasons as Reasons from posts where id = @id", new { id }), Token);
}
