using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Contracts;
using Platform.Router;
using Platform.Storage;
using Platform.Tests.Metrics;
using Platform.Tests.Patterns;
using Platform.V1;

namespace Platform.Tests.Router;

/// <summary>The ledger's stores without a host: on a SQLite file of their own, or in a schema of their own on a PostgreSQL server.</summary>
internal sealed class LedgerFolder : IAsyncDisposable
{
    private const string Tenant = "acme";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-ledger-").FullName;
    private readonly string? _server;
    private readonly Outbox _outbox;

    private LedgerFolder(string? server)
    {
        _server = server;
        var schema = $"ledger_{Guid.NewGuid():N}";
        Database = server is null
            ? new SqliteDatabase(Path.Combine(_folder, "ledger.db")) { Module = "ledger" }
            : new PostgreSqlDatabase(server, schema) { Module = schema };
        var sealing = new JobSealing(Database, null!);
        var options = Options.Create(new RouterOptions());
        Leases = new LeaseStore(Database, sealing, options, Time);
        Jobs = new JobStore(Database, sealing, Time);
        Dispatch = new DispatchStore(Database, options, Time);
        Batches = new BatchStore(Database, Time);
        _outbox = new Outbox(Database, options.Value.Resend, isDurable: true, Time);
        Intake = new Intake(Database, options, Time);
    }

    public Database Database { get; }

    public SetTime Time { get; } = new(new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero));

    public LeaseStore Leases { get; }

    public JobStore Jobs { get; }

    public DispatchStore Dispatch { get; }

    public BatchStore Batches { get; }

    public Intake Intake { get; }

    public static async Task<LedgerFolder> CreateAsync(bool onServer)
    {
        var server = onServer ? Environment.GetEnvironmentVariable(PostgreSqlStore.Variable) : null;
        Assert.SkipWhen(onServer && string.IsNullOrEmpty(server), $"{PostgreSqlStore.Variable} names no PostgreSQL server (./platform servers start).");
        var folder = new LedgerFolder(server);
        await folder.Database.ApplyAsync(SchemaScript.Of(typeof(RouterModule).Assembly, folder.Database.Dialect), Token);
        return folder;
    }

    /// <summary>A job that its caller has not sent itself.</summary>
    public async Task<string> SubmitAsync(string lane = Lanes.Batch) => (await Intake.StoreAsync(Tenant, NewJob(lane), "", 0, Token)).Id;

    public Task<string> SubmitBatchAsync(int items, BatchTerms? terms = null) =>
        Intake.StoreBatchAsync(Tenant, JobId.New(Time.Now), "", terms, [.. Enumerable.Range(0, items).Select(_ => NewJob(Lanes.Batch))], Token);

    public async Task<JobRow> FindAsync(string id) => (await Jobs.FindAsync(id, Token)).ShouldNotBeNull();

    public async Task<IReadOnlyList<string>> IdsAsync(string batch) => [.. (await Jobs.ListAsync(Tenant, new ListJobsRequest { BatchId = batch }, "", 1_000, Token)).Select(row => row.Id)];

    public Task<JobRow?> ClaimAsync(string id) => Leases.ClaimAsync(id, "w", Token);

    public Task<IReadOnlyList<DueJob>> PickAsync(string lane = Lanes.Batch) => Dispatch.PickAsync(lane, Tenant, 100, Token);

    public Task<IReadOnlyList<DueJob>> PickAgainAsync(string lane = Lanes.Batch) => Dispatch.PickAgainAsync(lane, 100, Token);

    public Task CancelAsync(string id) => Jobs.CancelAsync(Tenant, "id", id, "", running: true, Token);

    public async Task<double> SpentAsync() => (await Jobs.UseAsync(Tenant, Time.Now.AddHours(-1).ToUnixTimeMilliseconds(), Token)).SpentUsd;

    /// <summary>Jobs whose end is about to be published.</summary>
    public async Task<IReadOnlyList<string>> ClosedAsync()
    {
        var closed = new List<string>();
        await _outbox.RelayAsync((rows, _) =>
        {
            closed.AddRange(rows.Where(row => row.Kind == OutboxKinds.JobClosed).Select(row => row.Subject));
            return Task.CompletedTask;
        }, Token);
        return closed;
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        if (_server is null)
            return;
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand($"drop schema if exists \"{Database.Module}\" cascade");
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>A job that nobody has submitted.</summary>
    public NewJob NewJob(string lane) => new(JobId.New(Time.Now), new GenerateRequest { Task = "A task", Kind = JobKinds.Content, Lane = lane }, new RouteDecision { Approach = Approaches.Instructions });
}
