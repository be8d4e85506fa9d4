using System.Security.Cryptography;
using System.Text;
using Platform.V1;

namespace Platform.Patterns;

/// <summary>A file that a walk found, with its path in the project, and the root it belongs to.</summary>
/// <param name="File">The file; its path is the one in the project.</param>
/// <param name="Root">Name of the root, as it is kept with the file.</param>
public readonly record struct RootedFile(WalkedFile File, string Root);

/// <summary>
/// What a walk of folders says of a project: where its files stand there, and which known files are gone. A part of a folder that was indexed before stands where
/// it stood; a walk speaks for what it walked and for nothing else, and what it could not read is not gone.
/// </summary>
public sealed class IndexScope
{
    private const double MostFoundAgain = 0.5;
    private readonly Dictionary<string, List<string>> _knownByRoot;
    private readonly List<Walk> _walks = [];
    private readonly List<string> _unreadable = [];

    private IndexScope(IEnumerable<IndexedFile> known) => _knownByRoot = known.Where(f => !IsRecord(f))
        .GroupBy(f => f.Root, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(f => f.Path).ToList(), StringComparer.Ordinal);

    /// <summary>Every file that was found, those that are passed over too.</summary>
    public IEnumerable<RootedFile> Files => _walks.SelectMany(w => w.Files.Select(f => new RootedFile(f, w.Root)));

    /// <summary>Walks folders and files.</summary>
    /// <param name="paths">Folders or files; several new folders stand in the project under their names.</param>
    /// <param name="known">Files that the project has.</param>
    /// <exception cref="DirectoryNotFoundException">A path does not exist.</exception>
    public static IndexScope Of(IReadOnlyList<string> paths, IEnumerable<IndexedFile> known)
    {
        var scope = new IndexScope(known);
        var full = paths.Select(p => Path.TrimEndingDirectorySeparator(Path.GetFullPath(p))).Distinct(StringComparer.Ordinal).ToList();
        var mounts = MountsOf(full);
        foreach (var path in full)
            scope._walks.Add(scope.WalkOf(path, full.Count == 1 ? "" : mounts[path]));
        scope._unreadable.AddRange(scope.Files.Where(f => f.File.Skipped == SkipReasons.Unreadable).Select(f => f.File.Path));
        return scope;
    }

