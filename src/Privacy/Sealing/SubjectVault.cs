using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Platform.Contracts;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>
/// Gives each subject of a tenant a pseudonym and a data key, and takes both away again. What it knows it looks up anew after
/// <c>Sealing:CacheSeconds</c>, so a destroyed key is gone from every process within that time.
/// </summary>
public sealed class SubjectVault
{
    private const int MaxSubject = 128;
    private const int MaxKnown = 10_000;
    private readonly VaultStore _store;
    private readonly MasterKeys _masters;
    private readonly IOptions<SealingOptions> _options;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(string Tenant, string Pseudonym), (SubjectKey? Key, DateTimeOffset At)> _keys = new();

    internal SubjectVault(VaultStore store, MasterKeys masters, IOptions<SealingOptions> options, TimeProvider time) =>
        (_store, _masters, _options, _time) = (store, masters, options, time);

    /// <summary>The key of a subject, made at first use, for taking in something about it.</summary>
    /// <param name="tenant">Tenant of the caller.</param>
    /// <param name="subjectId">The caller's own name of the person.</param>
    /// <param name="token">Stops.</param>
    /// <exception cref="RpcException">INVALID_ARGUMENT for an unusable id; FAILED_PRECONDITION when the subject is restricted or keys have no place.</exception>
    public async Task<SubjectKey> UseAsync(string tenant, string subjectId, CancellationToken token)
    {
        var name = Normalise(subjectId);
        if (!_store.IsThere || !_masters.AreThere)
            throw Refuse("subject_id is given, but keys of subjects have no place: set ConnectionStrings:keys (a database of its own) and Sealing:MasterKey.");
        var row = (await RowsAsync(tenant, name, token)).FirstOrDefault() ?? await MakeAsync(tenant, name, token);
        return row.Restricted == 0
            ? Unwrap(row)!
            : throw Refuse("Processing for this subject is restricted (privacy restrict); nothing new is taken in until the restriction is lifted.");
    }

    /// <summary>The key behind a pseudonym, for reading; null when it was destroyed or never was.</summary>
    public async Task<SubjectKey?> FindAsync(string tenant, string pseudonym, CancellationToken token)
    {
        var now = _time.GetUtcNow();
        if (_keys.TryGetValue((tenant, pseudonym), out var known) && now - known.At < TimeSpan.FromSeconds(_options.Value.CacheSeconds))
            return known.Key;
        var row = await _store.FindAsync(token) is not { } database ? null : await database.ReadAsync(connection => connection.QuerySingleOrDefaultAsync<SubjectRow>(
            $"select {SubjectRow.Columns} from subjects where tenant = @tenant and pseudonym = @pseudonym", new { tenant, pseudonym }), token);
        var key = row is null ? null : Unwrap(row);
        if (_keys.Count >= MaxKnown)
            _keys.Clear();
        _keys[(tenant, pseudonym)] = (key, now);
        return key;
    }

    /// <summary>Pseudonyms of a subject that is known by name: none, one, or several after a crash in the middle of a rotation.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT for an unusable id.</exception>
    public async Task<IReadOnlyList<string>> LookUpAsync(string tenant, string subjectId, CancellationToken token) =>
        [.. (await RowsAsync(tenant, Normalise(subjectId), token)).Select(row => row.Pseudonym)];

    /// <summary>Whether a subject is restricted.</summary>
    public async Task<bool> IsRestrictedAsync(string tenant, string subjectId, CancellationToken token) =>
        (await RowsAsync(tenant, Normalise(subjectId), token)).Any(row => row.Restricted != 0);

    /// <summary>Stops or allows taking in more about a subject; what is there stays as it is.</summary>
    public async Task RestrictAsync(string tenant, string pseudonym, bool restricted, CancellationToken token) =>
        await (await _store.OpenAsync(token)).WriteAsync(connection => connection.ExecuteAsync(
            "update subjects set restricted = @flag where tenant = @tenant and pseudonym = @pseudonym", new { tenant, pseudonym, flag = restricted ? 1L : 0L }), token);

    /// <summary>Destroys a subject's key, name and look-up. What it sealed stays unreadable for ever, in every copy.</summary>
    public async Task DestroyAsync(string tenant, string pseudonym, CancellationToken token)
    {
        await _store.OverwriteAsync(
            "update subjects set lookup = null, name = null, wrapped = null, master_id = '', restricted = 0, erased_ms = @now where tenant = @tenant and pseudonym = @pseudonym and erased_ms = 0",
            new { tenant, pseudonym, now = Now() }, token);
        Forget(tenant, pseudonym);
    }

