using Dapper;
using Platform.Privacy;

namespace Platform.Tests.Privacy;

/// <summary>Keys that are made at run time, on either store.</summary>
public abstract class ApiKeysSpec : IAsyncLifetime
{
    private AccessStore _store = null!;
    private AccessStore.Replica _one = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    protected abstract Task<AccessStore> MakeAsync();

    public async ValueTask InitializeAsync()
    {
        _store = await MakeAsync();
        _one = await _store.ReplicaAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Create_AKey_OpensAtOnceInEveryProcessAndIsStoredAsAHashOnly()
    {
        var other = await _store.ReplicaAsync();
        var (key, text) = await MakeKeyAsync();

        var found = await other.Keys.CheckAsync(text, mayLookUp: true, Token);

        (found!.Id, found.Tenant, found.Role).ShouldBe((key.Id, "acme", Roles.User));
        var stored = await _one.Database.ReadAsync(connection => connection.QuerySingleAsync<string>("select hash || name || created_by from api_keys"), Token);
        stored.ShouldBe(ApiKey.HashOf(text) + "build" + "admin");
        stored.ShouldNotContain(text[^64..]);
    }

    [Fact]
    public async Task Revoke_AKey_StopsItHereAtOnceAndElsewhereAfterTheStatedTime()
    {
        var other = await _store.ReplicaAsync();
        var (key, text) = await MakeKeyAsync();
        (await other.Keys.CheckAsync(text, true, Token)).ShouldNotBeNull();

        var revoked = await _one.Keys.RevokeAsync(key.Id, "admin", Token);

        revoked!.StateAt(_store.Time.Now).ShouldBe("revoked");
        (await _one.Keys.CheckAsync(text, true, Token)).ShouldBeNull();
        _store.Time.Now += ApiKeys.Staleness;
        (await other.Keys.CheckAsync(text, true, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Revoke_Twice_IsOneEntry()
    {
        var (key, _) = await MakeKeyAsync();

        await _one.Keys.RevokeAsync(key.Id, "admin", Token);
        await _one.Keys.RevokeAsync(key.Id, "admin", Token);

        (await _one.Check.PageAsync("", 0, 10, Token)).Select(row => (row.Action, row.Target)).ShouldBe([(AuditActions.KeyCreated, key.Id), (AuditActions.KeyRevoked, key.Id)]);
        (await _one.Keys.RevokeAsync("0123456789abcdef", "admin", Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Check_ExpiredKey_IsRefused()
    {
        var (key, text) = await MakeKeyAsync((_store.Time.Now + TimeSpan.FromHours(1)).ToUnixTimeMilliseconds());
        (await _one.Keys.CheckAsync(text, true, Token)).ShouldNotBeNull();

        _store.Time.Now += TimeSpan.FromHours(1);

        (await _one.Keys.CheckAsync(text, true, Token)).ShouldBeNull();
        key.StateAt(_store.Time.Now).ShouldBe("expired");
    }

    [Fact]
    public async Task Check_RightIdWrongSecret_IsRefused()
    {
        var (_, text) = await MakeKeyAsync();
        var last = text[^1] == '0' ? '1' : '0';

        (await _one.Keys.CheckAsync(text[..^1] + last, true, Token)).ShouldBeNull();
        (await _one.Keys.CheckAsync(text.ToUpperInvariant(), true, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Check_WithoutLookingUp_FindsOnlyWhatIsKnown()
    {
        var (_, known) = await MakeKeyAsync();
        await _one.Keys.CheckAsync(known, true, Token);
        var (_, unknown) = await MakeKeyAsync();

        (await _one.Keys.CheckAsync(known, mayLookUp: false, Token)).ShouldNotBeNull();
        (await _one.Keys.CheckAsync(unknown, mayLookUp: false, Token)).ShouldBeNull();
        (await _one.Keys.CheckAsync(unknown, mayLookUp: true, Token)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("platform_")]
    [InlineData("platform_zzzzzzzzzzzzzzzz_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("platform_0123456789abcdef_0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("platform_' or 1=1 --   _0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("\0\0\0\0")]
    public async Task Check_HostileText_IsRefused(string text) => (await _one.Keys.CheckAsync(text, true, Token)).ShouldBeNull();

    [Theory]
    [InlineData("", "acme", "user", 0, "name")]
    [InlineData("n", "", "user", 0, "tenant")]
    [InlineData("n", "a\nb", "user", 0, "tenant")]
    [InlineData("n", "acme", "king", 0, "role")]
    [InlineData("n", "acme", "user", -1, "expires_ms")]
    [InlineData("n", "acme", "user", 1, "expires_ms")]
    public async Task Create_WrongWords_NamesTheField(string name, string tenant, string role, long expires, string field) =>
        (await Should.ThrowAsync<ArgumentException>(() => _one.Keys.CreateAsync(name, tenant, role, expires, "admin", Token))).Message.ShouldContain(field);

    private Task<(ApiKey Key, string Text)> MakeKeyAsync(long expires = 0) => _one.Keys.CreateAsync("build", "acme", Roles.User, expires, "admin", Token);
}

/// <summary>On SQLite.</summary>
public sealed class ApiKeysOnSqliteSpec : ApiKeysSpec
{
    protected override Task<AccessStore> MakeAsync() => Task.FromResult<AccessStore>(new SqliteAccessStore());
}

/// <summary>On PostgreSQL.</summary>
public sealed class ApiKeysOnPostgreSqlSpec : ApiKeysSpec
{
    protected override async Task<AccessStore> MakeAsync() => await PostgreSqlAccessStore.MakeAsync();
}
