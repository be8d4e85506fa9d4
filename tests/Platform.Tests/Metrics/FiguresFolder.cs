using Microsoft.Extensions.Options;
using Platform.Metrics;
using Platform.Metrics.Alerts;
using Platform.Metrics.Rollups;
using Platform.Metrics.Savings;
using Platform.Storage;
using Xunit;

namespace Platform.Tests.Metrics;

/// <summary>The metrics store on a SQLite file of its own, without a host.</summary>
internal sealed class FiguresFolder : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("platform-metrics-").FullName;

    private FiguresFolder()
    {
        Database = new SqliteDatabase(Path.Combine(_folder, "metrics.db")) { Module = "metrics" };
        Options = Microsoft.Extensions.Options.Options.Create(new MetricsOptions());
    }

    public SqliteDatabase Database { get; }

    public IOptions<MetricsOptions> Options { get; }

    public SetTime Time { get; } = new(SampleJobs.Noon);

    public FiguresStore Store => new(Database);

    public FiguresQuery Query => new(Database, Options, Time);

    public RoiLedger Roi => new(Query, Options, Time);

    public AlertStore Alerts => new(Database, Time);

    public static async Task<FiguresFolder> CreateAsync()
    {
        var folder = new FiguresFolder();
        await folder.Database.ApplyAsync(SchemaScript.Of(typeof(MetricsModule).Assembly, Dialect.Sqlite), TestContext.Current.CancellationToken);
        return folder;
    }

    public Task AddAsync(params IEnumerable<JobRow> rows) => Store.AddAsync([.. rows], [], TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
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
