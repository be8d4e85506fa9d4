using System.Text;

namespace Platform.Patterns;

/// <summary>A file that was found, or a reason why one is passed over.</summary>
/// <param name="Path">Path from the root, forward slashes.</param>
/// <param name="FullPath">Path on this machine.</param>
/// <param name="Bytes">Size.</param>
/// <param name="Skipped">One of <see cref="SkipReasons"/>; null when the file is to be indexed.</param>
public readonly record struct WalkedFile(string Path, string FullPath, long Bytes, string? Skipped);

/// <summary>
/// Walks folders for source files: keeps to .gitignore and .platformignore, passes over what is no source and says why. Links are not
/// followed, so no loop can catch it; what cannot be read is reported and does not stop it.
/// </summary>
public static class FolderWalker
{
    private const int MaxDepth = 64;
    private static readonly string[] IgnoreFiles = [".gitignore", ".platformignore"];
    private static readonly EnumerationOptions Plain = new() { IgnoreInaccessible = false, RecurseSubdirectories = false, AttributesToSkip = 0 };

    /// <summary>The files under a folder, in a stable order; a single file is its own root.</summary>
    /// <param name="root">Folder or file.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or file.</exception>
    public static IEnumerable<WalkedFile> Walk(string root)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (File.Exists(full))
            return [Look(new FileInfo(full), Path.GetFileName(full))];
        if (!Directory.Exists(full))
            throw new DirectoryNotFoundException($"There is no folder or file '{root}'. Give a path that exists.");
        return WalkFolder(new DirectoryInfo(full), "", null, 0);
    }

    /// <summary>The text of a file's bytes; null when they are no text to learn from, with the reason.</summary>
    /// <param name="path">Path, which tells the language.</param>
    /// <param name="bytes">The bytes.</param>
    /// <param name="skipped">Why there is no text; null when there is.</param>
    public static string? Read(string path, ReadOnlySpan<byte> bytes, out string? skipped)
    {
        skipped = FileFilter.ByName(path, bytes.Length);
        if (skipped is not null)
            return null;
        var text = TextDecoder.Decode(bytes);
        skipped = text is null ? SkipReasons.Binary : FileFilter.ByText(Languages.Of(path), text);
        return skipped is null ? text : null;
    }

    private static IEnumerable<WalkedFile> WalkFolder(DirectoryInfo folder, string prefix, IgnoreRules? outer, int depth)
    {
        if (Entries(folder) is not { } entries)
        {
            yield return new WalkedFile(prefix.TrimEnd('/'), folder.FullName, 0, SkipReasons.Unreadable);
            yield break;
        }

        var rules = new IgnoreRules(outer, prefix, IgnoreFiles.SelectMany(name => LinesOf(Path.Combine(folder.FullName, name))));
        foreach (var entry in entries)
        {
            var path = prefix + entry.Name;
            if (entry is FileInfo file)
            {
                yield return rules.Ignores(path, isFolder: false) ? new WalkedFile(path, file.FullName, 0, SkipReasons.Ignored) : Look(file, path);
                continue;
            }

            foreach (var inner in Enter((DirectoryInfo)entry, path, rules, depth))
                yield return inner;
        }
    }

    private static IEnumerable<WalkedFile> Enter(DirectoryInfo folder, string path, IgnoreRules rules, int depth)
    {
        if (FileFilter.SkipsFolder(folder.Name) || rules.Ignores(path, isFolder: true))
            return [];
        return folder.LinkTarget is not null || depth >= MaxDepth
            ? [new WalkedFile(path, folder.FullName, 0, SkipReasons.Link)]
            : WalkFolder(folder, $"{path}/", rules, depth + 1);
    }

    private static WalkedFile Look(FileInfo file, string path)
    {
        try
        {
            if (file.LinkTarget is not null || (file.Attributes & FileAttributes.Device) != 0)
                return new WalkedFile(path, file.FullName, 0, SkipReasons.Link);
            return new WalkedFile(path, file.FullName, file.Length, FileFilter.ByName(path, file.Length));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new WalkedFile(path, file.FullName, 0, SkipReasons.Unreadable);
        }
    }

    private static List<FileSystemInfo>? Entries(DirectoryInfo folder)
    {
        try
        {
            return [.. folder.EnumerateFileSystemInfos("*", Plain).OrderBy(e => e.Name, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string[] LinesOf(string path)
    {
        try
        {
            return File.Exists(path) && new FileInfo(path).Length <= FileFilter.MaxBytes ? File.ReadAllLines(path, Encoding.UTF8) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
