using Dapper;
using Npgsql;
using Platform.Contracts;
using Platform.Simulator;
using Platform.V1;
using Shouldly;
using Xunit;

namespace Platform.EndToEnd;

/// <summary>Five processes, a database for data and one for keys: a person's data is sealed in the first, and gone everywhere when the key is gone from the second.</summary>
public sealed class ErasureSpec(RealServers servers)
{
    private const string Task = "Write a C# static class Greeter that greets Annegret Quittenbaum.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 300_000)]
    public async Task Erase_APerson_EveryProcessAcknowledgesAndARestoredRowOpensNoMore()
    {
        var name = $"keys_{Guid.NewGuid():N}";
        var vault = await servers.Kit.CreateDatabaseAsync(name, Token);
        try
        {
            await RunAsync(vault);
        }
        finally
        {
            await servers.Kit.DropDatabaseAsync(name, CancellationToken.None);
        }
    }

    private async Task RunAsync(string vault)
    {
        var master = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        await using var system = await SystemUnderTest.StartDistributedAsync(servers, new SimulatorOptions(), 2, Token,
            new Dictionary<string, string?> { ["ConnectionStrings:keys"] = vault, ["Sealing:MasterKey"] = master });
        var anna = await GenerateAsync(system, "anna");
        var bob = await GenerateAsync(system, "bob");
        var counted = new SummaryRequest { Simulated = true };
        await Work.EventuallyAsync(async () => (await system.Metrics.SummarizeAsync(counted, cancellationToken: Token)).Total?.Jobs == 2, Token);
        await using var data = NpgsqlDataSource.Create(system.Data);
        await using var connection = await data.OpenConnectionAsync(Token);
        var texts = await TextsAsync(connection);
        texts.ShouldContain(anna);
        texts.ShouldNotContain("Quittenbaum");
        texts.ShouldNotContain(Convert.ToHexStringLower("Quittenbaum"u8), Case.Insensitive, "bytes are shown in hex");
        var backup = (await connection.QueryAsync<(byte[] Request, byte[] Result, string Subject)>("select request, result, subject from router.jobs where id = @anna", new { anna })).Single();

        // Another process is asked than the one that took the job in.
        var privacy = new V1.Privacy.PrivacyClient(system.Invoker(ModuleNames.Maya));
        var report = await privacy.EraseAsync(new EraseSubjectRequest { SubjectId = "anna", WaitMs = 120_000 }, cancellationToken: Token);

        report.State.ShouldBe("done", system.Logs());
        report.Modules.ShouldAllBe(module => module.Acknowledged);
        (await connection.ExecuteScalarAsync<long>("select count(*) from router.jobs where id = @anna", new { anna })).ShouldBe(0);
        await connection.ExecuteAsync("update router.jobs set id = @anna, request = @Request, result = @Result, subject = @Subject where id = @bob", new { anna, bob, backup.Request, backup.Result, backup.Subject });
        (await system.Jobs.ListJobsAsync(new ListJobsRequest(), cancellationToken: Token)).Jobs.ShouldBeEmpty("a row of a backup opens no more");
        var audit = await new Access.AccessClient(system.Invoker(ModuleNames.Metrics)).VerifyAuditAsync(new VerifyAuditRequest(), cancellationToken: Token);
        var told = (await connection.QueryAsync<string>("select action || ' ' || detail from access.audit_log order by seq")).ToList();
        (audit.Ok, audit.Signed, audit.Anchored).ShouldBe((true, true, true));
        audit.Entries.ShouldBe(told.Count);
        // Processes of other systems on this machine may knock at a port that was theirs before; that is on record, too.
        told.Count(entry => !entry.StartsWith("key.refused", StringComparison.Ordinal)).ShouldBe(2, string.Join("; ", told));
    }

    private static async Task<string> GenerateAsync(SystemUnderTest system, string subject)
    {
        var job = await system.Jobs.SubmitAsync(new GenerateRequest { Task = Task, Language = "csharp", SubjectId = subject }, cancellationToken: Token);
        await Work.EventuallyAsync(async () => JobStates.IsClosed((await system.Jobs.GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token)).State), Token);
        (await system.Jobs.GetJobAsync(new GetJobRequest { JobId = job.Id }, cancellationToken: Token)).Request.Task.ShouldContain("Quittenbaum");
        return job.Id;
    }

    /// <summary>Everything that stands in the ledger, the memory and the figures, as text.</summary>
    private static async Task<string> TextsAsync(NpgsqlConnection connection)
    {
        var tables = await connection.QueryAsync<string>("select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('router', 'patterns', 'maya', 'metrics', 'access')");
        var texts = new List<string>();
        foreach (var table in tables)
            texts.AddRange(await connection.QueryAsync<string>($"select t::text from {table} t"));
        return string.Join('\n', texts);
    }
}
