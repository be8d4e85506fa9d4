using System.IO.Compression;
using System.Security.Cryptography;

namespace Platform.Router;

/// <summary>An uploaded workspace: a zip of source files, checked before it is kept.</summary>
/// <param name="Id">"sha256:" and the hash of the bytes.</param>
/// <param name="Files">Files in it.</param>
/// <param name="Content">The zip.</param>
internal sealed record WorkspaceBundle(string Id, int Files, byte[] Content)
{
    private const int MaxEntries = 20_000;
    private const long MaxExpandedRatio = 100;
    private const long MaxExpandedBytes = 256L * 1024 * 1024;

    /// <summary>Checks a bundle: it is a zip, its paths stay inside, it does not expand beyond reason.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT that says what is wrong.</exception>
    public static WorkspaceBundle Read(byte[] content)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(content, writable: false), ZipArchiveMode.Read);
            Check(zip, content.LongLength);
            return new WorkspaceBundle(IdOf(content), zip.Entries.Count(e => e.Name.Length > 0), content);
        }
        catch (InvalidDataException e)
        {
            throw RequestRules.Refuse($"workspace is not a readable zip archive: {e.Message}");
        }
    }

    private static string IdOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static void Check(ZipArchive zip, long size)
    {
        if (zip.Entries.Count > MaxEntries)
            throw RequestRules.Refuse($"workspace has {zip.Entries.Count:N0} entries; the limit is {MaxEntries:N0}.");
        var climbing = zip.Entries.FirstOrDefault(e => !WorkspacePath.IsSafe(e.FullName.TrimEnd('/')));
        if (climbing is not null)
            throw RequestRules.Refuse($"workspace entry '{RequestRules.Shorten(climbing.FullName)}' is not a relative path inside the workspace.");
        var link = zip.Entries.FirstOrDefault(IsSymbolicLink);
        if (link is not null)
            throw RequestRules.Refuse($"workspace entry '{RequestRules.Shorten(link.FullName)}' is a symbolic link; pack the file itself.");
        // Sizes as the archive states them, which may be any number; who unpacks a file stops at the size it stated.
        var expanded = zip.Entries.Sum(e => (decimal)e.Length);
        var limit = Math.Min(size * MaxExpandedRatio, MaxExpandedBytes);
        if (expanded > limit)
            throw RequestRules.Refuse($"workspace expands to {expanded:N0} bytes; the limit is {limit:N0} (the smaller of {MaxExpandedRatio} times its size and {MaxExpandedBytes:N0}).");
    }

    private static bool IsSymbolicLink(ZipArchiveEntry entry) => ((entry.ExternalAttributes >> 16) & 0xF000) == 0xA000;
}
