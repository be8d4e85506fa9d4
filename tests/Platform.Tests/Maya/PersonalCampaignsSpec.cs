using System.Text;
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Maya;
using Platform.Privacy;
using Platform.Storage;
using Platform.V1;

namespace Platform.Tests.Maya;

/// <summary>Campaigns and audience profiles about a person: sealed in every table, readable by their tenant, gone with the person.</summary>
public sealed class PersonalCampaignsSpec : IAsyncLifetime
{
    private const string Secret = "marzipan";
    private const string Yaml = $"name: Birthday {Secret}\nbrief: She loves {Secret} and lamps.\ngoal: Say {Secret}\nplatforms: [x]\nvariants: 2";
    private readonly string _home = Directory.CreateTempSubdirectory("maya-personal-").FullName;
    private MayaHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await new MayaHost(home: _home, settings: [("PLATFORM_KEYS", Path.Combine(_home, "vault")), ("Sealing:CacheSeconds", "0"), ("Maya:CompareEvery", "01:00:00"), ("Maya:SweepEvery", "01:00:00")]).StartAsync();
        _host.Router.Answer = static _ => new JobResult { Text = $"Lamps and {Secret}.", Model = "m" };
        _host.Router.Plan = static _ => new Job { State = JobStates.Succeeded, Result = new JobResult { Text = FakeGeneration.Strategy.Replace("comfort", Secret, StringComparison.Ordinal), Model = "m" } };
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Campaign_AboutAPerson_IsSealedInEveryTableAndReadable()
    {
        var id = await MadeAsync();

        (await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token)).ShouldSatisfyAllConditions(
            c => c.Name.ShouldContain(Secret), c => c.Strategy.Themes[0].Name.ShouldBe(Secret), c => c.State.ShouldBe("done"));
        var posts = await PostsAsync(id);
        posts.ShouldAllBe(p => p.Theme == Secret && p.Text.Contains(Secret) && p.Hook.Length > 0);
        _host.Router.Batches[id].ShouldAllBe(i => i.Request.SubjectId == "anna");
        _host.Router.Singles.Values.ShouldAllBe(r => r.SubjectId == "anna");
        (await EverythingAsync()).ShouldNotContain(Secret);
    }

    [Fact]
    public async Task Audience_AboutAPerson_IsSealedAndBindsWhatIsWrittenForIt()
    {
        await AudienceAsync("reader");

        (await _host.Client.GetAudienceAsync(new NameRequest { Name = "reader" }, cancellationToken: Token)).Description.ShouldContain(Secret);
        (await _host.Client.ListAudiencesAsync(new ListProfilesRequest(), cancellationToken: Token)).Audiences.ShouldHaveSingleItem().SubjectId.ShouldBe("anna");
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = "name: a\nbrief: b\nplatforms: [x]\nprofile: reader" }, cancellationToken: Token);
        _host.Router.Batches[campaign.Id][0].Request.SubjectId.ShouldBe("anna");
        (await CreateAsync("", "reader")).Text.ShouldContain(Secret);
        (await EverythingAsync()).ShouldNotContain(Secret);
        (await Should.ThrowAsync<RpcException>(() => CreateAsync("bob", "reader"))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        using var rows = _host.Client.SubmitPosts(cancellationToken: Token);
        await rows.RequestStream.WriteAsync(new PostInput { CustomId = "1", Platform = "x", Brief = "b", AudienceName = "reader" }, Token);
        await rows.RequestStream.CompleteAsync();
        (await Should.ThrowAsync<RpcException>(() => rows.ResponseAsync)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
    }

    [Fact]
    public async Task Restricted_Person_NothingNewIsTakenIn()
    {
        await AudienceAsync("reader");
        var pseudonym = (await Vault.LookUpAsync(Caller.DefaultTenant, "anna", Token))[0];
        await Vault.RestrictAsync(Caller.DefaultTenant, pseudonym, restricted: true, Token);

        (await Should.ThrowAsync<RpcException>(MadeAsync)).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await Should.ThrowAsync<RpcException>(() => AudienceAsync("other"))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await Should.ThrowAsync<RpcException>(() => CreateAsync("", "reader"))).StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        (await _host.Client.GetAudienceAsync(new NameRequest { Name = "reader" }, cancellationToken: Token)).Description.ShouldContain(Secret, Case.Sensitive, "what is there stays as it is");
    }

    [Fact]
    public async Task Export_APerson_HoldsCampaignStrategyPostsAndProfile()
    {
        await MadeAsync();
        await AudienceAsync("reader");

        var records = await Subjects.ReadAsync(Caller.DefaultTenant, (await Vault.LookUpAsync(Caller.DefaultTenant, "anna", Token))[0], Token).ToListAsync(Token);

        records.Select(r => r.Kind).ShouldBe(["post", "post", "campaign", "audience"]);
        records[2].Json.ShouldSatisfyAllConditions(j => j.ShouldContain($"She loves {Secret}"), j => j.ShouldContain("callsToAction"));
        records[3].Json.ShouldContain(Secret);
    }

    [Fact]
    public async Task Erase_APerson_LeavesNothingThatOpensAlsoNotInABackup()
    {
        var (id, other) = (await MadeAsync(), await MadeAsync("bob"));
        await AudienceAsync("reader");
        var pseudonym = (await Vault.LookUpAsync(Caller.DefaultTenant, "anna", Token))[0];
        var backup = await Database.ReadAsync(c => c.QuerySingleAsync<CampaignRow>("select tenant as Tenant, id as Id, name as Name, brief as Brief, subject_id as SubjectId from campaigns where id = @id", new { id }), Token);
        var (profile, strategy) = await Database.ReadAsync(async c => (await c.QuerySingleAsync<byte[]>("select document from profiles"), await c.QuerySingleAsync<byte[]>("select document from strategies where campaign_id = @id", new { id })), Token);

        await Vault.DestroyAsync(Caller.DefaultTenant, pseudonym, Token);
        var gone = await Should.ThrowAsync<RpcException>(async () => await _host.Client.GetCampaignAsync(new GetCampaignRequest { CampaignId = id }, cancellationToken: Token));
        (await _host.Client.ListCampaignsAsync(new ListCampaignsRequest(), cancellationToken: Token)).Campaigns.ShouldHaveSingleItem().Id.ShouldBe(other);
        (await _host.Client.ListAudiencesAsync(new ListProfilesRequest(), cancellationToken: Token)).Audiences.ShouldBeEmpty();
        var dropped = await Subjects.DropAsync(Caller.DefaultTenant, pseudonym, Token);

        gone.StatusCode.ShouldBe(StatusCode.NotFound);
        (dropped.Erased["campaigns"], dropped.Erased["strategies"], dropped.Erased["posts"], dropped.Erased["audiences"]).ShouldBe((1, 1, 2, 1));
        (await _host.Services.GetRequiredService<CampaignSealing>().OpenAsync(backup, Token)).ShouldBeNull();
        foreach (var bytes in new[] { profile, strategy, Encoding.UTF8.GetBytes(backup.Name + backup.Brief) })
            Encoding.Latin1.GetString(bytes).ShouldNotContain(Secret);
        (await Vault.FindAsync(Caller.DefaultTenant, pseudonym, Token)).ShouldBeNull();
        (await Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from campaigns"), Token)).ShouldBe(1);
        (await PostsAsync(other)).ShouldAllBe(p => p.Text.Contains(Secret));
    }

    [Fact]
    public async Task Submit_SameKeyAboutAPerson_SameCampaignAndNoHashOfItsBrief()
    {
        var request = new SubmitCampaignRequest { Yaml = Yaml, IdempotencyKey = "k", SubjectId = "anna" };
        var first = await _host.Client.SubmitCampaignAsync(request, cancellationToken: Token);

        (await _host.Client.SubmitCampaignAsync(request, cancellationToken: Token)).Id.ShouldBe(first.Id);
        request.Yaml += "\nlanguage: English";
        (await Should.ThrowAsync<RpcException>(async () => await _host.Client.SubmitCampaignAsync(request, cancellationToken: Token))).StatusCode.ShouldBe(StatusCode.AlreadyExists);
        (await Database.ReadAsync(c => c.QuerySingleAsync<string>("select brief_hash from campaigns"), Token)).ShouldBeEmpty();
    }

    private Database Database => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Maya);

    private SubjectVault Vault => _host.Services.GetRequiredService<SubjectVault>();

    private MayaSubjects Subjects => _host.Services.GetRequiredService<MayaSubjects>();

    private Task<string> MadeAsync() => MadeAsync("anna");

    private async Task<string> MadeAsync(string subject)
    {
        var campaign = await _host.Client.SubmitCampaignAsync(new SubmitCampaignRequest { Yaml = Yaml, SubjectId = subject }, cancellationToken: Token);
        await _host.Services.GetRequiredService<PostEffects>().ApplyAsync([.. _host.Router.Batches[campaign.Id].Select(i => _host.Router.Close(i).Read())], Token);
        return campaign.Id;
    }

    private async Task AudienceAsync(string name) =>
        await _host.Client.PutAudienceAsync(new Audience { Name = name, Description = $"Anna, who loves {Secret}", SubjectId = "anna" }, cancellationToken: Token);

    private async Task<Post> CreateAsync(string subject, string audience)
    {
        using var call = _host.Client.CreatePost(new CreatePostRequest { Brief = "Lamps", Platform = "x", SubjectId = subject, AudienceName = audience }, cancellationToken: Token);
        return (await call.ResponseStream.ReadAllAsync(Token).ToListAsync(Token))[^1].Post.ShouldNotBeNull();
    }

    private async Task<List<Post>> PostsAsync(string id) =>
        await _host.Client.ListPosts(new ListPostsRequest { CampaignId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

    /// <summary>Every value of every table, as it lies in the store.</summary>
    private Task<string> EverythingAsync() => Database.ReadAsync(async connection =>
    {
        var all = new StringBuilder();
        foreach (var table in await connection.QueryAsync<string>("select name from sqlite_master where type = 'table'"))
        {
            foreach (IDictionary<string, object> row in await connection.QueryAsync($"select * from \"{table}\""))
                all.AppendJoin('\n', row.Values.Select(value => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : value?.ToString()));
        }

        return all.ToString();
    }, Token);
}
