namespace Platform.Validation;

/// <summary>A throw-away folder on this machine that holds the input of one run; nothing inside the sandbox can write to it.</summary>
internal sealed class InputFolder : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string whole;

    /// <summary>Writes the files; throws <see cref="ArgumentException"/> for a path that leaves the folder.</summary>
    public InputFolder(string temporaryPath, IReadOnlyDictionary<string, byte[]> files)
    {
        whole = System.IO.Path.Combine(temporaryPath, "platform-run-" + Guid.NewGuid().ToString("n"));
        (Path, RootPath) = (System.IO.Path.Combine(whole, "in"), System.IO.Path.Combine(whole, "root"));
        foreach (var folder in new[] { whole, Path, RootPath })
            Make(folder);
        foreach (var (name, content) in files)
        {
            var safe = PathHint.Safe(name) ?? throw new ArgumentException($"The file path '{name}' is not a relative path inside the run's folder.", nameof(files));
            var target = System.IO.Path.Combine(Path, safe);
            MakeParents(safe);
            File.WriteAllBytes(target, content);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    /// <summary>Absolute path of the folder that holds the files.</summary>
    public string Path { get; }

    /// <summary>Absolute path of an empty folder beside it, where a wall may mount its root.</summary>
    public string RootPath { get; }

    /// <summary>Writes something for the wall itself beside the files, out of the run's sight; returns its path.</summary>
    public string WriteBeside(string name, byte[] content)
    {
        var path = System.IO.Path.Combine(whole, name);
        File.WriteAllBytes(path, content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return path;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(whole, recursive: true);
        }
        catch (IOException)
        {
            // A process that is still dying may hold it; the system's temporary folder is cleaned anyway.
        }
    }

    private void MakeParents(string file)
    {
        var parts = file.Split('/');
        for (var depth = 1; depth < parts.Length; depth++)
            Make(System.IO.Path.Combine(Path, System.IO.Path.Combine(parts[..depth])));
    }

    // The umask may hide a new folder from the user inside; the mode is set again after creation.
    private static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(path, Readable);
        File.SetUnixFileMode(path, Readable);
    }
}
