using Platform.Tests.Patterns;

namespace Platform.Benchmarks.Patterns;

/// <summary>Real code on this machine: this repository, the evaluation data beside it, and what interpreters and compilers bring along.</summary>
internal static class CodeFolders
{
    private static readonly string[] Usual = ["/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/python3.12", "/usr/lib/node_modules", "/usr/share/nodejs", "/usr/include"];

    /// <summary>The folder of this repository.</summary>
    public static string Repository { get; } = Above("Platform.sln") ?? Directory.GetCurrentDirectory();

    /// <summary>The evaluation data; null when it is not beside the repository.</summary>
    public static string? Data { get; } = RetrievalSet.Folder is { } retrieval ? Path.GetDirectoryName(retrieval) : null;

    /// <summary>All folders that there are, this repository first.</summary>
    public static IReadOnlyList<string> All { get; } = [Repository, .. Usual.Where(Directory.Exists)];

    private static string? Above(string file)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, file)))
                return folder.FullName;
        }

        return null;
    }
}
