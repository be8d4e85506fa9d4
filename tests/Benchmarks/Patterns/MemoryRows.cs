using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Platform.Contracts;
using Platform.Patterns;
using Platform.Storage;
using Platform.Tests.Patterns;
using Platform.V1;

namespace Platform.Benchmarks.Patterns;

/// <summary>The whole memory on SQLite as the offline commands open it: indexing, indexing again, and questions from text to excerpt, also while it is written to.</summary>
internal static class MemoryRows
{
    private const int Many = 100_000;
    private const int UnchangedFiles = 5_000;
    private const int MixedQueries = 1_000;
    private const int TimedQueries = 400;

    /// <summary>Command <c>patterns [MOST]</c>: questions over exactly so many patterns instead of 100,000, or over fewer when this machine has no more code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var most = args is [var given] ? int.Parse(given, CultureInfo.InvariantCulture) : Many;
        var folder = Directory.CreateTempSubdirectory("platform-memory-").FullName;
        try
        {
            await UnchangedAsync(Path.Combine(folder, "unchanged"));
            await using var database = new SqliteDatabase(Path.Combine(folder, "patterns.db")) { Module = "patterns", Erases = true };
            await using var memory = await PatternLibrary.OpenAsync(database, Path.Combine(folder, "vectors"));
            await IndexRealAsync(memory, folder);
            var held = await FillAsync(memory, database, most);
            await AskAsync(memory, held);
            await AskWhileIndexingAsync(memory, folder, held);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return 0;
    }

    /// <summary>Files of which none changed, beside reading and hashing them.</summary>
    private static async Task UnchangedAsync(string folder)
    {
        var code = Path.Combine(folder, "code");
        for (var i = 0; i < UnchangedFiles; i++)
        {
            Directory.CreateDirectory(Path.Combine(code, $"part{i % 50}"));
            await File.WriteAllTextAsync(Path.Combine(code, $"part{i % 50}", $"module_{i}.py"), string.Concat(Enumerable.Range(0, 4).Select(j => $"def step_{i}_{j}(order):\n    '''Step {j} of order {i}.'''\n    return order.line({j}).total * {i}\n\n\n")));
        }

        await using var database = new SqliteDatabase(Path.Combine(folder, "patterns.db")) { Module = "patterns", Erases = true };
        await using var memory = await PatternLibrary.OpenAsync(database, Path.Combine(folder, "vectors"));
        await memory.IndexFolderAsync([code], new IndexStart { Project = "unchanged" }, null, default);
        var again = Stopwatch.StartNew();
        var reply = await memory.IndexFolderAsync([code], new IndexStart { Project = "unchanged" }, null, default);
        var seconds = again.Elapsed.TotalSeconds;
        var floor = Stopwatch.StartNew();
        foreach (var file in Directory.EnumerateFiles(code, "*", SearchOption.AllDirectories))
            SHA256.HashData(await File.ReadAllBytesAsync(file));
        var conditions = $"{reply.Files:N0} files, {reply.Patterns:N0} patterns, {reply.Changed} changed";
        BenchmarkRow.Of("indexing again, nothing changed", seconds, "s", "target", 1, conditions).Print();
        BenchmarkRow.Of("indexing again, nothing changed", seconds, "s", "floor: reading and hashing the files", floor.Elapsed.TotalSeconds, conditions).Print();
    }

    /// <summary>This repository, and the code of the evaluation data as files of their languages.</summary>
    private static async Task IndexRealAsync(PatternLibrary memory, string folder)
    {
        // The first run pays the just-in-time compiler; a resident host pays it once.
        await memory.IndexFolderAsync([Path.Combine(CodeFolders.Repository, "src", "Contracts")], new IndexStart { Project = "warm" }, null, default);
        await RateAsync(memory, "indexing this repository", [CodeFolders.Repository], "platform");
        if (CodeFolders.Data is not null)
            await RateAsync(memory, "indexing the evaluation data", [WriteData(Path.Combine(folder, "data"))], "data");
    }

