using Dapper;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>
/// The store of keys, apart from the data: a file in the vault's folder, or a database of its own. Opened at first need; an embedded host
/// that never hears of a subject never makes one.
/// </summary>
internal sealed class VaultStore(VaultPlace place) : IAsyncDisposable
{
    private const string Name = "vault";
    private const string Tables = """
        create table subjects (
            tenant text not null,
            pseudonym text not null,
            lookup text,
            name bytea,
            wrapped bytea,
            master_id text not null,
            restricted bigint not null default 0,
            created_ms bigint not null,
            erased_ms bigint not null default 0,
            primary key (tenant, pseudonym)
        );
        create unique index subjects_by_lookup on subjects (lookup) where lookup is not null;
        create index subjects_by_master on subjects (master_id);
        create table audit_anchor (
            id bigint primary key,
            seq bigint not null,
            hash text not null
        );
        insert into audit_anchor (id, seq, hash) values (1, 0, '');
        """;

    private static readonly IReadOnlyList<SchemaScript> Scripts = [new("001_vault.sql", Tables)];
    private readonly SemaphoreSlim _gate = new(1);
    private Database? _database;

    /// <summary>Whether there is a place for keys.</summary>
    public bool IsThere => place.Folder is not null || place.Connection is not null;

    private string FilePath => Path.Combine(place.Folder!, $"{Name}.db");

    /// <summary>The store, with its tables.</summary>
    /// <exception cref="InvalidOperationException">There is no place for it.</exception>
    public async Task<Database> OpenAsync(CancellationToken token)
    {
        if (_database is { } open)
            return open;
        await _gate.WaitAsync(token);
        try
        {
            return _database ??= await MakeAsync(token);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The store, or null when there is none yet: reading makes nothing.</summary>
    public async Task<Database?> FindAsync(CancellationToken token) =>
        _database ?? (place.Connection is not null || (place.Folder is not null && File.Exists(FilePath)) ? await OpenAsync(token) : null);

    /// <summary>Writes so that what was there before is gone from the file too, and not only unlinked.</summary>
    public async Task OverwriteAsync(string sql, object parameters, CancellationToken token)
    {
        var database = await OpenAsync(token);
        await database.WriteAsync(async connection =>
        {
            if (database is SqliteDatabase)
                await connection.ExecuteAsync("pragma secure_delete=on");
            return await connection.ExecuteAsync(sql, parameters);
        }, token);
        if (database is SqliteDatabase)
            await database.ReadAsync(connection => connection.ExecuteAsync("pragma wal_checkpoint(truncate)"), token);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_database is not null)
            await _database.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<Database> MakeAsync(CancellationToken token)
    {
        Database database;
        if (place.Connection is not null)
            database = new PostgreSqlDatabase(place.Connection, Name) { Module = Name };
        else if (place.Folder is not null)
            database = new SqliteDatabase(Path.Combine(VaultFolder.Make(place.Folder), $"{Name}.db"), "full") { Module = Name };
        else
            throw new InvalidOperationException("There is no store for keys: set ConnectionStrings:keys to a database of its own.");
        try
        {
            await database.ApplyAsync(Scripts, token);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
