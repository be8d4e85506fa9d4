using Dapper;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>Keeps brand voices and audience profiles. Every query is scoped by tenant.</summary>
internal sealed class ProfileStore([FromKeyedServices(ModuleNames.Maya)] Database database, TimeProvider time)
{
    /// <summary>Kind of brand voices.</summary>
    public const string Voices = "voice";

    /// <summary>Kind of audience profiles.</summary>
    public const string Audiences = "audience";

    private const int MostListed = 1_000;

    /// <summary>Stores a profile under its name; returns its version.</summary>
    public Task<long> PutAsync(string tenant, string kind, string name, IMessage document, CancellationToken token) => database.WriteAsync(connection => connection.ExecuteScalarAsync<long>("""
        insert into profiles (tenant, kind, name, document, version, changed_ms) values (@tenant, @kind, @name, @document, 1, @now)
        on conflict (tenant, kind, name) do update set document = excluded.document, version = profiles.version + 1, changed_ms = excluded.changed_ms
        returning version
        """, new { tenant, kind, name, document = document.ToByteArray(), now = time.GetUtcNow().ToUnixTimeMilliseconds() }), token);

    /// <summary>A profile with its version, or null.</summary>
    public Task<(byte[] Document, long Version)?> FindAsync(string tenant, string kind, string name, CancellationToken token) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<ProfileRow>("select document as Document, version as Version from profiles where tenant = @tenant and kind = @kind and name = @name", new { tenant, kind, name }))
            .Select(row => ((byte[], long)?)(row.Document, row.Version)).FirstOrDefault(), token);

    /// <summary>Profiles of a kind, by name.</summary>
    public Task<List<(byte[] Document, long Version)>> ListAsync(string tenant, string kind, CancellationToken token) => database.ReadAsync<List<(byte[], long)>>(async connection =>
    [
        .. (await connection.QueryAsync<ProfileRow>("select document as Document, version as Version from profiles where tenant = @tenant and kind = @kind order by name limit @most",
            new { tenant, kind, most = MostListed })).Select(row => (row.Document, row.Version)),
    ], token);

    /// <summary>Removes a profile; false when there was none.</summary>
    public Task<bool> DeleteAsync(string tenant, string kind, string name, CancellationToken token) => database.WriteAsync(async connection =>
        await connection.ExecuteAsync("delete from profiles where tenant = @tenant and kind = @kind and name = @name", new { tenant, kind, name }) == 1, token);

    private sealed class ProfileRow
    {
        public byte[] Document { get; set; } = [];

        public long Version { get; set; }
    }
}
