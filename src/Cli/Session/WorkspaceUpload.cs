using System.IO.Compression;
using Google.Protobuf;
using Platform.Patterns;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Packs a folder the way indexing reads it (ignore files respected, no binaries) and uploads it by content.</summary>
internal static class WorkspaceUpload
{
    private const int ChunkBytes = 256 * 1024;

    /// <summary>Uploads; gives the content address.</summary>
    public static async Task<string> SendAsync(Generation.GenerationClient client, DirectoryInfo folder, CancellationToken token)
    {
        if (!folder.Exists)
            throw new CommandException(ExitCodes.WrongUsage, $"--workspace '{folder.FullName}' does not exist.");
        var bundle = Pack(folder.FullName);
        using var call = client.UploadWorkspace(cancellationToken: token);
        for (var start = 0; start < bundle.Length; start += ChunkBytes)
            await call.RequestStream.WriteAsync(new WorkspaceChunk { Content = ByteString.CopyFrom(bundle, start, Math.Min(ChunkBytes, bundle.Length - start)) }, token);
        await call.RequestStream.CompleteAsync();
        return (await call).Id;
    }

    /// <summary>Same files, same bytes: the address is the content's.</summary>
    private static byte[] Pack(string root)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in FolderWalker.Walk(root).Where(file => file.Skipped is null).OrderBy(file => file.Path, StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry(file.Path, CompressionLevel.Fastest);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var target = entry.Open();
                target.Write(File.ReadAllBytes(file.FullPath));
            }
        }

        return bytes.ToArray();
    }
}
