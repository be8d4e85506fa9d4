using System.Collections.Concurrent;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;

namespace Platform.Storage;

/// <summary>A row of an outbox.</summary>
public sealed class OutboxRow
{
    /// <summary>Id; a row of a known id is not added again.</summary>
    public string Id { get; set; } = "";

    /// <summary>What it announces; the module's own word.</summary>
    public string Kind { get; set; } = "";

    /// <summary>What it is about; the module knows how to read it.</summary>
    public string Subject { get; set; } = "";

    /// <summary>When it was handed to the bus; 0 while it was not.</summary>
    public long PublishedMs { get; set; }

    /// <summary>Id of the message that announces it: the same row is the same message, however often it is sent.</summary>
    public Guid MessageId => new(SHA256.HashData(Encoding.UTF8.GetBytes(Id)).AsSpan(0, 16));
}

/// <summary>
/// Messages that belong to a committed change and are not yet on the bus. A row is removed only after the bus has taken its message, so a message may
/// come twice after a crash, and receivers record ids. On a bus that does not outlive the process a published row stays until its receivers have taken
/// it in, or for a while, and a new start publishes again what is left. The module's schema has the table "outbox".
/// </summary>
/// <param name="database">Store of the module.</param>
/// <param name="resend">After this time a row that was taken and neither removed nor kept is due again.</param>
/// <param name="isDurable">Whether the bus outlives this process.</param>
/// <param name="time">Clock.</param>
/// <param name="receipts">What the receivers of a bus that ends with the process have taken in; null where nobody keeps count.</param>
public sealed class Outbox(Database database, TimeSpan resend, bool isDurable, TimeProvider time, Receipts? receipts = null)
{
    private const long MostPerRound = 200;
    private static readonly TimeSpan PublishLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan KeepOnForgetfulBus = TimeSpan.FromMinutes(10);

    /// <summary>Receivers try a store that is away for a quarter of an hour, and may have others to take in first.</summary>
    private static readonly TimeSpan LongestOnForgetfulBus = TimeSpan.FromHours(1);
    private readonly ConcurrentQueue<OutboxRow> _taken = new();
    private bool _started;

    /// <summary>Adds a message inside the transaction of the change it belongs to. One message an id.</summary>
    public static Task AddAsync(DbConnection connection, string id, string kind, string subject) =>
        connection.ExecuteAsync("insert into outbox (id, kind, subject, send_after_ms) values (@id, @kind, @subject, 0) on conflict do nothing", new { id, kind, subject });

    /// <summary>One round: takes due rows, has them published, and removes or keeps them. Gives the number of rows that were taken.</summary>
    /// <param name="publish">Hands the rows to the bus; when it fails, all of them become due again.</param>
    /// <param name="token">Stops.</param>
    public async Task<int> RelayAsync(Func<IReadOnlyList<OutboxRow>, CancellationToken, Task> publish, CancellationToken token)
    {
        if (!_started && !isDurable)
            await RepublishAsync(token);
        _started = true;
        await RemoveTakenAsync(token);
        var taken = await TakeAsync(token);
        if (taken.Count == 0)
            return 0;
        var rows = taken.Where(row => row.PublishedMs == 0).ToList();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(PublishLimit);
        foreach (var row in rows)
            receipts?.Expect(row.MessageId, () => _taken.Enqueue(row));
        try
        {
            await publish(rows, limit.Token);
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            await MakeDueAsync(rows, token);
            throw;
        }

        if (isDurable)
            await RemoveAsync(taken, token);
        else
            await ForgetOrKeepAsync(taken, rows, token);
        return taken.Count;
    }

    /// <summary>Removes what all receivers have taken in.</summary>
    public async Task RemoveTakenAsync(CancellationToken token)
    {
        var rows = new List<OutboxRow>();
        while (_taken.TryDequeue(out var row))
            rows.Add(row);
        if (rows.Count > 0)
            await RemoveAsync(rows, token);
    }

    private async Task ForgetOrKeepAsync(IReadOnlyList<OutboxRow> taken, List<OutboxRow> published, CancellationToken token)
    {
        var (late, stale) = (new List<OutboxRow>(), new List<OutboxRow>());
        foreach (var row in taken.Except(published))
            (receipts?.Awaits(row.MessageId, LongestOnForgetfulBus) == true ? late : stale).Add(row);
        if (stale.Count > 0)
            await RemoveAsync(stale, token);
        if (published.Count + late.Count > 0)
            await KeepAsync(published.Concat(late), token);
    }

    private Task<IReadOnlyList<OutboxRow>> TakeAsync(CancellationToken token) => database.WriteAsync<IReadOnlyList<OutboxRow>>(async connection =>
    {
        var now = Now();
        return (await connection.QueryAsync<OutboxRow>($"""
            update outbox set send_after_ms = @later
            where send_after_ms <= @now and id in (select id from outbox where send_after_ms <= @now order by send_after_ms limit @most {database.Dialect.SkipLocked})
            returning id, kind, subject, published_ms as PublishedMs
            """, new { now, later = now + (long)resend.TotalMilliseconds, most = MostPerRound })).AsList();
    }, token);

    private Task RemoveAsync(IEnumerable<OutboxRow> rows, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync($"delete from outbox where {AnyId}", new { ids = Ids(rows) }), token);

    private Task KeepAsync(IEnumerable<OutboxRow> rows, CancellationToken token) => database.WriteAsync(async connection => await connection.ExecuteAsync(
        $"update outbox set published_ms = @now, send_after_ms = @until where {AnyId}",
        new { ids = Ids(rows), now = Now(), until = Now() + (long)KeepOnForgetfulBus.TotalMilliseconds }), token);

    private Task RepublishAsync(CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync("update outbox set published_ms = 0, send_after_ms = 0"), token);

    private Task MakeDueAsync(IEnumerable<OutboxRow> rows, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync($"update outbox set send_after_ms = 0 where {AnyId}", new { ids = Ids(rows) }), token);

    private string AnyId => database.Dialect.AnyOf("id", "@ids");

    private object Ids(IEnumerable<OutboxRow> rows) => database.Dialect.List(rows.Select(row => row.Id));

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
