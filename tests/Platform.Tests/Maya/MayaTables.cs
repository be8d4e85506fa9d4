using Npgsql;
using Platform.Maya;
using Platform.Storage;

namespace Platform.Tests.Maya;

/// <summary>The module's tables, empty, on one engine; gone with the test.</summary>
internal sealed class MayaTables : IAsyncDisposable
{
    private const string Variable = "PLATFORM_TEST_POSTGRES";
    private readonly Func<Task> _drop;

    // No post here is about a person, so nothing is sealed.
    private MayaTables(Database database, Func<Task> drop) => (Database, _drop, Posts, Campaigns) = (database, drop, new PostStore(database, new PostSealing(vault: null!), News), new CampaignStore(database, new CampaignSealing(vault: null!)));

    public Database Database { get; }

    public ContentNews News { get; } = new();

    public PostStore Posts { get; }

    public CampaignStore Campaigns { get; }

    public static async Task<MayaTables> SqliteAsync()
    {
        var folder = Directory.CreateTempSubdirectory("maya-test-").FullName;
        return await ReadyAsync(new SqliteDatabase(Path.Combine(folder, "maya.db")) { Module = "maya" }, () =>
        {
            Directory.Delete(folder, recursive: true);
            return Task.CompletedTask;
        });
    }

    public static async Task<MayaTables> PostgreSqlAsync()
    {
        var connection = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{Variable} names no PostgreSQL server (./platform servers start).");
        var schema = $"maya_{Guid.NewGuid():N}";
        return await ReadyAsync(new PostgreSqlDatabase(connection!, schema) { Module = schema }, async () =>
        {
            await using var source = NpgsqlDataSource.Create(connection!);
            await using var command = source.CreateCommand($"drop schema if exists \"{schema}\" cascade");
            await command.ExecuteNonQueryAsync();
        });
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        News.Dispose();
        await _drop();
    }

    private static async Task<MayaTables> ReadyAsync(Database database, Func<Task> drop)
    {
        await database.ApplyAsync(SchemaScript.Of(typeof(MayaModule).Assembly, database.Dialect), TestContext.Current.CancellationToken);
        return new MayaTables(database, drop);
    }
}
