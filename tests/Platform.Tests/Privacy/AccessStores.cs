using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using Platform.Privacy;
using Platform.Storage;
using Platform.Tests.Metrics;
using Platform.Tests.Patterns;

namespace Platform.Tests.Privacy;

/// <summary>An empty store of keys, audit log and requests on one engine, with a vault apart from it; gone with the test.</summary>
public abstract class AccessStore : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _open = [];

    /// <summary>Folder of the test; master keys are in "vault".</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("access-test-").FullName;

    /// <summary>The clock of every replica.</summary>
    internal SetTime Time { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()));

    internal abstract VaultPlace Place { get; }

    /// <summary>What one process of the system has.</summary>
    internal async Task<Replica> ReplicaAsync(SealingOptions? options = null, VaultPlace? place = null)
    {
        var database = Connect();
        await database.ApplyAsync(SchemaScript.Of(typeof(PrivacySetup).Assembly, database.Dialect), CancellationToken.None);
        var replica = new Replica(database, place ?? Place, options ?? DefaultOptions, Time);
        _open.Add(replica);
        return replica;
    }

    /// <summary>Settings of every replica that is given none.</summary>
    public virtual SealingOptions DefaultOptions => new();

    protected abstract Database Connect();

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var each in _open)
            await each.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>One process's view of the stores.</summary>
    internal sealed class Replica : IAsyncDisposable
    {
        public Replica(Database database, VaultPlace place, SealingOptions options, TimeProvider time)
        {
            Database = database;
            Masters = new MasterKeys(place, Options.Create(options));
            Store = new VaultStore(place);
            Vault = new SubjectVault(Store, Masters, Options.Create(options), time);
            Rotation = new SubjectRotation(Store, Masters, Vault);
            Audit = new AuditLog(database, Masters, Store, time, NullLogger<AuditLog>.Instance);
            Check = new AuditCheck(database, Masters, Store);
            Keys = new ApiKeys(database, Audit, time);
            Requests = new RequestStore(database, Audit, time);
        }

        public Database Database { get; }

        public MasterKeys Masters { get; }

        public VaultStore Store { get; }

        public SubjectVault Vault { get; }

        public SubjectRotation Rotation { get; }

        public AuditLog Audit { get; }

        public AuditCheck Check { get; }

        public ApiKeys Keys { get; }

        public RequestStore Requests { get; }

        /// <summary>Does to the log what only somebody with the database's own password can.</summary>
        public Task TamperAsync(string sql) => Database.WriteAsync(async connection =>
        {
            await connection.ExecuteAsync(Database.Dialect == Dialect.Sqlite
                ? "drop trigger if exists audit_log_unchanged; drop trigger if exists audit_log_undeleted"
                : "drop trigger if exists audit_log_unchanged on audit_log");
            await connection.ExecuteAsync(sql);
        }, CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await Store.DisposeAsync();
            await Database.DisposeAsync();
            Masters.Dispose();
        }
    }
}

/// <summary>SQLite files, keys in a folder beside them.</summary>
internal sealed class SqliteAccessStore : AccessStore
{
    internal override VaultPlace Place => new(Path.Combine(Folder, "vault"), null);

    protected override Database Connect() => new SqliteDatabase(Path.Combine(Folder, "access.db")) { Module = "access" };
}

/// <summary>A schema of its own on the server that <c>PLATFORM_TEST_POSTGRES</c> names, and a database of its own for keys.</summary>
internal sealed class PostgreSqlAccessStore : AccessStore
{
    private readonly string _connection;
    private readonly string _name = $"access_{Guid.NewGuid():N}";
    private readonly string _master = MasterKey.Make().Secret;

    private PostgreSqlAccessStore(string connection) => _connection = connection;

    public override SealingOptions DefaultOptions => new() { MasterKey = _master };

    internal override VaultPlace Place => new(null, new NpgsqlConnectionStringBuilder(_connection) { Database = _name, Pooling = false }.ConnectionString);

    public static async Task<PostgreSqlAccessStore> MakeAsync()
    {
        var connection = Environment.GetEnvironmentVariable(PostgreSqlStore.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(connection), $"{PostgreSqlStore.Variable} names no PostgreSQL server (./platform servers start).");
        var store = new PostgreSqlAccessStore(connection!);
        await store.RunAsync($"create database \"{store._name}\"");
        return store;
    }

    protected override Database Connect() => new PostgreSqlDatabase(_connection, _name) { Module = _name };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await RunAsync($"drop schema if exists \"{_name}\" cascade");
        await RunAsync($"drop database if exists \"{_name}\" with (force)");
    }

    private async Task RunAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_connection);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
