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
    private const string HomeKey = "PLATFORM_HOME";
    private const string SynchronousKey = "Storage:Synchronous";

    /// <summary>Adds the data directory and the start of all schemas. The host calls this once, before the modules.</summary>
    public static void AddStorage(this IHostApplicationBuilder builder)
    {
        var home = builder.Configuration[HomeKey] is { Length: > 0 } given ? given : DefaultHome();
        builder.Services.AddSingleton(_ => new DataDirectory(home));
        builder.Services.AddHostedService<SchemaStart>();
    }

    /// <summary>Adds a module's database under the module's name as service key, with the schema scripts of its assembly.</summary>
    /// <param name="builder">The host being built.</param>
    /// <param name="module">Name of the module.</param>
    /// <param name="scripts">Assembly that embeds <c>Schema/*.sql</c>.</param>
    public static void AddDatabase(this IHostApplicationBuilder builder, string module, Assembly scripts)
    {
        var connection = builder.Configuration.GetConnectionString(ConnectionName);
        var synchronous = builder.Configuration[SynchronousKey] ?? "normal";
        if (synchronous is not ("normal" or "full"))
            throw Wrong($"{SynchronousKey} is '{synchronous}'; use 'normal' or 'full'.");
        if (!string.IsNullOrEmpty(connection))
            Check(connection);
        builder.Services.AddKeyedSingleton<Database>(module, (services, _) => string.IsNullOrEmpty(connection)
            ? new SqliteDatabase(services.GetRequiredService<DataDirectory>().File($"{module}.db"), synchronous) { Module = module }
            : new PostgreSqlDatabase(connection, module) { Module = module });
        builder.Services.AddSingleton(new SchemaOwner(module, scripts));
    }

    /// <summary>The value is not repeated: it holds a password.</summary>
    private static void Check(string connection)
    {
        const string good = "give one such as Host=127.0.0.1;Port=5432;Database=platform;Username=platform;Password=...";
        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(connection).Host))
                throw Wrong($"ConnectionStrings:{ConnectionName} names no host; {good}");
        }
        catch (ArgumentException)
        {
            throw Wrong($"ConnectionStrings:{ConnectionName} is not a connection string of PostgreSQL; {good}");
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

/// <summary>Says which assembly holds the schema of a module.</summary>
internal sealed record SchemaOwner(string Module, Assembly Scripts);
