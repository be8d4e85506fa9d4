using Microsoft.Data.Sqlite;

namespace Platform.Storage;

/// <summary>The database server does not answer. Transient: the host tries again, and a job is not lost.</summary>
public sealed class StoreUnreachableException(string where, Exception inner)
    : Exception($"The database {where} does not answer: {inner.Message} Check ConnectionStrings:platform and that the server runs.", inner);

/// <summary>The database server answers and does not let this process in. Trying again would not help.</summary>
public sealed class StoreRefusedException(string where, Exception inner)
    : Exception($"The database {where} refuses the connection: {inner.Message.TrimEnd('.')}. Check user, password and database name in ConnectionStrings:platform.", inner);

/// <summary>A SQLite file is damaged. It is kept as it is: nothing is overwritten.</summary>
public sealed class StoreCorruptException(string path, Exception inner)
    : Exception($"The file {path} is not a usable SQLite database ({inner.Message}). It was left as it is: restore it from a backup, or move it away to start anew.", inner)
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>Full path of the file.</summary>
    public string Path { get; } = path;

    internal static bool IsDamage(SqliteException e) => e.SqliteErrorCode is Corrupt or NotADatabase;
}

/// <summary>The data directory belongs to another process.</summary>
public sealed class DataDirectoryInUseException(string path, string? endpoint)
    : Exception(endpoint is null
        ? $"The data directory {path} is in use by another process. Stop it, or set PLATFORM_HOME to another folder."
        : $"The data directory {path} is served by a host at {endpoint}. Use --server {endpoint}, stop that host, or set PLATFORM_HOME to another folder.")
{
    /// <summary>gRPC address of the host that owns the directory, when it is known.</summary>
    public string? Endpoint { get; } = endpoint;
}
