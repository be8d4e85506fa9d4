using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Platform.Contracts;
using Platform.Host;
using Platform.V1;

namespace Platform.Tests.Host;

/// <summary>Who may come in, and what a tenant sees: the tenant is the key's, and nothing of another tenant is there for it.</summary>
public sealed class KeysSpec : IAsyncLifetime
{
    private const string Acme = "key-of-acme";
    private const string Blue = "key-of-blue";
    private const string Admin = "key-of-admin";
    private TestHost _host = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync("router,runner", new Dictionary<string, string?>
    {
        ["Engines:Cerebras:ApiKey"] = "never-called",
        ["Router:RecallMs"] = "20",
        ["Access:AdminKeyHash"] = AccessOptions.HashOf(Admin),
        ["Access:Keys:a:Hash"] = AccessOptions.HashOf(Acme).ToUpperInvariant(),
        ["Access:Keys:a:Tenant"] = "acme",
        ["Access:Keys:b:Hash"] = AccessOptions.HashOf(Blue),
        ["Access:Keys:b:Tenant"] = "blue",
    });

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Job_OfATenant_IsNotThereForAnother()
    {
        var job = await SubmitAsync(Acme);
        var blue = Jobs(Blue);

        job.Tenant.ShouldBe("acme");
        await blue.GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, job.Id);
        await FirstAsync(blue.WatchJob(new WatchJobRequest { JobId = job.Id }, cancellationToken: Token)).ShouldEndWithAsync(StatusCode.NotFound, job.Id);
        await blue.CancelJobAsync(new CancelJobRequest { JobId = job.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        await blue.ReplayJobAsync(new ReplayJobRequest { JobId = job.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        await blue.FeedbackAsync(new FeedbackRequest { JobId = job.Id, Verdict = Verdicts.Accepted }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        (await blue.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty();
        (await Jobs(Acme).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(job.Id);
        (await Jobs(Acme).GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token)).State.ShouldBe(JobStates.Queued);
    }

    [Fact]
    public async Task Batch_OfATenant_IsNotThereForAnother()
    {
        using var call = Jobs(Acme).SubmitBatch(cancellationToken: Token);
        await call.RequestStream.WriteAsync(new BatchItem { CustomId = "1", Request = new GenerateRequest { Task = "A task" } }, Token);
        await call.RequestStream.CompleteAsync();
        var batch = new GetBatchRequest { BatchId = (await call).Id };
        var blue = Jobs(Blue);

        await blue.GetBatchAsync(batch, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound, batch.BatchId);
        await blue.CancelBatchAsync(batch, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        await FirstAsync(blue.WatchBatch(batch, cancellationToken: Token)).ShouldEndWithAsync(StatusCode.NotFound);
        (await blue.ListJobsAsync(new ListJobsRequest { BatchId = batch.BatchId }, cancellationToken: Token)).Jobs.ShouldBeEmpty();
        (await Jobs(Acme).GetBatchAsync(batch, cancellationToken: Token)).Cancelled.ShouldBe(0);
    }

    [Fact]
    public async Task Workspace_OfATenant_IsNotThereForAnother()
    {
        using var upload = Jobs(Acme).UploadWorkspace(cancellationToken: Token);
        await upload.RequestStream.WriteAsync(new WorkspaceChunk { Content = Zip() }, Token);
        await upload.RequestStream.CompleteAsync();
        var request = new GenerateRequest { Task = "A task", WorkspaceId = (await upload).Id };

        (await Jobs(Acme).SubmitAsync(request, cancellationToken: Token)).Request.WorkspaceId.ShouldBe(request.WorkspaceId);
        await Jobs(Blue).SubmitAsync(request, cancellationToken: Token).ResponseAsync.ShouldBeRefusedAsync("workspace_id", "unknown");
    }

    [Fact]
    public async Task IdempotencyKey_OfATenant_IsFreeForAnother()
    {
        var request = new GenerateRequest { Task = "A task", IdempotencyKey = "once" };
        var acme = await Jobs(Acme).SubmitAsync(request, cancellationToken: Token);
        request.Task = "Another task";

        var blue = await Jobs(Blue).SubmitAsync(request, cancellationToken: Token);

        blue.Id.ShouldNotBe(acme.Id);
        blue.Tenant.ShouldBe("blue");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("key-of-nobody")]
    [InlineData("")]
    public async Task Grpc_WithoutAGoodKey_IsUnauthenticated(string? key)
    {
        await Jobs(key).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.Unauthenticated, "authorization: Bearer KEY");
        await FirstAsync(Jobs(key).Generate(new GenerateRequest { Task = "A task" }, cancellationToken: Token)).ShouldEndWithAsync(StatusCode.Unauthenticated);
    }

    [Theory]
    [InlineData("/", null, HttpStatusCode.Unauthorized)]
    [InlineData("/", "key-of-nobody", HttpStatusCode.Unauthorized)]
    [InlineData("/nowhere", Acme, HttpStatusCode.NotFound)]
    [InlineData("/health", null, HttpStatusCode.OK)]
    [InlineData("/health/", null, HttpStatusCode.Unauthorized)]
    public async Task Http_WithAndWithoutAKey_Answers(string path, string? key, HttpStatusCode expected)
    {
        using var http = new HttpClient { BaseAddress = _host.Doors.Http };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative), Token);

        response.StatusCode.ShouldBe(expected);
        if (expected == HttpStatusCode.Unauthorized)
            response.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
    }

    [Theory]
    [InlineData(Acme)]
    [InlineData(Admin)]
    public async Task InnerDoors_WithAKeyOfACaller_StayClosed(string key)
    {
        var ledger = new V1.Ledger.LedgerClient(_host.Client(key));
        var runner = new V1.Runner.RunnerClient(_host.Client(key));

        await ledger.ClaimAsync(new ClaimRequest { JobId = "x" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied, "Access:ServiceKey");
        await ledger.RenewAsync(new RenewRequest { JobId = "x" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await ledger.ReportAsync(new ReportRequest { JobId = "x" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await ledger.ReleaseAsync(new ReleaseRequest { JobId = "x" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await FirstAsync(ledger.FetchWorkspace(new FetchWorkspaceRequest { WorkspaceId = "x" }, cancellationToken: Token)).ShouldEndWithAsync(StatusCode.PermissionDenied);
        await runner.RunTestsAsync(new RunTestsRequest { Language = "python" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied, "Access:ServiceKey");
        await runner.DescribeAsync(new DescribeRunnerRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task TenantHeader_BesideAKey_IsIgnored()
    {
        var headers = new Metadata { { "authorization", $"Bearer {Acme}" }, { Caller.TenantHeader, "blue" } };

        var job = await Jobs(null).SubmitAsync(new GenerateRequest { Task = "A task" }, headers, cancellationToken: Token);

        job.Tenant.ShouldBe("acme");
    }

    [Fact]
    public async Task TenantHeader_WithTheServiceCredential_IsTaken()
    {
        var peer = new Generation.GenerationClient(_host.Peer(ModuleNames.Router));

        (await peer.SubmitAsync(new GenerateRequest { Task = "A task" }, Caller.ForTenant("blue"), cancellationToken: Token)).Tenant.ShouldBe("blue");
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task ServiceCredential_ThatIsWrong_IsRefusedEvenBesideAKey(string credential)
    {
        var headers = new Metadata { { "authorization", $"Bearer {Acme}" }, { Caller.ServiceHeader, credential }, { Caller.TenantHeader, "blue" } };

        await Jobs(null).SubmitAsync(new GenerateRequest { Task = "A task" }, headers, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task SwitchForAll_NeedsAnAdministrator()
    {
        var request = new SetFallbackRequest { ForAll = true, Enabled = false };

        await Jobs(Acme).SetFallbackAsync(request, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied, "for_all");
        (await Jobs(Acme).GetSettingsAsync(new GetSettingsRequest(), cancellationToken: Token)).FallbackForAll.ShouldBeTrue();
        (await Jobs(Admin).SetFallbackAsync(request, cancellationToken: Token)).FallbackForAll.ShouldBeFalse();
    }

    private Generation.GenerationClient Jobs(string? key) => new(_host.Client(key));

    private async Task<Job> SubmitAsync(string key) => await Jobs(key).SubmitAsync(new GenerateRequest { Task = "A task" }, cancellationToken: Token);

    private static async Task FirstAsync<T>(AsyncServerStreamingCall<T> call)
    {
        using (call)
            await call.ResponseStream.MoveNext(Token);
    }

    private static ByteString Zip()
    {
        using var content = new MemoryStream();
        using (var zip = new ZipArchive(content, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = zip.CreateEntry("a.txt").Open())
            entry.Write("text"u8);
        return ByteString.CopyFrom(content.ToArray());
    }
}
