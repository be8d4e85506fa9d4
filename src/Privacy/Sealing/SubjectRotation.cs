using System.Text;
using Dapper;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>What a rotation did.</summary>
/// <param name="MasterKeyId">Id of the key that wraps everything now.</param>
/// <param name="Rewrapped">Data keys that were wrapped anew.</param>
/// <param name="OldKeysDropped">Whether the old master keys are gone; an operator who configures keys removes them himself.</param>
public sealed record RotationReport(string MasterKeyId, long Rewrapped, bool OldKeysDropped);

/// <summary>
/// Wraps every data key by the current master key. The data keys stay, so no data is touched. It may be stopped and run again at any point: a
/// row is moved in one conditional UPDATE, and old keys go only when no row needs them.
/// </summary>
internal sealed class SubjectRotation(VaultStore store, MasterKeys masters, SubjectVault vault)
{
    public const string NamePlace = "subjects.name";
    private const int Page = 200;

    /// <summary>Rotates; on an embedded host a new master key is made for it.</summary>
    public async Task<RotationReport> RunAsync(CancellationToken token)
    {
        // Nobody may wrap a new key by an old master key while that one is on its way out.
        await masters.Wrapping.WaitAsync(token);
        try
        {
            return await RotateAsync(token);
        }
        finally
        {
            masters.Wrapping.Release();
        }
    }

    private async Task<RotationReport> RotateAsync(CancellationToken token)
    {
        if (!masters.IsConfigured)
            masters.Add();
        var moved = 0L;
        if (await store.FindAsync(token) is { } database)
        {
            while (await PageAsync(database, token) is { Count: > 0 } rows)
            {
                foreach (var row in rows)
                    moved += await MoveAsync(database, row, token);
            }
        }

        if (!masters.IsConfigured)
            masters.DropOld();
        return new RotationReport(masters.Current.Id, moved, !masters.IsConfigured);
    }

    private Task<List<SubjectRow>> PageAsync(Database database, CancellationToken token) => database.ReadAsync(async connection =>
        (await connection.QueryAsync<SubjectRow>($"select {SubjectRow.Columns} from subjects where wrapped is not null and master_id <> @current limit @count",
            new { current = masters.Current.Id, count = (long)Page })).ToList(), token);

    private Task<int> MoveAsync(Database database, SubjectRow row, CancellationToken token)
    {
        var old = masters.Find(row.MasterId);
        var name = Encoding.UTF8.GetString(vault.Unwrap(row)!.Open(NamePlace, row.Name!));
        var key = old!.Unwrap(row.Wrapped!, row.Bound);
        var current = masters.Current;
        return database.WriteAsync(connection => connection.ExecuteAsync(
            "update subjects set wrapped = @wrapped, lookup = @lookup, master_id = @id where tenant = @Tenant and pseudonym = @Pseudonym and master_id = @from",
            new { wrapped = current.Wrap(key, row.Bound), lookup = current.Blind(row.Tenant, name), id = current.Id, row.Tenant, row.Pseudonym, from = row.MasterId }), token);
    }
}
