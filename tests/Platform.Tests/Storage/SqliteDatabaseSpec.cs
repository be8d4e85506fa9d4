using Dapper;
using Microsoft.Data.Sqlite;
using Platform.Storage;
using Shouldly;

namespace Platform.Tests.Storage;

/// <summary>Readers beside a writer, and what is given back beside both.</summary>
public sealed class SqliteDatabaseSpec : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sqlite-test-").FullName;
    private readonly SqliteDatabase _database;

    public SqliteDatabaseSpec() => _database = Make(erases: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder, "store.db");

    [Fact]
    public async Task Read_WhileAnotherHoldsTheWriteLock_DoesNotWaitForIt()
    {
        await FillAsync(_database, 1);
        await using var other = new SqliteConnection($"Data Source={File};Pooling=false");
        await other.OpenAsync(Token);
        await other.ExecuteAsync("begin immediate");

        // A read that wanted the lock would give up at last, and throw.
        (await CountAsync(_database)).ShouldBe(1);

        await other.ExecuteAsync("rollback transaction");
    }

    [Fact]
    public async Task Read_Repeated_WritesNothing()
    {
        await FillAsync(_database, 1);
        await using var other = new SqliteConnection($"Data Source={File};Pooling=false");
        await other.OpenAsync(Token);
        var before = await other.ExecuteScalarAsync<long>("pragma data_version");

        for (var i = 0; i < 5; i++)
            await CountAsync(_database);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CountAsync(_database)));

        (await other.ExecuteScalarAsync<long>("pragma data_version")).ShouldBe(before, "it rises with every commit of others");
    }

    [Fact]
    public async Task Reclaim_WhileOneReadsAndOthersWrite_GivesEverythingBackAndFailsNobody()
    {
        await FillAsync(_database, 2_000);
        await _database.WriteAsync(c => c.ExecuteAsync("delete from texts where id < 2000"), Token);
        var (reads, ends) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reading = _database.ReadAsync(async c =>
        {
            await c.ExecuteAsync("begin transaction");
            var found = await c.ExecuteScalarAsync<long>("select count(*) from texts");
            reads.SetResult();
            await ends.Task;
            await c.ExecuteAsync("rollback transaction");
            return found;
        }, Token);
        await reads.Task;

        var reclaiming = _database.ReclaimAsync(Token);
        for (var i = 0; i < 50; i++)
            await _database.WriteAsync(c => c.ExecuteAsync("insert into texts(text) values ('more')"), Token);
        reclaiming.IsCompleted.ShouldBeFalse("the log cannot be emptied while somebody reads an earlier state");
        ends.SetResult();
        await reclaiming;

        (await reading).ShouldBe(1);
        (await CountAsync(_database)).ShouldBe(51);
        (await _database.ReadAsync(c => c.ExecuteScalarAsync<long>("pragma freelist_count"), Token)).ShouldBe(0);
        new FileInfo($"{File}-wal").Length.ShouldBe(0);
    }

    [Fact]
    public async Task Reclaim_FileOfBefore_IsWrittenAnewWhileOthersWrite()
    {
        await using (var older = Make(erases: false))
        {
            await FillAsync(older, 500);
            await older.WriteAsync(c => c.ExecuteAsync("delete from texts where id < 400"), Token);
        }

        var reclaiming = _database.ReclaimAsync(Token);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _database.WriteAsync(c => c.ExecuteAsync("insert into texts(text) values ('more')"), Token)));
        await reclaiming;

        (await _database.ReadAsync(c => c.ExecuteScalarAsync<long>("pragma auto_vacuum"), Token)).ShouldBe(2);
        (await _database.ReadAsync(c => c.ExecuteScalarAsync<long>("pragma freelist_count"), Token)).ShouldBe(0);
        (await CountAsync(_database)).ShouldBe(121);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private SqliteDatabase Make(bool erases) => new(File) { Module = "test", Erases = erases };

    private static Task FillAsync(SqliteDatabase database, int rows) => database.WriteAsync(async c =>
    {
        await c.ExecuteAsync("create table texts(id integer primary key, text text)");
        for (var i = 0; i < rows; i++)
            await c.ExecuteAsync("insert into texts(text) values (@text)", new { text = new string('x', 2_000) });
    }, Token);

    private static Task<long> CountAsync(SqliteDatabase database) => database.ReadAsync(c => c.ExecuteScalarAsync<long>("select count(*) from texts"), Token);
}
