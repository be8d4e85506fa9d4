using System.Data.Common;
using System.Reflection;
using Dapper;

namespace Platform.Storage;

/// <summary>
/// A numbered step of a module's schema: an embedded resource <c>Schema/NNN_what.sql</c>, or
/// <c>Schema/NNN_what.sqlite.sql</c> and <c>Schema/NNN_what.postgresql.sql</c> where the engines differ.
/// A script that was applied is never changed; a later one mends it.
/// </summary>
/// <param name="Name">File name; scripts run in the order of their names.</param>
/// <param name="Sql">The statements.</param>
public sealed record SchemaScript(string Name, string Sql)
{
    private const string Folder = ".Schema.";

    /// <summary>The scripts of an assembly that are meant for a dialect, in order.</summary>
    public static IReadOnlyList<SchemaScript> Of(Assembly assembly, Dialect dialect) =>
        [.. assembly.GetManifestResourceNames()
            .Where(name => name.Contains(Folder, StringComparison.Ordinal) && name.EndsWith(".sql", StringComparison.Ordinal))
            .Where(name => IsFor(name, dialect))
            .Select(name => new SchemaScript(name[(name.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..], Read(assembly, name)))
            .OrderBy(script => script.Name, StringComparer.Ordinal)];

    /// <summary>Whether a SQLite file has all of them.</summary>
    internal static async Task<bool> AreAppliedAsync(DbConnection connection, IReadOnlyList<SchemaScript> scripts)
    {
        if (await connection.ExecuteScalarAsync<long>("select count(*) from sqlite_master where type = 'table' and name = 'schema_scripts'") == 0)
            return false;
        var applied = (await connection.QueryAsync<string>("select name from schema_scripts")).ToHashSet(StringComparer.Ordinal);
        return scripts.All(s => applied.Contains(s.Name));
    }

    /// <summary>Applies what is missing, inside the caller's transaction and lock.</summary>
    internal static async Task ApplyAsync(DbConnection connection, IReadOnlyList<SchemaScript> scripts, CancellationToken token)
    {
        await connection.ExecuteAsync("create table if not exists schema_scripts (name text primary key, applied_ms bigint not null)");
        var applied = (await connection.QueryAsync<string>("select name from schema_scripts")).ToHashSet(StringComparer.Ordinal);
        foreach (var script in scripts.Where(s => !applied.Contains(s.Name)))
        {
            token.ThrowIfCancellationRequested();
            await connection.ExecuteAsync(script.Sql);
            await connection.ExecuteAsync("insert into schema_scripts (name, applied_ms) values (@Name, @now)",
                new { script.Name, now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
        }
    }

    private static bool IsFor(string name, Dialect dialect) =>
        name.EndsWith($".{dialect.Name}.sql", StringComparison.Ordinal)
        || (!name.EndsWith($".{Dialect.Sqlite.Name}.sql", StringComparison.Ordinal)
            && !name.EndsWith($".{Dialect.PostgreSql.Name}.sql", StringComparison.Ordinal));

    private static string Read(Assembly assembly, string name)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
