using Npgsql;
using Platform.Patterns;
using Platform.Storage;

namespace Platform.Tests.Patterns;

/// <summary>An empty store of one engine, gone with the test.</summary>
public abstract class StoreUnderTest : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("patterns-test-").FullName;
    private readonly List<IAsyncDisposable> _open = [];

    public required Database Database { get; init; }

    public string Folder => _folder;

    internal async Task<PatternLibrary> OpenAsync(string tenant = "default", PatternsOptions? options = null, TimeProvider? time = null, EmbedderOptions? embedder = null)
    {
        var library = await PatternLibrary.OpenAsync(Database, Path.Combine(_folder, "vectors"), options, tenant, time, embedder);
        _open.Add(library);
        return library;
    }

    /// <summary>Writes files under a folder of this test.</summary>
    public string Write(string folder, params (string Path, string Text)[] files)
    {
        var root = Path.Combine(_folder, folder);
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
            File.WriteAllText(Path.Combine(root, path), text);
        }

        return root;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var library in _open)
            await library.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>SQLite in a temporary folder.</summary>
internal sealed class SqliteStore : StoreUnderTest
{
    private readonly string _file;

    private SqliteStore(string file) => _file = file;

    public static SqliteStore Make()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("patterns-test-").FullName, "patterns.db");
        return new SqliteStore(file) { Database = new SqliteDatabase(file) { Module = "patterns", Erases = true } };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }
}

/// <summary>A schema of its own on the server that <c>PLATFORM_TEST_POSTGRES</c> names.</summary>
internal sealed class PostgreSqlStore : StoreUnderTest
{
    public const string Variable = "PLATFORM_TEST_POSTGRES";
    private readonly string _connection;
    private readonly string _schema;

    private PostgreSqlStore(string connection, string schema) => (_connection, _schema) = (connection, schema);

    public static PostgreSqlStore Make()
    {
        var connection = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{Variable} names no PostgreSQL server with pgvector (./platform servers start).");
        var schema = $"patterns_{Guid.NewGuid():N}";
        return new PostgreSqlStore(connection!, schema) { Database = new PostgreSqlDatabase(connection!, schema) { Module = schema } };
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var command = source.CreateCommand($"drop schema if exists \"{_schema}\" cascade");
        await command.ExecuteNonQueryAsync();
    }
}
