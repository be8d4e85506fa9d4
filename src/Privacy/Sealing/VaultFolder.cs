namespace Platform.Privacy;

/// <summary>The folder of an embedded host's keys: its owner's alone, and never in version control.</summary>
internal static class VaultFolder
{
    /// <summary>Creates the folder; gives its path.</summary>
    public static string Make(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var ignore = Path.Combine(path, ".gitignore");
        if (!File.Exists(ignore))
            File.WriteAllText(ignore, "*\n");
        return path;
    }
}
