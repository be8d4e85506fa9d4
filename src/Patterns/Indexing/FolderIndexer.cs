using Platform.V1;

namespace Platform.Patterns;

/// <summary>Feeds a run of indexing from this machine's files.</summary>
internal static class FolderIndexer
{
    public static Task<IndexReply> RunAsync(PatternCatalog catalog, string tenant, IReadOnlyList<string> paths, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        IndexScope.RequireAll(paths);
        return FeedAsync(catalog, tenant, project, progress, async run =>
        {
            var scope = IndexScope.Of(paths, run.Known);
            run.TotalFiles = scope.Files.Count(f => f.File.Skipped is null);
            foreach (var (file, root) in scope.Files)
            {
                if (file.Skipped is { } reason)
                {
                    run.Skip(reason);
                }
                else if (await ReadAsync(file, token) is { } content)
                {
                    await run.AddFileAsync(file.Path, root, content, token);
                }
                else
                {
                    run.Skip(SkipReasons.Unreadable);
                    scope.Keep(file.Path);
                }
            }

            foreach (var gone in scope.Gone())
                run.Remove(gone);
        }, token);
    }

    public static Task<IndexReply> RunRecordsAsync(PatternCatalog catalog, string tenant, string path, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'. Give a file of JSON lines.", path);
        return FeedAsync(catalog, tenant, project, progress, async run =>
        {
            long number = 0;
            await foreach (var line in File.ReadLinesAsync(path, token))
            {
                number++;
                if (!string.IsNullOrWhiteSpace(line))
                    await run.AddRecordAsync(RecordRules.Parse(line, number), token);
            }
        }, token);
    }

    private static async Task<IndexReply> FeedAsync(PatternCatalog catalog, string tenant, IndexStart project, IProgress<IndexProgress>? progress, Func<IndexRun, Task> feed, CancellationToken token)
    {
        var run = await catalog.OpenIndexAsync(tenant, project, progress, token);
        try
        {
            await feed(run);
            return await run.CompleteAsync(token);
        }
        catch
        {
            await run.AbandonAsync();
            throw;
        }
    }

    private static async Task<byte[]?> ReadAsync(WalkedFile file, CancellationToken token)
    {
        try
        {
            return await File.ReadAllBytesAsync(file.FullPath, token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
