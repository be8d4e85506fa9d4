using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Keeps when a class of data is due again, and the proof of every run. Also removes the one class that is its own: requests that are done.</summary>
internal sealed class RetentionStore([FromKeyedServices(PrivacySetup.Store)] Database database, TimeProvider time) : IRetainedData
{
    private const int Most = 1000;
    private static readonly TimeSpan KeepRuns = TimeSpan.FromDays(730);

    public string Module => PrivacySetup.Store;

    public string Class => "requests";

    /// <summary>Takes a class when it is due; no other process gets it until it is due again.</summary>
    public Task<bool> TakeAsync(string name, TimeSpan every, CancellationToken token) => database.WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("insert into retention_classes (class, next_ms) values (@name, 0) on conflict do nothing", new { name });
        return await connection.ExecuteAsync("update retention_classes set next_ms = @next where class = @name and next_ms <= @now",
            new { name, now = Now(), next = Now() + (long)every.TotalMilliseconds }) == 1;
    }, token);

    /// <summary>Makes a class due again soon, after a run that failed.</summary>
    public Task GiveBackAsync(string name, TimeSpan pause, CancellationToken token) => database.WriteAsync(
        connection => connection.ExecuteAsync("update retention_classes set next_ms = @next where class = @name", new { name, next = Now() + (long)pause.TotalMilliseconds }), token);

    /// <summary>Stores the proof of a run.</summary>
    public Task AddAsync(RetentionRun run, CancellationToken token) => database.WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("insert into retention_runs (id, module, class, before_ms, removed, at_ms) values (@id, @Module, @Class, @BeforeMs, @Removed, @now)",
            new { id = JobId.New(time.GetUtcNow()), run.Module, run.Class, run.BeforeMs, run.Removed, now = Now() });
        return await connection.ExecuteAsync("delete from retention_runs where at_ms < @before", new { before = Before(KeepRuns) });
    }, token);

    /// <summary>Runs, newest first.</summary>
    public Task<IReadOnlyList<RetentionRun>> ListAsync(CancellationToken token) => database.ReadAsync<IReadOnlyList<RetentionRun>>(async connection =>
        (await connection.QueryAsync<RetentionRun>($"select module as Module, class as Class, before_ms as BeforeMs, removed as Removed, at_ms as AtMs from retention_runs order by id desc limit {Most}")).AsList(), token);

    /// <inheritdoc />
    public Task<long> RemoveAsync(long beforeMs, CancellationToken token) => database.WriteAsync(async connection =>
    {
        await connection.ExecuteAsync("delete from erasure_acknowledgements where request_id in (select id from privacy_requests where state = 'done' and done_ms < @beforeMs)", new { beforeMs });
        return (long)await connection.ExecuteAsync("delete from privacy_requests where state = 'done' and done_ms < @beforeMs", new { beforeMs });
    }, token);

    private long Before(TimeSpan kept) => (time.GetUtcNow() - kept).ToUnixTimeMilliseconds();

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
