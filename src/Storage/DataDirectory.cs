namespace Platform.Storage;

/// <summary>
/// The folder of an embedded host: SQLite files, vector files, the lock. One process owns it; a second finds the
/// owner's address in it and talks to that host instead.
/// </summary>
public sealed class DataDirectory : IDisposable
{
    private const string LockFile = "lock";
    private const string EndpointFile = "endpoint";
    private const int ProbeAttempts = 10;
    private const int ProbeMs = 10;
    private FileStream? _lock;

    /// <summary>Names the folder; nothing is created yet.</summary>
    /// <param name="path">Full path.</param>
    public DataDirectory(string path) => Path = System.IO.Path.GetFullPath(path);

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>A file in the folder.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>gRPC address of the host that owns the folder now, or null.</summary>
    public string? OwnerEndpoint()
    {
        if (!System.IO.File.Exists(File(LockFile)))
            return null;
        try
        {
            using var probe = new FileStream(File(LockFile), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return null;
        }
        catch (IOException)
        {
            return ReadEndpoint();
        }
    }

    /// <summary>Takes the folder for this process until it ends.</summary>
    /// <exception cref="DataDirectoryInUseException">Another process has it.</exception>
    public void Take()
    {
        if (!TryTake())
            throw new DataDirectoryInUseException(Path, ReadEndpoint());
    }

    /// <summary>Takes the folder for this process, when no other has it.</summary>
    public bool TryTake()
    {
        if (_lock is not null)
            return true;
        CreatePrivate(Path);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                _lock = new FileStream(File(LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                System.IO.File.Delete(File(EndpointFile));
                return true;
            }
            catch (IOException) when (attempt < ProbeAttempts && ReadEndpoint() is null)
            {
                // Another command may only be looking whether there is an owner, which takes an instant.
                Thread.Sleep(ProbeMs);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>Writes where this process can be reached, for other commands.</summary>
    public void Announce(string endpoint)
    {
        var temporary = File($"{EndpointFile}.new");
        System.IO.File.WriteAllText(temporary, endpoint);
        System.IO.File.Move(temporary, File(EndpointFile), overwrite: true);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_lock is null)
            return;
        System.IO.File.Delete(File(EndpointFile));
        _lock.Dispose();
        _lock = null;
    }

    /// <summary>Creates a folder that only its owner can enter, where the system knows such a thing.</summary>
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string? ReadEndpoint() =>
        System.IO.File.Exists(File(EndpointFile)) ? System.IO.File.ReadAllText(File(EndpointFile)).Trim() : null;
}
