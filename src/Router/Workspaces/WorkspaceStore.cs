using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Router;

/// <summary>Keeps workspaces by content: the same bundle is stored once per tenant.</summary>
internal sealed class WorkspaceStore([FromKeyedServices(ModuleNames.Router)] Database database, TimeProvider time)
{
    /// <summary>Stores a bundle unless it is there.</summary>
    public Task AddAsync(string tenant, WorkspaceBundle bundle, CancellationToken token) =>
        database.WriteAsync(async connection => await connection.ExecuteAsync(
            "insert into workspaces (tenant, id, files, bytes, content, created_ms) values (@tenant, @Id, @Files, @Bytes, @Content, @now) on conflict do nothing",
            new { tenant, bundle.Id, Files = (long)bundle.Files, Bytes = bundle.Content.LongLength, bundle.Content, now = time.GetUtcNow().ToUnixTimeMilliseconds() }), token);

    /// <summary>The bytes of a bundle, or null.</summary>
    public Task<byte[]?> FindAsync(string tenant, string id, CancellationToken token) =>
        database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<byte[]>(
            "select content from workspaces where tenant = @tenant and id = @id", new { tenant, id }), token);

    /// <summary>Whether a bundle is known.</summary>
    public Task<bool> HasAsync(string tenant, string id, CancellationToken token) =>
        database.ReadAsync(async connection => await connection.ExecuteScalarAsync<long>(
            "select count(*) from workspaces where tenant = @tenant and id = @id", new { tenant, id }) > 0, token);
}
