using Dapper;
using Platform.Patterns;
using Platform.Storage;
using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>The mapped file is derived: whatever becomes of it, the store gives it again.</summary>
public sealed class VectorStoreTests
{
    private static readonly int FirstVectorAt = 65_536 + (4096 * (8 + 4 + VectorChunk.PlaneBytesOf(WordVectors.Dimension)));

    [Fact]
    public async Task Search_FileOfAnotherFormatVersion_IsMadeAnew()
    {
        await using var store = SqliteStore.Make();
        await IndexAsync(store);
        Change(store, 6, "99"u8);
        Change(store, 4096 + 6, "99"u8);

        await ShouldBeWholeAsync(store);
    }

    [Fact]
    public async Task Search_FileIsGoneCutOrText_IsMadeAnew()
    {
        await using var store = SqliteStore.Make();
        await IndexAsync(store);
        foreach (var harm in new Action<string>[] { File.Delete, path => File.WriteAllText(path, "no vectors"), path => File.WriteAllBytes(path, File.ReadAllBytes(path)[..70_000]), path => File.WriteAllBytes(path, []) })
        {
            harm(FileOf(store));
            await ShouldBeWholeAsync(store);
        }
    }

    [Fact]
    public async Task Check_VectorDamagedInTheMiddle_IsFoundAndRepaired()
    {
        await using var store = SqliteStore.Make();
        await IndexAsync(store, files: 300);
        Change(store, FirstVectorAt + 40, [1, 2, 3, 4, 5, 6, 7, 8]);

        await using (var memory = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors")))
        {
            var found = await memory.CheckAsync(false, default);
            found.Ok.ShouldBeFalse();
            found.Problems.ShouldContain(p => p.Contains("checksum", StringComparison.Ordinal));
            (await memory.CheckAsync(true, default)).Problems.ShouldNotBeEmpty();
        }

        await ShouldBeWholeAsync(store);
    }

    [Fact]
    public async Task Search_FileOfAnotherStore_IsMadeAnew()
    {
        await using var store = SqliteStore.Make();
        await using var other = SqliteStore.Make();
        await IndexAsync(store);
        await IndexAsync(other, shift: 1000);
        File.Copy(FileOf(store), FileOf(other), overwrite: true);

        await ShouldBeWholeAsync(other);
    }

    [Fact]
    public async Task Index_StorePutBackToAnEarlierState_LeavesNoVectorOfTheLaterOne()
    {
        await using var store = SqliteStore.Make();
        await IndexAsync(store);
        var file = ((SqliteDatabase)store.Database).Path;
        var earlier = $"{file}.earlier";
        await store.Database.ReadAsync(c => c.ExecuteAsync($"vacuum into '{earlier}'"), default);
        await IndexAsync(store, files: 60);
        await using var back = new SqliteDatabase(earlier) { Module = "patterns" };

        await using (var memory = await PatternLibrary.OpenAsync(back, Path.Combine(store.Folder, "vectors")))
        {
            await memory.IndexFolderAsync([store.Write("other", [.. Enumerable.Range(0, 90).Select(i => ($"g{i}.py", string.Concat(Enumerable.Range(0, 15).Select(j => $"def leap_{i}_{j}(board):\n    return board.field({j}).colour * {i}\n\n\n"))))])], new IndexStart { Project = "other" }, null, default);
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
            foreach (var hit in (await memory.SearchAsync(new SearchRequest { Query = "leap board colour", Project = "other", Explain = true }, default)).Results)
                hit.Parts["vector"].ShouldBeGreaterThan(0.3, hit.Name);
        }
    }

    [Fact]
    public async Task Check_WhileOthersWrite_FindsNothingThatIsNotThere()
    {
        await using var store = SqliteStore.Make();
        await IndexAsync(store);
        await using var memory = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors"));
        var learning = Task.Run(async () =>
        {
            for (var i = 0; i < 120; i++)
                await memory.LearnAsync(Jobs.Succeeded($"j{i}", $"task {i} of many", $"def answer_{i}(a):\n    return a.part_{i}({i}) + {i}\n"), default);
        });

        while (!learning.IsCompleted)
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
        await learning;
    }

    private static async Task IndexAsync(StoreUnderTest store, int files = 30, int shift = 0)
    {
        await using var memory = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors"));
        var folder = store.Write("shop", [.. Enumerable.Range(shift, files).Select(i => ($"f{i}.py", string.Concat(Enumerable.Range(0, 15).Select(j => $"def step_{i}_{j}(order):\n    return order.line({j}).total * {i}\n\n\n"))))]);
        await memory.IndexFolderAsync([folder], new IndexStart { Project = "shop" }, null, default);
    }

    private static async Task ShouldBeWholeAsync(StoreUnderTest store)
    {
        await using var memory = await PatternLibrary.OpenAsync(store.Database, Path.Combine(store.Folder, "vectors"));
        var hit = (await memory.SearchAsync(new SearchRequest { Query = "step of order total", Explain = true }, default)).Results[0];
        hit.Parts["vector_rank"].ShouldBeGreaterThan(0);
        (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
    }

    private static string FileOf(StoreUnderTest store) => Directory.GetFiles(Path.Combine(store.Folder, "vectors"), "*.vec").Single();

    private static void Change(StoreUnderTest store, long at, ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(FileOf(store), FileMode.Open, FileAccess.Write);
        file.Position = at;
        file.Write(bytes);
    }
}