    /// <summary>Pseudonyms whose keys were destroyed: what a restored backup of the data may still hold rows of.</summary>
    public async Task<IReadOnlyList<string>> ErasedAsync(string tenant, CancellationToken token) =>
        await _store.FindAsync(token) is not { } database ? [] : await database.ReadAsync(async connection => (await connection.QueryAsync<string>(
            "select pseudonym from subjects where tenant = @tenant and erased_ms > 0 order by pseudonym", new { tenant })).AsList(), token);

    /// <summary>Drops what this process knows of a subject.</summary>
    public void Forget(string tenant, string pseudonym) => _keys.TryRemove((tenant, pseudonym), out _);

    internal SubjectKey? Unwrap(SubjectRow row)
    {
        if (row.Wrapped is null)
            return null;
        var master = _masters.Find(row.MasterId) ?? throw new CryptographicException(
            $"The key of subject {row.Pseudonym} is wrapped by master key {row.MasterId}, which is not here; add it to Sealing:OtherMasterKeys.");
        return new SubjectKey(row.Tenant, row.Pseudonym, master.Unwrap(row.Wrapped, row.Bound));
    }

    private async Task<IReadOnlyList<SubjectRow>> RowsAsync(string tenant, string name, CancellationToken token)
    {
        if (await _store.FindAsync(token) is not { } database)
            return [];
        var names = _masters.All.Select(master => master.Blind(tenant, name)).ToList();
        return await database.ReadAsync<IReadOnlyList<SubjectRow>>(async connection => (await connection.QueryAsync<SubjectRow>(
            $"select {SubjectRow.Columns} from subjects where tenant = @tenant and {database.Dialect.AnyOf("lookup", "@names")} order by created_ms, pseudonym",
            new { tenant, names = database.Dialect.List(names) })).AsList(), token);
    }

    private async Task<SubjectRow> MakeAsync(string tenant, string name, CancellationToken token)
    {
        await _masters.Wrapping.WaitAsync(token);
        try
        {
            await InsertAsync(tenant, name, token);
        }
        finally
        {
            _masters.Wrapping.Release();
        }

        // Somebody else may have been first: what is stored counts.
        return (await RowsAsync(tenant, name, token)).FirstOrDefault()
            ?? throw new RpcException(new Status(StatusCode.Aborted, "The subject was erased in this moment; try again."));
    }

    private async Task InsertAsync(string tenant, string name, CancellationToken token)
    {
        var database = await _store.OpenAsync(token);
        var master = _masters.Current;
        var row = new SubjectRow
        {
            Tenant = tenant,
            Pseudonym = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Lookup = master.Blind(tenant, name),
            MasterId = master.Id,
            CreatedMs = Now(),
        };
        var key = RandomNumberGenerator.GetBytes(SealedBox.KeyBytes);
        row.Wrapped = master.Wrap(key, row.Bound);
        row.Name = new SubjectKey(tenant, row.Pseudonym, key).Seal(SubjectRotation.NamePlace, Encoding.UTF8.GetBytes(name));
        await database.WriteAsync(connection => connection.ExecuteAsync(
            "insert into subjects (tenant, pseudonym, lookup, name, wrapped, master_id, created_ms) values (@Tenant, @Pseudonym, @Lookup, @Name, @Wrapped, @MasterId, @CreatedMs) on conflict do nothing", row), token);
    }

    /// <summary>One person, one spelling: without outer white space, in Unicode's composed form.</summary>
    private static string Normalise(string subjectId)
    {
        if (subjectId.Length is 0 or > MaxSubject || string.IsNullOrWhiteSpace(subjectId) || subjectId.Any(char.IsControl))
            throw new RpcException(new Status(StatusCode.InvalidArgument, $"subject_id has {subjectId.Length} characters; give 1 to {MaxSubject} printable ones."));
        try
        {
            return subjectId.Normalize(NormalizationForm.FormC).Trim();
        }
        catch (ArgumentException)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "subject_id is not valid Unicode text."));
        }
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static RpcException Refuse(string message) => new(new Status(StatusCode.FailedPrecondition, message));
}