    private static async Task RateAsync(PatternLibrary memory, string what, string[] paths, string project)
    {
        var (before, processor) = (Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
        var reply = await memory.IndexFolderAsync(paths, new IndexStart { Project = project }, null, default);
        var used = Process.GetCurrentProcess().TotalProcessorTime - before;
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{reply.Files:N0} files, {reply.Patterns:N0} patterns, {processor.Elapsed.TotalSeconds:0.0} s, {used.TotalSeconds:0.0} s of processor; resident {Resident():0} MB");
        BenchmarkRow.Of(what, reply.Patterns / processor.Elapsed.TotalSeconds, "patterns/s", "target", 2000, conditions).Print();
        BenchmarkRow.Of($"{what}, by processor time", reply.Patterns / used.TotalSeconds, "patterns/s of one core", "target", 2000, conditions).Print();
    }

    private static string WriteData(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var set in new[] { "cosqa", "mbpp", "mbcsp" })
        {
            foreach (var (id, code, language) in RetrievalSet.Load(set).Documents)
                File.WriteAllText(Path.Combine(folder, $"{set}_{id.Replace('/', '_')}{(language == "python" ? ".py" : ".cs")}"), code);
        }

        return folder;
    }

    /// <summary>Adds the real code of this machine until there are enough patterns, a second time under another project when it is not enough.</summary>
    private static async Task<string> FillAsync(PatternLibrary memory, SqliteDatabase database, int most)
    {
        var (real, again) = (0L, 0L);
        for (var round = 0; round < 3; round++)
        {
            foreach (var folder in CodeFolders.All.Skip(1))
            {
                var held = (await memory.GetStatsAsync("", default)).Patterns;
                if (held >= most)
                    break;
                var reply = await memory.IndexFolderAsync([folder], new IndexStart { Project = $"{folder}{(round == 0 ? "" : $" {round}")}" }, null, default);
                (real, again) = round == 0 ? (real + reply.Patterns, again) : (real, again + reply.Patterns);
            }
        }

        await CutAsync(memory, database, most);
        var stats = await memory.GetStatsAsync("", default);
        return $"{stats.Patterns:N0} patterns of real code ({again:N0} of them a second time), {stats.Bytes / 1_000_000:N0} MB on disk";
    }

    /// <summary>Takes out what is beyond the number, the newest first, from every index too.</summary>
    private static async Task CutAsync(PatternLibrary memory, SqliteDatabase database, int most)
    {
        var writer = new PatternWriter(database, WordEmbedder.Identity);
        await database.WriteAsync(async c =>
        {
            var beyond = (await c.QueryAsync<long>("select number from patterns order by number limit -1 offset @most", new { most })).ToList();
            await writer.RemoveAsync(c, Caller.DefaultTenant, beyond);
        }, default);
        await memory.CatchUpAsync(default);
        await new Compaction(database).RunAsync(Caller.DefaultTenant, 0, "", default);
    }

    private static async Task AskAsync(PatternLibrary memory, string held)
    {
        var questions = Questions().Take(TimedQueries).ToList();
        foreach (var question in questions.Take(50))
            await memory.SearchAsync(new SearchRequest { Query = question, WithExcerpt = true }, default);
        var times = new Quantiles();
        var before = Process.GetCurrentProcess().TotalProcessorTime;
        foreach (var question in questions)
            times.Add(await TimeAsync(() => memory.SearchAsync(new SearchRequest { Query = question, WithExcerpt = true }, default)));
        var used = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalMilliseconds / questions.Count;
        var conditions = string.Create(CultureInfo.InvariantCulture, $"{held}, {questions.Count} questions one after the other, embed + words + vectors + fuse + excerpt, 10 results; resident {Resident():0} MB");
        BenchmarkRow.Of("hybrid query p50", times.At(0.5), "ms", "target", 10, conditions).Print();
        BenchmarkRow.Of("hybrid query p95", times.At(0.95), "ms", "target", 10, conditions).Print();
        BenchmarkRow.Of("hybrid query, processor time", used, "ms", "target", 10, conditions).Print();
    }

