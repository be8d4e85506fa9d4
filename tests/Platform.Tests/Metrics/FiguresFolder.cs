using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Metrics;
using Platform.Metrics.Alerts;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.Storage;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>The metrics store without a host: on a SQLite file of its own, or in a schema of its own on a PostgreSQL server.</summary>
internal sealed class FiguresFolder : IAsyncDisposable
{
    public const string Variable = "PLATFORM_TEST_POSTGRES";

    private readonly string _folder = Directory.CreateTempSubdirectory("platform-metrics-").FullName;
    private readonly string? _server;

    private FiguresFolder(string? server)
    {
        _server = server;
        var schema = $"metrics_{Guid.NewGuid():N}";
        Database = server is null
            ? new SqliteDatabase(Path.Combine(_folder, "metrics.db")) { Module = "metrics" }
            : new PostgreSqlDatabase(server, schema) { Module = schema };
        Options = Microsoft.Extensions.Options.Options.Create(new MetricsOptions());
    }

    public Database Database { get; }

    public IOptions<MetricsOptions> Options { get; }

    public SetTime Time { get; } = new(SampleJobs.Noon);

    public SetQueueAge Queue { get; } = new();

    public FiguresStore Store => new(Database);

    public FiguresQuery Query => new(Database, Options, Time);

    public RoiLedger Roi => new(new EvidenceQuery(Database, Time), Options, Time);

    public DeliveryStore Deliveries => new(Database, Options, Time);

    public AlertStore Alerts => new(Database, Deliveries, Time);

    public AlertSettings Settings => new(Database, Options, Time);

    public AlertRehearsal Rehearsal => new(Database, Query, Time);

    public AlertMeasures Measures => new(Database, Query);

    public static async Task<FiguresFolder> CreateAsync(bool onServer = false)
    {
        var server = onServer ? Environment.GetEnvironmentVariable(Variable) : null;
        Assert.SkipWhen(onServer && string.IsNullOrEmpty(server), $"{Variable} names no PostgreSQL server (./platform servers start).");
        var folder = new FiguresFolder(server);
        await folder.Database.ApplyAsync(SchemaScript.Of(typeof(MetricsModule).Assembly, folder.Database.Dialect), TestContext.Current.CancellationToken);
        return folder;
    }

    public Task AddAsync(params IEnumerable<JobRow> rows) => Store.AddAsync([.. rows], [], TestContext.Current.CancellationToken);

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
}

/// <summary>A clock that shows what it is told; its timers fire at once.</summary>
internal sealed class SetTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, TimeSpan.Zero, period);
}

/// <summary>A ledger whose jobs have waited since what it is told; by default nobody can be asked.</summary>
internal sealed class SetQueueAge : IQueueAge
{
    public Dictionary<string, DateTimeOffset>? Waiting { get; set; }

    public Task<IReadOnlyDictionary<string, DateTimeOffset>?> WaitingAsync(CancellationToken token) => Task.FromResult<IReadOnlyDictionary<string, DateTimeOffset>?>(Waiting);
}
