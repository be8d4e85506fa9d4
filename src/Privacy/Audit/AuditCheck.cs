using System.Security.Cryptography;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>What a check of the audit log found.</summary>
/// <param name="Entries">Rows that were read.</param>
/// <param name="Signed">Whether the head bears a signature that was checked.</param>
/// <param name="Anchored">Whether the vault vouches for the length of the log.</param>
/// <param name="HeadHash">Hash of the last row.</param>
/// <param name="PublicKey">Public key that signs now, as SubjectPublicKeyInfo in base64; empty when there is none.</param>
/// <param name="Problems">What is wrong, the first at most <see cref="AuditCheck.MostProblems"/>.</param>
public sealed record AuditVerdict(long Entries, bool Signed, bool Anchored, string HeadHash, string PublicKey, IReadOnlyList<string> Problems);

/// <summary>Reads the audit log: in pages, or whole to see whether a row was changed, removed, added or put elsewhere.</summary>
public sealed class AuditCheck
{
    /// <summary>Most problems that are told; one broken row is enough to distrust what follows it.</summary>
    public const int MostProblems = 20;

    private const int Page = 1000;
    private readonly Database _database;
    private readonly MasterKeys _masters;
    private readonly VaultStore _vault;

    internal AuditCheck([FromKeyedServices(PrivacySetup.Store)] Database database, MasterKeys masters, VaultStore vault) =>
        (_database, _masters, _vault) = (database, masters, vault);

    /// <summary>Follows the chain from the first row to the signed head.</summary>
    public async Task<AuditVerdict> RunAsync(CancellationToken token)
    {
        // In this order each is at least as old as the next, so that rows appended meanwhile are no problem.
        var anchor = await AnchorAsync(token);
        var head = await HeadAsync(token);
        var problems = new List<string>();
        var last = new AuditRow();
        var count = 0L;
        while (last.Seq < head.Seq && await PageAsync("", last.Seq, Page, token) is { Count: > 0 } rows)
        {
            foreach (var row in rows.TakeWhile(row => row.Seq <= head.Seq))
            {
                Compare(last, row, problems);
                last = row;
                count++;
            }

            if (rows[^1].Seq > head.Seq)
                break;
        }

        CheckEnd(head, last, problems);
        await CheckBeyondAsync(problems, token);
        CheckAnchor(anchor, head, problems);
        var signed = CheckSignature(head, problems);
        return new AuditVerdict(count, signed, anchor is not null, head.Hash, PublicKey(), [.. problems.Take(MostProblems)]);
    }

    /// <summary>Rows after a number, oldest first.</summary>
    /// <param name="tenant">Only this tenant; empty for all.</param>
    /// <param name="after">Number of the last row that is known.</param>
    /// <param name="count">Most rows.</param>
    /// <param name="token">Stops.</param>
    internal Task<IReadOnlyList<AuditRow>> PageAsync(string tenant, long after, long count, CancellationToken token) =>
        _database.ReadAsync<IReadOnlyList<AuditRow>>(async connection => (await connection.QueryAsync<AuditRow>(
            $"select {AuditRow.Columns} from audit_log where seq > @after and (@tenant = '' or tenant = @tenant) order by seq limit @count", new { after, tenant, count })).AsList(), token);

    private static void Compare(AuditRow last, AuditRow row, List<string> problems)
    {
        if (row.Seq != last.Seq + 1)
            problems.Add(row.Seq == last.Seq + 2 ? $"Entry {last.Seq + 1} is missing." : $"Entries {last.Seq + 1} to {row.Seq - 1} are missing.");
        else if (row.Previous != last.Hash)
            problems.Add($"Entry {row.Seq} does not follow entry {last.Seq}: one of them was changed, replaced or moved.");
        if (row.Reckon() != row.Hash)
            problems.Add($"Entry {row.Seq} was changed: its hash is not that of its content.");
    }

    private static void CheckEnd(AuditHead head, AuditRow last, List<string> problems)
    {
        if (last.Seq < head.Seq)
            problems.Add($"The log ends at entry {last.Seq}, its head says {head.Seq}: entries were removed from the end.");
        else if (last.Hash != head.Hash)
            problems.Add($"The head does not belong to entry {last.Seq}.");
    }

    private async Task CheckBeyondAsync(List<string> problems, CancellationToken token)
    {
        var newest = await _database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("select coalesce(max(seq), 0) from audit_log"), token);
        var head = await HeadAsync(token);
        if (newest > head.Seq)
            problems.Add($"Entry {newest} stands behind the head, which is at {head.Seq}: it was not appended by the platform.");
    }

    private static void CheckAnchor(AuditHead? anchor, AuditHead head, List<string> problems)
    {
        if (anchor is not null && anchor.Seq > head.Seq)
            problems.Add($"The head is at entry {head.Seq}, the vault knows of entry {anchor.Seq}: log and head were cut short or restored from an older state.");
        else if (anchor is not null && anchor.Seq == head.Seq && anchor.Hash != head.Hash)
            problems.Add($"The head at entry {head.Seq} is another than the vault knows: the log was written anew.");
    }

    private bool CheckSignature(AuditHead head, List<string> problems)
    {
        if (head.Seq == 0 || !_masters.AreThere)
            return false;
        if (head.Signature.Length == 0)
        {
            problems.Add($"The head at entry {head.Seq} bears no signature, although there is a key to sign with.");
            return false;
        }

        if (_masters.Find(head.KeyId) is not { } master)
        {
            problems.Add($"The head was signed by key {head.KeyId}, which is not known here; it cannot be checked.");
            return false;
        }

        using var signer = master.Signer();
        if (IsSignedBy(signer, head))
            return true;
        problems.Add($"The signature of the head at entry {head.Seq} is wrong: the head was not written by the platform.");
        return false;
    }

    private static bool IsSignedBy(ECDsa signer, AuditHead head)
    {
        var signature = new byte[head.Signature.Length];
        return Convert.TryFromBase64String(head.Signature, signature, out var length) && signer.VerifyData(head.Signed, signature.AsSpan(0, length), HashAlgorithmName.SHA256);
    }

    private string PublicKey()
    {
        if (!_masters.AreThere)
            return "";
        using var signer = _masters.Current.Signer();
        return Convert.ToBase64String(signer.ExportSubjectPublicKeyInfo());
    }

    private Task<AuditHead> HeadAsync(CancellationToken token) =>
        _database.ReadAsync(connection => connection.QuerySingleAsync<AuditHead>($"select {AuditHead.Columns} from audit_head where id = 1"), token);

    private async Task<AuditHead?> AnchorAsync(CancellationToken token) =>
        await _vault.FindAsync(token) is not { } database ? null : await database.ReadAsync(connection => connection.QuerySingleAsync<AuditHead>(
            "select seq as Seq, hash as Hash from audit_anchor where id = 1"), token);
}
