using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Platform.Storage;

/// <summary>
/// The store switch, read here and nowhere else: PostgreSQL when <c>ConnectionStrings:platform</c> is set,
/// SQLite files under <c>PLATFORM_HOME</c> otherwise.
/// </summary>
public static class StoreSwitch
{
    private const string ConnectionName = "platform";
    private const string KeysName = "keys";
    private const string HomeKey = "PLATFORM_HOME";
    private const string VaultKey = "PLATFORM_KEYS";
    private const string SynchronousKey = "Storage:Synchronous";

    /// <summary>Adds the data directory and the start of all schemas. The host calls this once, before the modules.</summary>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        var home = Home(builder.Configuration);
        builder.Services.AddSingleton(_ => new DataDirectory(home));
        builder.Services.AddHostedService<SchemaStart>();
    }

    /// <summary>Adds a module's database under the module's name as service key, with the schema scripts of its assembly.</summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="module">Name of the module.</param>
    /// <param name="scripts">Assembly that embeds <c>Schema/*.sql</c>.</param>
    /// <param name="erases">Whether what is deleted leaves a local file, see <see cref="SqliteDatabase.Erases"/>.</param>
    public static void AddDatabase(this IHostApplicationBuilder builder, string module, Assembly scripts, bool erases = false)
    {
        var connection = builder.Configuration.GetConnectionString(ConnectionName);
        var synchronous = builder.Configuration[SynchronousKey] ?? "normal";
        if (synchronous is not ("normal" or "full"))
            throw Wrong($"{SynchronousKey} is '{synchronous}'; use 'normal' or 'full'.");
        if (!string.IsNullOrEmpty(connection))
            Check(ConnectionName, connection);
        builder.Services.AddKeyedSingleton<Database>(module, (services, _) => string.IsNullOrEmpty(connection)
            ? new SqliteDatabase(services.GetRequiredService<DataDirectory>().File($"{module}.db"), synchronous) { Module = module, Erases = erases }
            : new PostgreSqlDatabase(connection, module) { Module = module });
        builder.Services.AddSingleton(new SchemaOwner(module, scripts));
    }

    /// <summary>
    /// Where the keys of subjects live: a folder beside the data directory, or the database of <c>ConnectionStrings:keys</c> when rows are on a
    /// server. Never with the data: a restored backup of the data must not bring a destroyed key back.
    /// </summary>
    public static VaultPlace FindVault(IConfiguration configuration)
    {
        var data = configuration.GetConnectionString(ConnectionName);
        var keys = configuration.GetConnectionString(KeysName);
        if (!string.IsNullOrEmpty(keys))
        {
            Check(KeysName, keys);
            if (!string.IsNullOrEmpty(data) && IsSame(data, keys))
                throw Wrong($"ConnectionStrings:{KeysName} names the database of ConnectionStrings:{ConnectionName}; a backup of it would bring destroyed keys back. Give keys a database of their own.");
        }

        var folder = configuration[VaultKey] is { Length: > 0 } given ? given : $"{Path.TrimEndingDirectorySeparator(Home(configuration))}-keys";
        return new VaultPlace(string.IsNullOrEmpty(data) ? Path.GetFullPath(folder) : null, string.IsNullOrEmpty(keys) ? null : keys);
    }

    private static string Home(IConfiguration configuration) => configuration[HomeKey] is { Length: > 0 } given ? given : DefaultHome();

    private static bool IsSame(string one, string other)
    {
        var (a, b) = (new NpgsqlConnectionStringBuilder(one), new NpgsqlConnectionStringBuilder(other));
        return (a.Host, a.Port, a.Database) == (b.Host, b.Port, b.Database);
    }

    /// <summary>The value is not repeated: it holds a password.</summary>
    private static void Check(string name, string connection)
    {
        const string good = "give one such as Host=127.0.0.1;Port=5432;Database=platform;Username=platform;Password=...";
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Host))
                throw Wrong($"ConnectionStrings:{name} names no host; {good}");
        }
        catch (ArgumentException)
        {
            throw Wrong($"ConnectionStrings:{name} is not a connection string of PostgreSQL; {good}");
        }
    }

    private static OptionsValidationException Wrong(string message) => new("Storage", typeof(StoreSwitch), [message]);

    /// <summary>Whether this configuration keeps its rows on a server, for messages and health only.</summary>
    public static bool UsesServer(IConfiguration configuration) => !string.IsNullOrEmpty(configuration.GetConnectionString(ConnectionName));

    /// <summary><c>.platform</c> beside the nearest solution or repository, else in the user's home.</summary>
    public static string DefaultHome()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, ".git")) || folder.EnumerateFiles("*.sln").Any())
                return Path.Combine(folder.FullName, ".platform");
        }

        return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".platform");
    }
}

/// <summary>Where keys live, apart from the data they protect.</summary>
/// <param name="Folder">Folder of an embedded host; null when rows are on a server.</param>
/// <param name="Connection">Connection string of a database of their own; null when none is set.</param>
public sealed record VaultPlace(string? Folder, string? Connection);

/// <summary>Says which assembly holds the schema of a module.</summary>
internal sealed record SchemaOwner(string Module, Assembly Scripts);
