using Microsoft.Extensions.Options;
using Platform.Storage;

namespace Platform.Privacy;

/// <summary>
/// The master keys of this process: from configuration, or from a file that only its owner may read, made at first need by an embedded host.
/// </summary>
internal sealed class MasterKeys(VaultPlace place, IOptions<SealingOptions> options) : IDisposable
{
    private const string FileName = "master.keys";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly Lock _gate = new();
    private IReadOnlyList<MasterKey>? _keys;

    /// <summary>Held while a key is wrapped and stored, and during a rotation.</summary>
    public SemaphoreSlim Wrapping { get; } = new(1);

    /// <summary>Whether there is a master key, or one can be made.</summary>
    public bool AreThere => IsConfigured || place.Folder is not null;

    /// <summary>Whether the operator keeps the keys, not this host.</summary>
    public bool IsConfigured => options.Value.MasterKey.Length > 0;

    /// <summary>The key that wraps and signs.</summary>
    public MasterKey Current => All[0];

    /// <summary>Every key that may have wrapped something, the current one first.</summary>
    public IReadOnlyList<MasterKey> All
    {
        get
        {
            lock (_gate)
                return _keys ??= IsConfigured ? Configured() : FromFile();
        }
    }

    /// <summary>A key by its id, or null.</summary>
    public MasterKey? Find(string id) => All.FirstOrDefault(key => key.Id == id);

    /// <summary>Begins a rotation: a new key comes first, the old ones still open.</summary>
    public void Add()
    {
        lock (_gate)
            Write([MasterKey.Make(), .. _keys ?? FromFile()]);
    }

    /// <summary>Ends a rotation: nothing is wrapped by the old keys any more.</summary>
    public void DropOld()
    {
        lock (_gate)
            Write([(_keys ?? FromFile())[0]]);
    }

    /// <inheritdoc />
    public void Dispose() => Wrapping.Dispose();

    private IReadOnlyList<MasterKey> Configured() =>
        [.. options.Value.OtherMasterKeys.Prepend(options.Value.MasterKey).Select(text => MasterKey.Read(text)).OfType<MasterKey>().DistinctBy(key => key.Id)];

    private IReadOnlyList<MasterKey> FromFile()
    {
        var folder = place.Folder ?? throw new InvalidOperationException("There is no master key: set Sealing:MasterKey (make one with: openssl rand -base64 32).");
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            Write([MasterKey.Make()], FileMode.CreateNew);
        IReadOnlyList<MasterKey> keys = [.. File.ReadAllLines(path).Where(line => line.Length > 0).Select(line => MasterKey.Read(line)
            ?? throw new InvalidDataException($"{path} is damaged: a line is not 32 bytes in base64. Restore it from a backup; what it wrapped cannot be read without it."))];
        return keys.Count > 0 ? keys : throw new InvalidDataException($"{path} is empty. Restore it from a backup; what it wrapped cannot be read without it.");
    }

    private void Write(IReadOnlyList<MasterKey> keys, FileMode mode = FileMode.Create)
    {
        var path = Path.Combine(VaultFolder.Make(place.Folder!), FileName);
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        // A file that exists already is replaced whole, so that a crash never leaves half a key.
        var target = mode == FileMode.CreateNew ? path : $"{path}.new";
        try
        {
            using (var writer = new StreamWriter(target, options))
            {
                foreach (var key in keys)
                    writer.WriteLine(key.Secret);
            }

            if (target != path)
                File.Move(target, path, overwrite: true);
            _keys = keys;
        }
        catch (IOException) when (mode == FileMode.CreateNew && File.Exists(path))
        {
            // Another host on the same folder was first; its key is read.
        }
    }
}
