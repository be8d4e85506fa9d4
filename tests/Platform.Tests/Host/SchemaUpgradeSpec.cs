using System.Data.Common;
using System.Reflection;
using Dapper;
using Npgsql;
using Platform.Maya;
using Platform.Metrics;
using Platform.Patterns;
using Platform.Privacy;
using Platform.Router;
using Platform.Storage;

namespace Platform.Tests.Host;

/// <summary>Every version of a module's schema, with data in every table, can be brought up to date, and nothing is lost: on either engine.</summary>
public abstract class SchemaUpgradeSpec(bool onServer) : IDisposable
{
    private const string Variable = "PLATFORM_TEST_POSTGRES";
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    /// <summary>Tables whose rows a later script carried over into another.</summary>
    private static readonly Dictionary<string, string> Moved = new() { ["consents"] = "consent_records" };

    private readonly string _folder = Directory.CreateTempSubdirectory("schema-").FullName;
    private readonly string _schema = $"upgrade_{Guid.NewGuid():N}";
    private int _values = 1_000;

    public static TheoryData<Type> Owners => [typeof(RouterModule), typeof(PatternsModule), typeof(MayaModule), typeof(MetricsModule), typeof(SubjectVault)];

    [Theory, MemberData(nameof(Owners))]
    public async Task ApplyAsync_FromEveryVersionWithData_KeepsEveryRow(Type owner)
    {
        await using var database = Open(owner.Assembly);
        var scripts = SchemaScript.Of(owner.Assembly, database.Dialect);
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        for (var step = 1; step <= scripts.Count; step++)
        {
            await database.ApplyAsync([.. scripts.Take(step)], Token);
            foreach (var table in await database.ReadAsync(TablesAsync, Token))
            {
                await database.WriteAsync(connection => InsertAsync(connection, table), Token);
                rows[table] = rows.GetValueOrDefault(table) + 1;
            }
        }

        rows.Count.ShouldBeGreaterThan(2);
        rows.Values.Max().ShouldBe(scripts.Count, "the tables of the first script hold a row of each version");
        foreach (var (table, count) in rows.Select(r => (Moved.GetValueOrDefault(r.Key, r.Key), r.Value)))
            (await database.ReadAsync(connection => connection.ExecuteScalarAsync<long>($"select count(*) from {table}"), Token)).ShouldBeGreaterThanOrEqualTo(count, $"{table}; a script may bring rows of its own");
        await DropAsync();
    }

    private Database Open(Assembly assembly)
    {
        if (!onServer)
            return new SqliteDatabase(Path.Combine(_folder, "store.db")) { Module = "store" };
        var server = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(server), $"{Variable} names no PostgreSQL server (./platform servers start).");
        return new PostgreSqlDatabase(server!, _schema) { Module = _schema };
    }

    private async Task DropAsync()
    {
        if (!onServer)
            return;
        await using var source = NpgsqlDataSource.Create(Environment.GetEnvironmentVariable(Variable)!);
        await using var command = source.CreateCommand($"drop schema if exists \"{_schema}\" cascade");
        await command.ExecuteNonQueryAsync(Token);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<IReadOnlyList<string>> TablesAsync(DbConnection connection) => (await connection.QueryAsync<string>(onServer
        ? "select table_name from information_schema.tables where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name <> 'schema_scripts'"
        : "select name from sqlite_master where type = 'table' and name <> 'schema_scripts' and name not like 'sqlite_%'")).AsList();

    /// <summary>One row with a value of its own in every column that needs one.</summary>
    private async Task InsertAsync(DbConnection connection, string table)
    {
        var columns = (await connection.QueryAsync<Column>(onServer
            ? "select column_name as Name, data_type as Type from information_schema.columns where table_schema = current_schema() and table_name = @table and is_nullable = 'NO' and column_default is null and is_identity = 'NO'"
            : "select name as Name, type as Type from pragma_table_info(@table) where \"notnull\" = 1 and dflt_value is null", new { table })).AsList();
        var values = new DynamicParameters();
        foreach (var column in columns)
            values.Add(column.Name, column.IsVector ? "[1,2,3]" : ValueOf(column.Type.ToLowerInvariant()));
        await connection.ExecuteAsync($"insert into {table} ({string.Join(", ", columns.Select(c => c.Name))}) values ({string.Join(", ", columns.Select(c => c.IsVector ? $"cast(@{c.Name} as vector)" : "@" + c.Name))})", values);
    }

    private object ValueOf(string type)
    {
        var value = _values++;
        return type switch
        {
            "text" => $"value {value}",
            "bigint" or "integer" => (long)value,
            "double precision" or "real" => (double)value,
            "bytea" or "blob" => BitConverter.GetBytes(value),
            _ => throw new InvalidOperationException($"A column of type '{type}' has no value here yet."),
        };
    }

    private sealed class Column
    {
        public string Name { get; set; } = "";

        public string Type { get; set; } = "";

        public bool IsVector => Type == "USER-DEFINED";
    }
}

/// <summary>Upgrades in SQLite.</summary>
public sealed class SchemaUpgradeOnSqliteSpec() : SchemaUpgradeSpec(onServer: false);

/// <summary>Upgrades in PostgreSQL.</summary>
public sealed class SchemaUpgradeOnServerSpec() : SchemaUpgradeSpec(onServer: true);
