using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Platform.Host;
using Platform.Privacy;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Privacy;

/// <summary>Keys by their door, beside the key of the settings: who may, whose tenant, and how long.</summary>
public sealed class KeysDoorSpec : IAsyncLifetime
{
    private const string Admin = "key-of-admin";
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router", new Dictionary<string, string?>
    {
        ["Engines:Cerebras:ApiKey"] = "never-called",
        ["Router:RecallMs"] = "20",
        ["Access:AdminKeyHash"] = AccessOptions.HashOf(Admin),
        ["Access:WrongKeysPerMinute"] = "3",
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task CreatedKey_ActsForItsTenantAndNoOther()
    {
        var acme = await MakeAsync("acme", Roles.User);
        var blue = await MakeAsync("blue", Roles.User);

        var job = await Jobs(acme.Text).SubmitAsync(new GenerateRequest { Task = "A task" }, cancellationToken: Token);

        job.Tenant.ShouldBe("acme");
        await Jobs(blue.Text).GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, job.Id);
    }

    [Fact]
    public async Task RevokedKey_IsRefusedAtOnce()
    {
        var made = await MakeAsync("acme", Roles.User);
        await Jobs(made.Text).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token);

        var revoked = await Access(Admin).RevokeKeyAsync(new RevokeKeyRequest { Id = made.Key.Id }, cancellationToken: Token);

        (revoked.State, revoked.Id).ShouldBe(("revoked", made.Key.Id));
        await Jobs(made.Text).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.Unauthenticated);
        (await Access(Admin).ListKeysAsync(new ListKeysRequest(), cancellationToken: Token)).Keys.ShouldHaveSingleItem().State.ShouldBe("revoked");
    }

    [Theory]
    [InlineData(Roles.User)]
    [InlineData(Roles.Privacy)]
    public async Task KeyWithoutTheRole_ManagesNothing(string role)
    {
        var key = (await MakeAsync("acme", role)).Text;

        await Access(key).CreateKeyAsync(new CreateKeyRequest { Name = "n" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied, "administrator");
        await Access(key).ListKeysAsync(new ListKeysRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await Access(key).RevokeKeyAsync(new RevokeKeyRequest { Id = "x" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await Access(key).RotateMasterKeyAsync(new RotateMasterKeyRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await Access(key).VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task CreatedAdministrator_ManagesKeysToo()
    {
        var admin = (await MakeAsync("acme", Roles.Admin)).Text;

        var made = await Access(admin).CreateKeyAsync(new CreateKeyRequest { Name = "second" }, cancellationToken: Token);

        (made.Key.Tenant, made.Key.Role).ShouldBe(("acme", Roles.User));
        made.Key.CreatedBy.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("", "n", "name")]
    [InlineData("n", "king", "role")]
    public async Task CreateKey_WrongWords_NamesTheField(string name, string role, string field) =>
        await Access(Admin).CreateKeyAsync(new CreateKeyRequest { Name = name, Role = role }, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync(field);

    [Fact]
    public async Task RevokeKey_Unknown_IsNotFound() =>
        await Access(Admin).RevokeKeyAsync(new RevokeKeyRequest { Id = "0123456789abcdef" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, "keys list");

    [Fact]
    public async Task WrongKeys_TooMany_MustWaitWhileKnownKeysGoOn()
    {
        var known = (await MakeAsync("acme", Roles.User)).Text;
        await Jobs(known).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token);
        for (var i = 0; i < 3; i++)
            await Jobs($"wrong-{i}").ListJobsAsync(new ListJobsRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.Unauthenticated);

        await Jobs("wrong").ListJobsAsync(new ListJobsRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.ResourceExhausted, "wrong keys");
        using var http = new HttpClient { BaseAddress = _host.Doors.Http };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "wrong");
        using var refused = await http.GetAsync(new Uri("/nowhere", UriKind.Relative), Token);

        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds.ShouldBeInRange(1, 60);
        await Jobs(known).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token);
        await Access(Admin).ListKeysAsync(new ListKeysRequest(), cancellationToken: Token);
        (await ActionsAsync()).Count(action => action == AuditActions.KeysRefused).ShouldBe(1);
    }

    [Fact]
    public async Task Changes_OfKeysAndSwitches_AreOnRecord()
    {
        var made = await MakeAsync("acme", Roles.User);
        await Jobs(made.Text).SetFallbackAsync(new SetFallbackRequest { Enabled = false }, cancellationToken: Token);
        await Access(Admin).RevokeKeyAsync(new RevokeKeyRequest { Id = made.Key.Id }, cancellationToken: Token);

        (await ActionsAsync()).ShouldBe([AuditActions.KeyCreated, AuditActions.FallbackSet, AuditActions.KeyRevoked]);
        var verified = await Access(Admin).VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token);
        (verified.Ok, verified.Entries, verified.Signed, verified.Anchored).ShouldBe((true, 3, true, true));
        verified.PublicKey.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task ListAudit_WithThePrivacyRole_ShowsItsOwnTenantOnly()
    {
        await MakeAsync("blue", Roles.User);
        var officer = await MakeAsync("acme", Roles.Privacy);

        var seen = await Access(officer.Text).ListAudit(new ListAuditRequest(), cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

        seen.ShouldHaveSingleItem().Target.ShouldBe(officer.Key.Id);
    }

    private async Task<List<string>> ActionsAsync() =>
        await Access(Admin).ListAudit(new ListAuditRequest(), cancellationToken: Token).ResponseStream.ReadAllAsync(Token).Select(entry => entry.Action).ToListAsync(Token);

    private async Task<CreateKeyReply> MakeAsync(string tenant, string role) =>
        await Access(Admin).CreateKeyAsync(new CreateKeyRequest { Name = "test", Tenant = tenant, Role = role }, cancellationToken: Token);

    private Access.AccessClient Access(string key) => new(_host.Client(key));

    private Generation.GenerationClient Jobs(string key) => new(_host.Client(key));
}
