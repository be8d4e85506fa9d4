using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
using Platform.Contracts;
using Platform.Contracts.Messages;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>What is forgotten is in no file any more, nor what it was before it was changed; the files are read byte by byte.</summary>
public sealed class ErasingTests
{
    private const string First = "zanzibarology";
    private const string Second = "quixotemancer";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forget_Project_LeavesNoneOfItsTextNorOfItsEarlierTextOnDisk()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        await FillAsync(store, memory);
        Held(store, First).ShouldBeTrue("the words of what will be forgotten are there before");
        var vectors = Directory.GetFiles(store.Folder, "*.vec", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);

        await memory.ForgetAsync(new ForgetRequest { Project = "secret" }, Token);

        Held(store, First).ShouldBeFalse();
        Held(store, Second).ShouldBeFalse();
        Held(store, "ordinary").ShouldBeTrue("what stays is still there");
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("pragma freelist_count"), Token)).ShouldBe(0);
        Directory.GetFiles(store.Folder, "*.vec", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length).ShouldBeLessThanOrEqualTo(vectors);
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
        (await memory.SearchAsync(new SearchRequest { Query = "ordinary" }, Token)).Results.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Forget_OnePattern_ErasesItsVectorInPlace()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        await FillAsync(store, memory);
        var hit = (await memory.SearchAsync(new SearchRequest { Query = Second, Project = "secret" }, Token)).Results[0];
        var embedding = await store.Database.ReadAsync(c => c.ExecuteScalarAsync<byte[]>("select v.embedding from vectors v join patterns p on p.tenant = v.tenant and p.number = v.number where p.id = @Id", new { hit.Id }), Token);
        var file = Directory.GetFiles(store.Folder, "*.vec", SearchOption.AllDirectories).Single();
        var before = Read(file);
        before.AsSpan().IndexOf(embedding).ShouldBeGreaterThan(0);

        await memory.ForgetAsync(new ForgetRequest { PatternId = hit.Id }, Token);

        var after = Read(file);
        (after.Length, after.AsSpan().IndexOf(embedding)).ShouldBe((before.Length, -1));
        Enumerable.Range(65_536, after.Length - 65_536).Count(i => after[i] != before[i]).ShouldBeInRange(1, 1024, "only this row, behind the head");
        (await memory.CheckAsync(false, Token)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forget_Project_LeavesNeitherItsNameNorEditsThatWaitForTheirJob()
    {
        await using var store = SqliteStore.Make();
        var memory = await store.OpenAsync();
        await memory.LearnAsync(Jobs.Succeeded("j0", "Add", "def add(a, b):\n    return a + b\n", project: "kept"), Token);
        await memory.LearnAsync(Jobs.Succeeded("j1", "Use it", "def use(x):\n    return x\n", project: First), Token);
        await memory.RecallAsync(new RecallRequest { Task = "Use it again", JobId = "j2", Project = First }, Token);
        await memory.LearnAsync(new FeedbackGiven { FeedbackId = "f1", JobId = "j2", Tenant = "default", Verdict = Verdicts.Edited, Diff = $"-return x\n+return {Second}(x)\n", AtMs = 1 }, Token);
        await memory.TakeAsync("there", [new SharedPattern { Project = First, Kind = "function", Language = "python", Path = $"{First}.py", Name = "f", Text = "def f(x):\n    return x\n" }], Token);
        await store.Database.WriteAsync(c => c.ExecuteAsync(
            $"""
            insert into sent (tenant, server, hash, project, pattern, path, content_hash, at_ms) values ('default', 'there', 'h', '{First}', 'p', '{First}/a.py', 'c', 1);
            insert into bans (tenant, target, cause, content_hash, text_hash, reason, via, hash, project, path, at_ms) values ('default', 't', 't', 'c', 'c', '', 'there', 'h', '{First}', '{First}/a.py', 1)
            """), Token);
        Held(store, Second).ShouldBeTrue();

        await memory.ForgetAsync(new ForgetRequest { Project = First }, Token);
        await memory.ForgetAsync(new ForgetRequest { Project = $"team/{First}" }, Token);

        (Held(store, First), Held(store, Second)).ShouldBe((false, false));
        (await memory.WhyAsync("j0", Token)).ShouldNotBeNull();
        (await store.Database.ReadAsync(c => c.ExecuteScalarAsync<long>("select (select count(*) from bans) + (select count(*) from sent)"), Token)).ShouldBe(2, "the ban goes on to hold, and the other side is told to take it back");
    }

    [Fact]
    public async Task Forget_InAStoreOfBefore_WritesItAnewOnce()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("patterns-test-").FullName, "patterns.db");
        await using (var older = new StoreAt { Database = new SqliteDatabase(file) { Module = "patterns" } })
            await FillAsync(older, await older.OpenAsync());
        await using var store = new StoreAt { Database = new SqliteDatabase(file) { Module = "patterns", Erases = true } };
        var memory = await store.OpenAsync();
        Held(store, First).ShouldBeTrue();

        await memory.ForgetAsync(new ForgetRequest { Project = "secret" }, Token);

        Held(store, First).ShouldBeFalse();
        Held(store, Second).ShouldBeFalse();
        await using (var fresh = new SqliteConnection($"Data Source={file};Pooling=false"))
            (await fresh.ExecuteScalarAsync<long>("pragma auto_vacuum")).ShouldBe(2);
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    private static async Task FillAsync(StoreUnderTest store, PatternLibrary memory)
    {
        await memory.IndexFolderAsync([store.Write("kept", ("a.py", "def ordinary(x):\n    return x\n"))], new IndexStart { Project = "kept" }, null, Token);
        foreach (var word in new[] { First, Second })
        {
            var files = Enumerable.Range(0, 30).Select(i => ($"f{i}.py", string.Concat(Enumerable.Range(0, 10).Select(k => $"def {word}_{i}_{k}(x):\n    # About {word}.\n    return {word}(x, {k})\n\n\n")))).ToArray();
            await memory.IndexFolderAsync([store.Write("code", files)], new IndexStart { Project = "secret" }, null, Token);
        }

        await memory.LearnAsync(Jobs.Succeeded("j1", $"Use the {First}", $"def use(x):\n    value = {First}(x)\n    return value\n", project: "secret"), Token);
    }

    private static bool Held(StoreUnderTest store, string word)
    {
        var path = ((SqliteDatabase)store.Database).Path;
        return new[] { path, $"{path}-wal" }.Where(File.Exists).Any(f => Read(f).AsSpan().IndexOf(Encoding.UTF8.GetBytes(word)) >= 0);
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A store whose file outlives it.</summary>
    private sealed class StoreAt : StoreUnderTest;
}
