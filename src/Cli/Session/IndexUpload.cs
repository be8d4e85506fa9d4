using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using Platform.Patterns;
using Platform.V1;

namespace Platform.Cli;

/// <summary>
/// Indexes folders through the memory's own door, so that it works the same on a host of this command and on a remote one:
/// the host says what it has, and only what changed is sent.
/// </summary>
internal static class IndexUpload
{
    /// <summary>Brings a project up to date with folders or files; what could not be read stays as it was.</summary>
    /// <param name="invoker">Channel to a host with the patterns module.</param>
    /// <param name="paths">Folders or files.</param>
    /// <param name="project">Project, licence, whether it is shared.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="token">Stops; what was sent stays consistent.</param>
    /// <exception cref="DirectoryNotFoundException">A path does not exist.</exception>
    public static async Task<IndexReply> SendAsync(CallInvoker invoker, IReadOnlyList<string> paths, IndexStart project, IProgress<IndexProgress>? progress, CancellationToken token)
    {
        IndexScope.RequireAll(paths);
        var clock = Stopwatch.StartNew();
        var client = new V1.Patterns.PatternsClient(invoker);
        var known = await KnownAsync(client, project.Project, token);
        var scope = IndexScope.Of(paths, known.Values);
        var passedOver = new Dictionary<string, long>(StringComparer.Ordinal);
        var (done, all) = (0L, scope.Files.LongCount(f => f.File.Skipped is null));
        using var call = client.Index(cancellationToken: token);
        await call.RequestStream.WriteAsync(new IndexChunk { Start = project }, token);
        foreach (var (file, root) in scope.Files)
        {
            var reason = file.Skipped;
            if (reason is null && !await SendAsync(call.RequestStream, file, root, known, token))
            {
                reason = SkipReasons.Unreadable;
                scope.Keep(file.Path);
            }

            if (reason is not null)
                passedOver[reason] = passedOver.GetValueOrDefault(reason) + 1;
            if (file.Skipped is null)
                progress?.Report(new IndexProgress(++done, all, 0, clock.Elapsed));
        }

        foreach (var gone in scope.Gone())
            await call.RequestStream.WriteAsync(new IndexChunk { RemovedPath = gone }, token);
        await call.RequestStream.CompleteAsync();
        var reply = await call;
        foreach (var (reason, count) in passedOver)
            reply.Skipped[reason] = reply.Skipped.TryGetValue(reason, out var there) ? there + count : count;
        reply.Files = all - passedOver.GetValueOrDefault(SkipReasons.Unreadable);
        return reply;
    }

    /// <summary>Sends a file of JSON lines <c>{id,text,code,language}</c>.</summary>
    /// <exception cref="CommandException">A line is no record; says which.</exception>
    public static async Task<IndexReply> SendRecordsAsync(CallInvoker invoker, string path, IndexStart project, CancellationToken token)
    {
        using var call = new V1.Patterns.PatternsClient(invoker).Index(cancellationToken: token);
        await call.RequestStream.WriteAsync(new IndexChunk { Start = project }, token);
        await foreach (var (id, line) in JsonLines.ReadAsync(path, token))
        {
            await call.RequestStream.WriteAsync(new IndexChunk
            {
                Record = new IndexRecord { Id = id, Text = line.Text("text"), Code = line.Text("code"), Language = line.Text("language") },
            }, token);
        }

        await call.RequestStream.CompleteAsync();
        return await call;
    }

    /// <returns>False when the file cannot be read.</returns>
    private static async Task<bool> SendAsync(IClientStreamWriter<IndexChunk> stream, WalkedFile file, string root, Dictionary<string, IndexedFile> known, CancellationToken token)
    {
        byte[] bytes;
        try
        {
            bytes = await File.ReadAllBytesAsync(file.FullPath, token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }

        if (!known.TryGetValue(file.Path, out var before) || before.Root != root || before.Hash != Convert.ToHexStringLower(SHA256.HashData(bytes)))
            await stream.WriteAsync(new IndexChunk { File = new IndexFile { Path = file.Path, Root = root, Content = UnsafeByteOperations.UnsafeWrap(bytes) } }, token);
        return true;
    }

    private static async Task<Dictionary<string, IndexedFile>> KnownAsync(V1.Patterns.PatternsClient client, string project, CancellationToken token)
    {
        var known = new Dictionary<string, IndexedFile>(StringComparer.Ordinal);
        using var call = client.ListFiles(new ListFilesRequest { Project = project }, cancellationToken: token);
        await foreach (var file in call.ResponseStream.ReadAllAsync(token))
            known[file.Path] = file;
        return known;
    }
}
