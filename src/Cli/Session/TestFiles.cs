using Platform.V1;

namespace Platform.Cli;

/// <summary>Reads the files a user gives as tests.</summary>
internal static class TestFiles
{
    private const int MaxFiles = 200;

    /// <summary>A file, or every file of a folder.</summary>
    /// <exception cref="CommandException">The path does not exist, is empty or too large.</exception>
    public static async Task<IReadOnlyList<SourceFile>> ReadAsync(string path, CancellationToken token)
    {
        if (File.Exists(path))
            return [await OneAsync(path, Path.GetFileName(path), token)];
        if (!Directory.Exists(path))
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' does not exist.");
        var names = Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(MaxFiles + 1).ToList();
        if (names.Count is 0 or > MaxFiles)
            throw new CommandException(ExitCodes.WrongUsage, $"'{path}' has {(names.Count == 0 ? "no files" : $"more than {MaxFiles} files")}; name the test files.");
        var files = new List<SourceFile>();
        foreach (var name in names)
            files.Add(await OneAsync(name, Path.GetRelativePath(path, name).Replace('\\', '/'), token));
        return files;
    }

    private static async Task<SourceFile> OneAsync(string path, string name, CancellationToken token) =>
        new() { Path = name, Text = await InputFile.ReadTextAsync(path, token) };
}
