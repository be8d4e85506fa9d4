using System.Security.Cryptography;
using System.Text;
using Dapper;
using Grpc.Core;
using Platform.Privacy;
using Platform.Storage;
using Platform.Tests.Host;

namespace Platform.Tests.Privacy;

/// <summary>One key a subject, and what was sealed by it is gone when it is: on either store.</summary>
public abstract class VaultSpec : IAsyncLifetime
{
    private AccessStore _store = null!;
    private AccessStore.Replica _one = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal AccessStore Store => _store;

    internal AccessStore.Replica One => _one;

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
    public async Task Use_ManyReplicasAtOnce_GiveOneKey()
    {
        var other = await _store.ReplicaAsync();

        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? _one : other).Vault.UseAsync("acme", "anna@example.com", Token)));

        keys.Select(key => key.Pseudonym).Distinct().ShouldHaveSingleItem().Length.ShouldBe(32);
        keys[1].Open("p", keys[0].Seal("p", "text"u8)).ShouldBe("text"u8.ToArray());
    }

    [Theory]
    [InlineData(" anna@example.com ", "anna@example.com", true)]
    [InlineData("Rene\u0301", "Ren\u00e9", true)]
    [InlineData("anna", "Anna", false)]
    public async Task Use_Spellings_AreOnePersonOnlyWhenTheyReadAlike(string one, string other, bool same) =>
        ((await _one.Vault.UseAsync("acme", one, Token)).Pseudonym == (await _one.Vault.UseAsync("acme", other, Token)).Pseudonym).ShouldBe(same);

    [Fact]
    public async Task Use_SameNameOfAnotherTenant_IsAnotherPerson()
    {
        var acme = await _one.Vault.UseAsync("acme", "anna", Token);
        var blue = await _one.Vault.UseAsync("blue", "anna", Token);

        blue.Pseudonym.ShouldNotBe(acme.Pseudonym);
        (await _one.Vault.FindAsync("blue", acme.Pseudonym, Token)).ShouldBeNull();
        Should.Throw<CryptographicException>(() => blue.Open("p", acme.Seal("p", "text"u8)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("\ud800")]
    public async Task Use_HostileName_IsRefused(string name) =>
        await _one.Vault.UseAsync("acme", name, Token).ShouldEndWithAsync(StatusCode.InvalidArgument, "subject_id");

    [Fact]
    public async Task Use_NameTooLong_IsRefused() =>
        await _one.Vault.UseAsync("acme", new string('x', 129), Token).ShouldEndWithAsync(StatusCode.InvalidArgument, "129");

    [Fact]
    public async Task Open_AtAnotherPlaceOrChanged_IsRefused()
    {
        var key = await _one.Vault.UseAsync("acme", "anna", Token);
        var box = key.Seal("jobs.request:1", "text"u8);

        key.Open("jobs.request:1", box).ShouldBe("text"u8.ToArray());
        Should.Throw<CryptographicException>(() => key.Open("jobs.request:2", box));
        foreach (var bit in Enumerable.Range(2, box.Length - 2))
        {
            var changed = (byte[])box.Clone();
            changed[bit] ^= 1;
            Should.Throw<CryptographicException>(() => key.Open("jobs.request:1", changed));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("sealed:1:bm90IHNlYWxlZA==")]
    [InlineData("Ünïcödé 😀 \ud800 text")]
    public async Task SealText_AnyText_OpensAsItWas(string text)
    {
        var key = await _one.Vault.UseAsync("acme", "anna", Token);

        var stored = key.Seal("p", text);

        key.Open("p", stored).ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));
        if (text.Length > 0)
            stored.ShouldNotContain(text);
    }

    [Fact]
    public async Task Destroy_ASubject_LeavesNothingToOpenWithAndNoOtherTouched()
    {
        var anna = await _one.Vault.UseAsync("acme", "anna", Token);
        var bob = await _one.Vault.UseAsync("acme", "bob", Token);
        var box = anna.Seal("p", "text"u8);

        await _one.Vault.DestroyAsync("acme", anna.Pseudonym, Token);

        (await _one.Vault.FindAsync("acme", anna.Pseudonym, Token)).ShouldBeNull();
        (await _one.Vault.LookUpAsync("acme", "anna", Token)).ShouldBeEmpty();
        (await _one.Vault.ErasedAsync("acme", Token)).ShouldBe([anna.Pseudonym]);
        (await _one.Vault.FindAsync("acme", bob.Pseudonym, Token)).ShouldNotBeNull();
        var again = await _one.Vault.UseAsync("acme", "anna", Token);
        again.Pseudonym.ShouldNotBe(anna.Pseudonym);
        Should.Throw<CryptographicException>(() => again.Open("p", box));
    }

    [Fact]
    public async Task Destroy_InOneProcess_CountsInAnotherAfterTheStatedTime()
    {
        var other = await _store.ReplicaAsync();
        var anna = await _one.Vault.UseAsync("acme", "anna", Token);
        (await other.Vault.FindAsync("acme", anna.Pseudonym, Token)).ShouldNotBeNull();

        await _one.Vault.DestroyAsync("acme", anna.Pseudonym, Token);
        _store.Time.Now += TimeSpan.FromSeconds(new SealingOptions().CacheSeconds);

        (await other.Vault.FindAsync("acme", anna.Pseudonym, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task Restrict_ASubject_StopsTakingInAndStillOpens()
    {
        var anna = await _one.Vault.UseAsync("acme", "anna", Token);

        await _one.Vault.RestrictAsync("acme", anna.Pseudonym, restricted: true, Token);

        await _one.Vault.UseAsync("acme", "anna", Token).ShouldEndWithAsync(StatusCode.FailedPrecondition, "restricted");
        (await _one.Vault.FindAsync("acme", anna.Pseudonym, Token)).ShouldNotBeNull();
        await _one.Vault.RestrictAsync("acme", anna.Pseudonym, restricted: false, Token);
        (await _one.Vault.UseAsync("acme", "anna", Token)).Pseudonym.ShouldBe(anna.Pseudonym);
    }

    [Fact]
    public async Task Rotate_ConfiguredKeys_OpensEverythingByTheNewOneAlone()
    {
        var (old, next) = (MasterKey.Make().Secret, MasterKey.Make().Secret);
        var before = await _store.ReplicaAsync(new SealingOptions { MasterKey = old });
        var anna = await before.Vault.UseAsync("acme", "anna", Token);
        var box = anna.Seal("p", "text"u8);

        var during = await _store.ReplicaAsync(new SealingOptions { MasterKey = next, OtherMasterKeys = [old] });
        (await during.Vault.UseAsync("acme", "anna", Token)).Pseudonym.ShouldBe(anna.Pseudonym);
        var report = await during.Rotation.RunAsync(Token);
        var after = await _store.ReplicaAsync(new SealingOptions { MasterKey = next });

        (report.Rewrapped, report.OldKeysDropped).ShouldBe((1, false));
        (await after.Vault.UseAsync("acme", "anna", Token)).Open("p", box).ShouldBe("text"u8.ToArray());
        (await before.Vault.LookUpAsync("acme", "anna", Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Use_WithoutAPlaceForKeys_IsRefusedWithWhatToSet()
    {
        var without = await _store.ReplicaAsync(place: new VaultPlace(null, null));

        await without.Vault.UseAsync("acme", "anna", Token).ShouldEndWithAsync(StatusCode.FailedPrecondition, "ConnectionStrings:keys", "Sealing:MasterKey");
    }
}

/// <summary>On SQLite, with master keys in a file.</summary>
public sealed class VaultOnSqliteSpec : VaultSpec
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Vault => Path.Combine(Store.Folder, "vault");

    protected override Task<AccessStore> MakeAsync() => Task.FromResult<AccessStore>(new SqliteAccessStore());

    [Fact]
    public async Task Find_NothingWasSealed_MakesNoVault()
    {
        (await One.Vault.LookUpAsync("acme", "anna", Token)).ShouldBeEmpty();
        (await One.Vault.FindAsync("acme", "p", Token)).ShouldBeNull();

        Directory.Exists(Vault).ShouldBeFalse();
    }

    [Fact]
    public async Task Use_First_MakesAFileForItsOwnerAlone()
    {
        await One.Vault.UseAsync("acme", "anna", Token);

        File.ReadAllText(Path.Combine(Vault, ".gitignore")).ShouldBe("*\n");
        if (OperatingSystem.IsWindows())
            return;
        File.GetUnixFileMode(Path.Combine(Vault, "master.keys")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Vault).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Destroy_ASubject_OverwritesItsKeyInTheFiles()
    {
        var anna = await One.Vault.UseAsync("acme", "anna", Token);
        var row = await (await One.Store.OpenAsync(Token)).ReadAsync(connection => connection.QuerySingleAsync<SubjectRow>($"select {SubjectRow.Columns} from subjects"), Token);
        Holds(row.Wrapped!).ShouldBeTrue();

        await One.Vault.DestroyAsync("acme", anna.Pseudonym, Token);

        Holds(row.Wrapped!).ShouldBeFalse();
        Holds(Encoding.ASCII.GetBytes(row.Lookup!)).ShouldBeFalse();
    }

    [Fact]
    public async Task Rotate_KeyFile_ReplacesTheKeyAndAnOldCopyOfTheVaultIsWorthless()
    {
        var anna = await One.Vault.UseAsync("acme", "anna", Token);
        var box = anna.Seal("p", "text"u8);
        var (oldId, oldLine) = (One.Masters.Current.Id, File.ReadAllText(Path.Combine(Vault, "master.keys")));
        await One.Audit.AppendAsync(new AuditEntry("acme", "k", AuditActions.KeyCreated, "t"), Token);

        var report = await One.Rotation.RunAsync(Token);
        var again = await One.Rotation.RunAsync(Token);
        await One.Audit.AppendAsync(new AuditEntry("acme", "k", AuditActions.MasterRotated, again.MasterKeyId), Token);
        var next = await Store.ReplicaAsync();

        (report.Rewrapped, report.OldKeysDropped, again.Rewrapped).ShouldBe((1, true, 1));
        report.MasterKeyId.ShouldNotBe(oldId);
        File.ReadAllText(Path.Combine(Vault, "master.keys")).ShouldNotContain(oldLine.Trim());
        (await next.Vault.FindAsync("acme", anna.Pseudonym, Token))!.Open("p", box).ShouldBe("text"u8.ToArray());
        (await next.Check.RunAsync(Token)).Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("not base64 at all")]
    [InlineData("")]
    public async Task Use_DamagedKeyFile_SaysSoAndOverwritesNothing(string content)
    {
        Directory.CreateDirectory(Vault);
        await File.WriteAllTextAsync(Path.Combine(Vault, "master.keys"), content + "\n", Token);

        var damaged = await Should.ThrowAsync<InvalidDataException>(() => One.Vault.UseAsync("acme", "anna", Token));

        damaged.Message.ShouldContain("Restore it from a backup");
        (await File.ReadAllTextAsync(Path.Combine(Vault, "master.keys"), Token)).ShouldBe(content + "\n");
    }

    private bool Holds(byte[] bytes) => Directory.EnumerateFiles(Vault).Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content.AsSpan().IndexOf(bytes) >= 0;
    });
}

/// <summary>On PostgreSQL, keys in a database of their own and the master key in settings.</summary>
public sealed class VaultOnPostgreSqlSpec : VaultSpec
{
    protected override async Task<AccessStore> MakeAsync() => await PostgreSqlAccessStore.MakeAsync();
}
