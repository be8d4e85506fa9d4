using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Contracts;
using Platform.Storage;
using Platform.V1;

namespace Platform.Privacy;

/// <summary>Keeps what people agreed to, by pseudonym: the purpose, the version of the text, when, and when it was withdrawn.</summary>
internal sealed class ConsentStore([FromKeyedServices(PrivacySetup.Store)] Database database, AuditLog audit, TimeProvider time)
{
    private const int MaxWord = 128;

    /// <summary>Records a consent, or that it was withdrawn.</summary>
    /// <exception cref="ArgumentException">Purpose or version cannot be used.</exception>
    public Task RecordAsync(Caller caller, string pseudonym, RecordConsentRequest request, CancellationToken token)
    {
        Word("purpose", request.Purpose);
        Word("version", request.Version);
        var values = new { caller.Tenant, pseudonym, request.Purpose, request.Version, now = time.GetUtcNow().ToUnixTimeMilliseconds(), actor = caller.KeyId };
        var sql = request.Withdrawn
            ? "update consent_records set withdrawn_ms = @now, actor = @actor where tenant = @Tenant and pseudonym = @pseudonym and purpose = @Purpose and version = @Version and withdrawn_ms = 0"
            : "insert into consent_records (tenant, pseudonym, purpose, version, given_ms, actor) select @Tenant, @pseudonym, @Purpose, @Version, @now, @actor "
                + "where not exists (select 1 from consent_records where tenant = @Tenant and pseudonym = @pseudonym and purpose = @Purpose and version = @Version and (withdrawn_ms = 0 or given_ms = @now))";
        return audit.WithAsync(connection => connection.ExecuteAsync(sql, values),
            new AuditEntry(caller.Tenant, caller.KeyId, AuditActions.ConsentRecorded, pseudonym, $"{(request.Withdrawn ? "withdrawn" : "given")} purpose={request.Purpose} version={request.Version}"), token);
    }

    /// <summary>Consents of a subject, by purpose.</summary>
    public Task<IReadOnlyList<ConsentRow>> ListAsync(string tenant, string pseudonym, CancellationToken token) =>
        database.ReadAsync<IReadOnlyList<ConsentRow>>(async connection => (await connection.QueryAsync<ConsentRow>(
            "select purpose as Purpose, version as Version, given_ms as GivenMs, withdrawn_ms as WithdrawnMs from consent_records where tenant = @tenant and pseudonym = @pseudonym order by purpose, version, given_ms",
            new { tenant, pseudonym })).AsList(), token);

    /// <summary>Removes a subject's consents; gives how many there were.</summary>
    public Task<int> DropAsync(string tenant, string pseudonym, CancellationToken token) =>
        database.WriteAsync(connection => connection.ExecuteAsync("delete from consent_records where tenant = @tenant and pseudonym = @pseudonym", new { tenant, pseudonym }), token);

    private static void Word(string field, string value)
    {
        if (string.IsNullOrWhiteSpace(value) || value.Length > MaxWord || value.Any(c => char.IsControl(c) || char.IsSurrogate(c)))
            throw new ArgumentException($"{field} has {value.Length} characters; give 1 to {MaxWord} printable ones.");
    }
}

/// <summary>A consent as the store holds it.</summary>
internal sealed class ConsentRow
{
    public string Purpose { get; set; } = "";

    public string Version { get; set; } = "";

    public long GivenMs { get; set; }

    public long WithdrawnMs { get; set; }

    public Consent ToConsent() => new() { Purpose = Purpose, Version = Version, GivenMs = GivenMs, WithdrawnMs = WithdrawnMs };
}
