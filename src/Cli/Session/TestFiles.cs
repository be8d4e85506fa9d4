using Platform.Patterns;
using Platform.V1;

namespace Platform.Cli;

/// <summary>Reads the files a user gives as tests.</summary>
internal static class TestFiles
{
    private const int MaxFiles = 200;

    /// <summary>A file, or the text files of a folder: without what is built, ignored or binary, or has a name that no run can use.</summary>
    /// <exception cref="CommandException">The path does not exist, is empty or too large.</exception>
    public static async Task<IReadOnlyList<SourceFile>> ReadAsync(string path, CancellationToken token)
    {
        if (File.Exists(path))
            return [await OneAsync(path, Path.GetFileName(path), token)];
        if (!Directory.Exists(path))
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
        // An empty file may be what makes a folder a package.
        var found = FolderWalker.Walk(path).Where(file => file.Skipped is null or SkipReasons.Empty && Validation.SourceFile.IsSafe(file.Path)).OrderBy(file => file.Path, StringComparer.Ordinal).Take(MaxFiles + 1).ToList();
        if (found.Count is 0 or > MaxFiles)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' has {(found.Count == 0 ? "no files that can be tests" : $"more than {MaxFiles} files")}; name the test files.");
        var files = new List<SourceFile>();
        foreach (var file in found)
            files.Add(await OneAsync(file.FullPath, file.Path, token));
        return files;
    }

    private static async Task<SourceFile> OneAsync(string path, string name, CancellationToken token) =>
        new() { Path = name, Text = await InputFile.ReadTextAsync(path, token) };
}
