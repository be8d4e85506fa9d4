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
    /// <summary>Brings a project up to date with a folder.</summary>
    /// <param name="invoker">Channel to a host with the patterns module.</param>
    /// <param name="root">Folder.</param>
    /// <param name="project">Project, licence, whether it is shared.</param>
    /// <param name="progress">Files done and files in all.</param>
    /// <param name="token">Stops; what was sent stays consistent.</param>
    public static async Task<IndexReply> SendAsync(CallInvoker invoker, string root, IndexStart project, IProgress<(int Done, int All)>? progress, CancellationToken token)
    {
        var client = new V1.Patterns.PatternsClient(invoker);
        var known = await KnownAsync(client, project.Project, token);
        var files = FolderWalker.Walk(root).Where(file => file.Skipped is null).ToList();
        using var call = client.Index(cancellationToken: token);
        await call.RequestStream.WriteAsync(new IndexChunk { Start = project }, token);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, file) in files.Index())
        {
            seen.Add(file.Path);
            await SendAsync(call.RequestStream, file, known, token);
            progress?.Report((index + 1, files.Count));
        }

        foreach (var gone in known.Keys.Where(path => !seen.Contains(path)))
            await call.RequestStream.WriteAsync(new IndexChunk { RemovedPath = gone }, token);
        await call.RequestStream.CompleteAsync();
        return await call;
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

    private static async Task SendAsync(IClientStreamWriter<IndexChunk> stream, WalkedFile file, Dictionary<string, string> known, CancellationToken token)
    {
        var bytes = await File.ReadAllBytesAsync(file.FullPath, token);
        if (known.GetValueOrDefault(file.Path) == Convert.ToHexStringLower(SHA256.HashData(bytes)))
            return;
        await stream.WriteAsync(new IndexChunk { File = new IndexFile { Path = file.Path, Content = UnsafeByteOperations.UnsafeWrap(bytes) } }, token);
    }

    private static async Task<Dictionary<string, string>> KnownAsync(V1.Patterns.PatternsClient client, string project, CancellationToken token)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        using var call = client.ListFiles(new ListFilesRequest { Project = project }, cancellationToken: token);
        await foreach (var file in call.ResponseStream.ReadAllAsync(token))
            known[file.Path] = file.Hash;
        return known;
    }
}
