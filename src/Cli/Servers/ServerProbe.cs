using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Platform.Cli.Servers;

/// <summary>Asks servers, in their own protocols, whether they are ready.</summary>
internal static class ServerProbe
{
    /// <summary>Why the server does not answer yet; null when it does.</summary>
    public static async Task<string?> ObstacleAsync(string role, string connection, CancellationToken token)
    {
        try
        {
            await (role == ServerRoles.PostgreSql ? AskPostgreSqlAsync(connection, token) : AskRabbitMqAsync(connection, token));
            return null;
        }
        catch (Exception e) when (e is NpgsqlException or RabbitMQClientException or BrokerUnreachableException or IOException or TimeoutException or UriFormatException or ArgumentException)
        {
            return e.Message;
        }
    }

    /// <summary>Creates a database with the vector type, unless it is there.</summary>
    /// <param name="connection">Connection string of a database on the same server, whose user may create databases.</param>
    /// <param name="name">Name of the database: letters, digits and underscores.</param>
    /// <param name="token">Ends the wait.</param>
    /// <returns>Connection string of that database.</returns>
    public static async Task<string> CreateDatabaseAsync(string connection, string name, CancellationToken token)
    {
        if (name.Length is 0 or > 63 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException($"'{name}' is no database name: use 1 to 63 letters, digits and underscores.", nameof(name));
        if (await ExecuteAsync(connection, $"select 1 from pg_database where datname = '{name}'", token) is null)
            await ExecuteAsync(connection, $"create database \"{name}\"", token);
        var target = new NpgsqlConnectionStringBuilder(connection) { Database = name }.ConnectionString;
        await ExecuteAsync(target, "create extension if not exists vector", token);
        return target;
    }

    /// <summary>Deletes a database, and ends the connections to it.</summary>
    public static Task DropDatabaseAsync(string connection, string name, CancellationToken token) =>
        ExecuteAsync(connection, $"drop database if exists \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" with (force)", token);

    private static Task AskPostgreSqlAsync(string connection, CancellationToken token) => ExecuteAsync(connection, "select 1", token);

    private static async Task<object?> ExecuteAsync(string connection, string sql, CancellationToken token)
    {
        // Without the pool: a connection left open in it would stand in the way of stopping the server or dropping the database.
        await using var open = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString);
        await open.OpenAsync(token);
        await using var command = new NpgsqlCommand(sql, open);
        return await command.ExecuteScalarAsync(token);
    }

    private static async Task AskRabbitMqAsync(string connection, CancellationToken token)
    {
        var factory = new ConnectionFactory { Uri = new Uri(connection), AutomaticRecoveryEnabled = false };
        await using var open = await factory.CreateConnectionAsync(token);
        await open.CloseAsync(token);
    }
}
