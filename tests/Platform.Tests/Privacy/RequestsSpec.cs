using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Host;
using Platform.Privacy;
using Platform.Tests.Host;
using Platform.V1;

namespace Platform.Tests.Privacy;

/// <summary>Requests that people answer, consents and retention: what is on record and what ends it.</summary>
public sealed class RequestsSpec : IAsyncLifetime
{
    private const string Admin = "key-of-admin";
    private readonly string _home = Directory.CreateTempSubdirectory("requests-test-").FullName;
    private TestHost _host = null!;
    private string _acme = "";
    private string _blue = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await TestHost.StartAsync(ModuleNames.Router, new Dictionary<string, string?> { ["Access:AdminKeyHash"] = AccessOptions.HashOf(Admin) }, _home);
        _acme = await KeyAsync("acme");
        _blue = await KeyAsync("blue");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Theory]
    [InlineData("rectify", false)]
    [InlineData("object", false)]
    [InlineData("restrict", true)]
    public async Task CloseRequest_ThatAPersonAnswers_IsDone_AndOneToRestrictRestricts(string kind, bool restricted)
    {
        var open = await Privacy(_acme).OpenRequestAsync(new OpenPrivacyRequest { SubjectId = "anna", Kind = kind }, cancellationToken: Token);
        await Privacy(_blue).CloseRequestAsync(new ClosePrivacyRequest { Id = open.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);

        var done = await Privacy(_acme).CloseRequestAsync(new ClosePrivacyRequest { Id = open.Id }, cancellationToken: Token);

        (done.State, done.DoneMs > 0).ShouldBe(("done", true));
        (await Privacy(_acme).GetSubjectAsync(new GetSubjectRequest { SubjectId = "anna" }, cancellationToken: Token)).Restricted.ShouldBe(restricted);
        await Privacy(_acme).CloseRequestAsync(new ClosePrivacyRequest { Id = open.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, "done");
    }

    [Fact]
    public async Task Restrict_EndsTheRequestThatAskedForIt()
    {
        await Privacy(_acme).OpenRequestAsync(new OpenPrivacyRequest { SubjectId = "anna", Kind = "restrict" }, cancellationToken: Token);

        await Privacy(_acme).RestrictAsync(new RestrictSubjectRequest { SubjectId = "anna" }, cancellationToken: Token);

        (await Privacy(_acme).ListRequestsAsync(new ListPrivacyRequestsRequest { Open = true }, cancellationToken: Token)).Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Consent_GivenAgainAfterItWasWithdrawn_LeavesBothOnRecord()
    {
        var consent = new RecordConsentRequest { SubjectId = "anna", Purpose = "newsletter", Version = "2026-11" };
        await Privacy(_acme).RecordConsentAsync(consent, cancellationToken: Token);
        await Privacy(_acme).RecordConsentAsync(consent, cancellationToken: Token);
        await Privacy(_acme).RecordConsentAsync(new RecordConsentRequest(consent) { Withdrawn = true }, cancellationToken: Token);
        // Records are told apart by the millisecond at which they were given.
        await Task.Delay(5, Token);

        var state = await Privacy(_acme).RecordConsentAsync(consent, cancellationToken: Token);

        state.Consents.Select(one => one.WithdrawnMs > 0).ShouldBe([true, false]);
    }

    [Fact]
    public async Task Retention_OfAClassThatCannotBeCleaned_DoesNotKeepTheOthers()
    {
        var broken = new BrokenClass();
        var store = _host.Services.GetRequiredService<RetentionStore>();
        var options = Options.Create(new PrivacyOptions { RetentionDays = { [broken.Class] = 1 } });
        var job = new RetentionJob([broken, store], store, _host.Services.GetRequiredService<AuditLog>(), options, TimeProvider.System, NullLogger<RetentionJob>.Instance);

        await job.SweepAsync(Token);

        broken.Asked.ShouldBe(1);
        (await Privacy(_acme).ListRetentionAsync(new ListRetentionRequest(), cancellationToken: Token)).Runs.ShouldContain(run => run.Class == "requests");
        (await store.TakeAsync(broken.Class, TimeSpan.FromDays(1), Token)).ShouldBeFalse("not at once");
    }

    private async Task<string> KeyAsync(string tenant) =>
        (await new Access.AccessClient(_host.Client(Admin)).CreateKeyAsync(new CreateKeyRequest { Name = "test", Tenant = tenant, Role = Roles.Privacy }, cancellationToken: Token)).Text;

    private V1.Privacy.PrivacyClient Privacy(string key) => new(_host.Client(key));

    private sealed class BrokenClass : IRetainedData
    {
        public int Asked { get; private set; }

        public string Module => "test";

        public string Class => "jobs";

        public Task<long> RemoveAsync(long beforeMs, CancellationToken token)
        {
            Asked++;
            throw new InvalidOperationException("cannot be cleaned");
        }
    }
}