    /// <summary>Questions with all kinds of filters while a project is indexed; what fails is counted.</summary>
    private static async Task AskWhileIndexingAsync(PatternLibrary memory, string folder, string held)
    {
        using var over = new CancellationTokenSource();
        var (code, runs) = (Path.Combine(folder, "moving"), 0);
        Directory.CreateDirectory(code);
        async Task IndexAsync()
        {
            for (var i = 0; i < 200; i++)
                await File.WriteAllTextAsync(Path.Combine(code, $"m{i}.py"), string.Concat(Enumerable.Range(0, 10).Select(j => $"def move_{i}_{j}(board):\n    return board.step({j}, {runs})\n\n\n")));
            await memory.IndexFolderAsync([code], new IndexStart { Project = "moving" }, null, default);
        }

        // Every question has an answer from now on, so that an empty one has failed.
        await IndexAsync();
        var indexing = Task.Run(async () =>
        {
            for (runs = 1; !over.IsCancellationRequested; runs++)
                await IndexAsync();
        });
        var (times, failed) = (new Quantiles(), 0);
        foreach (var (question, i) in Enumerable.Range(0, int.MaxValue).SelectMany(_ => Questions()).Take(MixedQueries).Select((q, i) => (q, i)))
        {
            var request = Narrowed(new SearchRequest { Query = question, WithExcerpt = true }, i % 6);
            try
            {
                var answered = false;
                times.Add(await TimeAsync(async () => answered = (await memory.SearchAsync(request, default)).Results.Count > 0));
                if (!answered)
                    Console.Error.WriteLine($"An empty answer to: {question} ({request.Project} {request.Language} {request.Kind} {request.Tag})");
                failed += answered ? 0 : 1;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Console.Error.WriteLine(e.Message);
                failed++;
            }
        }

        await over.CancelAsync();
        await indexing;
        var conditions = $"{held}, {MixedQueries:N0} questions with and without filters, {runs} runs of indexing 2,000 changed patterns meanwhile";
        BenchmarkRow.Of("questions that failed or found nothing while indexing ran", failed, "", "target", 0, conditions).Print();
        BenchmarkRow.Of("hybrid query p95 while indexing runs", times.At(0.95), "ms", "target", 10, conditions).Print();
    }

    private static SearchRequest Narrowed(SearchRequest request, int how)
    {
        (request.Project, request.Language, request.Kind, request.Tag, request.Top) = how switch
        {
            1 => ("platform", "", "", "", 10),
            2 => ("", "python", "", "", 20),
            3 => ("", "", "method", "", 10),
            4 => ("", "", "", "test", 5),
            5 => ("moving", "python", "", "", 10),
            _ => ("", "", "", "", 10),
        };
        return request;
    }

    /// <summary>What people asked of code; without the evaluation data, what this repository says of its own.</summary>
    private static IEnumerable<string> Questions() => CodeFolders.Data is { } data
        ? File.ReadLines(Path.Combine(data, "retrieval", "cosqa_dev.jsonl")).Select(line => JsonElement.Parse(line).GetProperty("query").GetString()!)
        : FolderWalker.Walk(Path.Combine(CodeFolders.Repository, "src")).Where(f => f.Path.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(f => File.ReadLines(f.FullPath)).Where(line => line.Contains("<summary>", StringComparison.Ordinal)).Select(line => line.Replace("///", "", StringComparison.Ordinal).Trim());

    private static async Task<double> TimeAsync(Func<Task> action)
    {
        var from = Stopwatch.GetTimestamp();
        await action();
        return Stopwatch.GetElapsedTime(from).TotalMilliseconds;
    }

    private static double Resident() => Process.GetCurrentProcess().WorkingSet64 / 1_000_000.0;
}
