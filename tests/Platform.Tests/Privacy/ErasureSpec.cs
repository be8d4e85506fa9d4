using System.Text;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Host;
using Platform.Privacy;
using Platform.Storage;
using Platform.Tests.Host;
using Platform.Tests.Testing;
using Platform.V1;

namespace Platform.Tests.Privacy;

/// <summary>
/// A person's data from admission to erasure, in a host without workers: this test works the ledger in their place, and so the one module that
/// is missing is reported as silent.
/// </summary>
public sealed class ErasureSpec : IAsyncLifetime
{
    private const string Admin = "key-of-admin";
    private const string Secret = "lives-in-Marzahn-and-likes-marzipan";
    private static readonly string Modules = string.Join(',', ModuleNames.Router, ModuleNames.Patterns, ModuleNames.Maya, ModuleNames.Metrics);
    private readonly string _home = Directory.CreateTempSubdirectory("erasure-test-").FullName;
    private TestHost _host = null!;
    private string _acme = "";
    private string _blue = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await StartAsync(_home);
        _acme = await KeyAsync("acme", Roles.Privacy);
        _blue = await KeyAsync("blue", Roles.Privacy);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Job_AboutAPerson_LeavesNoTextInAnyFileAndIsReadByItsOwner()
    {
        var anna = await WorkAsync(_acme, "anna@example.com");
        var nobody = await WorkAsync(_acme, "");

        var job = await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = anna }, cancellationToken: Token);
        job.Request.Task.ShouldContain(Secret);
        job.Result.Text.ShouldContain(Secret);
        (await Jobs(_acme).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.Select(each => each.Id).ShouldBe([nobody, anna]);
        await CountedAsync(2);
        FilesWith(Secret + anna).ShouldBeEmpty();
        FilesWith("anna@example.com").ShouldBeEmpty();
        FilesWith(Secret).ShouldNotBeEmpty("the job about nobody shows that this test would see it");
        (await new V1.Patterns.PatternsClient(_host.Client(_acme)).SearchAsync(new SearchRequest { Query = Secret + anna }, cancellationToken: Token)).Results.ShouldBeEmpty();
    }

    [Fact]
    public async Task Watch_OfAJobAboutAPerson_ShowsItsCourse()
    {
        var id = await WorkAsync(_acme, "anna");

        var seen = await Jobs(_acme).WatchJob(new WatchJobRequest { JobId = id }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);

        seen.Select(e => e.WhatCase).ShouldBe([JobEvent.WhatOneofCase.Accepted, JobEvent.WhatOneofCase.EngineStarted, JobEvent.WhatOneofCase.Snapshot, JobEvent.WhatOneofCase.Completed], ignoreOrder: false);
    }

    [Fact]
    public async Task Export_APerson_HoldsEverythingAndSaysWhoIsSilent()
    {
        var id = await WorkAsync(_acme, "anna");
        await WorkAsync(_acme, "bob");
        await CountedAsync(2);

        var (records, manifest) = await ExportAsync(_acme, "anna");

        records.Select(record => (record.Module, record.Kind)).ShouldBe([(ModuleNames.Router, "job"), (ModuleNames.Router, "feedback"), (ModuleNames.Metrics, "figures")]);
        records[0].Json.ShouldContain(Secret + id);
        records[1].Json.ShouldContain("marzipan?");
        manifest.Complete.ShouldBeFalse();
        manifest.Modules.Where(module => !module.Answered).ShouldHaveSingleItem().Module.ShouldBe(ModuleNames.Inference);
        manifest.Request.DueMs.ShouldBeGreaterThan(manifest.MadeMs);
    }

    [Fact]
    public async Task Erase_APerson_IsGoneEverywhereAndNobodyElseIs()
    {
        var anna = await WorkAsync(_acme, "anna");
        var bob = await WorkAsync(_acme, "bob");
        var namesake = await WorkAsync(_blue, "anna");
        await CountedAsync(3);

        var report = await EraseAsync(_acme, "anna");

        report.Modules.ToDictionary(module => module.Module, module => module.Acknowledged).ShouldBe(new Dictionary<string, bool>
        {
            [ModuleNames.Router] = true,
            [ModuleNames.Patterns] = true,
            [ModuleNames.Maya] = true,
            [ModuleNames.Metrics] = true,
            [ModuleNames.Inference] = false,
        }, ignoreOrder: true);
        var router = report.Modules.Single(module => module.Module == ModuleNames.Router).Erased;
        (router["jobs"], router["job_events"], router["feedback"], router["idempotency_keys"]).ShouldBe((1, 1, 1, 1));
        report.Modules.Single(module => module.Module == ModuleNames.Metrics).Erased["jobs"].ShouldBe(1);
        report.State.ShouldBe("erasing");
        await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = anna }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        (await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = bob }, cancellationToken: Token)).Result.Text.ShouldContain(Secret);
        (await Jobs(_blue).GetJobAsync(new GetJobRequest { JobId = namesake }, cancellationToken: Token)).Result.Text.ShouldContain(Secret);
        (await ExportAsync(_acme, "anna")).Records.ShouldBeEmpty();
        (await Access.VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token)).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task Erase_ThenABackupIsRestored_NothingOpensAndReapplyRemovesIt()
    {
        var anna = await WorkAsync(_acme, "anna");
        var bob = await WorkAsync(_acme, "bob");
        await CountedAsync(2);
        await _host.DisposeAsync();
        var backup = Directory.CreateTempSubdirectory("erasure-backup-").FullName;
        Copy(_home, backup, but: "vault");
        _host = await StartAsync(_home);
        var report = await EraseAsync(_acme, "anna");
        await _host.DisposeAsync();

        // The keys made at the start are in the backup too; the vault is not part of it and stays as it is.
        Copy(backup, _home, but: "vault");
        Directory.Delete(backup, recursive: true);
        _host = await StartAsync(_home);

        await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = anna }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        (await Jobs(_acme).ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldHaveSingleItem().Id.ShouldBe(bob);
        (await RowsAsync(report.Pseudonym)).ShouldBe(1);
        (await Access.VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token)).Problems.ShouldHaveSingleItem().ShouldContain("restored from an older state");
        (await Privacy(_acme).ReapplyAsync(new ReapplyErasuresRequest(), cancellationToken: Token)).Subjects.ShouldBe(1);
        await Patience.UntilAsync(async () => await RowsAsync(report.Pseudonym) == 0);
        (await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = bob }, cancellationToken: Token)).Result.Text.ShouldContain(Secret);
        (await Access.VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token)).Ok.ShouldBeTrue();
        (await Access.ListAudit(new ListAuditRequest(), cancellationToken: Token).ResponseStream.ReadAllAsync(Token).Select(entry => entry.Action).ToListAsync(Token)).ShouldContain(AuditActions.LogRestored);
    }

    [Fact]
    public async Task Erase_WhileAJobRuns_TheWorkerIsRefused()
    {
        var id = (await Jobs(_acme).SubmitAsync(Request("anna", "x"), cancellationToken: Token)).Id;
        var claim = await Ledger.ClaimAsync(new ClaimRequest { JobId = id, Worker = "w" }, cancellationToken: Token);
        claim.Job.Request.Task.ShouldContain(Secret);

        await EraseAsync(_acme, "anna");

        (await Ledger.RenewAsync(new RenewRequest { JobId = id, Fence = claim.Fence }, cancellationToken: Token)).Held.ShouldBeFalse();
        (await ReportAsync(id, claim.Fence, "late")).Accepted.ShouldBeFalse();
    }

    [Fact]
    public async Task Erase_WhenTheSilentModuleSpeaks_IsDone()
    {
        await WorkAsync(_acme, "anna");
        var report = await EraseAsync(_acme, "anna");

        await _host.Services.GetRequiredService<RequestStore>().AcknowledgeAsync(
            new() { RequestId = report.Id, Module = ModuleNames.Inference, Erased = new() { ["answers"] = 0 }, Remote = ["x:1"] }, Token);

        var request = (await Privacy(_acme).ListRequestsAsync(new ListPrivacyRequestsRequest(), cancellationToken: Token)).Requests.ShouldHaveSingleItem();
        (request.State, request.Overdue).ShouldBe(("done", false));
        request.Modules.ShouldAllBe(module => module.Acknowledged);
        request.Remote.ShouldBe(["x:1"]);
        (await Privacy(_acme).ListRequestsAsync(new ListPrivacyRequestsRequest { Open = true }, cancellationToken: Token)).Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Requests_OfATenant_AreNotThereForAnother()
    {
        await WorkAsync(_acme, "anna");
        var request = await Privacy(_acme).OpenRequestAsync(new OpenPrivacyRequest { SubjectId = "anna", Kind = "rectify" }, cancellationToken: Token);

        (await ExportAsync(_blue, "anna")).Records.ShouldBeEmpty();
        (await EraseAsync(_blue, "anna")).Id.ShouldBeEmpty();
        (await Privacy(_blue).ListRequestsAsync(new ListPrivacyRequestsRequest(), cancellationToken: Token)).Requests.ShouldBeEmpty();
        await Privacy(_blue).ExtendRequestAsync(new ExtendPrivacyRequest { Id = request.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        (await ExportAsync(_acme, "anna")).Records.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task EveryCall_WithoutTheRole_IsRefused()
    {
        var user = Privacy(await KeyAsync("acme", Roles.User));

        await user.EraseAsync(new EraseSubjectRequest { SubjectId = "anna" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied, "privacy");
        await user.ListRequestsAsync(new ListPrivacyRequestsRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await user.RestrictAsync(new RestrictSubjectRequest { SubjectId = "anna" }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await user.ReapplyAsync(new ReapplyErasuresRequest(), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.PermissionDenied);
        await user.Export(new ExportSubjectRequest { SubjectId = "anna" }, cancellationToken: Token).ResponseStream.MoveNext(Token).ShouldEndWithAsync(StatusCode.PermissionDenied);
        await new SubjectData.SubjectDataClient(_host.Client(Admin)).Read(new ReadSubjectRequest { Module = ModuleNames.Router }, cancellationToken: Token)
            .ResponseStream.MoveNext(Token).ShouldEndWithAsync(StatusCode.PermissionDenied, "Access:ServiceKey");
    }

    [Fact]
    public async Task Restricted_Person_IsTakenInAgainOnlyAfterTheLift()
    {
        var before = await WorkAsync(_acme, "anna");
        (await Privacy(_acme).RestrictAsync(new RestrictSubjectRequest { SubjectId = "anna" }, cancellationToken: Token)).Restricted.ShouldBeTrue();

        await Jobs(_acme).SubmitAsync(Request("anna", "x"), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, "restricted");
        (await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = before }, cancellationToken: Token)).State.ShouldBe(JobStates.Succeeded);
        await Privacy(_acme).RestrictAsync(new RestrictSubjectRequest { SubjectId = "anna", Lift = true }, cancellationToken: Token);
        await Jobs(_acme).SubmitAsync(Request("anna", "x"), cancellationToken: Token);
    }

    [Fact]
    public async Task Consent_GivenAndWithdrawn_IsOnRecordAndGoesWithThePerson()
    {
        var given = new RecordConsentRequest { SubjectId = "anna", Purpose = "newsletter", Version = "2026-11" };
        await Privacy(_acme).RecordConsentAsync(given, cancellationToken: Token);
        given.Withdrawn = true;
        var state = await Privacy(_acme).RecordConsentAsync(given, cancellationToken: Token);

        var consent = state.Consents.ShouldHaveSingleItem();
        (consent.Purpose, consent.Version, consent.WithdrawnMs > 0).ShouldBe(("newsletter", "2026-11", true));
        (await Privacy(_blue).GetSubjectAsync(new GetSubjectRequest { SubjectId = "anna" }, cancellationToken: Token)).Pseudonym.ShouldBeEmpty();
        await EraseAsync(_acme, "anna");
        (await Privacy(_acme).GetSubjectAsync(new GetSubjectRequest { SubjectId = "anna" }, cancellationToken: Token)).Pseudonym.ShouldBeEmpty();
    }

    [Fact]
    public async Task OpenRequest_WatchesItsDeadlineAndIsTakenUpByTheAnswer()
    {
        await WorkAsync(_acme, "anna");
        var received = DateTimeOffset.UtcNow.AddDays(-60).ToUnixTimeMilliseconds();
        var open = await Privacy(_acme).OpenRequestAsync(new OpenPrivacyRequest { SubjectId = "anna", Kind = "export", Law = "ccpa", ReceivedMs = received }, cancellationToken: Token);

        open.Overdue.ShouldBeTrue();
        (await Privacy(_acme).ExtendRequestAsync(new ExtendPrivacyRequest { Id = open.Id }, cancellationToken: Token)).Overdue.ShouldBeTrue("the receipt is not confirmed, and ten business days are over");
        (await Privacy(_acme).ConfirmRequestAsync(new ConfirmPrivacyRequest { Id = open.Id }, cancellationToken: Token)).Overdue.ShouldBeFalse();
        await Privacy(_acme).ExtendRequestAsync(new ExtendPrivacyRequest { Id = open.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, "once");
        var request = (await ExportAsync(_acme, "anna")).Manifest.Request;
        (request.Id, request.State).ShouldBe((open.Id, "open"), "one module was silent, so the person has not got everything");
        (await Privacy(_acme).ListRequestsAsync(new ListPrivacyRequestsRequest { Open = true }, cancellationToken: Token)).Requests.ShouldHaveSingleItem();
        await Privacy(_acme).CloseRequestAsync(new ClosePrivacyRequest { Id = open.Id }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.FailedPrecondition, "privacy export");
    }

    [Theory]
    [InlineData("anna", "roman", 0, "law")]
    [InlineData("anna", "gdpr", -1, "received_ms")]
    [InlineData("anna", "gdpr", long.MaxValue, "received_ms")]
    [InlineData("", "gdpr", 0, "subject_id")]
    public async Task Erase_WrongWords_NamesTheField(string subject, string law, long received, string field) =>
        await Privacy(_acme).EraseAsync(new EraseSubjectRequest { SubjectId = subject, Law = law, ReceivedMs = received, WaitMs = 1 }, cancellationToken: Token).ResponseAsync
            .ShouldEndWithAsync(StatusCode.InvalidArgument, field);

    [Theory]
    [InlineData("a\nb")]
    [InlineData(" ")]
    public async Task Submit_HostileSubject_IsRefused(string subject) =>
        await Jobs(_acme).SubmitAsync(Request(subject, "x"), cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.InvalidArgument, "subject_id");

    [Fact]
    public async Task ClosedJobs_OlderThanTheyAreKept_AreRemovedAndOpenOnesAreNot()
    {
        var closed = await WorkAsync(_acme, "anna");
        var open = (await Jobs(_acme).SubmitAsync(Request("anna", "x"), cancellationToken: Token)).Id;
        var jobs = _host.Services.GetServices<IRetainedData>().Single(data => data.Class == "jobs");
        // On an in-memory bus a published row stays in the outbox for a while, and so does its job.
        (await jobs.RemoveAsync(DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds(), Token)).ShouldBe(0);
        await SqlAsync("delete from outbox");

        (await jobs.RemoveAsync(DateTimeOffset.UtcNow.AddDays(-1).ToUnixTimeMilliseconds(), Token)).ShouldBe(0);
        (await jobs.RemoveAsync(DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeMilliseconds(), Token)).ShouldBe(1);

        await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = closed }, cancellationToken: Token).ResponseAsync.ShouldEndWithAsync(StatusCode.NotFound);
        (await Jobs(_acme).GetJobAsync(new GetJobRequest { JobId = open }, cancellationToken: Token)).State.ShouldBe(JobStates.Queued);
    }

    private static Task<TestHost> StartAsync(string home) => TestHost.StartAsync(Modules, new Dictionary<string, string?>
    {
        ["Engines:Cerebras:ApiKey"] = "never-called",
        ["Router:RecallMs"] = "20",
        ["Access:AdminKeyHash"] = AccessOptions.HashOf(Admin),
    }, home);

    /// <summary>A job from submission to feedback.</summary>
    private async Task<string> WorkAsync(string key, string subject)
    {
        var id = (await Jobs(key).SubmitAsync(Request(subject, subject.Length == 0 ? "" : $"once-{subject.Length}"), cancellationToken: Token)).Id;
        var claim = await Ledger.ClaimAsync(new ClaimRequest { JobId = id, Worker = "w" }, cancellationToken: Token);
        await Ledger.RenewAsync(new RenewRequest
        {
            JobId = id,
            Fence = claim.Fence,
            Events = { new JobEvent { JobId = id, Number = JobId.EventNumber(claim.Fence, 1), EngineStarted = new EngineStarted { Engine = "e", Reason = Secret + id } } },
            Snapshot = new Snapshot { Draft = 1, Text = Secret + id },
        }, cancellationToken: Token);
        (await ReportAsync(id, claim.Fence, Secret + id)).Accepted.ShouldBeTrue();
        await Jobs(key).FeedbackAsync(new FeedbackRequest { JobId = id, Verdict = Verdicts.Edited, Diff = $"+{Secret}{id}\n", Comment = "More marzipan?" }, cancellationToken: Token);
        return id;
    }

    private static GenerateRequest Request(string subject, string once) =>
        new() { Task = $"Write about somebody who {Secret}", Kind = JobKinds.Content, SubjectId = subject, IdempotencyKey = once };

    private async Task<ReportReply> ReportAsync(string id, long fence, string text) => await Ledger.ReportAsync(
        new ReportRequest { JobId = id, Fence = fence, State = JobStates.Succeeded, Result = new JobResult { Text = text, Approach = Approaches.Instructions } }, cancellationToken: Token);

    private async Task<PrivacyRequest> EraseAsync(string key, string subject)
    {
        var report = await Privacy(key).EraseAsync(new EraseSubjectRequest { SubjectId = subject, WaitMs = 1 }, cancellationToken: Token);
        if (report.Id.Length == 0)
            return report;
        // All that run here must answer; how soon is not for a test to say.
        await Patience.UntilAsync(async () => (report = (await Privacy(key).ListRequestsAsync(new ListPrivacyRequestsRequest(), cancellationToken: Token)).Requests.Single(each => each.Id == report.Id))
            .Modules.Count(module => module.Acknowledged) >= 4);
        return report;
    }

    private async Task<(List<SubjectRecord> Records, ExportManifest Manifest)> ExportAsync(string key, string subject)
    {
        var parts = await Privacy(key).Export(new ExportSubjectRequest { SubjectId = subject }, cancellationToken: Token).ResponseStream.ReadAllAsync(Token).ToListAsync(Token);
        parts[^1].WhatCase.ShouldBe(ExportedPart.WhatOneofCase.Manifest);
        return ([.. parts.Take(parts.Count - 1).Select(part => part.Record)], parts[^1].Manifest);
    }

    /// <summary>Waits until the figures have so many jobs, and with them every consumer its message.</summary>
    private Task CountedAsync(long jobs) => Patience.UntilAsync(async () =>
        await _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Metrics).ReadAsync(connection => Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from jobs"), Token) >= jobs);

    private Task<long> RowsAsync(string pseudonym) => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Router).ReadAsync(
        connection => Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, "select count(*) from jobs where subject = @pseudonym", new { pseudonym }), Token);

    private Task SqlAsync(string sql) => _host.Services.GetRequiredKeyedService<Database>(ModuleNames.Router).WriteAsync(connection => Dapper.SqlMapper.ExecuteAsync(connection, sql), Token);

    private List<string> FilesWith(string text) => [.. Directory.EnumerateFiles(_home, "*", SearchOption.AllDirectories).Where(file => Holds(file, Encoding.UTF8.GetBytes(text)))];

    private static bool Holds(string file, byte[] bytes)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content.AsSpan().IndexOf(bytes) >= 0;
        }
        catch (IOException) when (Path.GetFileName(file) is "lock" || file.EndsWith(".lock", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static void Copy(string from, string to, string but)
    {
        foreach (var file in Directory.EnumerateFiles(to, "*.db*"))
            File.Delete(file);
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !Path.GetRelativePath(from, file).StartsWith(but, StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }

    private async Task<string> KeyAsync(string tenant, string role) =>
        (await Access.CreateKeyAsync(new CreateKeyRequest { Name = "test", Tenant = tenant, Role = role }, cancellationToken: Token)).Text;

    private Access.AccessClient Access => new(_host.Client(Admin));

    private V1.Ledger.LedgerClient Ledger => new(_host.Peer(ModuleNames.Router));

    private Generation.GenerationClient Jobs(string key) => new(_host.Client(key));

    private V1.Privacy.PrivacyClient Privacy(string key) => new(_host.Client(key));
}
