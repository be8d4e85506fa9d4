using System.Text;
using Dapper;
using Microsoft.Data.Sqlite;
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
