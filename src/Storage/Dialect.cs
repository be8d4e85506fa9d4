using System.Data.Common;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Platform.Storage;

/// <summary>The few places where the two engines' SQL differs.</summary>
public abstract class Dialect
{
    /// <summary>The dialect of SQLite.</summary>
    public static readonly Dialect Sqlite = new SqliteDialect();

    /// <summary>The dialect of PostgreSQL.</summary>
    public static readonly Dialect PostgreSql = new PostgreSqlDialect();

    /// <summary>"sqlite" or "postgresql"; also the middle part of a schema script that is for one engine only.</summary>
    public abstract string Name { get; }

    /// <summary>A condition that a column is one of a list, whose parameter <see cref="List"/> makes.</summary>
    public abstract string AnyOf(string column, string parameter);

    /// <summary>The parameter value for <see cref="AnyOf"/>.</summary>
    public abstract object List(IEnumerable<string> values);

    /// <summary>Ends a sub-select that picks rows to claim: rows that another transaction holds are passed over.</summary>
    public abstract string SkipLocked { get; }

    /// <summary>The larger of two values.</summary>
    public abstract string Greatest(string a, string b);

    /// <summary>A case-insensitive pattern match.</summary>
    public abstract string Like(string column, string parameter);

    /// <summary>Whether an exception says that a unique key exists already.</summary>
    public static bool IsDuplicateKey(DbException e) => e switch
    {
        SqliteException s => s.SqliteErrorCode == 19,
        PostgresException p => p.SqlState == PostgresErrorCodes.UniqueViolation,
        _ => false,
    };

    private sealed class SqliteDialect : Dialect
    {
        public override string Name => "sqlite";

        public override string SkipLocked => "";

        public override string AnyOf(string column, string parameter) => $"{column} in (select value from json_each({parameter}))";

        public override object List(IEnumerable<string> values) => JsonSerializer.Serialize(values);

        public override string Greatest(string a, string b) => $"max({a}, {b})";

        public override string Like(string column, string parameter) => $"{column} like {parameter}";
    }

    private sealed class PostgreSqlDialect : Dialect
    {
        public override string Name => "postgresql";

        public override string SkipLocked => "for update skip locked";

        public override string AnyOf(string column, string parameter) => $"{column} = any({parameter})";

        public override object List(IEnumerable<string> values) => values.ToArray();

        public override string Greatest(string a, string b) => $"greatest({a}, {b})";

        public override string Like(string column, string parameter) => $"{column} ilike {parameter}";
    }
}
