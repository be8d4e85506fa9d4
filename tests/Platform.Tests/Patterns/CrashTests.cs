using Platform.V1;
using Shouldly;

namespace Platform.Tests.Patterns;

/// <summary>A real process that indexes and is killed without warning, again and again; and readers beside a writer.</summary>
public sealed class CrashTests : IDisposable
{
    private const int Kills = 10;
    private readonly KilledIndexing _run = new();

    [Fact]
    public async Task Index_KilledAtRandomInstants_LeavesAStoreThatOpensChecksCleanAndFinishes()
    {
        _run.WriteCode(0);
        var usual = await _run.RunAsync(_run.Elsewhere, killAfter: null);
        var random = new Random(5);
        var interrupted = 0;
        for (var kill = 1; kill <= Kills; kill++)
        {
            _run.WriteCode(kill);
            interrupted += await _run.RunAsync(_run.Home, usual * random.NextDouble()) < TimeSpan.Zero ? 1 : 0;

            await using var database = _run.OpenDatabase();
            await using var memory = await _run.OpenAsync(database);
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty($"after kill {kill}");
            if ((await memory.ListProjectsAsync(default)).Projects.Count > 0)
                (await memory.SearchAsync(new SearchRequest { Query = "step of orders", Top = 5 }, default)).Notice.ShouldBeEmpty();
        }

        interrupted.ShouldBeGreaterThan(0, "no run was killed before it ended");
        await using (var database = _run.OpenDatabase())
        await using (var memory = await _run.OpenAsync(database))
        {
            var reply = await memory.IndexFolderAsync([_run.Code], new IndexStart { Project = "shop" }, null, default);
            reply.Patterns.ShouldBe(KilledIndexing.Files * KilledIndexing.MembersOfFile);
            (await memory.CheckAsync(false, default)).Problems.ShouldBeEmpty();
            var hit = (await memory.SearchAsync(new SearchRequest { Query = "step 7 of orders 42", Top = 3, WithText = true }, default)).Results;
            hit.ShouldContain(h => h.Path == "orders_42.py" && h.Text.Contains($"version_{Kills}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Search_TwoReadersBesideAWriter_AnswerAllTheTimeAndSeeWhatWasWritten()
    {
        Directory.CreateDirectory(_run.Home);
        _run.WriteCode(0);
        await using var database = _run.OpenDatabase();
        await using var writer = await _run.OpenAsync(database);
        await writer.IndexFolderAsync([_run.Code], new IndexStart { Project = "shop" }, null, default);
        await using var second = _run.OpenDatabase();
        await using var third = _run.OpenDatabase();
        await using var firstReader = await _run.OpenAsync(second);
        await using var secondReader = await _run.OpenAsync(third);

        _run.WriteCode(1);
        var indexing = writer.IndexFolderAsync([_run.Code], new IndexStart { Project = "shop" }, null, default);
        for (var i = 0; i < 20 || !indexing.IsCompleted; i++)
        {
            foreach (var reader in new[] { firstReader, secondReader })
                (await reader.SearchAsync(new SearchRequest { Query = "step 7 of orders", Top = 10 }, default)).Results.Count.ShouldBe(10);
        }

        await indexing;
        var found = (await firstReader.SearchAsync(new SearchRequest { Query = "step 7 of orders 42", WithText = true, Explain = true }, default)).Results;
        found.ShouldAllBe(r => r.Text.Contains("version_1", StringComparison.Ordinal));
        found[0].Parts["vector_rank"].ShouldBeGreaterThan(0, "the reader looked into the vectors that the writer wrote");
    }

    public void Dispose() => _run.Dispose();
}
