using Dapper;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>Records of people's rights that are kept for a shorter time than requests in general.</summary>
internal sealed class RetainedRecords(Database database, string name, string statement) : IRetainedData
{
    /// <summary>Consents that were withdrawn; one that is in force stays.</summary>
    public const string Consents = "consents";

    /// <summary>Requests that handed data out and are done. The data itself is never stored.</summary>
    public const string Exports = "exports";

    public string Module => PrivacySetup.Store;

    public string Class => name;

    /// <summary>The class of withdrawn consents.</summary>
    public static RetainedRecords OfConsents(Database database) => new(database, Consents, "delete from consent_records where withdrawn_ms > 0 and withdrawn_ms < @beforeMs");

    /// <summary>The class of exports.</summary>
    public static RetainedRecords OfExports(Database database) => new(database, Exports, $"delete from privacy_requests where kind = '{RequestKinds.Export}' and state = 'done' and done_ms < @beforeMs");

    public Task<long> RemoveAsync(long beforeMs, CancellationToken token) => database.WriteAsync(async connection => (long)await connection.ExecuteAsync(statement, new { beforeMs }), token);
}