    /// <exception cref="DirectoryNotFoundException">A path does not exist.</exception>
    public static void RequireAll(IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(p => !File.Exists(p) && !Directory.Exists(p)))
            throw new DirectoryNotFoundException($"There is no folder or file '{path}'. Give a path that exists.");
    }

    /// <summary>Notes that a file could not be read: what is known of it stays.</summary>
    public void Keep(string path) => _unreadable.Add(path);

    /// <summary>Known files that the walked folders have no more.</summary>
    public IReadOnlyList<string> Gone()
    {
        var seen = Files.Where(f => f.File.Skipped is null).Select(f => f.File.Path).ToHashSet(StringComparer.Ordinal);
        return [.. _walks.Where(w => w.Folder is not null).SelectMany(w => SpokenFor(w, seen)).Distinct(StringComparer.Ordinal).Where(p => !seen.Contains(p) && !_unreadable.Exists(u => IsUnder(p, u)))];
    }

    /// <summary>Records stand beside the files of a project and are gone only when they are forgotten.</summary>
    private static bool IsRecord(IndexedFile file) => file.Root.Length == 0 && file.Path.StartsWith(RecordRules.Folder, StringComparison.Ordinal);

    /// <summary>Files of the root itself below the walked folder; of folders inside it that were roots of their own; and of a root that most of is found again here, since it was moved.</summary>
    private IEnumerable<string> SpokenFor(Walk walk, HashSet<string> seen)
    {
        foreach (var (root, paths) in _knownByRoot)
        {
            var below = paths.Where(p => IsUnder(p, walk.Prefix)).ToList();
            if (root == walk.Root || (below.Count > 0 && below.Count(seen.Contains) >= below.Count * MostFoundAgain))
            {
                foreach (var path in below)
                    yield return path;
            }
            else if (walk.HoldsFolder(HashOf(root)))
            {
                foreach (var path in paths)
                    yield return path;
            }
        }
    }

    private Walk WalkOf(string path, string mount)
    {
        var folder = Directory.Exists(path) ? path : null;
        var files = FolderWalker.Walk(path).ToList();
        var roots = _knownByRoot.Keys.Where(r => r.Length > 0).GroupBy(HashOf).ToDictionary(g => g.Key, g => g.First());
        for (var (at, inner) = (folder ?? Path.GetDirectoryName(path)!, ""); ; inner = Join(Path.GetFileName(at), inner), at = Path.GetDirectoryName(at)!)
        {
            if (roots.TryGetValue(NameOf(at), out var root))
                return new Walk(root, folder, Join(root[(root.IndexOf(':', StringComparison.Ordinal) + 1)..], inner), files);
            if (string.IsNullOrEmpty(Path.GetDirectoryName(at)))
                break;
        }

        if (mount.Length == 0 && folder is not null && HidesAnother(files))
            mount = FreeMount(Path.GetFileName(folder));
        return new Walk($"{NameOf(folder ?? Path.GetDirectoryName(path)!)}:{mount}", folder, mount, files);
    }

    /// <summary>Whether a new folder has paths of another one, of which it is not the new place.</summary>
    private bool HidesAnother(List<WalkedFile> files)
    {
        var found = files.Where(f => f.Skipped is null).Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        return _knownByRoot.Any(r => r.Key.Length > 0 && r.Value.Count(found.Contains) is var same and > 0 && same < r.Value.Count * MostFoundAgain);
    }

    private string FreeMount(string name)
    {
        var free = name;
        for (var i = 2; _knownByRoot.Values.Any(paths => paths.Exists(p => IsUnder(p, free))); i++)
            free = $"{name}-{i}";
        return free;
    }

    /// <summary>Names under which several folders stand beside each other: their own, with those above where two are called alike.</summary>
    private static Dictionary<string, string> MountsOf(List<string> paths)
    {
        for (var depth = 1; ; depth++)
        {
            var names = paths.ToDictionary(p => p, p => LastParts(Directory.Exists(p) ? p : Path.GetDirectoryName(p)!, depth), StringComparer.Ordinal);
            if (depth > 64 || names.Where(n => Directory.Exists(n.Key)).GroupBy(n => n.Value, StringComparer.Ordinal).All(g => g.Count() == 1))
                return names;
        }
    }

    private static string LastParts(string path, int count) => string.Join('/', path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).TakeLast(count));

    /// <summary>A folder's name beyond this machine: nobody reads a path from it.</summary>
    private static string NameOf(string folder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)).AsSpan(0, 8));

    private static string HashOf(string root) => root.IndexOf(':', StringComparison.Ordinal) is var at and >= 0 ? root[..at] : "";

    private static string Join(string prefix, string path) => prefix.Length == 0 ? path : path.Length == 0 ? prefix : $"{prefix}/{path}";

    private static bool IsUnder(string path, string folder) =>
        folder.Length == 0 || path == folder || (path.Length > folder.Length && path[folder.Length] == '/' && path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>One folder or file that is walked.</summary>
    private sealed class Walk(string root, string? folder, string prefix, List<WalkedFile> files)
    {
        private HashSet<string>? _folders;

        public string Root => root;

        /// <summary>Null for a single file, which says nothing of others.</summary>
        public string? Folder => folder;

        /// <summary>Where it stands in the project.</summary>
        public string Prefix => prefix;

        public IEnumerable<WalkedFile> Files { get; } = [.. files.Select(f => f with { Path = Join(prefix, f.Path) })];

        /// <summary>Whether a folder inside it is called so.</summary>
        public bool HoldsFolder(string name)
        {
            if (name.Length == 0)
                return false;
            _folders ??= [.. files.SelectMany(f => Above(f.Path)).Distinct(StringComparer.Ordinal).Select(f => NameOf(Path.Combine(folder!, f)))];
            return _folders.Contains(name);
        }

        private static IEnumerable<string> Above(string path)
        {
            for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
                yield return path[..at];
        }
    }
}
