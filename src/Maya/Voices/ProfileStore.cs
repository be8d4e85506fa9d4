using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Maya;

/// <summary>A row of the profiles table.</summary>
internal sealed class ProfileRow
{
    public string Tenant { get; set; } = "";

    public string Name { get; set; } = "";

    public byte[] Document { get; set; } = [];

    public long Version { get; set; }

    /// <summary>Pseudonym of the person it is about; empty when it is about nobody.</summary>
    public string SubjectId { get; set; } = "";
}

/// <summary>Keeps brand voices and audience profiles. Every query is scoped by tenant.</summary>
internal sealed class ProfileStore([FromKeyedServices(ModuleNames.Maya)] Database database, TimeProvider time)
{
    /// <summary>Kind of brand voices.</summary>
    public const string Voices = "voice";

    /// <summary>Kind of audience profiles.</summary>
    public const string Audiences = "audience";

    private const int MostListed = 1_000;
    private const string Columns = "tenant as Tenant, name as Name, document as Document, version as Version, subject_id as SubjectId";

    /// <summary>Stores a profile under its name; returns its version.</summary>
    public Task<long> PutAsync(string tenant, string kind, string name, byte[] document, string pseudonym, CancellationToken token) => database.WriteAsync(connection => connection.ExecuteScalarAsync<long>("""
        insert into profiles (tenant, kind, name, document, version, changed_ms, subject_id) values (@tenant, @kind, @name, @document, 1, @now, @pseudonym)
        on conflict (tenant, kind, name) do update set document = excluded.document, version = profiles.version + 1, changed_ms = excluded.changed_ms, subject_id = excluded.subject_id
        returning version
        """, new { tenant, kind, name, document, pseudonym, now = time.GetUtcNow().ToUnixTimeMilliseconds() }), token);

    /// <summary>A profile with its version, or null.</summary>
    public Task<ProfileRow?> FindAsync(string tenant, string kind, string name, CancellationToken token) => database.ReadAsync(connection => connection.QueryFirstOrDefaultAsync<ProfileRow>(
        $"select {Columns} from profiles where tenant = @tenant and kind = @kind and name = @name", new { tenant, kind, name }), token);

    /// <summary>Profiles of a kind, by name.</summary>
    public Task<List<ProfileRow>> ListAsync(string tenant, string kind, CancellationToken token) => database.ReadAsync<List<ProfileRow>>(async connection =>
    [
        .. await connection.QueryAsync<ProfileRow>($"select {Columns} from profiles where tenant = @tenant and kind = @kind order by name limit @most", new { tenant, kind, most = MostListed }),
    ], token);

    /// <summary>Removes a profile; false when there was none.</summary>
    public Task<bool> DeleteAsync(string tenant, string kind, string name, CancellationToken token) => database.WriteAsync(async connection =>
        await connection.ExecuteAsync("delete from profiles where tenant = @tenant and kind = @kind and name = @name", new { tenant, kind, name }) == 1, token);
}
