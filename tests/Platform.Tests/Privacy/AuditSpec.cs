using System.Data.Common;
using Dapper;
using Platform.Privacy;

namespace Platform.Tests.Privacy;

/// <summary>The audit log shows every change to it, on either store.</summary>
public abstract class AuditSpec : IAsyncLifetime
{
    private AccessStore _store = null!;
    private AccessStore.Replica _log = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<AccessStore> MakeAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await MakeAsync();
        _log = await _store.ReplicaAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Append_ManyReplicasAtOnce_MakeOneSignedChain()
    {
        var other = await _store.ReplicaAsync();

        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => (i % 2 == 0 ? _log : other).Audit.AppendAsync(Entry(i), Token)));

        var verdict = await _log.Check.RunAsync(Token);
        verdict.Problems.ShouldBeEmpty();
        (verdict.Entries, verdict.Signed, verdict.Anchored).ShouldBe((32, true, true));
        (await _log.Check.PageAsync("", 0, 100, Token)).Select(row => row.Target).ShouldBe(Enumerable.Range(0, 32).Select(i => $"target-{i}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Verify_EmptyLog_IsWell() => (await _log.Check.RunAsync(Token)).Problems.ShouldBeEmpty();

    [Theory]
    [InlineData("update audit_log set target = 'target-9' where seq = 3", "Entry 3 was changed")]
    [InlineData("update audit_log set actor = '' where seq = 1", "Entry 1 was changed")]
    [InlineData("update audit_log set at_ms = at_ms + 1 where seq = 5", "Entry 5 was changed")]
    [InlineData("delete from audit_log where seq = 3", "Entry 3 is missing")]
    [InlineData("delete from audit_log where seq in (2, 3, 4)", "Entries 2 to 4 are missing")]
    [InlineData("delete from audit_log where seq = 1", "Entry 1 is missing")]
    [InlineData("delete from audit_log where seq >= 5", "removed from the end")]
    [InlineData("update audit_log set seq = 100 where seq = 2; update audit_log set seq = 2 where seq = 4; update audit_log set seq = 4 where seq = 100", "Entry 2 was changed")]
    [InlineData("insert into audit_log (seq, at_ms, tenant, actor, action, target, detail, previous, hash) values (7, 1, 't', 'a', 'x', 'y', '', '', 'h')", "stands behind the head")]
    [InlineData("update audit_head set at_ms = at_ms + 1", "signature of the head at entry 6 is wrong")]
    [InlineData("update audit_head set signature = ''", "bears no signature")]
    [InlineData("update audit_head set signature = 'AAAA'", "signature of the head at entry 6 is wrong")]
    [InlineData("update audit_head set key_id = 'ffffffffffffffff'", "not known here")]
    public async Task Verify_AfterTampering_SaysWhat(string sql, string problem)
    {
        await AppendAsync(6);

        await _log.TamperAsync(sql);

        (await _log.Check.RunAsync(Token)).Problems.ShouldContain(each => each.Contains(problem));
    }

    [Fact]
    public async Task Verify_RowChangedWithItsHash_DoesNotFollowAnyMore()
    {
        await AppendAsync(4);
        var row = (await _log.Check.PageAsync("", 1, 1, Token))[0];
        row.Target = "somebody-else";

        await _log.TamperAsync($"update audit_log set target = 'somebody-else', hash = '{row.Reckon()}' where seq = 2");

        (await _log.Check.RunAsync(Token)).Problems.ShouldHaveSingleItem().ShouldContain("Entry 3 does not follow entry 2");
    }

    [Fact]
    public async Task Verify_LogAndHeadSetBackTogether_IsShownByTheVault()
    {
        await AppendAsync(3);
        var old = await _log.Database.ReadAsync(connection => connection.QuerySingleAsync<AuditHead>($"select {AuditHead.Columns} from audit_head"), Token);
        await AppendAsync(2);

        await _log.TamperAsync($"delete from audit_log where seq > 3; update audit_head set seq = 3, hash = '{old.Hash}', at_ms = {old.AtMs}, key_id = '{old.KeyId}', signature = '{old.Signature}'");

        (await _log.Check.RunAsync(Token)).Problems.ShouldHaveSingleItem().ShouldContain("the vault knows of entry 5");
    }

    [Fact]
    public async Task Verify_WrittenAnewByAnotherKey_IsShown()
    {
        await AppendAsync(2);
        await _log.TamperAsync("delete from audit_log; update audit_head set seq = 0, hash = '', at_ms = 0, key_id = '', signature = ''");
        var forger = await _store.ReplicaAsync(new SealingOptions { MasterKey = MasterKey.Make().Secret });

        for (var i = 0; i < 2; i++)
            await forger.Audit.AppendAsync(Entry(i), Token);

        (await _log.Check.RunAsync(Token)).Problems.ShouldContain(each => each.Contains("not known here"));
    }

    [Theory]
    [InlineData("update audit_log set target = 'x'")]
    [InlineData("delete from audit_log")]
    public async Task Store_ChangeOfTheLog_IsRefused(string sql)
    {
        await AppendAsync(1);

        var refused = await Should.ThrowAsync<DbException>(() => _log.Database.WriteAsync(connection => connection.ExecuteAsync(sql), Token));

        refused.Message.ShouldContain("append-only");
    }

    [Fact]
    public async Task Page_OfATenant_HoldsNoOther()
    {
        await AppendAsync(3);
        await _log.Audit.AppendAsync(Entry(9) with { Tenant = "blue" }, Token);

        (await _log.Check.PageAsync("blue", 0, 100, Token)).ShouldHaveSingleItem().Target.ShouldBe("target-9");
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("\0")]
    public async Task Append_TextThatIsNoId_IsRefused(string target) =>
        await Should.ThrowAsync<ArgumentException>(() => _log.Audit.AppendAsync(Entry(1) with { Target = target }, Token));

    [Fact]
    public async Task Append_TooLong_IsRefused() =>
        await Should.ThrowAsync<ArgumentException>(() => _log.Audit.AppendAsync(Entry(1) with { Detail = new string('x', 257) }, Token));

    private async Task AppendAsync(int count)
    {
        for (var i = 0; i < count; i++)
            await _log.Audit.AppendAsync(Entry(i), Token);
    }

    private static AuditEntry Entry(int i) => new("acme", "key-1", AuditActions.KeyCreated, $"target-{i}", "role=user");
}

/// <summary>On SQLite.</summary>
public sealed class AuditOnSqliteSpec : AuditSpec
{
    protected override Task<AccessStore> MakeAsync() => Task.FromResult<AccessStore>(new SqliteAccessStore());
}

/// <summary>On PostgreSQL.</summary>
public sealed class AuditOnPostgreSqlSpec : AuditSpec
{
    protected override async Task<AccessStore> MakeAsync() => await PostgreSqlAccessStore.MakeAsync();
}
