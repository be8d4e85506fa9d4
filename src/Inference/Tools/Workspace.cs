using Platform.Validation;

namespace Platform.Inference;

/// <summary>
/// The source files a job may see: what came with the request over an uploaded bundle or, embedded, a folder. Reading only; files
/// that hold secrets, binaries and build output do not exist here, and no path leads out.
/// </summary>
internal sealed class Workspace
{
    private readonly SortedDictionary<string, Func<string?>> files = new(StringComparer.Ordinal);

    /// <summary>Whether there is any file.</summary>
    public bool IsEmpty => files.Count == 0;

    /// <summary>Paths in order.</summary>
    public IReadOnlyCollection<string> Paths => files.Keys;

    /// <summary>The text of a file; null when there is none of that path or it is no text.</summary>
    public string? Read(string path) => files.TryGetValue(Normalise(path), out var read) ? read() : null;

    /// <summary>The file, or null.</summary>
    public CodeFile? File(string path) => Read(path) is { } text ? new CodeFile(Normalise(path), Languages.FromPath(path), text) : null;

    /// <summary>All files of a language, as long as they stay within so many characters.</summary>
    public IReadOnlyList<CodeFile> OfLanguage(string language, int mostCharacters)
    {
        var found = new List<CodeFile>();
        foreach (var path in files.Keys.Where(path => Languages.FromPath(path) == language))
        {
            if (File(path) is not { } file)
                continue;
            mostCharacters -= file.Text.Length;
            if (mostCharacters < 0)
                return [];
            found.Add(file);
        }

        return found;
    }

    /// <summary>Adds a file, unless it may not be seen.</summary>
    public void Add(string path, Func<string?> read)
    {
        path = Normalise(path);
        if (WorkspaceRules.MayShow(path))
            files[path] = read;
    }

    /// <summary>A path as this type spells it; backslashes and a leading "./" are forgiven, nothing else.</summary>
    public static string Normalise(string path)
    {
        path = path.Trim().Replace('\\', '/');
        return path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path;
    }
}
