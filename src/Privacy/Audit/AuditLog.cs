using System.Data.Common;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>
/// Appends to the audit log. Every row carries the hash of the one before; the head is signed with each append, and its number is also kept in
/// the vault, so that a log that was cut short shows. One row is locked while appending: any number of replicas make one chain.
/// </summary>
public sealed partial class AuditLog
{
    private const int MaxField = 256;
    private readonly Database _database;
    private readonly MasterKeys _masters;
    private readonly VaultStore _vault;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _log;

    internal AuditLog([FromKeyedServices(PrivacySetup.Store)] Database database, MasterKeys masters, VaultStore vault, TimeProvider time, ILogger<AuditLog> log) =>
        (_database, _masters, _vault, _time, _log) = (database, masters, vault, time, log);

    /// <summary>Appends one entry. What is to be audited happens after this, so that nothing happens unrecorded.</summary>
    public Task AppendAsync(AuditEntry entry, CancellationToken token) => WithAsync(static _ => Task.FromResult(true), entry, token);

    /// <summary>Does something in the store of keys and requests, and appends its entry in the same transaction.</summary>
    internal async Task<T> WithAsync<T>(Func<DbConnection, Task<T>> work, AuditEntry entry, CancellationToken token)
    {
        var (result, head) = await _database.WriteAsync(async connection =>
        {
            var done = await work(connection);
            return (done, await AppendAsync(connection, entry));
        }, token);
        await AnchorAsync(head, token);
        return result;
    }

    /// <summary>Changes rows of that store, and appends its entry in the same transaction when any row was changed: of several who do the same at once one says so.</summary>
    internal async Task ChangeAsync(Func<DbConnection, Task<int>> change, AuditEntry entry, CancellationToken token)
    {
        if (await _database.WriteAsync(async connection => await change(connection) > 0 ? await AppendAsync(connection, entry) : null, token) is { } head)
            await AnchorAsync(head, token);
    }

    private async Task<AuditHead> AppendAsync(DbConnection connection, AuditEntry entry)
    {
        // The row stays locked until the commit; another replica waits here and then sees what this one wrote.
        var last = await connection.QuerySingleAsync<AuditHead>($"update audit_head set seq = seq where id = 1 returning {AuditHead.Columns}");
        var row = new AuditRow
        {
            Seq = last.Seq + 1,
            AtMs = _time.GetUtcNow().ToUnixTimeMilliseconds(),
            Tenant = Field(entry.Tenant),
            Actor = Field(entry.Actor),
            Action = Field(entry.Action),
            Target = Field(entry.Target),
            Detail = Field(entry.Detail),
            Previous = last.Hash,
        };
        row.Hash = row.Reckon();
        await connection.ExecuteAsync(
            "insert into audit_log (seq, at_ms, tenant, actor, action, target, detail, previous, hash) values (@Seq, @AtMs, @Tenant, @Actor, @Action, @Target, @Detail, @Previous, @Hash)", row);
        var head = Sign(new AuditHead { Seq = row.Seq, Hash = row.Hash, AtMs = row.AtMs });
        await connection.ExecuteAsync("update audit_head set seq = @Seq, hash = @Hash, at_ms = @AtMs, key_id = @KeyId, signature = @Signature where id = 1", head);
        return head;
    }

    private AuditHead Sign(AuditHead head)
    {
        if (!_masters.AreThere)
            return head;
        using var signer = _masters.Current.Signer();
        head.KeyId = _masters.Current.Id;
        head.Signature = Convert.ToBase64String(signer.SignData(head.Signed, HashAlgorithmName.SHA256));
        return head;
    }

    /// <summary>
    /// Goes on with a log that a restored backup has set back: says so in an entry, for good, and has the vault vouch for what follows.
    /// </summary>
    /// <returns>Whether the log was set back.</returns>
    internal async Task<bool> AcceptRestoreAsync(string tenant, string actor, CancellationToken token)
    {
        if (await _vault.FindAsync(token) is not { } vault || await AnchorOfAsync(vault, token) is not { } lost || await HoldsAsync(lost, token))
            return false;
        var head = await _database.WriteAsync(connection => AppendAsync(connection, new AuditEntry(tenant, actor, AuditActions.LogRestored, lost.Hash, $"seq={lost.Seq}")), token);
        await vault.WriteAsync(connection => connection.ExecuteAsync("update audit_anchor set seq = @Seq, hash = @Hash where id = 1", head), token);
        return true;
    }

    /// <summary>
    /// Tells the vault how far the log goes, unless the log is not the one that the vault knows: then it keeps what it knows. Should it not answer,
    /// the next append makes up for it.
    /// </summary>
    private async Task AnchorAsync(AuditHead head, CancellationToken token)
    {
        if (!_vault.IsThere)
            return;
        try
        {
            var vault = await _vault.OpenAsync(token);
            if (await HoldsAsync(await AnchorOfAsync(vault, token), token))
                await vault.WriteAsync(connection => connection.ExecuteAsync("update audit_anchor set seq = @Seq, hash = @Hash where id = 1 and seq < @Seq", head), token);
            else
                LogNotTheSame(head.Seq);
        }
        catch (Exception e) when (e is StoreUnreachableException or DbException)
        {
            LogNotAnchored(head.Seq, e);
        }
    }

    private static Task<AuditHead> AnchorOfAsync(Database vault, CancellationToken token) =>
        vault.ReadAsync(connection => connection.QuerySingleAsync<AuditHead>("select seq as Seq, hash as Hash from audit_anchor where id = 1"), token);

    /// <summary>Whether the log holds what the vault knows of it.</summary>
    private async Task<bool> HoldsAsync(AuditHead anchor, CancellationToken token) => anchor.Seq == 0 || anchor.Hash == await _database.ReadAsync(
        connection => connection.QuerySingleOrDefaultAsync<string>("select hash from audit_log where seq = @Seq", anchor), token);

    private static string Field(string value) => value.Length <= MaxField && !value.Any(char.IsControl)
        ? value
        : throw new ArgumentException($"A field of an audit entry has {value.Length} characters or a control character; ids of at most {MaxField} characters are kept.");

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit log, now at {Seq}, is not the one that the vault knows: it was cut short, written anew or restored from a backup. See 'audit verify'.")]
    private partial void LogNotTheSame(long seq);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The vault could not be told that the audit log goes to {Seq}; the next entry tells it.")]
    private partial void LogNotAnchored(long seq, Exception e);
}
